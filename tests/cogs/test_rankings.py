from typing import Any

from tests.world import World, labels, say

ALPHAS = [f"Alpha {number}" for number in range(1, 101)]


async def open_100(world: World, **options: Any) -> Any:
    return await world.open_poll("Alphas", projects=", ".join(ALPHAS), **options)


def named(text: str) -> list[str]:
    """Give the candidates that stand in lines of their own, in order."""
    found = [line.partition("**")[2].partition("**")[0] for line in text.splitlines() if not line.startswith("…")]
    return [name for name in found if name.startswith("Alpha")]


async def paged(world: World, first: Any) -> list[str]:
    """Give the candidates of all pages, turned one by one from a card that alice alone sees."""
    seen, shown = named(say(first)), first
    for _ in range(3):
        shown = await world.alice.click(shown.response or shown.followups[-1], label="Next")
        seen += named(say(shown))
    return seen


async def vote_for(world: World, label: str) -> None:
    await world.slash(world.alice, "vote cast", choice=label)
    await world.settle_boards()


async def test_the_board_names_25_of_100_says_where_the_others_are_and_who_is_last(world: World) -> None:
    await open_100(world)
    await vote_for(world, "Alpha 73")
    text = say(world.last(world.general))
    assert named(text) == ["Alpha 73", *ALPHAS[:24]]
    assert "… and 75 more: **Results** shows them. Last: 99 candidates with no vote." in text


async def test_results_page_through_all_100_in_the_order_of_the_poll(world: World) -> None:
    await open_100(world)
    await vote_for(world, "Alpha 73")
    first = await world.alice.click(world.last(world.general), label="Results")
    assert labels(first.response) == ["Previous", "Next"]
    assert await paged(world, first) == ["Alpha 73", *(alpha for alpha in ALPHAS if alpha != "Alpha 73")]


async def test_going_back_shows_the_first_page_with_its_picture(world: World) -> None:
    await open_100(world)
    await vote_for(world, "Alpha 73")
    first = await world.slash(world.alice, "rankings")
    assert first.response is not None
    second = await world.alice.click(first.response, label="Next")
    assert second.response is not None
    assert second.response.attachments == []
    assert "Page 2 of 4 · 26 to 50 of 100" in say(second)
    again = await world.alice.click(second.response, label="Previous")
    assert again.response is not None
    assert named(say(again)) == ["Alpha 73", *ALPHAS[:24]]
    assert [file.filename for file in again.response.attachments] == ["rankings.png"]


async def test_the_posted_result_leads_each_member_to_the_other_pages_and_stays_as_it_is(world: World) -> None:
    await open_100(world)
    await vote_for(world, "Alpha 100")
    question = await world.slash(world.mod, "poll close")
    assert question.response is not None
    await world.mod.click(question.response, label="Close it now")
    await world.settle_boards()
    result = world.last(world.general)
    assert named(say(result)) == ["Alpha 100", *ALPHAS[:24]]
    assert "**Next** shows them" in say(result)
    second = await world.alice.click(result, label="Next")
    assert second.response is not None
    assert second.response.ephemeral
    assert named(say(second)) == ALPHAS[24:49]
    assert named(say(world.last(world.general))) == ["Alpha 100", *ALPHAS[:24]]


async def test_shared_rankings_are_turned_for_oneself_alone(world: World) -> None:
    await open_100(world)
    await world.slash(world.alice, "rankings", share=True)
    shared = world.last(world.general)
    second = await world.mod.click(shared, label="Next")
    assert second.response is not None
    assert second.response.ephemeral
    assert named(say(second)) == ALPHAS[25:50]


async def test_hidden_results_page_through_the_names_and_tell_nothing(world: World) -> None:
    await open_100(world, results="after_close")
    await vote_for(world, "Alpha 73")
    assert "Last:" not in say(world.last(world.general))
    assert await paged(world, await world.slash(world.alice, "rankings")) == ALPHAS
    first = await world.slash(world.alice, "rankings")
    assert first.response is not None
    second = say(await world.alice.click(first.response, label="Next"))
    assert "• **Alpha 26**" in second
    assert "%" not in second


async def test_a_closed_poll_without_a_ballot_says_that_nobody_voted(world: World) -> None:
    await world.open_poll()
    question = await world.slash(world.mod, "poll close")
    assert question.response is not None
    await world.mod.click(question.response, label="Close it now")
    await world.settle_boards()
    board, result = map(say, world.general.history())
    for text in (board, result):
        assert "Nobody voted." in text
        assert "yet" not in text
    assert "yours" not in result
