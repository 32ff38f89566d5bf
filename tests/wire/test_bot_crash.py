"""A power cut loses no acknowledged vote and counts none twice; what was due meanwhile is caught up with."""

import asyncio
import os
import random
import signal
from datetime import UTC, datetime, timedelta

from .bed import Club, no_violations, text_of
from .bot_process import BotProcess
from .discord_loopback import Discord

__all__ = ["no_violations"]

KILLS = 3
# Fewer turns than candidates: by what a member picked, a vote tells its turn.
CASTS = {"members": 120, "in_flight": 200, "total": 120 * 24, "background": True}
NAMES = [f"Project {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]


async def test_a_kill_among_200_casts_leaves_exactly_the_acknowledged_votes(
    discord_side: Discord, bot_process: BotProcess
) -> None:
    club = await Club.found(discord_side, bot_process)
    await club.start()
    board = await club.open_poll(projects=", ".join(NAMES))
    old = await board.ballot("ada")
    when = random.Random(20)
    cut_off = 0
    before = board.stored()
    for _ in range(KILLS):
        load = await board.storm(**CASTS)
        await club.answered(load["id"], when.randrange(1, 900))
        await asyncio.sleep(when.random() * 0.03)
        await club.process.kill()
        await discord_side.ask("DELETE", f"load/{load['id']}")
        await discord_side.until(lambda now: now["connections"] == 0, what="the end of the connection")
        await club.start()
        figures = await discord_side.load_figures(load["id"], wait=10)
        assert figures["done"]
        cut_off += len(figures["unacknowledged"])
        before = board.audit(figures, before)
    assert cut_off
    # The old board and the old ballot are as good as new.
    answer = await discord_side.pick(club.members["ada"], old, board.pick_id, "7")
    assert f"✅ **{NAMES[7]}**" in text_of(answer["message"])
    mine = await discord_side.press(club.members["ada"], board.message, f"poll:v1:mine:{board.poll}")
    assert f"✅ **{NAMES[7]}**" in text_of(mine["message"])
    assert board.stored() == before | {int(club.members["ada"]): 7}
    await board.shows(f"{len(before) + 1} ballots")


async def test_an_orderly_end_among_casts_keeps_every_acknowledged_vote(
    discord_side: Discord, bot_process: BotProcess
) -> None:
    club = await Club.found(discord_side, bot_process)
    await club.start()
    board = await club.open_poll(projects=", ".join(NAMES))
    load = await board.storm(**CASTS)
    await club.answered(load["id"], 300)
    os.kill(bot_process.pid, signal.SIGTERM)
    code = await bot_process.ended(10)
    await discord_side.ask("DELETE", f"load/{load['id']}")
    figures = await discord_side.load_figures(load["id"], wait=10)
    assert code == 0
    assert figures["done"]
    board.audit(figures, {})
    assert "Traceback" not in bot_process.log


async def test_a_poll_whose_time_ran_out_meanwhile_closes_at_its_time_and_once(
    discord_side: Discord, bot_process: BotProcess
) -> None:
    club = await Club.found(discord_side, bot_process)
    await club.start()
    board = await club.open_poll(closes_in="1h")
    await board.vote("ada", 1)
    ballot = await board.ballot("bob")
    await club.kill()
    end = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    club.write("UPDATE polls SET opens_at = ?, closes_at = ?", _column(end - timedelta(hours=1)), _column(end))
    await club.start()
    closed_line = f"**Closed** <t:{int(end.timestamp())}:f>"
    assert "100.0% 1` **Starknet**" in await board.shows(closed_line, "1 ballot")
    late = await discord_side.pick(club.members["bob"], ballot, board.pick_id, "2")
    assert f"closed <t:{int(end.timestamp())}:f>" in text_of(late["message"])
    await _results(club, 1)
    assert club.rows("SELECT closed_at FROM polls") == [(_column(end),)]
    await club.restart()
    await asyncio.sleep(1)
    await _results(club, 1)
    assert len(board.stored()) == 1


async def test_a_result_whose_answer_is_lost_with_the_bot_is_posted_once(
    discord_side: Discord, bot_process: BotProcess
) -> None:
    club = await Club.found(discord_side, bot_process)
    await club.start()
    board = await club.open_poll()
    await board.vote("ada", 1)
    asked = await club.do("poll close")
    # The result is posted, but the bot is killed before it hears of that.
    await discord_side.fault(method="POST", path="/messages$", hang=True, after=True)
    await discord_side.press(club.owner, asked["message"], f"poll:v1:close:{board.poll}")
    await _results(club, 1)
    await club.kill()
    await discord_side.ask("DELETE", "faults")
    assert club.rows("SELECT result_posted_at FROM polls") == [(None,)]
    await club.start()
    for _ in range(100):
        if club.rows("SELECT result_posted_at FROM polls") != [(None,)]:
            break
        await asyncio.sleep(0.1)
    await _results(club, 1)
    await board.shows("final result")


def _column(moment: datetime) -> str:
    """Write a moment as SQLite keeps it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


async def _results(club: Club, count: int) -> None:
    """Wait for that many messages beside the board, and hold that there are no more."""
    for _ in range(150):
        found = (await club.discord.messages(club.general))[1:]
        if len(found) >= count:
            break
        await asyncio.sleep(0.1)
    assert len(found) == count, club.process.log
