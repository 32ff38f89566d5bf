"""How long a poll runs, as people type it."""

import re
from datetime import timedelta

from bot.errors import BadInput
from bot.ui.text import clip, escape

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=366)

_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_PART = re.compile(r"(\d{1,6})\s*(m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:(?:ee)?ks?)?)(?:[\s,]+|(?=\d)|$)")


def parse_duration(text: str) -> timedelta:
    """Read `90m`, `2h`, `3 days`, `1w 2d`; raise `BadInput` for what is not a time from a minute to a year."""
    rest, minutes = text.strip().lower(), 0
    while rest or not text.strip():
        part = _PART.match(rest)
        if part is None:
            raise _refused(text, "cannot be read as a length of time")
        minutes += int(part[1]) * _MINUTES[part[2][0]]
        rest = rest[part.end() :]
    if not SHORTEST <= timedelta(minutes=minutes) <= LONGEST:
        raise _refused(text, "is too long" if minutes else "is too short")
    return timedelta(minutes=minutes)


def _refused(text: str, why: str) -> BadInput:
    return BadInput(
        f"“{escape(clip(text.strip(), 40))}” {why}.",
        "It may be from a minute to a year, in minutes (m), hours (h), days (d) or weeks (w).",
        "Try `30m`, `2h`, `3d` or `1w 2d`.",
    )
