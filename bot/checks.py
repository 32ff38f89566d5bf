"""Is this set-up able to run?"""

from dataclasses import dataclass

from bot.announcements.service import troubled
from bot.app import DATA
from bot.catalogue.load import load
from bot.clock import SystemClock
from bot.errors import MoonballotError
from bot.polls.records import PollRecords
from bot.settings import Settings, load_settings
from bot.store.engine import Store


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at."""

    ok: bool
    what: str
    found: str


async def checks() -> list[CheckResult]:
    """Look at the settings, the data and the database; nothing is sent anywhere."""
    try:
        settings = load_settings()
    except MoonballotError as error:
        return [CheckResult(False, "settings", str(error))]
    return [_token(settings), _data(), *await _database(settings)]


def _token(settings: Settings) -> CheckResult:
    is_set = settings.discord_token is not None
    return CheckResult(is_set, "DISCORD_TOKEN", "is set" if is_set else "is not set: only the playground can run")


def _data() -> CheckResult:
    try:
        content = load(DATA)
    except MoonballotError as error:
        return CheckResult(False, "data", str(error))
    return CheckResult(True, "data", f"{len(content.projects)} projects, {len(content.surveys)} surveys")


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
