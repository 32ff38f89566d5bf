"""Ballots of up to 100 candidates: pages, and a search."""

from tests.cogs.balloting import ballot_rows, open_poll, opened, options, pick, search, shown
from tests.world import World, labels, say


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
    assert "Your choice counts as soon as you pick it." in say(result)
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
