"""Ballots of every method, of up to 100 candidates, clicked and typed."""

from datetime import timedelta
from typing import Any

import discord
import pytest
import sqlalchemy as sa
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.polls.model import Candidate, NewPoll
from bot.store.schema import ballots
from bot.ui.card import Card, button, choices
from tests.world import World, labels, say, value_of, walk

NAMES = ("Starknet", "LayerZero", "Dymension", "peaq", "Movement", "zkSync")


async def open_poll(
    world: World, method: str, candidates: int | tuple[str, ...] = NAMES, most: int = 100, hours: int | None = None
) -> discord.Message:
    """Open a poll of this method; give its board."""
    names = [f"Project {n:03}" for n in range(candidates)] if isinstance(candidates, int) else candidates
    lines = tuple(Candidate(place, name) for place, name in enumerate(names))
    now = world.clock.now()
    until = now + timedelta(hours=hours) if hours else None
    new = NewPoll(world.guild.id, world.general.id, world.mod.id, "Who leads?", lines, now, until, method, most)
    poll = await world.app.polls.open(new)
    await world.app.client.boards.post(poll.id, world.general.id)
    return world.last(world.general)


async def ballot_rows(world: World) -> dict[int, list[int]]:
    async with world.app.store.read() as tx:
        return {row.voter_id: row.choices for row in await tx.execute(sa.select(ballots))}


async def opened(who: MemberActor, board: discord.Message) -> Any:
    return shown(await who.click(board, label="Vote"))


def shown(answer: InteractionResult) -> Any:
    assert answer.response is not None
    return answer.response


async def pick(who: MemberActor, paper: Any, *names: str) -> InteractionResult:
    return await who.select(paper, [value_of(paper, name) for name in names])


async def search(who: MemberActor, paper: Any, text: str) -> InteractionResult:
    return await who.submit_modal(await who.click(paper, label="Search"), {"text": text})


def parts(message: Any) -> list[dict[str, Any]]:
    return list(walk(part if isinstance(part, dict) else part.to_dict() for part in message.components))


def options(message: Any) -> list[str]:
    return [str(option["label"]) for part in parts(message) for option in part.get("options") or ()]


def id_of(message: Any, label: str) -> str:
    return next(
        str(part["custom_id"]) for part in parts(message) if label in (part.get("label"), part.get("placeholder"))
    )


async def post(world: World, card: Card) -> discord.Message:
    """Post a card as an older version of the bot might have left it."""
    channel = world.app.client.get_partial_messageable(world.general.id, guild_id=world.guild.id)
    await channel.send(view=card)
    return world.last(world.general)


# Long ballots


async def test_the_last_of_100_candidates_is_reached_by_turning_pages(world: World) -> None:
    board = await open_poll(world, "single", 100)
    paper = await opened(world.alice, board)
    seen = options(paper)
    for _ in range(3):
        paper = shown(await world.alice.click(paper, label="Next"))
        seen += options(paper)
    assert seen == [f"Project {n:03}" for n in range(100)]
    assert "Vote recorded" in say(await pick(world.alice, paper, "Project 099"))
    assert await ballot_rows(world) == {world.alice.id: [99]}


async def test_previous_turns_back(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "single", 60))
    second = shown(await world.alice.click(paper, label="Next"))
    assert options(second)[0] == "Project 025"
    assert options(shown(await world.alice.click(second, label="Previous")))[0] == "Project 000"


async def test_a_search_finds_a_candidate_and_its_pick_counts(world: World) -> None:
    board = await open_poll(world, "single", 100)
    result = await search(world.alice, await opened(world.alice, board), "project 099")
    assert options(shown(result)) == ["Project 099"]
    assert "**Project 099**, recorded" in say(await pick(world.alice, shown(result), "Project 099"))
    assert await ballot_rows(world) == {world.alice.id: [99]}


async def test_a_search_answers_in_the_place_of_the_ballot(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "single", 100))
    assert shown(await search(world.alice, paper, "42")).id == paper.id


async def test_a_search_without_a_hit_says_so_and_leads_back_to_the_same_page(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "single", 100))
    second = shown(await world.alice.click(paper, label="Next"))
    nothing = await search(world.alice, second, "@everyone")
    assert "none found" in say(nothing)
    assert "@everyone" not in say(nothing)
    assert labels(shown(nothing)) == ["Search again", "Back to the list"]
    back = shown(await world.alice.click(shown(nothing), label="Back to the list"))
    assert options(back)[0] == "Project 025"


# Approval


async def test_approvals_of_a_short_ballot_count_with_one_pick(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "approval", most=3))
    reply = await pick(world.alice, paper, "peaq", "Starknet")
    assert "**Starknet, peaq**, recorded" in say(reply)
    assert await ballot_rows(world) == {world.alice.id: [0, 3]}
    again = shown(await world.alice.click(shown(reply), label="Change my vote"))
    assert "Already recorded" in say(await pick(world.alice, again, "Starknet", "peaq"))


