"""Trouble with the database is told honestly and costs no vote that was confirmed."""

import asyncio
import os
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from .bed import Board, Club, Payload, no_violations, text_of
from .bot_process import BotProcess, full_disk
from .discord_loopback import Discord

__all__ = ["no_violations"]

NOT_RECORDED = "My storage is not answering, so nothing was recorded. Try again in a minute."
LOCKED_FOR_S = 6.0
NAMES = [f"Project {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
FULL_AT_BYTES = 400_000


async def test_a_database_that_cannot_be_opened_is_one_line(discord_side: Discord, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "letter.db").write_text("Dear database, " * 1000)
    refused = await _refusals(discord_side, tmp_path, "file/moonballot.db", "folder.db", "letter.db")
    assert len(set(refused)) == 3
    assert (tmp_path / "letter.db").read_text().startswith("Dear database, ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_is_read_only_is_one_line(discord_side: Discord, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o500)
    await _refusals(discord_side, tmp_path, "folder/moonballot.db")


async def _refusals(discord_side: Discord, folder: Path, *databases: str) -> list[str]:
    """Start a bot on each database; hold each to one plain line and exit code 2; give the lines."""
    processes = []
    for number, database in enumerate(databases):
        home = folder / f"bot {number}"
        home.mkdir()
        url = f"sqlite+aiosqlite:///{folder}/{database}"
        processes.append(BotProcess(discord_side, home, MOONBALLOT_DATABASE_URL=url))
        processes[-1].launch()
    lines: list[str] = []
    try:
        for process, database in zip(processes, databases, strict=True):
            assert await process.ended(30) == 2, process.log
            assert "Traceback" not in process.log
            [line] = [line for line in process.log.splitlines() if line.startswith("moonballot: ")]
            assert Path(database).name in line
            lines.append(line)
    finally:
        for process in processes:
            process.clean_up()
    return lines


async def test_a_locked_database_delays_or_refuses_votes_and_says_so(
    discord_side: Discord, bot_process: BotProcess
) -> None:
    club = await Club.found(discord_side, bot_process)
    await club.start()
    board = await club.open_poll()
    await board.vote("ada", 0)
    ballots = {name: await board.ballot(name) for name in ("ada", "bob", "cyd", "mod")}
    lock = sqlite3.connect(bot_process.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        first = [asyncio.create_task(_patient_vote(board, name, ballots[name], 1)) for name in ("ada", "bob")]
        await asyncio.sleep(1)
        late = [asyncio.create_task(_patient_vote(board, name, ballots[name], 2)) for name in ("cyd", "mod")]
        # What only reads does not mind.
        assert (await club.do("rankings", member="bob"))["ms"] < 1000
        assert "✅ **Token Metrics**" in text_of((await club.do("vote mine", member="ada"))["message"])
        await asyncio.sleep(LOCKED_FOR_S - 1)
    finally:
        lock.close()
    expected = {int(club.members["ada"]): 0}
    for name, choice, vote in [("ada", 1, first[0]), ("bob", 1, first[1]), ("cyd", 2, late[0]), ("mod", 2, late[1])]:
        answer = await vote
        assert answer["ms"] < 3000
        said = _said(answer)
        if NOT_RECORDED not in said:
            assert "✅" in said, (name, said)
            expected[int(club.members[name])] = choice
    assert board.stored() == expected
    again = await board.vote("bob", 3)
    assert "✅ **Dymension**" in text_of(again["message"])
    await board.shows("**Dymension**", f"{len(board.stored())} ballots", seconds=45)


async def _patient_vote(board: Board, name: str, ballot: Payload, choice: int) -> Payload:
    """Pick, and wait as long as it takes to be told."""
    wish = {"user": board.club.members[name], "message": ballot["id"], "custom_id": board.pick_id}
    answer = await board.club.discord.interact("select", **wish, values=[str(choice)], wait=15)
    while not answer["answered_ms"]:
        answer = await board.club.discord.answer(answer, wait=5)
    return answer


def _said(answer: Payload) -> str:
    """Give what a member reads now: in the ballot, and after it."""
    return "\n".join(text_of(message) for message in [answer["message"], *answer["followups"]])


async def test_a_full_disk_refuses_votes_and_loses_none(discord_side: Discord, tmp_path: Path) -> None:
    process = BotProcess(discord_side, tmp_path, full_disk(FULL_AT_BYTES))
    try:
        club = await Club.found(discord_side, process)
        await club.start()
        board = await club.open_poll(projects=", ".join(NAMES))
        figures = await board.storm(members=120, in_flight=60, total=120 * 8)
        said = Counter(_kind(each["text"]) for each in figures["acknowledged"])
        assert set(said) == {"recorded", "refused"}, said
        assert figures["unacknowledged"] == []
        board.audit(figures, {})
        await process.terminate()
        process.clean_up()
        healed = BotProcess(discord_side, tmp_path)
        process = club.process = healed
        await club.start()
        stored = board.audit(figures, {})
        await board.vote("ada", 3)
        assert board.stored() == stored | {int(club.members["ada"]): 3}
    finally:
        process.clean_up()


def _kind(text: str) -> str:
    if "✅" in text:
        return "recorded"
    return "refused" if NOT_RECORDED in text else text[:80]
