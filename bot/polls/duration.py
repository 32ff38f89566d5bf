"""How long a poll runs, as people type it."""

import re
from datetime import timedelta

from bot.errors import BadInput

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=366)

_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_PART = re.compile(r"(\d{1,6})\s*(m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:(?:ee)?ks?)?)(?:[\s,]+|(?=\d)|$)")


def parse_duration(text: str) -> timedelta:
    """Read `90m`, `2h`, `3 days`, `1w 2d`; raise `BadInput` for what is not a time from a minute to a year."""
    rest = text.strip().lower()
    minutes = 0
    while rest:
        part = _PART.match(rest)
        if part is None:
            raise BadInput(
                "That length of time cannot be read.", "It is a number and a unit.", "Try `30m`, `2h`, `3d` or `1w 2d`."
            )
        minutes += int(part[1]) * _MINUTES[part[2][0]]
        rest = rest[part.end() :]
    if not SHORTEST <= timedelta(minutes=minutes) <= LONGEST:
        raise BadInput("That length of time does not work.", "It may be from a minute to a year.", "Try `1h` or `7d`.")
    return timedelta(minutes=minutes)
