from collections.abc import AsyncIterator

import pytest

from bot.clock import FixedClock
from bot.prices.fetching import Fetcher
from tests.prices.loopback import Loopback, loopback


@pytest.fixture
async def market() -> AsyncIterator[Loopback]:
    """Give a market on a loopback socket."""
    async with loopback() as market:
        yield market


@pytest.fixture
def pauses() -> list[float]:
    """Give the pauses between tries, which take no time."""
    return []


@pytest.fixture
async def fetcher(clock: FixedClock, pauses: list[float]) -> AsyncIterator[Fetcher]:
    """Give an open fetcher."""

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    fetcher = Fetcher(clock, pause)
    await fetcher.open()
    try:
        yield fetcher
    finally:
        await fetcher.close()
