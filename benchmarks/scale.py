"""What grows with the number of ballots, and what must not.

    python -m benchmarks.scale [--ballots 1000 10000 100000 1000000] [--polls 1000] [--method single] [--rounds 7]

For each size a database is made up: one poll with that many ballots, and open polls beside it. Every row is measured
in processes of their own, on SQLite, without Discord:

- start: from the start of the process until the bot is at work; beside an empty database, in turns;
- ranking, vote, a member's own data, the log of the open poll, the asker's receipt of it: one after the other, medians;
  the first size is the baseline;
- close, with the count and the root, and export: seconds, memory above that of the opened bot, and for how long at
  most the event loop could not answer anybody meanwhile;
- receipts of the closed poll, of ballots all over it, asked for by somebody else.

`benchmarks.many_boards` measures what many polls at once cost over a loopback Discord.
"""

import argparse
import gc
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.apart import Cost, apart, costs
from benchmarks.many_ballots import GUILD, LARGE_POLL, MODERATOR, address, make_database, some_receipts
from bot.app import App
from bot.errors import Refused
from bot.polls.closing import export_to
from bot.polls.model import Voter
from bot.polls.records import Verified
from bot.settings import Settings

LOOKS, VOTES, SELDOM = 300, 200, 10
DISCORD_TAKES_BYTES = 10 * 1024 * 1024
OLD = datetime(2020, 1, 1, tzinfo=UTC)


class Started(NamedTuple):
    """Seconds of a start: all of it, from the first touch of the database, and of processor time in all."""

    whole: float
    inside: float
    cpu: float


class Taken(NamedTuple):
    """Medians in milliseconds: by the clock, and of processor time, which a busy disk or machine leaves alone."""

    wall: float
    cpu: float


@asynccontextmanager
async def opened(database: Path) -> AsyncIterator[App]:
    """Open a bot that talks to nobody."""
    app = App(Settings(database_url=address(database)))
    await app.open()
    gc.freeze()  # as the bot does once it is ready
    app.polls.on_change = lambda _: None
    try:
        yield app
    finally:
        await app.close()


async def start(database: Path, begun: float) -> Started:
    """Start all but the connection in a process that was begun then."""
    inside = time.monotonic()
    async with opened(database) as app:
        await app.start_work()
        ready, used = time.monotonic(), time.process_time()
    return Started(ready - begun, ready - inside, used)


async def everyday(database: Path) -> dict[str, Taken]:
    """Return what a ranking, a vote, all that is tied to a member, a poll's log and the asker's receipt take."""
    async with opened(database) as app:
        newcomers = iter(range(VOTES + 1))
        voter = Voter(2**62, OLD, None)
        receipt = (await app.polls.cast(GUILD, LARGE_POLL, voter, (0,), app.clock.now())).ballot.receipt

        async def vote() -> None:
            voter = Voter(next(newcomers) + 1, OLD, None)
            await app.polls.cast(GUILD, LARGE_POLL, voter, (0,), app.clock.now())

        return {
            "ranking": await _taken(lambda: app.polls.ranking(GUILD, LARGE_POLL), LOOKS),
            "vote": await _taken(vote, VOTES),
            "own data": await _taken(lambda: app.records.my_data(1), SELDOM),
            "log": await _taken(lambda: app.records.audit(GUILD, LARGE_POLL), SELDOM),
            "own receipt": await _taken(lambda: app.records.verify(GUILD, receipt, voter.id), LOOKS),
        }


async def verifying(database: Path) -> dict[str, Taken]:
    """Return what it takes to prove a ballot of the closed poll from its receipt."""
    receipts = iter(some_receipts(database, LOOKS + 1))
    async with opened(database) as app:

        async def prove() -> None:
            found = await app.records.verify(GUILD, next(receipts))
            if not isinstance(found, Verified) or not found.root_holds:
                raise RuntimeError(found)

        return {"receipt of closed poll": await _taken(prove, LOOKS)}


