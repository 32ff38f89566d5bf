"""A lab for every test here, and one process in it."""

import pytest

from bot.clock import FixedClock
from bot.guilds.service import GuildService
from bot.store.engine import Store
from bot.watches.service import WatchService
from tests.watches.lab import Lab


@pytest.fixture
def lab(store: Store, clock: FixedClock, guilds: GuildService) -> Lab:
    return Lab(store, clock, guilds)


@pytest.fixture
async def service(lab: Lab) -> WatchService:
    return await lab.start()
