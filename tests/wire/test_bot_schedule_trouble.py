"""What is in an announcement's way over a real socket: what moderators see of it, and that it goes on by itself."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .bed import Club, no_violations, text_of
from .bot_process import BotProcess
from .discord_loopback import Discord

__all__ = ["no_violations"]

RARELY = "0 0 29 2 *"
STATES = "SELECT state FROM runs WHERE schedule_id = ? ORDER BY id"


class Announcing:
    """A club with a log channel, and channels of its own for a test."""

    def __init__(self, club: Club) -> None:
        self.club = club
        self.discord = club.discord

    async def channel(self, **wish: Any) -> str:
        made = await self.discord.ask("POST", f"guilds/{self.club.id}/channels", {"name": "place", **wish})
        return str(made["id"])

    async def plan(self, channel: str, **options: Any) -> int:
        """Plan an announcement; return its number."""
        answer = await self.club.do("announce add", kind="rankings", channel=channel, every=RARELY, **options)
        query = "SELECT max(id) FROM schedules WHERE channel_id = ?"
        [(number,)] = self.club.rows(query, int(channel))
        assert number is not None, text_of(answer["message"])
        return int(number)

    def make_due(self, number: int, ago: timedelta = timedelta(seconds=1)) -> None:
        """Let a schedule fall due; the bot must not run, for its alarm is set."""
        at = (datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f")
        self.club.write("UPDATE schedules SET next_due_at = ? WHERE id = ?", at, number)

    def states(self, number: int) -> list[str]:
        return [state for (state,) in self.club.rows(STATES, number)]

    async def until(self, met: Callable[[], Any], seconds: float = 20) -> None:
        for _ in range(int(seconds * 10)):
            if met():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"it did not happen\n{self.club.process.log[-3000:]}")

    async def posted(self, channel: str) -> list[str]:
        return [text_of(message) for message in await self.discord.messages(channel)]

    async def told(self) -> list[str]:
        return await self.posted(self.club.log)


@pytest.fixture
async def announcing(discord_side: Discord, bot_process: BotProcess) -> Announcing:
    club = await Club.found(discord_side, bot_process)
    await club.start()
    await club.do("setup log_channel", channel=club.log)
    return Announcing(club)


async def test_a_permission_that_is_lost_and_given_back(announcing: Announcing) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.club.kill()
    denied = {"deny": ["attach_files", "send_messages"]}
    await announcing.discord.ask("PATCH", f"channels/{channel}/permissions", denied)
    announcing.make_due(number)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["waiting"])
    # The log channel names exactly what is missing, and so does the list.
    [told] = await announcing.told()
    assert f"I need **Send Messages**, **Attach Files** in <#{channel}>" in told
    assert "**Send Messages**, **Attach Files**" in text_of((await announcing.club.do("announce list"))["message"])
    # Given back: posted at once, told once, and the list is clean again.
    await announcing.discord.ask("PATCH", f"channels/{channel}/permissions", {})
    await announcing.until(lambda: announcing.states(number) == ["sent"], seconds=10)
    assert len(await announcing.posted(channel)) == 1
    assert ["works again" in text for text in await announcing.told()] == [False, True]
    assert "⚠️" not in text_of((await announcing.club.do("announce list"))["message"])


async def test_a_channel_that_is_deleted_while_the_bot_runs(announcing: Announcing) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.discord.ask("DELETE", f"channels/{channel}")
    await announcing.until(lambda: announcing.club.rows("SELECT problem FROM schedules")[0][0])
    [told] = await announcing.told()
    assert "was deleted" in told
    # Half an hour later it is paused, which the list says; nothing is deleted.
    await announcing.club.kill()
    earlier = (datetime.now(UTC) - timedelta(minutes=31)).strftime("%Y-%m-%d %H:%M:%S.%f")
    announcing.club.write("UPDATE schedules SET problem_since = ?", earlier)
    await announcing.club.start()
    query = "SELECT state FROM schedules WHERE id = ?"
    await announcing.until(lambda: announcing.club.rows(query, number) == [("paused",)])
    listed = text_of((await announcing.club.do("announce list"))["message"])
    assert "Paused" in listed
    assert "was deleted" in listed
    assert len(await announcing.told()) == 1


async def test_a_gateway_that_is_cut_while_posts_are_under_way(announcing: Announcing) -> None:
    channels = [await announcing.channel() for _ in range(10)]
    numbers = [await announcing.plan(channel) for channel in channels]
    await announcing.club.kill()
    for number in numbers:
        announcing.make_due(number)
    await announcing.discord.fault(method="POST", path="/messages$", delay=0.5, times=None)
    await announcing.club.start()
    await announcing.discord.upset("drop")
    await announcing.until(lambda: all(announcing.states(number) == ["sent"] for number in numbers))
    assert [len(await announcing.posted(channel)) for channel in channels] == [1] * 10


async def test_a_database_that_is_locked_while_a_post_is_due(announcing: Announcing) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.club.kill()
    announcing.make_due(number)
    # The answer comes once somebody else has the database, so the run cannot be closed.
    await announcing.discord.fault(method="POST", path=f"/channels/{channel}/messages$", delay=2, after=True)
    await announcing.club.start()
    await announcing.until(lambda: announcing.club.rows("SELECT 1 FROM runs WHERE begun_at IS NOT NULL"))
    with closing(sqlite3.connect(announcing.club.process.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await announcing.until(lambda: "run not closed, trying again" in announcing.club.process.log)
        other.execute("ROLLBACK")
    await announcing.until(lambda: announcing.states(number) == ["sent"], seconds=90)
    assert len(await announcing.posted(channel)) == 1


async def test_a_crash_whose_nonce_discord_has_forgotten_posts_once(announcing: Announcing) -> None:
    channel, silent = await announcing.channel(), await announcing.channel()
    seen, unseen = await announcing.plan(channel), await announcing.plan(silent)
    await announcing.club.kill()
    for number in (seen, unseen):
        announcing.make_due(number)
    fault = {"method": "POST", "after": True, "hang": True, "times": None}
    await announcing.discord.fault(path=f"/channels/({channel}|{silent})/messages$", **fault)
    await announcing.club.start()
    for place in (channel, silent):
        for _ in range(150):
            if await announcing.posted(place):
                break
            await asyncio.sleep(0.1)
    await announcing.club.kill()
    # A long outage, and in one of the channels I may not look what stands there any more.
    await announcing.discord.ask("DELETE", "faults")
    await announcing.discord.settings(nonce_known_s=0)
    await announcing.discord.ask("PATCH", f"channels/{silent}/permissions", {"deny": ["read_message_history"]})
    long_ago = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%d %H:%M:%S.%f")
    announcing.club.write("UPDATE runs SET begun_at = ?, recorded_at = ?", long_ago, long_ago)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(seen) == ["sent"] and announcing.states(unseen) == ["unsure"])
    [message] = await announcing.discord.messages(channel)
    assert announcing.club.rows("SELECT message_id FROM runs WHERE schedule_id = ?", seen) == [(int(message["id"]),)]
    assert len(await announcing.posted(silent)) == 1
    assert "may have been posted" in text_of((await announcing.club.do("announce list"))["message"])


async def test_posts_reach_forums_announcement_channels_and_threads_that_sleep(announcing: Announcing) -> None:
    forum = await announcing.channel(type="forum")
    news = await announcing.channel(type="announcement")
    thread = str(
        (await announcing.discord.ask("POST", f"channels/{announcing.club.general}/threads", {"name": "t"}))["id"]
    )
    numbers = [await announcing.plan(place) for place in (forum, news, thread)]
    await announcing.club.kill()
    await announcing.discord.ask("PATCH", f"channels/{thread}", {"archived": True})
    for number in numbers:
        announcing.make_due(number)
    await announcing.club.start()
    await announcing.until(lambda: all(announcing.states(number) == ["sent"] for number in numbers))
    [opened] = await announcing.discord.ask("GET", f"channels/{forum}/threads")
    assert opened["name"]
    assert len(opened["messages"]) == 1
    assert len(await announcing.posted(thread)) == 1
    await announcing.until(lambda: announcing.club.rows("SELECT 1 FROM runs WHERE publishing = 'done'"))
    [published] = await announcing.discord.messages(news)
    assert published["flags"] & 1


async def test_a_crash_while_a_forum_post_is_sent_opens_one_thread(announcing: Announcing) -> None:
    forum = await announcing.channel(type="forum")
    number = await announcing.plan(forum)
    await announcing.club.kill()
    announcing.make_due(number)
    await announcing.discord.fault(method="POST", path=f"/channels/{forum}/threads$", after=True, hang=True)
    await announcing.club.start()
    for _ in range(150):
        if await announcing.discord.ask("GET", f"channels/{forum}/threads"):
            break
        await asyncio.sleep(0.1)
    await announcing.club.kill()
    await announcing.discord.ask("DELETE", "faults")
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["sent"])
    assert len(await announcing.discord.ask("GET", f"channels/{forum}/threads")) == 1


async def test_every_post_leaves_a_line_with_its_lag_in_the_log(announcing: Announcing) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.club.kill()
    announcing.make_due(number, timedelta(minutes=10))
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) == ["sent"])
    found = re.search(rf"run closed.*lag_s=(\d+)\.\d+.*schedule={number}\b", announcing.club.process.log)
    assert found is not None
    assert 600 <= int(found[1]) < 700
