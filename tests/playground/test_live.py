"""The simulated Discord by the wall clock."""

import asyncio
from datetime import UTC, datetime

import discord

from bot.playground.live import MESSAGES_KEPT, LiveClock, LiveEnv
from bot.playground.world import build_world
from tests.playground.conftest import Running, SmallBot


async def test_every_run_has_the_same_ids() -> None:
    first, second = build_world(LiveEnv(SmallBot())), build_world(LiveEnv(SmallBot()))
    assert first.guild.id == second.guild.id
    assert [channel.id for channel in first.channels.values()] == [channel.id for channel in second.channels.values()]
    assert [voter.id for voter in first.voters] == [voter.id for voter in second.voters]


async def test_messages_never_reuse_the_id_of_an_earlier_run(playground: Running) -> None:
    await playground.post("general", "now")
    [message] = playground.env.backend.messages[playground.world.channels["general"].id].values()
    assert (datetime.now(UTC) - discord.utils.snowflake_time(message.id)).total_seconds() < 5


def test_a_held_clock_stands_still_and_then_goes_on() -> None:
    clock, moment = LiveClock(), datetime(2020, 2, 2, tzinfo=UTC)
    with clock.held_at(moment):
        assert clock.now() == moment
    assert clock.now() > moment


async def test_old_messages_go_but_a_board_stays(playground: Running) -> None:
    channel = playground.bot.get_partial_messageable(playground.world.channels["general"].id)
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Vote", custom_id="poll:v1:vote:1"))
    await channel.send("the board", view=view)
    for number in range(MESSAGES_KEPT + 10):
        await channel.send(f"message {number}")
    playground.env.tidy()
    kept = [message.content for message in playground.env.backend.messages[channel.id].values()]
    assert kept[0] == "the board"
    assert kept[1] == "message 10"
    assert kept[-1] == f"message {MESSAGES_KEPT + 9}"


async def test_the_journal_stays_short(playground: Running) -> None:
    for number in range(300):
        await playground.post("general", str(number))
    await asyncio.sleep(0)
    assert len(playground.env.backend.transcript) <= 400
    assert len(playground.env.backend.http_requests) <= 400
