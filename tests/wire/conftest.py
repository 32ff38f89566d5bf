"""A loopback Discord for every test here, and the bot as a process beside it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from .bot_process import BotProcess
from .discord_loopback import Discord, LoopbackProcess


@pytest.fixture
def loopback() -> Iterator[LoopbackProcess]:
    process = LoopbackProcess()
    yield process
    process.stop()


@pytest.fixture
async def discord_side(loopback: LoopbackProcess) -> AsyncIterator[Discord]:
    async with Discord(loopback) as discord:
        yield discord


@pytest.fixture
def bot_process(discord_side: Discord, tmp_path: Path) -> Iterator[BotProcess]:
    process = BotProcess(discord_side, tmp_path)
    yield process
    process.clean_up()
