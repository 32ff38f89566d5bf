"""When something recurs: presets and cron lines, on the wall clock of an IANA time zone.

Clocks that are put forward or back follow Debian's cron. A line with fixed minutes and hours (`30 2 * * *`, every day,
every week) means times on the wall: one that is skipped in spring moves forward to the first moment after the gap,
one that comes twice in autumn counts the first time only. A line whose minute or hour begins with `*` (every minute,
every hour, `*/15 9-17 * * *`) goes on ticking through both.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from bot.errors import BadInput

PRESETS = ("minute", "hour", "day", "week")
CRON = "cron"
EVENT = "event"
MAX_CRON_CHARS = 100
DEFAULT_TIME = time(12, 0)

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
# The rarest line that fires at all, a certain weekday on 29 February, may take 40 years around 2100.
_LOOK_AHEAD = timedelta(days=366 * 50)
# A Monday far from any change of clocks: where parsing needs some moment, this is it.
_ANY_MOMENT = datetime(2024, 1, 1)  # noqa: DTZ001 - cronsim takes naive times as the wall clock
_CLOCK_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(am|pm)?")

_EVERY_FIX = "Try `every: day` with `at: 18:00`, or the cron line `every: 0 18 * * 1-5`."
_DAY_FIX = "Try `at: 18:00` or `at: 9:30 am`."
_WEEK_FIX = "Try `at: monday 18:00` or `at: fri 9:30`."
_HOUR_FIX = "Try `at: :30` or `at: :00`."
_CRON_FIX = "Try `0 18 * * *` (every day at 18:00) or `30 9 * * 1-5` (weekdays at 9:30)."


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A cron line in a zone; `every` is the preset that it was made from, or `cron`."""

    every: str
    cron: str
    timezone: str


def event_recurrence(timezone: str) -> Recurrence:
    """Return what stands for no recurrence at all: posts come when something happens; the zone is that of its days."""
    return Recurrence(EVENT, "", parse_zone(timezone))


def parse(every: str, at: str | None, timezone: str) -> Recurrence:
    """Read what a moderator typed; raise `BadInput` that says what is wrong and how it is right."""
    zone = parse_zone(timezone)
    words = " ".join(every.split())
    preset = words.lower().removeprefix("every ").removeprefix("@")
    when = " ".join((at or "").lower().split())
    if preset in PRESETS:
        return Recurrence(preset, _PRESET_LINES[preset](when), zone)
    if when:
        raise BadInput("A cron line and `at` do not go together.", "The line says the time itself.", _EVERY_FIX)
    return Recurrence(CRON, _checked_line(words), zone)


def parse_zone(name: str) -> str:
    """Return the zone's name as IANA writes it; raise `BadInput` when there is none."""
    found = zones().get(name.strip().replace(" ", "_").casefold())
    if found is None:
        raise BadInput(
            "That time zone is not known.", "Zones are named Region/City.", "Try `Europe/Berlin` or `America/New_York`."
        )
    return found


@lru_cache(maxsize=1)
def zones() -> dict[str, str]:
    """Return every zone's name by its folded form."""
    return {name.casefold(): name for name in sorted(available_timezones())}


def _minutely(at: str) -> str:
    if at:
        raise BadInput(
            "`at` says nothing for every minute.", "Each minute has its turn.", "Leave `at` out. " + _EVERY_FIX
        )
    return "* * * * *"


def _hourly(at: str) -> str:
    found = re.fullmatch(r":?(\d{1,2})", at or ":00")
    if found is None or int(found[1]) > 59:
        raise BadInput("That is no minute of the hour.", "For every hour, `at` is a minute from :00 to :59.", _HOUR_FIX)
    return f"{int(found[1])} * * * *"


def _daily(at: str) -> str:
    if at.split(" ")[0] and _weekday(at.split(" ")[0]) is not None:
        raise BadInput("A day's time has no weekday.", "With a weekday it is `every: week`.", _DAY_FIX)
    clock = _clock_time(at, _DAY_FIX)
    return f"{clock.minute} {clock.hour} * * *"


def _weekly(at: str) -> str:
    if not at:
        return f"{DEFAULT_TIME.minute} {DEFAULT_TIME.hour} * * 1"
    first, _, rest = at.partition(" ")
    day = _weekday(first.rstrip(","))
    if day is None:
        raise BadInput("The weekday is missing.", "For every week, `at` is a weekday and a time.", _WEEK_FIX)
    clock = _clock_time(rest.removeprefix("at "), _WEEK_FIX)
    return f"{clock.minute} {clock.hour} * * {day}"


_PRESET_LINES = {"minute": _minutely, "hour": _hourly, "day": _daily, "week": _weekly}


def _weekday(word: str) -> int | None:
    """Return cron's number of a weekday: 0 is Sunday."""
    if len(word) < 3:
        return None
    return next((number for number, day in enumerate(_DAYS) if day.startswith(word)), None)


def _clock_time(text: str, fix: str) -> time:
    if not text:
        return DEFAULT_TIME
    found = _CLOCK_TIME.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        raise BadInput("That time of day cannot be read.", "It is an hour and a minute.", fix)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if hour > (12 if half else 23) or minute > 59 or (half and hour == 0):
        raise BadInput("There is no such time of day.", "Times go from 00:00 to 23:59.", fix)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)


