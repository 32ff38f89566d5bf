from datetime import timedelta

import pytest

from tests.cogs.balloting import ballot_rows
from tests.world import World, labels, parts, say, value_of


async def test_one_pick_records_the_ballot_and_says_what_when_and_how_to_change_it(world: World) -> None:
    board = await world.open_poll(closes_in="2h")
    answer = await world.vote(world.alice, board, "Starknet")
    text = say(answer)
    assert "**Starknet**, recorded <t:" in text
    assert "Receipt `1-" in text
    assert "press **Vote** on the board again" in text
    assert await ballot_rows(world) == {world.alice.id: [1]}
    assert answer.response is not None
    assert answer.response.ephemeral


async def test_the_ballot_says_that_a_pick_counts_at_once(world: World) -> None:
    board = await world.open_poll()
    ballot = await world.alice.click(board, label="Vote")
    assert "counts as soon as you pick it" in say(ballot)
    assert "Choose one" in say(ballot)
    assert ballot.ephemeral


async def test_voting_again_replaces_the_first_ballot_and_says_so(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "Starknet")
    text = say(await world.vote(world.alice, board, "peaq"))
    assert "It replaces Starknet" in text
    assert await ballot_rows(world) == {world.alice.id: [4]}


async def test_change_my_vote_opens_the_ballot_in_the_same_place(world: World) -> None:
    await world.open_poll(method="approval")
    recorded = await world.slash(world.alice, "vote cast", choice="Starknet")
    assert recorded.response is not None
    ballot = await world.alice.click(recorded.response, label="Change my vote")
    assert ballot.response is not None
    assert ballot.response.id == recorded.response.id
    assert "Choose" in say(ballot)


async def test_picking_the_same_again_says_it_is_recorded_already(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "Starknet")
    assert "Already recorded" in say(await world.vote(world.alice, board, "Starknet"))


async def test_the_board_shows_the_newest_count_after_its_pause(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "Starknet")
    await world.vote(world.mod, board, "Starknet")
    await world.settle_boards()
    text = say(world.last(world.general))
    assert "2 ballots" in text
    assert "100.0" in text


async def test_a_hundred_votes_make_few_edits_of_the_board(world: World) -> None:
    board = await world.open_poll()
    members = [world.join(f"member{n}") for n in range(30)]
    for member in members:
        await world.vote(member, board, "peaq")
    await world.settle_boards()
    edits = [r for r in world.env.http_requests if r.method == "PATCH" and r.path.endswith(f"/messages/{board.id}")]
    assert 1 <= len(edits) <= 3
    assert "30 ballots" in say(world.last(world.general))


async def test_vote_cast_opens_the_newest_open_poll(world: World) -> None:
    await world.open_poll("Old one")
    await world.open_poll("New one")
    assert "New one" in say(await world.slash(world.alice, "vote cast"))
    assert "Old one" in say(await world.slash(world.alice, "vote cast", poll="Old one"))


async def test_polls_are_suggested_while_typing_and_only_open_ones_for_voting(world: World) -> None:
    await world.open_poll("Best rollup")
    await world.open_poll("Best bridge")
    offered = await world.alice.autocomplete(world.general, "vote cast", "poll", "bridge")
    assert [choice["name"] for choice in offered] == ["Best bridge · open · #2"]


async def test_a_poll_that_does_not_exist_is_named_with_what_was_perhaps_meant(world: World) -> None:
    await world.open_poll("Best rollup")
    text = say(await world.slash(world.alice, "vote cast", poll="best rolup"))
    assert "I know no poll called “best rolup”" in text
    assert "Best rollup" in text


async def test_a_part_of_a_title_that_fits_one_poll_is_enough_and_an_open_one_comes_first(world: World) -> None:
    await world.open_poll("Best rollup")
    await world.open_poll("Best bridge")
    assert "Your ballot · Best rollup" in say(await world.slash(world.alice, "vote cast", poll="rollup"))
    text = say(await world.slash(world.alice, "vote cast", poll="best"))
    assert "Did you mean **Best bridge** or **Best rollup**?" in text


async def test_without_an_open_poll_vote_cast_says_so(world: World) -> None:
    assert "no such poll here" in say(await world.slash(world.alice, "vote cast"))


async def test_vote_mine_shows_the_ballot(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "LayerZero")
    assert "**LayerZero**" in say(await world.slash(world.alice, "vote mine"))
    assert "not voted" in say(await world.slash(world.mod, "vote mine"))


async def test_my_ballot_on_the_board_is_the_same(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "LayerZero")
    assert say(await world.alice.click(board, label="My ballot")) == say(await world.slash(world.alice, "vote mine"))


async def test_withdrawing_asks_first_and_then_takes_the_ballot_back(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "LayerZero")
    question = await world.slash(world.alice, "vote withdraw")
    assert labels(question.response) == ["Withdraw it", "Keep it"]
    assert question.response is not None
    kept = await world.alice.click(question.response, label="Keep it")
    assert "**LayerZero**" in say(kept)
    question = await world.slash(world.alice, "vote withdraw")
    assert question.response is not None
    assert "Ballot withdrawn" in say(await world.alice.click(question.response, label="Withdraw it"))
    assert await ballot_rows(world) == {}