async def test_approvals_of_several_pages_and_a_search_add_up(world: World) -> None:
    board = await open_poll(world, "approval", 100, most=5)
    paper = shown(await pick(world.alice, await opened(world.alice, board), "Project 003", "Project 001"))
    assert await ballot_rows(world) == {}
    paper = shown(await world.alice.click(paper, label="Next"))
    paper = shown(await pick(world.alice, paper, "Project 030"))
    paper = shown(await pick(world.alice, shown(await search(world.alice, paper, "099")), "Project 099"))
    assert "**4 chosen, at most 5**: Project 001, Project 003, Project 030, Project 099" in say(paper)
    await world.alice.click(paper, label="Confirm")
    assert await ballot_rows(world) == {world.alice.id: [1, 3, 30, 99]}


async def test_a_page_shows_its_approvals_and_lets_them_be_taken_off(world: World) -> None:
    board = await open_poll(world, "approval", 100, most=5)
    paper = shown(await pick(world.alice, await opened(world.alice, board), "Project 003"))
    away = shown(await world.alice.click(paper, label="Next"))
    back = shown(await world.alice.click(away, label="Previous"))
    assert "1 chosen" in say(shown(await pick(world.alice, back, "Project 004")))
    assert "not voted" in say(await world.alice.select(back, []))


async def test_too_many_approvals_are_told_and_none_is_lost(world: World) -> None:
    board = await open_poll(world, "approval", 100, most=2)
    paper = shown(await pick(world.alice, await opened(world.alice, board), "Project 001", "Project 002"))
    over = shown(await pick(world.alice, shown(await world.alice.click(paper, label="Next")), "Project 026"))
    assert "Take 1 off before you confirm" in say(over)
    assert "Project 001, Project 002, Project 026" in say(over)
    first = shown(await world.alice.click(over, label="Previous"))
    fine = shown(await pick(world.alice, first, "Project 002"))
    await world.alice.click(fine, label="Confirm")
    assert await ballot_rows(world) == {world.alice.id: [2, 26]}


async def test_changing_approvals_starts_from_the_ballot_and_may_be_cleared(world: World) -> None:
    board = await open_poll(world, "approval", 100)
    paper = shown(await pick(world.alice, await opened(world.alice, board), "Project 001"))
    recorded = await world.alice.click(paper, label="Confirm")
    again = shown(await world.alice.click(shown(recorded), label="Change my vote"))
    two = shown(await pick(world.alice, again, "Project 001", "Project 002"))
    assert "Recorded now: Project 001. It counts until you confirm another." in say(two)
    cleared = shown(await world.alice.click(two, label="Clear"))
    assert "chosen" not in say(cleared)
    assert await ballot_rows(world) == {world.alice.id: [1]}


# Ranked


async def ranked(who: MemberActor, paper: Any, *names: str) -> Any:
    for name in names:
        paper = shown(await pick(who, paper, name))
    return paper


async def test_a_ranking_is_picked_in_order_and_recorded_by_confirm(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "ranked"))
    assert "Choose your 1st…" in say(paper)
    paper = await ranked(world.alice, paper, "peaq", "Starknet")
    assert "1. peaq\n2. Starknet" in say(paper)
    assert "Choose your 3rd…" in say(paper)
    assert await ballot_rows(world) == {}
    reply = await world.alice.click(paper, label="Confirm")
    assert "**1. peaq  2. Starknet**, recorded" in say(reply)
    assert await ballot_rows(world) == {world.alice.id: [3, 0]}


async def test_undo_takes_the_last_rank_back_and_clear_all(world: World) -> None:
    paper = await ranked(world.alice, await opened(world.alice, await open_poll(world, "ranked")), "peaq", "zkSync")
    undone = shown(await world.alice.click(paper, label="Undo"))
    assert "zkSync" in options(undone)
    assert "Choose your 2nd…" in say(undone)
    cleared = shown(await world.alice.click(undone, label="Clear"))
    assert options(cleared) == list(NAMES)
    assert "Confirm" not in labels(cleared)


async def test_a_full_ranking_says_so(world: World) -> None:
    board = await open_poll(world, "ranked", most=2)
    paper = await ranked(world.alice, await opened(world.alice, board), "peaq", "zkSync")
    assert "as many as a ballot may rank" in say(paper)
    assert options(paper) == []
    await world.alice.click(paper, label="Confirm")
    assert await ballot_rows(world) == {world.alice.id: [3, 5]}


