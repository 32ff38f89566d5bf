"""`/announce` as a moderator and a member meet it."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from tests.cogs.announcing import DUE, choices, click, deny, due, plan, requests_to
from tests.world import World, labels, say


async def test_adding_says_when_the_next_five_come_and_how_to_change_it(world: World) -> None:
    answer = await plan(world)
    text = say(answer)
    assert answer.ephemeral
    assert f"<#{world.news.id}> gets **rankings** every day at 18:00 (UTC)." in text
    for day in range(5):
        assert f"<t:{int((DUE + timedelta(days=day)).timestamp())}:F>" in text
    assert "/announce list" in text
    assert labels(answer.response) == ["Preview", "Post one now", "Remove"]
    assert "mentions nobody" in text
    assert world.news.last_message is None


async def test_the_server_s_time_zone_counts_unless_another_is_named(world: World) -> None:
    await world.slash(world.mod, "setup timezone", name="Asia/Kathmandu")
    assert "(Asia/Kathmandu)" in say(await plan(world))
    assert "(America/New\\_York)" in say(await plan(world, timezone="america/new york"))


async def test_a_due_announcement_is_posted_with_its_picture(world: World) -> None:
    await plan(world)
    await due(world)
    post = world.last(world.news)
    assert "Starknet" in say(post)
    (request,) = requests_to(world, world.news)
    assert request.json["enforce_nonce"] is True
    assert len(request.json["nonce"]) <= 25
    assert request.json["allowed_mentions"]["parse"] == []
    assert not request.json["allowed_mentions"].get("roles")
    assert "Late" not in say(post)


async def test_a_chosen_role_is_mentioned_above_the_card_and_nobody_else(world: World) -> None:
    fans = world.guild.create_role("Fans", mentionable=True)
    assert f"mentions <@&{fans.id}>" in say(await plan(world, role=fans))
    await due(world)
    assert say(world.last(world.news)).splitlines()[0] == f"<@&{fans.id}>"
    (request,) = requests_to(world, world.news)
    assert request.json["allowed_mentions"] == {"parse": [], "roles": [fans.id]}


async def test_a_role_that_nobody_would_hear_is_refused(world: World) -> None:
    deny(world, world.news, mention_everyone=True)
    assert "would reach nobody" in say(await plan(world, role=world.helpers))
    assert "do not mention everybody" in say(await plan(world, role=world.guild.default_role))
    assert world.app.announcements.listing(world.guild.id) == []


async def test_a_late_post_says_so(world: World) -> None:
    await plan(world)
    await due(world, DUE + timedelta(minutes=30))
    assert f"Late: this was due <t:{int(DUE.timestamp())}:f>" in say(world.last(world.news))


@pytest.mark.parametrize("command", ["list", "add", "preview", "run", "pause", "resume", "edit", "remove"])
async def test_members_may_not_plan_announcements(world: World, command: str) -> None:
    options: dict[str, Any] = {} if command in ("list", "add") else {"schedule": "1"}
    if command == "add":
        options = {"kind": "rankings", "channel": world.news, "every": "minute"}
    answer = await world.slash(world.alice, f"announce {command}", **options)
    assert "for moderators" in say(answer)
    assert world.app.announcements.listing(world.guild.id) == []


async def test_missing_rights_are_named_before_anything_is_planned(world: World) -> None:
    deny(world, world.news, send_messages=True, attach_files=True)
    answer = await plan(world)
    assert "**Send Messages**, **Attach Files**" in say(answer)
    assert world.app.announcements.listing(world.guild.id) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"every": "fortnight"}, "one of `minute`"),
        ({"every": "0 0 31 2 *"}, "third field"),
        ({"every": "day", "at": "25:00"}, "no such time"),
        ({"every": "day", "timezone": "Mars/Olympus"}, "not known"),
        ({"every": "0 18 * * *", "at": "18:00"}, "do not go together"),
    ],
)
async def test_wrong_input_is_answered_with_what_is_right(world: World, options: dict[str, str], said: str) -> None:
    text = say(await world.slash(world.mod, "announce add", kind="rankings", channel=world.news, **options))
    assert said in text
    assert "Try `" in text
    assert world.app.announcements.listing(world.guild.id) == []


async def test_the_list_shows_where_what_when_and_how_it_went(world: World) -> None:
    assert "none yet" in say(await world.slash(world.mod, "announce list"))
    await plan(world)
    assert "Nothing was due yet" in say(await world.slash(world.mod, "announce list"))
    await due(world)
    answer = await world.slash(world.mod, "announce list")
    text = say(answer)
    assert answer.ephemeral
    assert f"<#{world.news.id}>, every day at 18:00 (UTC)" in text
    assert f"Next <t:{int((DUE + timedelta(days=1)).timestamp())}:R>" in text
    assert f"/{world.news.id}/{world.last(world.news).id}" in text


async def test_rights_that_were_lost_are_shown_told_once_and_forgotten_when_repaired(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    await plan(world)
    deny(world, world.news, attach_files=True)
    for day in range(2):
        await due(world, DUE + timedelta(days=day))
    assert world.news.last_message is None
    (notice,) = world.log.history()
    needed = f"I need **Attach Files** in <#{world.news.id}>."
    assert needed in say(notice)
    text = say(await world.slash(world.mod, "announce list"))
    assert "could not be posted" in text
    assert f"⚠️ {needed}" in text
    deny(world, world.news)
    await due(world, DUE + timedelta(days=2))
    assert "Starknet" in say(world.last(world.news))
    assert needed not in say(await world.slash(world.mod, "announce list"))


async def test_a_deleted_channel_is_named_and_breaks_nothing(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    await plan(world)
    await plan(world, channel=world.general)
    world.env.backend.delete_channel(world.news.id)
    await due(world)
    assert f"<#{world.news.id}> was deleted" in say(world.last(world.log))
    assert "Starknet" in say(world.last(world.general))
    found = await choices(world, "announce remove", "schedule", "deleted")
    assert list(found) == ["⚠️ a deleted channel · rankings every day at 18:00 (UTC) · #1"]


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (500, 0, "fault of its own (error 500)"),
        (403, 50013, "I need **"),
        (404, 10003, "was deleted"),
        (400, 50035, "50035"),
    ],
)
async def test_what_discord_refuses_is_told_in_plain_words(world: World, status: int, code: int, said: str) -> None:
    await plan(world)
    world.env.inject_error("POST", f"/channels/{world.news.id}/messages", status=status, code=code, times=None)
    await due(world)
    text = say(await world.slash(world.mod, "announce list"))
    assert said in text
    assert "injected" not in text


async def test_removing_asks_first_and_can_be_undone(world: World) -> None:
    await plan(world)
    asked = await world.slash(world.mod, "announce remove", schedule="1")
    assert labels(asked.response) == ["Remove it", "Keep it"]
    assert len(world.app.announcements.listing(world.guild.id)) == 1
    removed = await click(world.mod, asked, "Remove it")
    assert "Announcement removed" in say(removed)
    assert world.app.announcements.listing(world.guild.id) == []
    back = await click(world.mod, removed, "Undo")
    assert "is back" in say(back)
    assert len(world.app.announcements.listing(world.guild.id)) == 1


async def test_keeping_keeps(world: World) -> None:
    await plan(world)
    asked = await world.slash(world.mod, "announce remove", schedule="1")
    assert "stays" in say(await click(world.mod, asked, "Keep it"))
    assert len(world.app.announcements.listing(world.guild.id)) == 1


async def test_a_moderator_who_lost_the_role_cannot_remove_any_more(world: World) -> None:
    await world.slash(world.mod, "setup moderator_role", role=world.helpers)
    helper = world.join("helper", world.helpers)
    await plan(world)
    asked = await helper.slash(world.general, "announce remove", schedule="1")
    await world.slash(world.mod, "setup moderator_role", role=world.manage)
    answer = await click(helper, asked, "Remove it")
    assert "for moderators" in say(answer)
    assert len(world.app.announcements.listing(world.guild.id)) == 1


async def test_running_posts_now_links_the_message_and_leaves_the_times(world: World) -> None:
    await plan(world)
    answer = await world.slash(world.mod, "announce run", schedule="1")
    post = world.last(world.news)
    assert post.jump_url in say(answer)
    assert answer.ephemeral
    assert world.app.announcements.listing(world.guild.id)[0].next_due_at == DUE


async def test_running_where_it_cannot_post_says_what_is_missing(world: World) -> None:
    await plan(world)
    deny(world, world.news, send_messages=True)
    assert "Nothing was posted. I need **Send Messages**" in say(
        await world.slash(world.mod, "announce run", schedule="1")
    )


async def test_the_confirmation_s_buttons_post_and_remove(world: World) -> None:
    added = await plan(world)
    assert "Here it is" in say(await click(world.mod, added, "Post one now"))
    assert "Starknet" in say(world.last(world.news))
    assert "Remove this announcement?" in say(await click(world.mod, added, "Remove"))


async def test_a_schedule_that_is_not_there_is_one_sentence(world: World) -> None:
    for command in ("remove", "run", "preview", "pause", "resume", "edit"):
        answer = await world.slash(world.mod, f"announce {command}", schedule="99")
        assert "I know no announcement called “99”" in say(answer)


async def test_a_long_list_has_pages(world: World) -> None:
    for minute in range(8):
        await plan(world, every="hour", at=f":{minute:02}")
    first = await world.slash(world.mod, "announce list")
    assert "Page 1 of 2 · 8 announcements" in say(first)
    second = await click(world.mod, first, "Next")
    text = say(second)
    assert "Page 2 of 2" in text
    assert "every hour at :07" in text
    assert "every hour at :00" not in text


async def test_every_offers_presets_and_cron_lines_with_their_meaning(world: World) -> None:
    found = await choices(world, "announce add", "every", "")
    assert [found[name] for name in list(found)[:4]] == ["minute", "hour", "day", "week"]
    assert found["0 18 * * 1-5 · at 18:00 on Monday through Friday (UTC)"] == "0 18 * * 1-5"
    typed = await choices(world, "announce add", "every", "5 4 * * sun")
    assert typed == {"5 4 * * SUN · at 04:05 on Sunday (UTC)": "5 4 * * SUN"}
    assert await choices(world, "announce add", "every", "x" * 200) == {}


async def test_at_offers_times_that_fit_what_recurs(world: World) -> None:
    assert "18:00" in await choices(world, "announce add", "at", "", every="day")
    assert ":30" in await choices(world, "announce add", "at", "", every="hour")
    assert list(await choices(world, "announce add", "at", "mon", every="week")) == [
        "mon", "monday 09:00", "monday 12:00", "monday 18:00",
    ]  # fmt: skip
    assert await choices(world, "announce add", "at", "17:4", every="day") == {}
    assert await choices(world, "announce add", "at", "17:45", every="day") == {"17:45": "17:45"}
    assert await choices(world, "announce add", "at", "", every="0 18 * * *") == {}


async def test_timezone_finds_the_best_names_and_says_what_time_it_is_there(world: World) -> None:
    berlin = await choices(world, "announce add", "timezone", "berl")
    assert next(iter(berlin.items())) == ("Europe/Berlin (it is Sun 13:00)", "Europe/Berlin")
    assert "America/New_York" in (await choices(world, "announce add", "timezone", "new york")).values()
    assert "Asia/Kathmandu" in (await choices(world, "announce add", "timezone", "katmandu")).values()
    assert len(await choices(world, "announce add", "timezone", "a")) == 25
    await world.slash(world.mod, "setup timezone", name="Asia/Tokyo")
    assert next(iter((await choices(world, "announce add", "timezone", "")).values())) == "Asia/Tokyo"


async def test_schedule_is_offered_by_channel_kind_and_time(world: World) -> None:
    await plan(world)
    await plan(world, channel=world.general, every="week", at="fri 9:00")
    every = await choices(world, "announce run", "schedule", "")
    assert every == {
        "#announcements · rankings every day at 18:00 (UTC) · #1": "1",
        "#general · rankings every Friday at 09:00 (UTC) · #2": "2",
    }
    assert list((await choices(world, "announce run", "schedule", "friday")).values()) == ["2"]


async def test_a_thread_gets_announcements_too_also_when_it_is_archived(world: World) -> None:
    thread = world.env.backend.create_thread(world.news.id, "weekly", world.mod.id)
    await world.env.settle()
    (handle,) = world.news.threads
    assert f"<#{thread.id}> gets **rankings**" in say(await plan(world, channel=handle))
    deny(world, world.news, send_messages_in_threads=True)
    await due(world)
    assert handle.last_message is None
    assert "**Send Messages in Threads**" in say(await world.slash(world.mod, "announce list"))
    deny(world, world.news)
    guild = world.env.bot.get_guild(world.guild.id)
    assert guild is not None
    guild._remove_thread(discord.Object(thread.id))  # what discord.py does with a thread that is archived
    await due(world, DUE + timedelta(days=1))
    assert "Starknet" in say(world.last(handle))
