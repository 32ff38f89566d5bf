"""One post after the other in each channel, and no more than Discord takes there."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock

# Discord takes five messages in five seconds in one channel. Who waits for more of them waits here, where nobody
# who posts elsewhere has to wait behind.
POSTS_IN_A_ROW = 5
ROW = timedelta(seconds=5.2)


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    times: deque[datetime] = field(default_factory=lambda: deque(maxlen=POSTS_IN_A_ROW))
    waiting: int = 0


class ChannelTurns:
    """Give turns by channel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: dict[int, _Lane] = {}

    @asynccontextmanager
    async def turn(self, channel_id: int) -> AsyncIterator[None]:
        """Wait for one's turn to post in a channel, and hold it."""
        lane = self._lanes.setdefault(channel_id, _Lane())
        lane.waiting += 1
        try:
            async with lane.lock:
                await asyncio.sleep(self._wait(lane))
                try:
                    yield
                finally:
                    lane.times.append(self._clock.now())
        finally:
            lane.waiting -= 1
            asyncio.get_running_loop().call_later(2 * ROW.total_seconds(), self._clear, channel_id)

    def _wait(self, lane: _Lane) -> float:
        if len(lane.times) < POSTS_IN_A_ROW:
            return 0.0
        left = lane.times[0] + ROW - self._clock.now()
        # A clock that was put back must not hold up a channel for as long as it was put back.
        return min(max(left, timedelta()), ROW).total_seconds()

    def _clear(self, channel_id: int) -> None:
        lane = self._lanes.get(channel_id)
        if lane and not lane.waiting and abs(self._clock.now() - lane.times[-1]) > ROW:
            del self._lanes[channel_id]
