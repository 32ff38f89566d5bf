"""Days as sources give them: a year, a month, a day or a minute, never more exact than what was read."""

import re
from datetime import UTC, date, datetime, time, timedelta

DAY_PATTERN = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?)?)?$"

_DAY = re.compile(DAY_PATTERN)


def is_day(text: str) -> bool:
    """Say whether `text` is a day of known precision that the calendar has."""
    if not _DAY.match(text):
        return False
    try:
        earliest(text)
    except ValueError:
        return False
    return True


def earliest(day: str) -> datetime:
    """Return the first moment, in UTC, that a day of any precision may mean."""
    if "T" in day:
        return datetime.fromisoformat(day).astimezone(UTC)
    year, month, number = (*(int(part) for part in day.split("-")), 1, 1)[:3]
    return datetime(year, month, number, tzinfo=UTC)


def after(day: str) -> datetime:
    """Return the first moment, in UTC, that is after a day of any precision; a moment is over at once."""
    first = earliest(day)
    if "T" in day:
        return first
    if len(day) == 10:
        return first + timedelta(days=1)
    months = 1 if len(day) == 7 else 12
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return first.replace(year=year, month=month + 1)


def in_words(day: str) -> str:
    """Return a day in plain words: 2024, June 2024, 20 June 2024, or 20 June 2024, 12:00 UTC."""
    first = earliest(day)
    if "T" in day:
        return f"{first.day} {first:%B %Y, %H:%M} UTC"
    return {4: f"{first:%Y}", 7: f"{first:%B %Y}"}.get(len(day), f"{first.day} {first:%B %Y}")


def noon(day: date) -> datetime:
    """Return noon of `day` in UTC: the moment that shows the same date to nearly every reader."""
    return datetime.combine(day, time(12), tzinfo=UTC)
