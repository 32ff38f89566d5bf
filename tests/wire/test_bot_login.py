"""The bot comes up, stays down with one plain line, and ends in order."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from .bed import Club, no_violations
from .bot_process import TOKEN, BotProcess
from .discord_loopback import Discord

__all__ = ["no_violations"]

# Said of a quiet machine: within 5 s. Shared machines are slower, and a broken start is slower still.
READY_WITHIN_S = 15

READS_FOR_A_MINUTE = """
import sys, time
from bot import app, cli

def read_engine(data):
    print("reading on and on", flush=True)
    for _ in range(6_000):
        time.sleep(0.01)

app.read_engine = read_engine
sys.argv[1:] = ["bot"]
cli.main()
"""


async def test_the_bot_is_ready_soon_and_its_token_is_not_in_the_log(
    discord_side: Discord, bot_process: BotProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    club = await Club.found(discord_side, bot_process)
    seconds = await club.start()
    with capsys.disabled():
        print(f"ready after {seconds:.2f} s")
    assert seconds < READY_WITHIN_S
    assert (await club.do("help", member="ada"))["ms"] < 1000
    assert TOKEN not in bot_process.log
    assert await bot_process.terminate() == 0
    assert TOKEN not in bot_process.log
    assert "Traceback" not in bot_process.log


async def test_an_interrupt_ends_the_bot_in_order(discord_side: Discord, bot_process: BotProcess) -> None:
    await (await Club.found(discord_side, bot_process)).start()
    assert await _ended_by(bot_process, signal.SIGINT) == 0
    assert (await discord_side.status())["connections"] == 0
    assert "Traceback" not in bot_process.log


async def test_a_bot_that_still_logs_in_ends_in_order(discord_side: Discord, bot_process: BotProcess) -> None:
    await discord_side.fault(path="/users/@me|/gateway|/commands", times=None, hang=True)
    bot_process.launch()
    await _first_request(discord_side, bot_process)
    assert await _ended_by(bot_process, signal.SIGINT) == 0
    assert "Traceback" not in bot_process.log


async def test_a_bot_that_waits_for_its_gateway_ends_in_order(discord_side: Discord, bot_process: BotProcess) -> None:
    await Club.found(discord_side, bot_process)
    await discord_side.upset("silence")
    bot_process.launch()
    await discord_side.until(lambda now: now["syncs"] > 0, what="login", seconds=20)
    await asyncio.sleep(0.3)
    assert await _ended_by(bot_process, signal.SIGTERM) == 0


async def test_a_bot_that_still_reads_its_answers_ends_in_order(discord_side: Discord, bot_process: BotProcess) -> None:
    await Club.found(discord_side, bot_process)
    bot_process.launch("-c", READS_FOR_A_MINUTE)
    await _logged(bot_process, "reading on and on")
    assert await _ended_by(bot_process, signal.SIGTERM) == 0
    assert "stopped" in bot_process.log
    assert "Traceback" not in bot_process.log


@pytest.mark.parametrize("where", ["bad_tokens", "bad_gateway_tokens"])
async def test_a_bad_token_is_one_line_that_names_the_setting(
    discord_side: Discord, bot_process: BotProcess, where: str
) -> None:
    await discord_side.settings(**{where: [TOKEN]})
    bot_process.launch()
    assert await bot_process.ended(20) == 2
    assert _last_words(bot_process).startswith("moonballot: DISCORD_TOKEN: ")
    assert TOKEN not in bot_process.log


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Give a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def test_an_api_that_cannot_be_reached_is_one_line(
    discord_side: Discord, tmp_path: Path, closed_port: int
) -> None:
    process = BotProcess(discord_side, tmp_path, MOONBALLOT_DISCORD_API=f"http://127.0.0.1:{closed_port}/api/v10")
    process.launch()
    assert await process.ended(20) == 2
    assert _last_words(process).startswith("moonballot: MOONBALLOT_DISCORD_API: ")


async def test_an_api_that_is_no_discord_is_one_line(discord_side: Discord, tmp_path: Path) -> None:
    process = BotProcess(discord_side, tmp_path, MOONBALLOT_DISCORD_API=discord_side.api + "/elsewhere")
    process.launch()
    code = await process.ended(20)
    await discord_side.ask("DELETE", "violations")  # this bot is lost, and asks for what is not there
    assert code == 2
    assert _last_words(process).startswith("moonballot: MOONBALLOT_DISCORD_API: ")


async def _first_request(discord_side: Discord, process: BotProcess) -> None:
    """Wait until the bot has asked for something and hangs on the answer."""
    for _ in range(400):
        if any(fault["hits"] for fault in await discord_side.ask("GET", "faults")):
            return
        assert process.running, process.log
        await asyncio.sleep(0.05)
    raise AssertionError("the bot asked for nothing")


async def _logged(process: BotProcess, text: str) -> None:
    for _ in range(400):
        if text in process.log:
            return
        assert process.running, process.log
        await asyncio.sleep(0.05)
    raise AssertionError(process.log)


async def _ended_by(process: BotProcess, number: signal.Signals) -> int:
    os.kill(process.pid, number)
    return await process.ended(10)


def _last_words(process: BotProcess) -> str:
    """Give the line of a refused start; a traceback fails the test."""
    lines = process.log.strip().splitlines()
    assert "Traceback" not in process.log, process.log
    said = [line for line in lines if line.startswith("moonballot:")]
    assert len(said) == 1, process.log
    return said[0]
