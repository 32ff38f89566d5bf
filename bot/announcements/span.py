"""Due times between a schedule's first and last day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.announcements.model import NewSchedule
from bot.announcements.recurrence import latest_due, next_after

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


def next_due(plan: NewSchedule, after: datetime) -> datetime | None:
    """Return the first due time after an instant; None when the last day is over. Not for what posts on events.

    Raises `LookupError` when its recurrence cannot be worked out.
    """
    begins, ends = span(plan)
    if begins is not None:
        after = max(after, begins - _INSTANT)
    found = next_after(plan.recurrence, after)
    return found if ends is None or found < ends else None


def upcoming_due(plan: NewSchedule, after: datetime, count: int) -> tuple[datetime, ...]:
    """Return up to `count` due times after an instant."""
    times: list[datetime] = []
    while len(times) < count:
        at = next_due(plan, times[-1] if times else after)
        if at is None:
            break
        times.append(at)
    return tuple(times)


def newest_due(plan: NewSchedule, first: datetime, now: datetime) -> datetime:
    """Return the newest due time up to `now`, given that `first` is one of them."""
    _, ends = span(plan)
    return latest_due(plan.recurrence, first, now if ends is None else max(first, min(now, ends - _INSTANT)))


def span(plan: NewSchedule) -> tuple[datetime | None, datetime | None]:
    """Return the moments from which on and before which it posts."""
    zone = ZoneInfo(plan.recurrence.timezone)
    begins = _midnight(plan.starts_on, zone) if plan.starts_on else None
    ends = _midnight(plan.ends_on + _DAY, zone) if plan.ends_on else None
    return begins, ends


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # Where midnight is skipped or comes twice, the earlier reading: no time of that day lies before it.
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
