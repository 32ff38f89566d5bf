"""Double clicks, two devices, clicks after the close, and buttons that are out of date."""

from datetime import timedelta

import discord
import pytest

from bot.ui.card import Card, button, choices
from tests.cogs.balloting import (
    NAMES,
    ballot_rows,
    id_of,
    open_poll,
    opened,
    options,
    pick,
    post,
    ranked,
    shown,
)
from tests.world import World, say, value_of


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
