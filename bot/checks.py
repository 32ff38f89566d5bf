"""Is this set-up able to run?"""

from dataclasses import dataclass

from bot.app import DATA
from bot.catalogue.load import load
from bot.errors import MoonballotError
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
    return [_token(settings), _data(), await _database(settings)]


def _token(settings: Settings) -> CheckResult:
    is_set = settings.discord_token is not None
    return CheckResult(is_set, "DISCORD_TOKEN", "is set" if is_set else "is not set: only the playground can run")


def _data() -> CheckResult:
    try:
        content = load(DATA)
    except MoonballotError as error:
        return CheckResult(False, "data", str(error))
    return CheckResult(True, "data", f"{len(content.projects)} projects, {len(content.surveys)} surveys")


async def _database(settings: Settings) -> CheckResult:
    store = Store(settings.database_url)
    try:
        await store.open()
    except MoonballotError as error:
        return CheckResult(False, "database", str(error))
    finally:
        await store.close()
    return CheckResult(True, "database", f"{store.where} opens and its schema is up to date")