def _checked_line(text: str) -> str:
    if len(text) > MAX_CRON_CHARS:
        raise BadInput("That cron line is too long.", f"It may have {MAX_CRON_CHARS} characters.", _CRON_FIX)
    fields = len(text.split())
    if fields == 1 and not text.startswith("*"):
        raise BadInput("That recurrence cannot be read.", f"It is one of {_listed()}, or a cron line.", _EVERY_FIX)
    if fields != 5:
        raise BadInput(
            f"That cron line has {fields} field{'' if fields == 1 else 's'}.",
            "It needs five: minute, hour, day of the month, month, weekday.",
            _CRON_FIX,
        )
    line = text.upper()
    try:
        _line(line)
    except CronSimError as error:
        raise BadInput("That cron line cannot be read.", f"{_fault(str(error))}.", _CRON_FIX) from error
    try:
        next_after(Recurrence(CRON, line, "UTC"), _ANY_MOMENT.replace(tzinfo=UTC))
    except LookupError:
        raise BadInput("That cron line never comes true.", "No day is like that.", _CRON_FIX) from None
    return line


def _listed() -> str:
    return ", ".join(f"`{word}`" for word in PRESETS)


# cronsim names the field by its technical name.
_FAULTS = {
    "Bad minute": "The first field, the minute, goes from 0 to 59",
    "Bad hour": "The second field, the hour, goes from 0 to 23",
    "Bad day-of-month": "The third field, the day of the month, is not one that the months named have",
    "Bad month": "The fourth field, the month, goes from 1 to 12",
    "Bad day-of-week": "The fifth field, the weekday, goes from 0 (Sunday) to 6 (Saturday)",
}


def _fault(technical: str) -> str:
    return _FAULTS.get(technical, "One of its fields is wrong")


@lru_cache(maxsize=4096)
def _line(cron: str) -> CronSim:
    """Parse a cron line; the result is only looked at, never iterated, so it may be shared."""
    return CronSim(cron, _ANY_MOMENT)


def next_after(recurrence: Recurrence, instant: datetime) -> datetime:
    """Return the first due time after `instant`, in UTC; raise `LookupError` when there is none."""
    line, zone = _line(recurrence.cron), ZoneInfo(recurrence.timezone)
    ticking = line.parts[1].startswith("*") or line.parts[2].startswith("*")
    find = _next_tick if ticking else _next_wall_time
    found = find(line, zone, instant.astimezone(UTC))
    if found is None:
        raise LookupError(f"{recurrence.cron!r} never comes true")
    return found


def _next_wall_time(line: CronSim, zone: ZoneInfo, instant: datetime) -> datetime | None:
    # cronsim moves a skipped time to the end of the gap and takes the first of two equal times, which may lie before
    # an instant inside the repeated hour: hence the loop.
    for local in CronSim(" ".join(line.parts[1:]), instant.astimezone(zone)):
        found = local.astimezone(UTC)
        if found > instant:
            return found
    return None


def _next_tick(line: CronSim, zone: ZoneInfo, instant: datetime) -> datetime | None:
    # Not left to cronsim: where clocks move by half an hour or at a quarter to, it misses the rest of that hour.
    at = instant.replace(second=0, microsecond=0) + _MINUTE
    while at < instant + _LOOK_AHEAD:
        local = at.astimezone(zone)
        if local.month not in line.months or not line.match_day(local.date()):
            midnight = datetime.combine(local.date() + _DAY, time(), tzinfo=zone)
            at = max(at + _MINUTE, midnight.astimezone(UTC))
        elif local.hour not in line.hours:
            at = _ahead(at, local, zone)
        elif local.minute not in line.minutes:
            at += _MINUTE
        else:
            return at
    return None


def _ahead(at: datetime, local: datetime, zone: ZoneInfo) -> datetime:
    """Leap to the next full hour, or a minute only where the clocks change on the way."""
    leap = at + timedelta(minutes=60 - local.minute)
    return leap if leap.astimezone(zone).utcoffset() == local.utcoffset() else at + _MINUTE


def upcoming(recurrence: Recurrence, instant: datetime, count: int) -> tuple[datetime, ...]:
    """Return the next `count` due times after `instant`."""
    times: list[datetime] = []
    for _ in range(count):
        instant = next_after(recurrence, instant)
        times.append(instant)
    return tuple(times)


def latest_due(recurrence: Recurrence, first: datetime, now: datetime) -> datetime:
    """Return the newest due time up to `now`, given that `first` is one of them, whatever lies between."""
    newest, reach = first, 2 * _MINUTE
    while now - reach > first:
        newest = next_after(recurrence, now - reach)
        if newest <= now:
            break
        newest, reach = first, reach * 2
    while (following := next_after(recurrence, newest)) <= now:
        newest = following
    return newest


def describe(recurrence: Recurrence) -> str:
    """Say it in words: `every day at 18:00 (Europe/Berlin)`."""
    if recurrence.every == EVENT:
        return "when it happens"
    minute, hour, _, _, weekday = recurrence.cron.split()
    match recurrence.every:
        case "minute":
            return "every minute"
        case "hour":
            words = f"every hour at :{int(minute):02}"
        case "day":
            words = f"every day at {int(hour):02}:{int(minute):02}"
        case "week":
            words = f"every {_DAYS[int(weekday)].capitalize()} at {int(hour):02}:{int(minute):02}"
        case _:
            words = _explained(recurrence.cron)
    return f"{words} ({recurrence.timezone})"


def at_of(recurrence: Recurrence) -> str:
    """Return what a moderator would type for `at`; nothing for a recurrence that has no use for it."""
    if recurrence.every not in ("hour", "day", "week"):
        return ""
    minute, hour, _, _, weekday = recurrence.cron.split()
    if recurrence.every == "hour":
        return f":{int(minute):02}"
    clock = f"{int(hour):02}:{int(minute):02}"
    return clock if recurrence.every == "day" else f"{_DAYS[int(weekday)]} {clock}"


@lru_cache(maxsize=1024)
def _explained(cron: str) -> str:
    try:
        said = _line(cron).explain()
    except Exception:  # what cannot be said in words is shown as it is
        return f"at the times of {cron}"
    return said[0].lower() + said[1:]
