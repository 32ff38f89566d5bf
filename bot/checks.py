"""Is this set-up able to run?"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.announcements.service import troubled
from bot.answers.retrieval.weights import WHEEL, weights_file
from bot.answers.shipped import load_shipped
from bot.app import DATA
from bot.catalogue.load import load
from bot.clock import SystemClock
from bot.errors import MoonballotError
from bot.polls.records import PollRecords
from bot.prices.fetching import Fetcher, KeyRejected, NoAnswer
from bot.prices.model import Token
from bot.prices.sources import Source, sources_of
from bot.settings import Settings, load_settings
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at."""

    ok: bool
    what: str
    found: str


async def checks() -> list[CheckResult]:
    """Look at the settings, the data, the database, and the markets that a key is set for; nothing else is sent."""
    try:
        settings = load_settings()
    except MoonballotError as error:
        return [CheckResult(False, "settings", str(error))]
    return [_token(settings), _data(), _answers(), *await _database(settings), *await _markets(settings)]


def _token(settings: Settings) -> CheckResult:
    is_set = settings.discord_token is not None
    return CheckResult(is_set, "DISCORD_TOKEN", "is set" if is_set else "is not set: only the playground can run")


def _data() -> CheckResult:
    try:
        content = load(DATA)
    except MoonballotError as error:
        return CheckResult(False, "data", str(error))
    return CheckResult(True, "data", f"{len(content.projects)} projects, {len(content.surveys)} surveys")


def _answers() -> CheckResult:
    try:
        entries = len(load_shipped(DATA).entries)
    except MoonballotError as error:
        return CheckResult(False, "answers", str(error))
    if not weights_file():
        return CheckResult(False, "answers", f"{entries} entries, found by words alone: {WHEEL} is not installed")
    return CheckResult(True, "answers", f"{entries} entries, found by meaning and by words")


async def _database(settings: Settings) -> list[CheckResult]:
    store = Store(settings.database_url)
    try:
        await store.open()
        opened = CheckResult(True, "database", f"{store.where} opens and its schema is up to date")
        return [opened, await _log_chain(store), await _schedules(store)]
    except MoonballotError as error:
        return [CheckResult(False, "database", str(error))]
    finally:
        await store.close()


async def _log_chain(store: Store) -> CheckResult:
    broken = await PollRecords(store, SystemClock()).broken_chains()
    if not broken:
        return CheckResult(True, "audit log", "every server's chain holds")
    where = ", ".join(f"server {guild_id} at entry {number}" for guild_id, number in broken.items())
    return CheckResult(False, "audit log", f"the chain breaks: {where}")


async def _schedules(store: Store) -> CheckResult:
    problems = await troubled(store)
    if not problems:
        return CheckResult(True, "schedules", "none reports a problem")
    return CheckResult(False, "schedules", "; ".join(problems))


async def _markets(settings: Settings) -> list[CheckResult]:
    try:
        tokens = [project.token for project in load(DATA).projects]
    except MoonballotError:
        return []  # what is wrong with the data is told already
    fetcher = Fetcher(SystemClock())
    await fetcher.open()
    try:
        return [await _market(source, tokens, fetcher) for source in sources_of(settings)]
    finally:
        await fetcher.close()


async def _market(source: Source, tokens: Sequence[Token], fetcher: Fetcher) -> CheckResult:
    traded = [token for token in tokens if source.trades(token)]
    try:
        found = await source.read(traded, fetcher, SystemClock().now())
    except KeyRejected as rejected:
        return CheckResult(False, source.setting, f"{source.name}: {rejected.reason}")
    except NoAnswer as failure:
        # The bot does without until it answers.
        return CheckResult(True, source.setting, f"{source.name} has no prices now: {failure.reason}")
    return CheckResult(True, source.setting, f"{source.name} has prices of {len(found.markets)} tokens")