async def test_withdrawing_twice_says_there_is_nothing(world: World) -> None:
    board = await world.open_poll()
    await world.vote(world.alice, board, "LayerZero")
    questions = [await world.slash(world.alice, "vote withdraw") for _ in range(2)]
    assert questions[0].response
    assert questions[1].response
    await world.alice.click(questions[0].response, label="Withdraw it")
    assert "nothing to withdraw" in say(await world.alice.click(questions[1].response, label="Withdraw it"))


async def test_a_ballot_opened_before_the_close_is_refused_after_it_with_the_time(world: World) -> None:
    board = await world.open_poll(closes_in="1h")
    ballot = await world.alice.click(board, label="Vote")
    assert ballot.response is not None
    world.clock.advance(timedelta(hours=1))
    answer = await world.alice.select(ballot.response, [value_of(ballot.response, "peaq")])
    closed = int(world.clock.now().timestamp())
    assert f"closed <t:{closed}:f>, so nothing was changed" in say(answer.followups[-1] if answer.followups else answer)
    assert await ballot_rows(world) == {}


async def test_who_does_not_fulfil_a_rule_reads_which_and_when_it_passes(world: World) -> None:
    await world.open_poll(min_member_days=300)
    text = say(await world.slash(world.alice, "vote cast", choice="peaq"))
    assert "membership of this server is" in text
    assert "at least 300 days" in text
    assert "from <t:" in text
    assert await ballot_rows(world) == {}


async def test_a_required_role_is_named_and_lets_its_members_vote(world: World) -> None:
    board = await world.open_poll(role=world.helpers)
    assert f"<@&{world.helpers.id}>" in say(await world.slash(world.alice, "vote cast", choice="peaq"))
    helper = world.join("helper", world.helpers)
    assert "Vote recorded" in say(await world.vote(helper, board, "peaq"))


async def test_who_may_not_vote_reads_so_in_place_of_the_list(world: World) -> None:
    board = await world.open_poll(role=world.helpers)
    answer = await world.alice.click(board, label="Vote")
    assert f"members with the role <@&{world.helpers.id}>" in say(answer)
    assert not any(part.get("options") for part in parts(answer.response))


@pytest.mark.parametrize("command", ["vote cast", "vote withdraw"])
async def test_a_closed_poll_typed_by_its_title_says_that_it_is_closed(world: World, command: str) -> None:
    board = await world.open_poll("Over already")
    await world.vote(world.alice, board, "peaq")
    await world.open_poll("Still open")
    await close_now(world, "Over already")
    text = say(await world.slash(world.alice, command, poll="Over already"))
    assert "**Closed** <t:" in text
    assert "**peaq**" in text


async def test_a_vote_typed_into_a_closed_poll_reads_when_it_closed(world: World) -> None:
    await world.open_poll("Over already")
    await close_now(world, "Over already")
    text = say(await world.slash(world.alice, "vote cast", poll="Over already", choice="peaq"))
    assert "Voting on **Over already** closed <t:" in text
    assert await ballot_rows(world) == {}


async def test_of_two_polls_with_one_title_the_open_one_is_meant(world: World) -> None:
    await world.open_poll("Twice")
    await close_now(world, "Twice")
    await world.open_poll("Twice")
    assert "Vote recorded" in say(await world.slash(world.alice, "vote cast", poll="Twice", choice="peaq"))


async def test_hidden_results_show_nothing_before_the_close(world: World) -> None:
    board = await world.open_poll(results="after_close")
    await world.vote(world.alice, board, "peaq")
    await world.settle_boards()
    seen = say(world.last(world.general)) + say(await world.alice.click(board, label="Results"))
    assert "100.0" not in seen
    assert "Results show when the poll closes" in seen


async def test_results_after_voting_show_to_those_who_have_voted(world: World) -> None:
    board = await world.open_poll(results="after_vote")
    await world.vote(world.alice, board, "peaq")
    assert "100.0" in say(await world.alice.click(board, label="Results"))
    assert "100.0" not in say(await world.mod.click(board, label="Results"))
    shared = await world.slash(world.alice, "rankings", share=True)
    assert "100.0" not in say(shared)


async def close_now(world: World, poll: str) -> None:
    question = await world.slash(world.mod, "poll close", poll=poll)
    assert question.response is not None
    await world.mod.click(question.response, label="Close it now")


async def test_my_ballot_is_that_of_the_open_poll_though_a_newer_one_is_closed(world: World) -> None:
    await world.vote(world.alice, await world.open_poll("Runs on"), "peaq")
    await world.open_poll("Over already")
    await close_now(world, "Over already")
    text = say(await world.slash(world.alice, "vote mine"))
    assert "Runs on" in text
    assert "**peaq**" in text


async def test_my_ballot_is_found_among_several_open_polls(world: World) -> None:
    await world.vote(world.alice, await world.open_poll("Voted here"), "peaq")
    await world.open_poll("Newer")
    assert "Voted here" in say(await world.slash(world.alice, "vote mine"))
    assert "Newer" in say(await world.slash(world.mod, "vote mine"))


async def test_with_no_poll_open_my_ballot_is_the_last_that_i_cast(world: World) -> None:
    await world.vote(world.alice, await world.open_poll("Voted here"), "peaq")
    await world.open_poll("Newer")
    for title in ("Voted here", "Newer"):
        await close_now(world, title)
    assert "**peaq**" in say(await world.slash(world.alice, "vote mine"))
    assert "You have no ballot in this poll" in say(await world.slash(world.mod, "vote mine"))


async def test_without_any_poll_my_ballot_says_so(world: World) -> None:
    assert "There is no such poll here" in say(await world.slash(world.alice, "vote mine"))
