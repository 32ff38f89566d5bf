"""Two bots on one database: as shards of one, and side by side while the operator replaces one by the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from .bed import Club, no_violations
from .bot_process import BotProcess
from .discord_loopback import Discord

__all__ = ["no_violations"]

NAMES = [f"Project {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
# Another bot was quicker: Discord takes one answer.
ALREADY_ANSWERED = 40060


@asynccontextmanager
async def _two_bots(discord: Discord, folder: Path, *settings: dict[str, str]) -> AsyncIterator[list[BotProcess]]:
    """Start two bots on one database."""
    processes: list[BotProcess] = []
    try:
        for number, environment in enumerate(settings):
            home = folder / f"bot {number}"
            home.mkdir()
            process = BotProcess(discord, home, **environment)
            process.database = folder / "moonballot.db"
            process.environment["MOONBALLOT_DATABASE_URL"] = f"sqlite+aiosqlite:///{process.database}"
            processes.append(process)
            await process.start()
        yield processes
        for process in processes:
            assert await process.terminate() == 0, process.log
    finally:
        for process in processes:
            process.clean_up()


async def test_two_shards_count_exactly_side_by_side(discord_side: Discord, tmp_path: Path) -> None:
    await discord_side.settings(shards=2)
    shards = [{"MOONBALLOT_SHARD_IDS": str(number), "MOONBALLOT_SHARD_COUNT": "2"} for number in range(2)]
    async with _two_bots(discord_side, tmp_path, *shards) as processes:
        clubs: dict[int, Club] = {}
        while len(clubs) < 2:
            made = await Club.found(discord_side, processes[0])
            clubs[(int(made.id) >> 22) % 2] = made
        boards = [await clubs[shard].open_poll(projects=", ".join(NAMES)) for shard in (0, 1)]
        storms = [board.storm(members=60, in_flight=60, total=60 * 10) for board in boards]
        for board, figures in zip(boards, await asyncio.gather(*storms), strict=True):
            assert figures["unacknowledged"] == []
            assert {each["text"].partition(" · ")[0] for each in figures["acknowledged"]} == {"### Vote recorded"}
            assert len(board.audit(figures, {})) == 60
        for board in boards:
            await board.shows("60 ballots")


async def test_an_old_and_a_new_bot_at_once_count_each_vote_once(discord_side: Discord, tmp_path: Path) -> None:
    async with _two_bots(discord_side, tmp_path, {}, {}) as processes:
        club = await Club.found(discord_side, processes[0])
        await club.do("poll open", title="Both?", projects=", ".join(NAMES))
        # Both opened one, each in ignorance of the other; the vote is about the first.
        board = club.board((await discord_side.messages(club.general))[0])
        figures = await board.storm(members=200, in_flight=100, total=200)
        assert figures["unacknowledged"] == []
        assert all("recorded ·" in each["text"] for each in figures["acknowledged"])
        await asyncio.sleep(0.5)
        assert len(board.audit(figures, {})) == 200
        assert "200 ballots" in await board.shows("200 ballots")
        found = await discord_side.violations()
        assert {each["code"] for each in found} <= {ALREADY_ANSWERED}
        await discord_side.ask("DELETE", "violations")
