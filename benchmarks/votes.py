"""Durable votes over a loopback gateway, beside a bare discord.py button in the same run.

    python -m benchmarks.votes [--rounds 5] [--at 1 50 500]

Three bots run side by side, each with a loopback Discord of its own: Moonballot, whose every answer comes after the
commit; a bare discord.py bot that acknowledges a button; and the same bare bot again as a control. Only one works at a
time, in interleaved rounds; medians of the rounds are compared. The ratios travel between machines, the absolute
values do not. How far the control is from 1.00 says how much a ratio can be trusted.
"""

import argparse
import asyncio
import statistics
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from benchmarks.side import BARE, PRODUCT, Figures, Side, running
from tests.wire.bare_bot import BUTTON_ID

CLICKS = {1: 300, 50: 3_000, 500: 4_000}


async def bare(name: str, folder: Path, stack: AsyncExitStack) -> Side:
    """Start a bot that only acknowledges the button of a message."""
    discord, bot, guild = await stack.enter_async_context(running(name, BARE, folder))
    moderator, channel = guild["members"]["mod"], guild["channels"]["general"]
    board = (await discord.slash(moderator, channel, "board"))["message"]

    async def press() -> dict[str, Any]:
        return {"kind": "button", "message": board["id"], "custom_id": BUTTON_ID}

    return Side(name, discord, bot, press)


async def product(folder: Path, stack: AsyncExitStack) -> Side:
    """Start Moonballot with an open poll of six candidates."""
    discord, bot, guild = await stack.enter_async_context(running("moonballot", PRODUCT, folder))
    moderator, channel = guild["members"]["mod"], guild["channels"]["general"]
    await discord.slash(moderator, channel, "poll open", title="Benchmark")
    board = (await discord.messages(channel))[-1]
    values = [[str(position)] for position in range(6)]

    async def pick() -> dict[str, Any]:
        # Opened anew for each round, as ephemeral messages do not last.
        ballot = (await discord.press(moderator, board, "poll:v1:vote:1"))["message"]
        return {"kind": "select", "message": ballot["id"], "custom_id": "poll:v1:pick:1", "values": values}

    return Side("moonballot", discord, bot, pick)


async def main(rounds: int, flights: list[int]) -> None:
    """Measure, and print the table."""
    Path("var").mkdir(exist_ok=True)  # noqa: ASYNC240 - a real disk: what /tmp is differs between machines
    with tempfile.TemporaryDirectory(dir="var") as folder:
        async with AsyncExitStack() as stack:
            sides = [
                await bare("bare", Path(folder) / "a", stack),
                await product(Path(folder) / "b", stack),
                await bare("control", Path(folder) / "c", stack),
            ]
            print(
                f"{'in flight':>9}  {'':<11}{'per second':>11}{'CPU ms':>8}{'p50 ms':>8}{'p99 ms':>9}   ratios to bare"
            )
            for in_flight in flights:
                await _table(sides, in_flight, CLICKS.get(in_flight, 2_000), rounds)


async def _table(sides: list[Side], in_flight: int, clicks: int, rounds: int) -> None:
    found: dict[str, list[Figures]] = {side.name: [] for side in sides}
    for number in range(rounds + 1):
        for side in sides:
            figures = await side.measure(in_flight, clicks, first_member=in_flight * 1_000_000 + number * clicks)
            if number:  # the first round warms up
                found[side.name].append(figures)
    base = _median(found["bare"])
    for side in sides:
        it = _median(found[side.name])
        ratios = (
            f"rate {it.rate / base.rate:.2f}, CPU {it.cpu_ms / base.cpu_ms:.2f}, "
            f"p50 {it.p50_ms / base.p50_ms:.2f}, p99 {it.p99_ms / base.p99_ms:.2f}"
        )
        row = f"{in_flight:>9}  {side.name:<11}{it.rate:>11.0f}{it.cpu_ms:>8.2f}{it.p50_ms:>8.2f}{it.p99_ms:>9.2f}"
        print(f"{row}   {ratios}", flush=True)


def _median(figures: list[Figures]) -> Figures:
    return Figures(
        *(statistics.median(getattr(it, name) for it in figures) for name in ("rate", "cpu_ms", "p50_ms", "p99_ms"))
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Durable votes beside a bare discord.py button")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at", type=int, nargs="+", default=[1, 50, 500], help="clicks in flight")
    chosen = parser.parse_args()
    asyncio.run(main(chosen.rounds, chosen.at))