async def test_a_ranking_among_100_is_made_over_pages_and_by_search(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "ranked", 100))
    paper = shown(await pick(world.alice, shown(await search(world.alice, paper, "099")), "Project 099"))
    paper = shown(await world.alice.click(paper, label="Next"))
    paper = await ranked(world.alice, paper, "Project 030", "Project 031")
    found = await search(world.alice, paper, "Project 030")
    assert "Already on your ballot: 2. Project 030" in say(found)
    paper = shown(await world.alice.click(shown(found), label="Back to the list"))
    await world.alice.click(paper, label="Confirm")
    assert await ballot_rows(world) == {world.alice.id: [99, 30, 31]}


async def test_as_many_ranks_as_fit_are_cast(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "ranked", 100))
    for _ in range(50):
        paper = shown(await world.alice.select(paper, [value_of(paper, options(paper)[-1])]))
    assert options(paper) == []
    assert "Vote recorded" in say(await world.alice.click(paper, label="Confirm"))
    assert len((await ballot_rows(world))[world.alice.id]) == 50


async def test_a_ranking_is_changed_from_the_kept_one_or_anew(world: World) -> None:
    board = await open_poll(world, "ranked")
    await world.alice.click(
        await ranked(world.alice, await opened(world.alice, board), "peaq", "zkSync"), label="Confirm"
    )
    kept = await opened(world.alice, board)
    assert "**1. peaq  2. zkSync**, recorded" in say(kept)
    longer = shown(await world.alice.click(kept, label="Start from my ballot"))
    assert "This is what is recorded" in say(longer)
    reply = await world.alice.click(await ranked(world.alice, longer, "Starknet"), label="Confirm")
    assert "It replaces 1. peaq  2. zkSync" in say(reply)
    assert await ballot_rows(world) == {world.alice.id: [3, 5, 0]}
    anew = await ranked(world.alice, await opened(world.alice, board), "Movement")
    await world.alice.click(anew, label="Confirm")
    assert await ballot_rows(world) == {world.alice.id: [4]}


# Double clicks, two devices, closed meanwhile, outdated ids


async def test_a_double_click_on_confirm_records_one_ballot(world: World) -> None:
    paper = await ranked(world.alice, await opened(world.alice, await open_poll(world, "ranked")), "peaq")
    second_click = await post(world, Card().buttons(button("Confirm", id_of(paper, "Confirm"))))
    assert "Vote recorded" in say(await world.alice.click(paper, label="Confirm"))
    assert "Already recorded" in say(await world.alice.click(second_click, label="Confirm"))
    assert await ballot_rows(world) == {world.alice.id: [3]}


async def test_a_double_pick_gives_one_rank(world: World) -> None:
    paper = await opened(world.alice, await open_poll(world, "ranked"))
    option = discord.SelectOption(label="peaq", value=value_of(paper, "peaq"))
    second_click = await post(world, Card().select(choices(id_of(paper, "Choose your 1st…"), "Choose…", [option])))
    await pick(world.alice, paper, "peaq")
    twice = say(await pick(world.alice, second_click, "peaq"))
    assert "1. peaq" in twice
    assert "Choose your 2nd…" in twice


async def test_of_two_devices_the_last_to_confirm_counts(world: World) -> None:
    board = await open_poll(world, "ranked")
    phone = await ranked(world.alice, await opened(world.alice, board), "peaq")
    desk = await ranked(world.alice, await opened(world.alice, board), "Starknet", "zkSync")
    await world.alice.click(phone, label="Confirm")
    assert "It replaces peaq" in say(await world.alice.click(desk, label="Confirm"))
    assert await ballot_rows(world) == {world.alice.id: [0, 5]}


@pytest.mark.parametrize("label", ["Next", "Confirm", "Clear"])
async def test_a_click_after_the_close_says_when_it_was(world: World, label: str) -> None:
    board = await open_poll(world, "approval", 60, hours=1)
    paper = shown(await pick(world.alice, await opened(world.alice, board), "Project 001"))
    world.clock.advance(timedelta(hours=1))
    answer = await world.alice.click(paper, label=label)
    closed = int(world.clock.now().timestamp())
    assert f"closed <t:{closed}:f>, so nothing was changed" in say(answer)
    assert await ballot_rows(world) == {}


async def test_a_pick_and_a_search_after_the_close_say_so_too(world: World) -> None:
    board = await open_poll(world, "ranked", 60, hours=1)
    paper = await opened(world.alice, board)
    modal = await world.alice.click(paper, label="Search")
    world.clock.advance(timedelta(hours=1))
    assert "so nothing was changed" in say(await world.alice.submit_modal(modal, {"text": "Project 003"}))
    assert "so nothing was changed" in say(await pick(world.alice, paper, "Project 003"))