async def _taken(work: Callable[[], Awaitable[object]], times: int) -> Taken:
    wall, cpu = [], []
    for _ in range(times + 1):
        begun, used = time.perf_counter(), time.process_time()
        await work()
        wall.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return Taken(statistics.median(wall[1:]), statistics.median(cpu[1:]))


async def close(database: Path) -> Cost:
    """Close the large poll: state, count, root."""
    async with opened(database) as app:
        with costs() as cost:
            await app.polls.close(GUILD, LARGE_POLL, MODERATOR)
    return cost


async def export(database: Path) -> Cost:
    """Export the closed poll into a file, as the operator does."""
    async with opened(database) as app:
        with costs() as cost:
            await export_to(app.store, LARGE_POLL, database.with_suffix(".json"))
    return cost


async def hand_over(database: Path) -> Cost:
    """Export the closed poll in both forms for Discord, which says no to what is too large."""
    async with opened(database) as app:
        with costs() as cost, suppress(Refused):
            await app.records.export(GUILD, LARGE_POLL, MODERATOR, DISCORD_TAKES_BYTES)
    return cost


def show_starts(database: Path, empty: Path, rounds: int) -> None:
    """Start on both databases in turns; print the medians and their ratios."""
    found: dict[Path, list[Started]] = {empty: [], database: []}
    for _ in range(rounds + 1):
        for path, starts in found.items():
            starts.append(apart(start, path, time.monotonic()))
    for which, title in enumerate(("start of the process", "of it with the database", "its processor time")):
        alone, full = (1000 * statistics.median(each[which] for each in starts[1:]) for starts in found.values())
        show(title, f"{full:9.0f} ms    ratio {full / alone:.2f} to an empty database, {alone:.0f} ms")


def show_taken(found: dict[str, Taken], base: dict[str, Taken]) -> None:
    """Print what a member waits for, and how it compares with the first size."""
    for title, now in found.items():
        first = base.setdefault(title, now)
        ratios = f"ratio {now.wall / first.wall:.2f}, of processor time {now.cpu / first.cpu:.2f} to the first size"
        show(title, f"{now.wall:9.2f} ms    {ratios}")


def show_cost(title: str, cost: Cost) -> None:
    """Print what went through all ballots."""
    held = f"memory +{cost.mebibytes:.0f} MiB, longest pause {cost.pause_ms:.0f} ms"
    show(title, f"{cost.seconds:9.2f} s     {held}, processor {cost.cpu_seconds:.2f} s")


def show(title: str, figures: str) -> None:
    """Print one row."""
    print(f"  {title:<24}{figures}", flush=True)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ballots", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--polls", type=int, default=1_000, help="open polls in each database")
    parser.add_argument("--method", choices=("single", "approval", "ranked"), default="single")
    parser.add_argument("--rounds", type=int, default=7, help="starts of each kind; 0 leaves them out")
    options = parser.parse_args()
    Path("var").mkdir(exist_ok=True)  # a real disk: what /tmp is differs between machines
    with tempfile.TemporaryDirectory(dir="var") as folder:
        empty = Path(folder) / "empty.db"
        make_database(empty, 0, 0)
        base: dict[str, Taken] = {}
        for ballots in options.ballots:
            database = Path(folder) / f"{ballots}.db"
            make_database(database, ballots, options.polls, options.method)
            load = f"load of the machine {os.getloadavg()[0]:.1f}"
            print(f"{ballots:,} ballots, {options.polls:,} open polls, {options.method}; {load}", flush=True)
            if options.rounds:
                show_starts(database, empty, options.rounds)
            show_taken(apart(everyday, database), base)
            show_cost("close, count and root", apart(close, database))
            show_taken(apart(verifying, database), base)
            show_cost("export to a file", apart(export, database))
            show_cost("export for Discord", apart(hand_over, database))


if __name__ == "__main__":
    main()
