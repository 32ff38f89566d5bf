"""Ballots that approve of several candidates."""

from tests.cogs.balloting import ballot_rows, open_poll, opened, pick, search, shown
from tests.world import World, say


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