@pytest.mark.parametrize(
    "custom_id",
    [
        "poll:v1:page:1:0:!!!",
        "poll:v1:page:1:x",
        "poll:v1:page:1:0:zzzzzzzzzzzzzzzzzzzzzz:old:and:more",
        "poll:v1:confirm:1:!!!",
        "poll:v1:confirm:1:zzzzzzzzzzzzzzzzz",
    ],
)
async def test_a_button_with_broken_marks_brings_a_fresh_ballot(world: World, custom_id: str) -> None:
    await open_poll(world, "ranked")
    old = await post(world, Card().buttons(button("Old", custom_id)))
    answer = await world.alice.click(old, label="Old")
    assert "out of date, so nothing was changed" in say(answer)
    assert options(shown(answer)) == list(NAMES)


async def test_confirming_nothing_changes_nothing(world: World) -> None:
    board = await open_poll(world, "ranked")
    await world.alice.click(await ranked(world.alice, await opened(world.alice, board), "peaq"), label="Confirm")
    old = await post(world, Card().buttons(button("Old", "poll:v1:confirm:1:")))
    assert "Nothing was chosen, so nothing was changed" in say(await world.alice.click(old, label="Old"))
    assert await ballot_rows(world) == {world.alice.id: [3]}


@pytest.mark.parametrize(
    ("custom_id", "value"), [("poll:v1:pick:1", "77"), ("poll:v1:pick:1", "x"), ("poll:v1:add:1:0:", "77")]
)
async def test_a_list_with_unknown_candidates_brings_a_fresh_ballot(world: World, custom_id: str, value: str) -> None:
    await open_poll(world, "single")
    option = discord.SelectOption(label="Gone", value=value)
    old = await post(world, Card().select(choices(custom_id, "Choose one…", [option])))
    answer = await world.alice.select(old, [value])
    assert "⚠️" in say(answer)
    assert options(shown(answer)) == list(NAMES)
    assert await ballot_rows(world) == {}


async def test_a_button_of_an_unknown_poll_says_so(world: World) -> None:
    old = await post(world, Card().buttons(button("Old", "poll:v1:vote:x"), button("Older", "poll:v1:page:99:0")))
    assert "I know no poll" in say(await world.alice.click(old, label="Old"))
    assert "I know no poll" in say(await world.alice.click(old, label="Older"))


# Typing


async def test_a_typed_name_counts_at_once(world: World) -> None:
    await open_poll(world, "single", 100)
    assert "**Project 099**, recorded" in say(await world.slash(world.alice, "vote cast", choice="project 099"))
    assert await ballot_rows(world) == {world.alice.id: [99]}


async def test_a_typed_list_counts_in_its_order_where_the_order_counts(world: World) -> None:
    await open_poll(world, "ranked")
    reply = await world.slash(world.alice, "vote cast", choice="zkSync, peaq,starknet")
    assert "1. zkSync  2. peaq  3. Starknet" in say(reply)
    await open_poll(world, "approval")
    assert "**Starknet, zkSync**" in say(await world.slash(world.alice, "vote cast", choice="zksync, Starknet"))


async def test_an_unknown_name_is_answered_with_what_was_meant_and_nothing_is_recorded(world: World) -> None:
    await open_poll(world, "ranked")
    text = say(await world.slash(world.alice, "vote cast", choice="peaq, Starknt"))
    assert "I know no candidate called “Starknt”" in text
    assert "Did you mean **Starknet**" in text
    assert await ballot_rows(world) == {}


@pytest.mark.parametrize(
    ("method", "choice", "reason"),
    [
        ("single", "peaq, Starknet", "exactly one"),
        ("approval", "peaq, Starknet, zkSync", "at most 2"),
        ("ranked", "peaq, peaq", "at most once"),
        ("ranked", " , ", "Nothing was chosen"),
    ],
)
async def test_a_typed_list_that_cannot_be_counted_brings_the_ballot(
    world: World, method: str, choice: str, reason: str
) -> None:
    await open_poll(world, method, most=2)
    answer = await world.slash(world.alice, "vote cast", choice=choice)
    assert reason in say(answer)
    assert options(shown(answer)) == list(NAMES)
    assert await ballot_rows(world) == {}


async def test_candidates_are_suggested_while_typing_with_typos(world: World) -> None:
    await open_poll(world, "ranked")
    offered = await world.alice.autocomplete(world.general, "vote cast", "choice", "peaq, starknt")
    assert [choice["value"] for choice in offered] == ["peaq, Starknet"]
    everyone = await world.alice.autocomplete(world.general, "vote cast", "choice", "")
    assert [choice["value"] for choice in everyone] == list(NAMES)


async def test_without_an_open_poll_nothing_is_suggested(world: World) -> None:
    assert await world.alice.autocomplete(world.general, "vote cast", "choice", "p") == []


async def test_who_may_not_vote_reads_why_when_typing_too(world: World) -> None:
    await world.open_poll(min_member_days=300)
    text = say(await world.slash(world.alice, "vote cast", choice="peaq"))
    assert "membership of this server is" in text
    assert await ballot_rows(world) == {}
