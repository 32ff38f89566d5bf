"""`/announce` for each kind, and what moderators do with a schedule once it is there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simcord.results import InteractionResult

from tests.cogs.announcing import DUE, choices, click, deny, due, plan, requests_to
from tests.world import World, labels, say

# Kinds


async def plan_kind(world: World, kind: str, **options: Any) -> InteractionResult:
    return await world.slash(world.mod, "announce add", kind=kind, channel=world.news, **options)


async def happens(world: World, after: timedelta) -> None:
    """Let time pass, and have polls and then announcements do what is due."""
    await world.settle_boards()
    world.clock.advance(after)
    await world.due()
    await due(world, world.clock.now())


async def test_a_poll_s_last_day_and_hour_are_announced_with_a_button_to_vote(world: World) -> None:
    assert "one day and one hour before each poll closes" in say(await plan_kind(world, "closing"))
    await world.open_poll("Who leads?", closes_in="3d")
    await happens(world, timedelta(days=2))
    post = world.last(world.news)
    assert "Last day to vote" in say(post)
    assert "Who leads?" in say(post)
    voting = await world.alice.click(post, label="Vote")
    assert "Choose" in say(voting)
    await happens(world, timedelta(hours=23))
    assert "Last hour to vote" in say(world.last(world.news))
    await happens(world, timedelta(hours=1))
    assert len(requests_to(world, world.news)) == 2


async def test_hidden_results_stay_hidden_in_a_reminder(world: World) -> None:
    await plan_kind(world, "closing")
    board = await world.open_poll("Who leads?", closes_in="3d", results="after_close")
    await world.vote(world.alice, board, "peaq")
    await happens(world, timedelta(days=2))
    text = say(world.last(world.news))
    turnout = next(line for line in text.splitlines() if "1 ballot" in line)
    assert "On the ballot: " in text
    assert "🥇" not in text
    assert "%" not in text.replace(turnout, "")


async def test_the_result_of_a_poll_is_announced_once_with_its_root(world: World) -> None:
    assert "when a poll closes" in say(await plan_kind(world, "results"))
    board = await world.open_poll("Who leads?", closes_in="1d")
    await world.vote(world.alice, board, "peaq")
    await happens(world, timedelta(days=1))
    await due(world, world.clock.now())
    (request,) = requests_to(world, world.news)
    post = world.last(world.news)
    assert "Final result" in say(post)
    assert "Checksum of all ballots" in say(post)
    assert request.path.endswith(f"{world.news.id}/messages")


async def test_the_digest_tells_of_polls_and_names_nobody(world: World) -> None:
    await plan_kind(world, "digest", every="day")
    board = await world.open_poll("Who leads?", closes_in="30d")
    await world.vote(world.alice, board, "peaq")
    await due(world, datetime(2026, 3, 2, 12, tzinfo=UTC))
    text = say(world.last(world.news))
    assert "🆕 **Who leads?** · open" in text
    assert "alice" not in text


@pytest.mark.parametrize(("kind", "said"), [("closing", "No poll is open"), ("results", "No poll was closed")])
async def test_a_preview_says_why_nothing_would_be_posted(world: World, kind: str, said: str) -> None:
    await plan_kind(world, kind)
    assert said in say(await world.slash(world.mod, "announce preview", schedule="1"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "closing", "every": "day"}, "do not go together"),
        ({"kind": "results", "at": "18:00"}, "do not go together"),
        ({"kind": "rankings", "days": 3}, "`days` says nothing for rankings"),
        ({"kind": "digest", "ends": "soon"}, "Try `2026-12-31`"),
        ({"kind": "digest", "starts": "2026-03-09", "ends": "2026-03-08"}, "before the first"),
        ({"kind": "digest", "ends": "2026-02-01"}, "Nothing would be posted"),
    ],
)
async def test_options_that_do_not_fit_are_answered_with_what_does(
    world: World, options: dict[str, Any], said: str
) -> None:
    assert said in say(await world.slash(world.mod, "announce add", channel=world.news, **options))
    assert world.app.announcements.listing(world.guild.id) == []


async def test_a_new_announcement_says_what_is_particular_about_it(world: World) -> None:
    text = say(await plan_kind(world, "deadlines", days=30, ends="2026-12-31", only_news=True, board=True))
    assert "gets **deadlines** every day at 12:00 (UTC)" in text
    assert "30 days ahead · until <t:" in text
    assert "only with news · one message, kept up to date" in text
    assert "every Monday at 12:00" in say(await plan_kind(world, "digest"))


# Looking, pausing, changing


async def test_a_preview_shows_the_post_and_the_next_five_times_and_posts_nothing(world: World) -> None:
    await plan(world)
    answer = await world.slash(world.mod, "announce preview", schedule="1")
    text = say(answer)
    assert answer.ephemeral
    assert "Starknet" in text
    assert text.count(":F>") == 5
    assert labels(answer.response) == ["Post now", "Pause", "Edit", "Remove"]
    assert world.news.last_message is None
    assert "Here it is" in say(await click(world.mod, answer, "Post now"))


async def test_pausing_and_resuming_by_click(world: World) -> None:
    await plan(world)
    preview = await world.slash(world.mod, "announce preview", schedule="1")
    paused = await click(world.mod, preview, "Pause")
    assert "Paused" in say(paused)
    await due(world)
    assert world.news.last_message is None
    goes_on = await click(world.mod, paused, "Resume")
    assert f"Next <t:{int((DUE + timedelta(days=1)).timestamp())}:R>" in say(goes_on)
    await due(world, DUE + timedelta(days=1))
    assert "Starknet" in say(world.last(world.news))


async def test_pausing_and_resuming_by_command(world: World) -> None:
    await plan(world)
    assert "Paused" in say(await world.slash(world.mod, "announce pause", schedule="1"))
    assert "⏸️ Paused" in say(await world.slash(world.mod, "announce list"))
    assert "It goes on" in say(await world.slash(world.mod, "announce resume", schedule="1"))
    assert world.app.announcements.listing(world.guild.id)[0].next_due_at == DUE


async def test_the_list_leads_to_each_announcement(world: World) -> None:
    await plan(world)
    listed = await world.slash(world.mod, "announce list")
    assert listed.response is not None
    preview = await world.mod.select(listed.response, ["1"])
    assert "This is what it would post now" in say(preview)


async def test_an_edit_shows_the_old_and_the_new_and_leaves_the_rest(world: World) -> None:
    fans = world.guild.create_role("Fans", mentionable=True)
    await plan(world, role=fans)
    text = say(
        await world.slash(world.mod, "announce edit", schedule="1", at="20:30", only_news=True, ends="2026-12-31")
    )
    assert "**When**: every day at 18:00 → every day at 20:30" in text
    assert "**Only with news**: no → yes" in text
    assert "**Last day**: none → <t:" in text
    assert "Channel**" not in text
    (schedule,) = world.app.announcements.listing(world.guild.id)
    assert (schedule.recurrence.cron, schedule.role_id, schedule.only_news) == ("30 20 * * *", fans.id, True)


async def test_what_was_chosen_can_be_taken_away_again(world: World) -> None:
    fans = world.guild.create_role("Fans", mentionable=True)
    await plan(world, role=fans, ends="2026-12-31")
    text = say(await world.slash(world.mod, "announce edit", schedule="1", no_role=True, ends="none"))
    assert f"**Mentions**: <@&{fans.id}> → nobody" in text
    assert "→ none" in text


@pytest.mark.parametrize("options", [{}, {"at": "18:00"}, {"only_news": False}])
async def test_an_edit_that_changes_nothing_says_so(world: World, options: dict[str, Any]) -> None:
    await plan(world)
    assert "nothing was changed" in say(await world.slash(world.mod, "announce edit", schedule="1", **options))


async def test_another_kind_takes_the_times_that_fit_it(world: World) -> None:
    await plan(world)
    text = say(await world.slash(world.mod, "announce edit", schedule="1", kind="closing"))
    assert "**When**: every day at 18:00 → one day and one hour before each poll closes" in text
    text = say(await world.slash(world.mod, "announce edit", schedule="1", kind="digest"))
    assert "→ every Monday at 12:00" in text


async def test_an_edit_to_a_channel_where_it_may_not_post_changes_nothing(world: World) -> None:
    await plan(world)
    deny(world, world.general, send_messages=True)
    # The command itself is typed elsewhere: the answer is the bot's.
    answer = await world.mod.slash(world.news, "announce edit", schedule="1", channel=world.general)
    assert "**Send Messages**" in say(answer)
    assert world.app.announcements.listing(world.guild.id)[0].channel_id == world.news.id


async def test_the_form_brings_what_is_there_and_changes_what_is_typed(world: World) -> None:
    await plan(world)
    preview = await world.slash(world.mod, "announce preview", schedule="1")
    form = await click(world.mod, preview, "Edit")
    assert form.modal is not None
    there = {part["component"]["custom_id"]: part["component"].get("value") for part in form.modal["components"]}
    assert there == {"every": "day", "at": "18:00", "timezone": "UTC", "starts": None, "ends": None}
    typed = {"every": "week", "at": "fri 9:00", "timezone": "Europe/Berlin", "starts": "", "ends": "2026-12-31"}
    text = say(await world.mod.submit_modal(form, typed))
    assert "every day at 18:00 → every Friday at 09:00" in text
    assert "**Time zone**: UTC → Europe/Berlin" in text


async def test_the_form_of_what_comes_by_itself_asks_for_no_clock(world: World) -> None:
    await plan_kind(world, "closing")
    form = await click(world.mod, await world.slash(world.mod, "announce preview", schedule="1"), "Edit")
    assert form.modal is not None
    assert [part["component"]["custom_id"] for part in form.modal["components"]] == ["timezone", "starts", "ends"]
    assert "**Last day**" in say(
        await world.mod.submit_modal(form, {"timezone": "UTC", "starts": "", "ends": "tomorrow"})
    )


@pytest.mark.parametrize("button", ["Post now", "Pause", "Edit", "Remove"])
async def test_who_lost_the_role_can_do_nothing_with_an_old_preview(world: World, button: str) -> None:
    await world.slash(world.mod, "setup moderator_role", role=world.helpers)
    helper = world.join("helper", world.helpers)
    await plan(world)
    preview = await helper.slash(world.general, "announce preview", schedule="1")
    await world.slash(world.mod, "setup moderator_role", role=world.manage)
    assert "for moderators" in say(await click(helper, preview, button))
    assert world.app.announcements.listing(world.guild.id)[0].state == "active"
    assert world.news.last_message is None


async def test_days_are_offered_with_their_dates(world: World) -> None:
    found = await choices(world, "announce add", "ends", "")
    assert found["2026-03-02 · Monday, tomorrow"] == "2026-03-02"
    assert found["2026-03-31 · Tuesday, the end of this month"] == "2026-03-31"
    assert "none" not in found.values()
    assert "none" in (await choices(world, "announce edit", "ends", "", schedule="1")).values()
    assert await choices(world, "announce add", "ends", "2027-05-05") == {"2027-05-05": "2027-05-05"}
