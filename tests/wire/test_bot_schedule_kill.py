"""A power cut at any step of an announcement: after the next start there is one message, and the run is closed."""

import signal
from datetime import UTC, datetime, timedelta

import pytest

from .announcing import Announcing
from .bed import Club, no_violations, text_of
from .bot_process import BotProcess
from .discord_loopback import Discord
from .one_bot import bot_process, club, loopback

__all__ = ["bot_process", "club", "loopback", "no_violations"]

# From here on the message may stand in its channel, or does.
FROM_BEGUN = ("begun", "taken", "answered", "closing")
ON_ITS_WAY = ("begun", "taken")
STEPS = ("due", "recording", "recorded", "beginning", *FROM_BEGUN)


@pytest.fixture
async def announcing(discord_side: Discord, bot_process: BotProcess, club: Club) -> Announcing:
    bot_process.discord = discord_side
    return Announcing(club)


async def killed_at(announcing: Announcing, step: str, number: int) -> None:
    """Let a schedule fall due with a bot that is killed at a step of it."""
    announcing.make_due(number)
    announcing.club.process.launch("-m", "tests.wire.killed_bot", step)
    code = await announcing.club.process.ended(30)
    assert code == -signal.SIGKILL, announcing.club.process.log[-3000:]
    await announcing.discord.until(lambda now: now["connections"] == 0, what="the end of the connection")


def begun(announcing: Announcing, number: int) -> list[bool]:
    query = "SELECT begun_at IS NOT NULL FROM runs WHERE schedule_id = ?"
    return [bool(at) for (at,) in announcing.club.rows(query, number)]


async def one_message(announcing: Announcing, channel: str, number: int) -> None:
    """Hold that there is one message, and that the run knows it."""
    [message] = await announcing.discord.messages(channel)
    query = "SELECT state, message_id FROM runs WHERE schedule_id = ?"
    assert announcing.club.rows(query, number) == [("sent", int(message["id"]))]


def long_ago(announcing: Announcing, number: int) -> None:
    """Move what the bot did two hours into the past."""
    then = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M:%S.%f")
    announcing.club.write(
        "UPDATE runs SET recorded_at = ?, begun_at = CASE WHEN begun_at IS NULL THEN NULL ELSE ? END "
        "WHERE schedule_id = ?",
        then,
        then,
        number,
    )


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_at_any_step_ends_in_one_message(announcing: Announcing, step: str) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.club.kill()
    await killed_at(announcing, step, number)
    is_recorded, is_begun = step not in ("due", "recording"), step in FROM_BEGUN
    assert begun(announcing, number) == ([is_begun] if is_recorded else [])
    assert len(await announcing.posted(channel)) == (step in FROM_BEGUN[1:])
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["sent"])
    await one_message(announcing, channel, number)


async def test_a_kill_after_it_was_closed_posts_no_more(announcing: Announcing) -> None:
    channel, elsewhere = await announcing.channel(), await announcing.channel()
    number, other = await announcing.plan(channel), await announcing.plan(elsewhere)
    await announcing.club.kill()
    await killed_at(announcing, "closed", number)
    announcing.make_due(other)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(other) == ["sent"])
    await one_message(announcing, channel, number)


@pytest.mark.parametrize("step", ON_ITS_WAY)
async def test_after_a_long_outage_nothing_is_posted_that_stands_there(announcing: Announcing, step: str) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.club.kill()
    await killed_at(announcing, step, number)
    long_ago(announcing, number)
    known = (await announcing.discord.settings())["nonce_known_s"]
    await announcing.discord.settings(nonce_known_s=0)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["sent"])
    await announcing.discord.settings(nonce_known_s=known)
    await one_message(announcing, channel, number)


async def test_what_discord_has_forgotten_and_i_may_not_read_is_left_and_told_once(announcing: Announcing) -> None:
    await announcing.club.do("setup log_channel", channel=announcing.club.log)
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.club.kill()
    await killed_at(announcing, "taken", number)
    long_ago(announcing, number)
    await announcing.discord.ask("PATCH", f"channels/{channel}/permissions", {"deny": ["read_message_history"]})
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["unsure"])
    await announcing.club.restart()
    assert len(await announcing.posted(channel)) == 1
    [told] = await announcing.told(1)
    assert f"Look in <#{channel}>" in told
    assert "/announce run" in text_of((await announcing.club.do("announce list"))["message"])


@pytest.mark.parametrize("step", ["closed", "telling", "told"])
async def test_a_kill_after_a_post_failed_leaves_moderators_told_once(announcing: Announcing, step: str) -> None:
    await announcing.club.do("setup log_channel", channel=announcing.club.log)
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.club.kill()
    await announcing.discord.ask("PATCH", f"channels/{channel}/permissions", {"deny": ["send_messages"]})
    await killed_at(announcing, step, number)
    assert announcing.states(number) == ["waiting"]
    query = "SELECT told FROM schedules WHERE id = ?"
    assert announcing.club.rows(query, number) == [(None,)]
    await announcing.club.start()
    await announcing.until(lambda: announcing.club.rows(query, number) != [(None,)])
    await announcing.club.restart()
    [told] = await announcing.told(1)
    assert f"**Send Messages**, **Attach Files** in <#{channel}>" in told


@pytest.mark.parametrize("step", ON_ITS_WAY)
async def test_a_kill_opens_no_second_thread_in_a_forum(announcing: Announcing, step: str) -> None:
    forum = await announcing.channel(type="forum")
    number = await announcing.plan(forum)
    await announcing.club.kill()
    await killed_at(announcing, step, number)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["sent"])
    [thread] = await announcing.discord.ask("GET", f"channels/{forum}/threads")
    assert len(thread["messages"]) == 1


async def test_a_kill_leaves_a_board_one_message(announcing: Announcing) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel, board=True)
    await announcing.club.kill()
    announcing.make_due(number)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["sent"])
    [board] = await announcing.discord.messages(channel)
    await announcing.club.kill()
    await killed_at(announcing, "taken", number)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["sent", "sent"])
    [still] = await announcing.discord.messages(channel)
    assert still["id"] == board["id"]
