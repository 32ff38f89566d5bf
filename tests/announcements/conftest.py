"""A lab for every test here, and one process in it."""

import pytest

from bot.announcements.service import AnnouncementService
from bot.clock import FixedClock
from bot.guilds.service import GuildService
from bot.store.engine import Store
from tests.announcements.lab import GUILD, LOG, Lab


@pytest.fixture
def lab(store: Store, clock: FixedClock, guilds: GuildService) -> Lab:
    return Lab(store, clock, guilds)


@pytest.fixture
async def service(lab: Lab) -> AnnouncementService:
    return await lab.start()


@pytest.fixture
async def log_channel(lab: Lab) -> None:
    await lab.guilds.set_log_channel(GUILD, LOG, 1)
