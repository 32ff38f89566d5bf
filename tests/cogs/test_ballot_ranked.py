"""Ballots that rank candidates."""

from tests.cogs.balloting import NAMES, ballot_rows, open_poll, opened, options, pick, ranked, search, shown
from tests.world import World, labels, say, value_of


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
