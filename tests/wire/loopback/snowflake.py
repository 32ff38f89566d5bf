"""Discord's ids: 42 bits of milliseconds, then a counter."""

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Gives ids that carry the present time and only grow."""

    def __init__(self) -> None:
        self._last = 0
        self._given = 0

    def next(self) -> int:
        """Give the next id of this moment."""
        self._last = max(self._last + 1, (int(time.time() * 1000) - EPOCH_MS) << 22)
        return self._last

    def at(self, moment: datetime) -> int:
        """Give a fresh id that says it was made at `moment`."""
        self._given += 1
        return ((int(moment.timestamp() * 1000) - EPOCH_MS) << 22) + self._given


def made_at(number: int) -> datetime:
    """Give the moment that an id carries."""
    return datetime.fromtimestamp(((number >> 22) + EPOCH_MS) / 1000, UTC)
