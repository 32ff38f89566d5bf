"""What is in an announcement's way over a real socket: what moderators see of it, and that it goes on by itself."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from .announcing import Announcing
from .bed import Club, no_violations, text_of
from .bot_process import BotProcess, full_disk
from .discord_loopback import Discord

__all__ = ["no_violations"]

# SQLite opens a database with a file of this size beside it; what it writes then finds no room.
SMALLEST = 32_768


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
    [told] = await announcing.told(1)
    assert f"I need **Send Messages**, **Attach Files** in <#{channel}>" in told
    assert "**Send Messages**, **Attach Files**" in text_of((await announcing.club.do("announce list"))["message"])
    # Given back: posted at once, told once, and the list is clean again.
    await announcing.discord.ask("PATCH", f"channels/{channel}/permissions", {})
    await announcing.until(lambda: announcing.states(number) == ["sent"], seconds=10)
    assert len(await announcing.posted(channel)) == 1
    assert ["works again" in text for text in await announcing.told(2)] == [False, True]
    assert "⚠️" not in text_of((await announcing.club.do("announce list"))["message"])


async def test_a_channel_that_is_deleted_while_the_bot_runs(announcing: Announcing) -> None:
    channel = await announcing.channel()
    number = await announcing.plan(channel)
    await announcing.discord.ask("DELETE", f"channels/{channel}")
    await announcing.until(lambda: announcing.club.rows("SELECT problem FROM schedules")[0][0])
    [told] = await announcing.told(1)
    assert "was deleted" in told
    await announcing.until(lambda: announcing.club.rows("SELECT told FROM schedules")[0][0])
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
    assert len(await announcing.told(1)) == 1


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


async def test_a_full_disk_puts_posts_off_and_says_so(announcing: Announcing) -> None:
    channels = [await announcing.channel() for _ in range(4)]
    numbers = [await announcing.plan(channel) for channel in channels]
    await announcing.club.kill()
    for number in numbers:
        announcing.make_due(number, timedelta(minutes=5))
    await announcing.club.start(*full_disk(SMALLEST))
    await announcing.until(lambda: "put off" in announcing.club.process.log)
    refused = text_of((await announcing.club.do("announce pause", schedule=str(numbers[0])))["message"])
    assert "My storage is not answering, so nothing was recorded." in refused
    listed = text_of((await announcing.club.do("announce list"))["message"])
    assert "is still to come" in listed or "is on its way" in listed  # as far as it got before there was no room
    # With room on the disk again, each is posted once.
    await announcing.club.kill()
    await announcing.club.start()
    await announcing.until(lambda: all(announcing.states(number) == ["sent"] for number in numbers))
    assert [len(await announcing.posted(channel)) for channel in channels] == [1] * 4


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


async def test_a_forum_post_whose_answer_is_lost_opens_one_thread(announcing: Announcing) -> None:
    forum = await announcing.channel(type="forum")
    number = await announcing.plan(forum)
    await announcing.club.kill()
    announcing.make_due(number)
    await announcing.discord.fault(method="POST", path=f"/channels/{forum}/threads$", status=500, after=True)
    await announcing.club.start()
    await announcing.until(lambda: announcing.states(number) in (["waiting"], ["sent"]))
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
