"""Ballots that are typed with the command."""

import pytest

from tests.cogs.balloting import NAMES, ballot_rows, open_poll, options, shown
from tests.world import World, say


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
    assert "**Who leads?** has no candidate called “Starknt”" in text
    assert "Did you mean **Starknet**" in text
    assert await ballot_rows(world) == {}


async def test_a_part_of_a_name_that_fits_one_candidate_is_enough(world: World) -> None:
    await open_poll(world, "ranked")
    assert "1. Starknet  2. LayerZero" in say(await world.slash(world.alice, "vote cast", choice="stark, Layer"))


async def test_a_part_of_a_name_that_fits_several_candidates_is_asked_about(world: World) -> None:
    await open_poll(world, "single", ("Alpha one", "Alpha two", "Beta"))
    text = say(await world.slash(world.alice, "vote cast", choice="alpha"))
    assert "Did you mean **Alpha one** or **Alpha two**?" in text
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
