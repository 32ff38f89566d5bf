"""Many announcements due at the same moment, over a loopback Discord with its rate limits, while members vote.

    python -m benchmarks.announcements [--due 1000] [--schedules 10000] [--guilds 20] [--votes 50] [--latency-ms 100]

Each announcement that is due has a channel of its own; the others are planned for later. Discord takes 50 requests a
second of one bot and refuses what is more. One poll is voted on at a steady rate, first with nothing else to do, which
is the baseline, then while the announcements go out.
"""

import argparse
import asyncio
import os
import sqlite3
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.many_ballots import address
from benchmarks.side import TICKS_A_SECOND
from bot.announcements import store as sql
from bot.announcements.model import NewSchedule
from bot.announcements.recurrence import parse
from bot.polls import store as polls
from bot.polls.model import Candidate, NewPoll
from bot.store.engine import Store
from tests.wire.bot_process import BotProcess
from tests.wire.discord_loopback import Discord, LoopbackProcess

ALLOWED_A_SECOND = 50
BASELINE_S = 8.0
MOST_S = 300.0
LINES = tuple(Candidate(place, f"Candidate {place + 1}") for place in range(6))
POSTS = r"^/channels/\d+/messages$"


@dataclass(slots=True)
class Stage:
    """A loopback, a bot on it, the channels where something is due, and the ballot that is voted on."""

    discord: Discord
    bot: BotProcess
    channels: list[str]
    due_at: datetime
    ballot: str

    def runs(self) -> Counter[str]:
        """Count the runs by their state."""
        with closing(sqlite3.connect(self.bot.database, timeout=10)) as database:
            return Counter(dict(database.execute("SELECT state, count(*) FROM runs GROUP BY state").fetchall()))

    def cpu_s(self) -> float:
        """Return the processor time that the bot has used."""
        fields = Path(f"/proc/{self.bot.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND

    def memory_mib(self) -> float:
        """Return what the bot holds in memory."""
        status = Path(f"/proc/{self.bot.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@asynccontextmanager
async def staged(
    folder: Path, due: int, schedules: int, guilds: int, latency_ms: int, due_in_s: int
) -> AsyncIterator[Stage]:
    """Start a bot that has many announcements to come."""
    process = LoopbackProcess()
    try:
        async with Discord(process) as discord:
            made = [await _server(discord, due, guilds, number) for number in range(guilds)]
            await discord.settings(rate_limits=True)
            await discord.fault(path=r"^/channels/\d+/messages", delay=latency_ms / 1000, times=None)
            bot = BotProcess(discord, folder)
            due_at = datetime.now(UTC) + timedelta(seconds=due_in_s)
            channels = await _plan(bot.database, made, schedules - due, due_at)
            try:
                await bot.start()
                yield Stage(discord, bot, channels, due_at, await _ballot(discord, made[0]))
            finally:
                bot.clean_up()
    finally:
        process.stop()


async def _server(discord: Discord, due: int, guilds: int, number: int) -> dict[str, Any]:
    names = [str(each) for each in range(due * number // guilds, due * (number + 1) // guilds)]
    return await discord.guild(channels=[{"name": name} for name in [*names, "poll"]], members=[{"name": "ada"}])


async def _plan(database: Path, made: list[dict[str, Any]], later: int, due_at: datetime) -> list[str]:
    """Write the schedules and a poll; return the channels where something is due."""
    now, store = datetime.now(UTC), Store(address(database))
    weekly, found = parse("week", None, "Europe/Berlin"), []
    await store.open()
    async with store.begin() as tx:
        poll = NewPoll(int(made[0]["id"]), int(made[0]["channels"]["poll"]), 1, "Busy", LINES, now, None)
        await polls.insert(tx, poll, now)
        for guild in made:
            for name, channel in guild["channels"].items():
                if name != "poll":
                    found.append(channel)
                    await sql.insert(
                        tx, NewSchedule(int(guild["id"]), "rankings", int(channel), weekly, 1), now, due_at
                    )
        for number in range(later):
            guild = made[number % len(made)]
            new = NewSchedule(int(guild["id"]), "rankings", int(guild["channels"]["poll"]), weekly, 1)
            await sql.insert(tx, new, now, due_at + timedelta(days=1))
    await store.close()
    return found


async def _ballot(discord: Discord, guild: dict[str, Any]) -> str:
    while not (board := await discord.messages(guild["channels"]["poll"])):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.1)
    answer = await discord.press(guild["members"]["ada"], board[0], "poll:v1:vote:1")
    return str(answer["message"]["id"])


async def vote(stage: Stage, a_second: int, first_member: int) -> int:
    """Begin to vote at a steady rate; return the number of the load."""
    wish = {"kind": "select", "message": stage.ballot, "custom_id": "poll:v1:pick:1", "force": True}
    values = [str(line.position) for line in LINES]
    members = {"members": 20_000, "first_member": first_member}
    load = await stage.discord.load(
        **wish, **members, values=values, total=10**7, in_flight=1, per_second=a_second, background=True
    )
    return int(load["id"])


async def stop(stage: Stage, load: int) -> dict[str, Any]:
    """End a load and return its figures."""
    await stage.discord.ask("DELETE", f"load/{load}")
    return await stage.discord.load_figures(load, wait=5)


def row(title: str, figures: str) -> None:
    """Print one row."""
    print(f"{title:<28}{figures}", flush=True)


def show_votes(title: str, figures: dict[str, Any]) -> None:
    """Print what voters met."""
    ms = figures["ms"]
    said = f"{figures['rate']:7.0f} a second   p50 {ms['p50']:.1f} ms   p99 {ms['p99']:.1f} ms   max {ms['max']:.0f} ms"
    row(title, f"{said}   {len(figures['unacknowledged'])} unanswered")


async def _posted(stage: Stage, due: int) -> float:
    """Wait until every run is closed; return the most memory that the bot held meanwhile."""
    begun, most = time.monotonic(), 0.0
    while (runs := stage.runs()).total() < due or runs["recorded"] or runs["waiting"]:
        if time.monotonic() - begun > MOST_S:
            raise RuntimeError(f"not all is posted: {dict(runs)}\n{stage.bot.log[-2000:]}")
        most = max(most, stage.memory_mib())
        await asyncio.sleep(0.25)
    return most


async def measure(stage: Stage, due: int, a_second: int) -> None:
    """Go through all stages and print what was found."""
    await asyncio.sleep((stage.due_at - datetime.now(UTC)).total_seconds() - BASELINE_S - 3)
    before = stage.memory_mib()
    load = await vote(stage, a_second, 10**6)
    await asyncio.sleep(1)
    cpu = stage.cpu_s()
    await asyncio.sleep(BASELINE_S)
    idle = (stage.cpu_s() - cpu) / BASELINE_S
    show_votes("votes, nothing due", await stop(stage, load))
    load = await vote(stage, a_second, 2 * 10**6)
    await asyncio.sleep(max(0.0, (stage.due_at - datetime.now(UTC)).total_seconds()))
    cpu, begun = stage.cpu_s(), time.monotonic()
    most = await _posted(stage, due)
    cpu = stage.cpu_s() - cpu - idle * (time.monotonic() - begun)
    show_votes("votes meanwhile", await stop(stage, load))
    posts = [each for each in await stage.discord.requests(method="POST", path=POSTS) if each["status"] == 200]
    # The log has when a request was answered.
    times = sorted(each["at"] - each["ms"] / 1000 for each in posts if each["at"] > stage.due_at.timestamp())
    row("first post", f"{times[0] - stage.due_at.timestamp():7.1f} s after it was due")
    rate = (len(times) - 1) / (times[-1] - times[0])
    fullest = max(bisect_right(times, at + 1) - place for place, at in enumerate(times))
    row("posts", f"{rate:7.1f} a second, {rate / ALLOWED_A_SECOND:.0%} of what Discord takes; fullest second {fullest}")
    counts = Counter([len(await stage.discord.messages(channel)) for channel in stage.channels])
    row("channels by messages", f"{dict(counts)}; runs {dict(stage.runs())}")
    status = await stage.discord.status()
    row("refused", f"{status['too_many']}; {status['violations']} violations")
    row("processor", f"{cpu / due * 1000:7.1f} ms a post")
    row("memory", f"{before:7.0f} MiB before, {most:.0f} MiB at most")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--due", type=int, default=1_000)
    parser.add_argument("--schedules", type=int, default=10_000, help="how many there are in all")
    parser.add_argument("--guilds", type=int, default=20)
    parser.add_argument("--votes", type=int, default=50, help="votes a second meanwhile")
    parser.add_argument("--latency-ms", type=int, default=100, help="how long Discord takes for a post or an edit")
    parser.add_argument("--due-in", type=int, default=60, help="seconds from the start, which is at work for a while")
    options = parser.parse_args()
    print(f"{options.due:,} of {options.schedules:,} due at once; load of the machine {os.getloadavg()[0]:.1f}")

    async def run(folder: Path) -> None:
        wish = (options.due, options.schedules, options.guilds, options.latency_ms, options.due_in)
        async with staged(folder, *wish) as stage:
            await measure(stage, options.due, options.votes)

    Path("var").mkdir(exist_ok=True)  # a real disk: what /tmp is differs between machines
    with tempfile.TemporaryDirectory(dir="var") as folder:
        asyncio.run(run(Path(folder)))


if __name__ == "__main__":
    main()
