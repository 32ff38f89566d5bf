"""Let things through so often and no oftener."""

import asyncio


class Pace:
    """Give turns in the order of asking, so many a second at most; after a rest the next one comes at once.

    `ahead` is how many turns may come sooner when others came late: a second has that many more at most.
    """

    def __init__(self, per_second: float, ahead: int = 0) -> None:
        self._gap_s = 1 / per_second
        self._ahead_s = ahead * self._gap_s
        self._next = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for the next turn."""
        loop = asyncio.get_running_loop()
        async with self._one_at_a_time:
            await asyncio.sleep(max(0.0, self._next - loop.time()))
            # The gap begins when a turn is really given: one that comes late brings the next ones no closer, or little.
            self._next = max(self._next, loop.time() - self._ahead_s) + self._gap_s
