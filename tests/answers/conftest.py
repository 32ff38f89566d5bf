"""The services of answers, ready to use."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import FixedClock
from bot.store.engine import Store
from tests.answers.bench import Bench, bench


@pytest.fixture
async def desk(store: Store, clock: FixedClock) -> AsyncIterator[Bench]:
    """Give both services on a real database, once on each engine."""
    async with bench(store, clock) as made:
        yield made
