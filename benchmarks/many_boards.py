"""Many boards out of date at once, over a loopback Discord, while members go on voting.

    python -m benchmarks.many_boards [--polls 1000] [--guilds 10] [--in-flight 10] [--latency-ms 100]

Every poll has a channel of its own. The bot first posts all boards, as after a long downtime. Then each poll gets one
vote, all at once, and the boards are watched until each shows it. One more poll is voted on without a break, first with
no board to be edited but its own, which is the baseline, then while the others are. Edits and posts take Discord's time
to answer; interactions do not. Discord takes 50 requests a second of one bot, all servers together.
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.many_ballots import address
from bot.polls import store as sql
from bot.polls.model import Candidate, NewPoll
from bot.store.engine import Store
from tests.wire.bot_process import BotProcess
from tests.wire.discord_loopback import Discord, LoopbackProcess

BASELINE_S = 5.0
MOST_S = 300.0
LINES = tuple(Candidate(place, f"Candidate {place + 1}") for place in range(6))


@dataclass(slots=True)
class Server:
    """A server of the loopback and its polls; `ballot` is an open ballot, to click on."""

    made: dict[str, Any]
    polls: list[int]
    ballot: str = ""


@dataclass(slots=True)
class Stage:
    """A loopback, a bot on it and servers with polls; the last poll of all is the one that is voted on throughout."""

    discord: Discord
    bot: BotProcess
    servers: list[Server]

    @property
    def busy(self) -> int:
        """The poll that is voted on without a break."""
        return self.servers[-1].polls[-1]

    def stale(self) -> int:
        """Count the boards that do not show their newest state, the busy one aside."""
        with closing(sqlite3.connect(self.bot.database, timeout=10)) as database:
            query = "SELECT count(*) FROM polls WHERE shown_revision != revision AND id != ?"
            return int(database.execute(query, (self.busy,)).fetchone()[0])

    async def settled(self) -> float:
        """Wait until no board is out of date; return the seconds."""
        begun = time.monotonic()
        while self.stale():
            if time.monotonic() - begun > MOST_S:
                raise RuntimeError(f"{self.stale()} boards are still out of date:\n{self.bot.log[-2000:]}")
            await asyncio.sleep(0.1)
        return time.monotonic() - begun


@asynccontextmanager
async def staged(folder: Path, polls: int, guilds: int, latency_ms: int) -> AsyncIterator[Stage]:
    """Start a bot whose boards are all still to be posted."""
    process = LoopbackProcess()
    try:
        async with Discord(process) as discord:
            servers = [await _server(discord, polls, guilds, number) for number in range(guilds)]
            await discord.fault(path=r"^/channels/\d+/messages", delay=latency_ms / 1000, times=None)
            bot = BotProcess(discord, folder)
            try:
                await _open_polls(bot.database, servers)
                await bot.start()
                yield Stage(discord, bot, servers)
            finally:
                bot.clean_up()
    finally:
        process.stop()


async def _server(discord: Discord, polls: int, guilds: int, number: int) -> Server:
    first, last = polls * number // guilds, polls * (number + 1) // guilds
    ids = [*range(first + 1, last + 1), *([polls + 1] if number == guilds - 1 else [])]
    channels = [{"name": str(each)} for each in ids]
    return Server(await discord.guild(channels=channels, members=[{"name": "ada"}]), ids)


async def _open_polls(database: Path, servers: list[Server]) -> None:
    now, store = datetime.now(UTC), Store(address(database))
    await store.open()
    async with store.begin() as tx:
        for server in servers:
            for number in server.polls:
                channel = int(server.made["channels"][str(number)])
                new = NewPoll(int(server.made["id"]), channel, 1, f"Poll {number}", LINES, now, None)
                await sql.insert(tx, new, now)
    await store.close()


async def open_ballots(stage: Stage) -> None:
    """Open a ballot on each server."""
    for server in stage.servers:
        poll = server.polls[0]
        board = (await stage.discord.messages(server.made["channels"][str(poll)]))[0]
        answer = await stage.discord.press(server.made["members"]["ada"], board, f"poll:v1:vote:{poll}")
        server.ballot = answer["message"]["id"]


async def vote_everywhere(stage: Stage) -> None:
    """Put one vote into each poll but the busy one, all at once."""
    wishes = []
    for server in stage.servers:
        ids = [f"poll:v1:pick:{poll}" for poll in server.polls if poll != stage.busy]
        count = {"total": len(ids), "members": len(ids), "in_flight": len(ids)}
        wish = {"kind": "select", "message": server.ballot, "custom_ids": ids, "values": ["0"], "force": True}
        wishes.append(stage.discord.load(**wish, **count))
    for done in await asyncio.gather(*wishes):
        if done["unacknowledged"]:
            raise RuntimeError(f"{len(done['unacknowledged'])} votes had no answer within 3 s")


async def vote_on(stage: Stage, in_flight: int, first_member: int) -> int:
    """Begin to vote on the busy poll without a break; return the number of the load."""
    wish = {"kind": "select", "message": stage.servers[-1].ballot, "custom_id": f"poll:v1:pick:{stage.busy}"}
    members = {"members": 20_000, "first_member": first_member}
    values = [str(line.position) for line in LINES]
    load = await stage.discord.load(
        **wish, **members, values=values, force=True, total=10**7, in_flight=in_flight, background=True
    )
    return int(load["id"])


async def stop(stage: Stage, load: int) -> dict[str, Any]:
    """End a load and return its figures."""
    await stage.discord.ask("DELETE", f"load/{load}")
    return await stage.discord.load_figures(load, wait=5)


def row(title: str, figures: str) -> None:
    """Print one row."""
    print(f"{title:<28}{figures}", flush=True)


def show_votes(title: str, figures: dict[str, Any], base: dict[str, Any]) -> None:
    """Print what voters met, and its ratios to the baseline."""
    ms, before = figures["ms"], base["ms"]
    ratios = f"rate {figures['rate'] / base['rate']:.2f}, p50 {ms['p50'] / before['p50']:.2f}"
    said = f"{figures['rate']:7.0f} a second   p50 {ms['p50']:.1f} ms   p99 {ms['p99']:.1f} ms   max {ms['max']:.0f} ms"
    row(
        title,
        f"{said}   ratios: {ratios}, p99 {ms['p99'] / before['p99']:.2f}; {len(figures['unacknowledged'])} unanswered",
    )


async def show_requests(stage: Stage, method: str, since: int, title: str) -> None:
    """Print how many requests there were, how many in the fullest second, and how many to one message at most."""
    log = await stage.discord.requests(method=method, path=r"^/channels/\d+/messages", since=since)
    times = sorted(each["at"] for each in log)
    fullest = max((bisect_right(times, at + 1) - place for place, at in enumerate(times)), default=0)
    busy = f"/channels/{stage.servers[-1].made['channels'][str(stage.busy)]}/"
    most = max(Counter(each["path"] for each in log if not each["path"].startswith(busy)).values(), default=0)
    refused = sum(each["status"] != 200 for each in log)
    row(title, f"{len(log):7}   at most {fullest} within a second, {most} of one board, {refused} refused")


async def show_boards(stage: Stage) -> None:
    """Read every board and count those that show their one vote."""
    right = total = 0
    for server in stage.servers:
        for poll in server.polls:
            if poll == stage.busy:
                continue
            messages = await stage.discord.messages(server.made["channels"][str(poll)])
            total += 1
            right += len(messages) == 1 and "1 ballot" in str(messages[0]["components"])
    row("boards as they should be", f"{right:7} of {total}; {len(await stage.discord.violations())} violations")


async def measure(stage: Stage, in_flight: int) -> None:
    """Go through all stages and print what was found."""
    seconds = await stage.settled()
    row("all boards posted", f"{seconds:7.1f} s after the bot was known")
    await show_requests(stage, "POST", 0, "posts")
    await open_ballots(stage)
    load = await vote_on(stage, in_flight, 10**6)
    await asyncio.sleep(BASELINE_S)
    base = await stop(stage, load)
    show_votes("votes, no other board", base, base)
    since = max(each["n"] for each in await stage.discord.requests())
    load = await vote_on(stage, in_flight, 2 * 10**6)
    begun = time.monotonic()
    await vote_everywhere(stage)
    row("a vote in every poll", f"{time.monotonic() - begun:7.1f} s")
    await stage.settled()
    row("all boards show it", f"{time.monotonic() - begun:7.1f} s after the first vote")
    show_votes("votes meanwhile", await stop(stage, load), base)
    await show_requests(stage, "PATCH", since, "edits")
    await show_boards(stage)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polls", type=int, default=1_000)
    parser.add_argument("--guilds", type=int, default=10)
    parser.add_argument(
        "--in-flight", type=int, default=10, help="votes at once on the poll that is voted on throughout"
    )
    parser.add_argument("--latency-ms", type=int, default=100, help="how long Discord takes for a post or an edit")
    options = parser.parse_args()
    print(f"{options.polls:,} polls on {options.guilds} servers; load of the machine {os.getloadavg()[0]:.1f}")

    async def run(folder: Path) -> None:
        async with staged(folder, options.polls, options.guilds, options.latency_ms) as stage:
            await measure(stage, options.in_flight)

    Path("var").mkdir(exist_ok=True)  # a real disk: what /tmp is differs between machines
    with tempfile.TemporaryDirectory(dir="var") as folder:
        asyncio.run(run(Path(folder)))


if __name__ == "__main__":
    main()
