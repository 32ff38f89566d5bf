"""Let things through so often and no oftener."""

import asyncio


class Pace:
    """Give turns in the order of asking, so many a second at most; after a rest the next one comes at once."""

    def __init__(self, per_second: float) -> None:
        self._gap_s = 1 / per_second
        self._next = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next turn."""
        loop = asyncio.get_running_loop()
        async with self._one_at_a_time:
            # The gap begins when a turn is really given: one that comes late does not bring the next ones closer.
            await asyncio.sleep(max(0.0, self._next - loop.time()))
            self._next = loop.time() + self._gap_s
