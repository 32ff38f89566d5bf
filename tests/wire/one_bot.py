"""Fixtures for a module whose tests share a loopback and one bot: import them where they are to hold."""

from collections.abc import Iterator

import pytest

from .bed import Club, bot_for_a_module
from .bot_process import BotProcess
from .discord_loopback import Discord, LoopbackProcess


@pytest.fixture(scope="module")
def loopback() -> Iterator[LoopbackProcess]:
    process = LoopbackProcess()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def bot_process(loopback: LoopbackProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with bot_for_a_module(loopback, tmp_path_factory.mktemp("bot")) as process:
        yield process


@pytest.fixture
async def club(discord_side: Discord, bot_process: BotProcess) -> Club:
    return await Club.found(discord_side, bot_process)
