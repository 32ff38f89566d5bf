import asyncio
import random
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.errors import NotFound, PollClosed, Refused, StoreUnavailable
from bot.polls.judging import Cast, Close
from bot.polls.model import PollState, Rules
from bot.polls.naming import named
from bot.store.schema import ballots
from tests.polls.conftest import GUILD, Booth


async def rows(booth: Booth, poll_id: int) -> dict[int, list[int]]:
    async with booth.store.read() as tx:
        found = await tx.execute(sa.select(ballots).where(ballots.c.poll_id == poll_id))
        return {row.voter_id: row.choices for row in found}


async def test_a_ballot_is_committed_before_its_answer(booth: Booth) -> None:
    poll_id = await booth.poll()
    recorded = await booth.cast(poll_id, 1, 0)
    assert await rows(booth, poll_id) == {1: [0]}
    assert recorded.poll.candidates[0].votes == 1
    assert recorded.poll.ballots == 1
    assert recorded.before is None


async def test_changing_a_vote_counts_once(booth: Booth) -> None:
    poll_id = await booth.poll()
    first = await booth.cast(poll_id, 1, 0)
    second = await booth.cast(poll_id, 1, 2)
    assert second.before == (0,)
    assert await booth.tally(poll_id) == [0, 0, 1]
    assert (await booth.read(poll_id)).ballots == 1
    assert first.ballot.receipt != second.ballot.receipt


async def test_the_same_choice_again_changes_nothing(booth: Booth) -> None:
    poll_id = await booth.poll()
    first = await booth.cast(poll_id, 1, 1)
    second = await booth.cast(poll_id, 1, 1)
    assert not second.changed
    assert second.ballot == first.ballot
    assert (await booth.read(poll_id)).revision == first.poll.revision


async def test_a_withdrawn_ballot_counts_no_more(booth: Booth) -> None:
    poll_id = await booth.poll()
    await booth.cast(poll_id, 1, 1)
    gone = await booth.cast(poll_id, 1)
    assert gone.ballot.choices == ()
    assert await rows(booth, poll_id) == {}
    assert await booth.tally(poll_id) == [0, 0, 0]
    assert (await booth.read(poll_id)).ballots == 0


async def test_withdrawing_what_was_never_cast_is_refused(booth: Booth) -> None:
    poll_id = await booth.poll()
    with pytest.raises(Refused, match="no ballot"):
        await booth.cast(poll_id, 1)


@pytest.mark.parametrize("choices", [(3,), (-1,), (0, 1), (99,)])
async def test_choices_that_are_not_on_the_ballot_are_refused(booth: Booth, choices: tuple[int, ...]) -> None:
    poll_id = await booth.poll()
    with pytest.raises(Refused):
        await booth.cast(poll_id, 1, *choices)
    assert await rows(booth, poll_id) == {}


async def test_a_poll_of_another_server_is_not_found(booth: Booth) -> None:
    poll_id = await booth.poll()
    with pytest.raises(NotFound):
        await booth.cast(poll_id, 1, 0, guild_id=GUILD + 1)
    with pytest.raises(NotFound):
        await booth.cast(poll_id + 1, 1, 0)


async def test_a_scheduled_poll_says_when_it_opens(booth: Booth) -> None:
    poll_id = await booth.poll(opens_in=timedelta(hours=2))
    with pytest.raises(Refused, match="opens <t:"):
        await booth.cast(poll_id, 1, 0)


async def test_after_the_time_a_ballot_is_refused_although_nobody_has_closed_the_poll_yet(booth: Booth) -> None:
    poll_id = await booth.poll(closes_in=timedelta(minutes=1))
    closes_at = (await booth.read(poll_id)).closes_at
    booth.clock.advance(timedelta(minutes=1))
    with pytest.raises(PollClosed) as caught:
        await booth.cast(poll_id, 1, 0)
    assert caught.value.closed_at == closes_at


async def test_a_ballot_that_arrived_before_the_close_counts_and_one_after_it_does_not(booth: Booth) -> None:
    poll_id = await booth.poll()
    before = asyncio.create_task(booth.cast(poll_id, 1, 0))
    await asyncio.sleep(0)
    closing = asyncio.create_task(booth.box.change(Close(poll_id, booth.clock.now())))
    await asyncio.sleep(0)
    after = asyncio.create_task(booth.cast(poll_id, 2, 1))
    assert (await before).poll.ballots == 1
    assert (await closing).state is PollState.CLOSED
    with pytest.raises(PollClosed):
        await after
    assert await booth.tally(poll_id) == [1, 0, 0]


async def test_a_typed_ballot_that_arrived_before_the_close_is_read_in_its_turn_and_counts(booth: Booth) -> None:
    poll_id = await booth.poll()
    typed = Cast(GUILD, poll_id, booth.voter(1), partial(named, typed="peaq"), booth.clock.now())
    async with asyncio.TaskGroup() as tasks:
        recorded = tasks.create_task(booth.box.cast(typed))
        tasks.create_task(booth.box.change(Close(poll_id, booth.clock.now())))
    assert recorded.result().ballot.choices == (2,)
    assert await booth.tally(poll_id) == [0, 0, 1]


async def test_a_typed_ballot_that_names_nobody_who_stands_is_not_found(booth: Booth) -> None:
    poll_id = await booth.poll()
    with pytest.raises(NotFound, match="Starkent"):
        await booth.box.cast(Cast(GUILD, poll_id, booth.voter(1), partial(named, typed="Starkent"), booth.clock.now()))


async def test_a_choice_that_was_overtaken_by_a_later_one_does_not_take_its_place(booth: Booth) -> None:
    poll_id = await booth.poll()
    earlier = booth.clock.now() - timedelta(milliseconds=20)
    await booth.cast(poll_id, 1, 2)
    with pytest.raises(Refused, match="A later choice of yours"):
        await booth.box.cast(Cast(GUILD, poll_id, booth.voter(1), (0,), earlier))
    with pytest.raises(Refused, match="A later choice of yours"):
        await booth.box.cast(Cast(GUILD, poll_id, booth.voter(1), (), earlier))
    assert await booth.tally(poll_id) == [0, 0, 1]


async def test_one_click_that_reaches_two_bots_is_no_later_choice(booth: Booth) -> None:
    poll_id = await booth.poll()
    earlier = booth.clock.now() - timedelta(milliseconds=20)
    await booth.cast(poll_id, 1, 2)
    again = await booth.box.cast(Cast(GUILD, poll_id, booth.voter(1), (2,), earlier))
    assert not again.changed


async def test_a_clock_that_was_put_back_keeps_nobody_from_changing_a_ballot(booth: Booth) -> None:
    poll_id = await booth.poll()
    await booth.cast(poll_id, 1, 2)
    booth.clock.advance(timedelta(minutes=-5))
    await booth.cast(poll_id, 1, 0)
    assert await booth.tally(poll_id) == [1, 0, 0]


async def test_closing_twice_keeps_the_first_time(booth: Booth) -> None:
    poll_id = await booth.poll()
    first = await booth.box.change(Close(poll_id, booth.clock.now()))
    booth.clock.advance(timedelta(minutes=5))
    second = await booth.box.change(Close(poll_id, booth.clock.now()))
    assert second == first


async def test_a_refusal_in_a_group_leaves_the_others_standing(booth: Booth) -> None:
    poll_id = await booth.poll(rules=Rules(role_ids=(5,)))
    outcomes = await asyncio.gather(*(booth.cast(poll_id, n, 0) for n in range(5)), return_exceptions=True)
    assert all(isinstance(outcome, Refused) for outcome in outcomes)
    open_poll = await booth.poll()
    mixed = await asyncio.gather(
        booth.cast(open_poll, 1, 0), booth.cast(open_poll, 2, 9), booth.cast(open_poll, 3, 1), return_exceptions=True
    )
    assert isinstance(mixed[1], Refused)
    assert await booth.tally(open_poll) == [1, 1, 0]


async def test_a_hundred_tasks_that_cast_change_withdraw_and_close_leave_exactly_what_they_were_told(
    booth: Booth,
) -> None:
    poll_id = await booth.poll()
    rng = random.Random(20240101)
    told: dict[int, tuple[int, ...]] = {}

    async def member(number: int) -> None:
        for _ in range(6):
            choices = rng.choice([(0,), (1,), (2,), ()])
            await asyncio.sleep(rng.random() / 200)
            try:
                told[number] = (await booth.cast(poll_id, number, *choices)).ballot.choices
            except PollClosed:
                return
            except Refused:
                told[number] = ()

    async def close() -> None:
        await asyncio.sleep(0.02)
        await booth.box.change(Close(poll_id, booth.clock.now()))

    await asyncio.gather(close(), *(member(number) for number in range(100)))
    kept = {number: list(choices) for number, choices in told.items() if choices}
    assert await rows(booth, poll_id) == kept
    count = Counter(choices[0] for choices in kept.values())
    assert await booth.tally(poll_id) == [count[0], count[1], count[2]]
    poll = await booth.read(poll_id)
    assert poll.ballots == len(kept)
    assert poll.state is PollState.CLOSED


async def test_one_member_clicking_a_hundred_times_has_one_ballot(booth: Booth) -> None:
    poll_id = await booth.poll()
    await asyncio.gather(*(booth.cast(poll_id, 1, n % 3) for n in range(100)))
    assert await rows(booth, poll_id) == {1: [99 % 3]}
    assert await booth.tally(poll_id) == [1, 0, 0]


async def test_an_answer_nobody_waits_for_is_recorded_all_the_same(booth: Booth) -> None:
    poll_id = await booth.poll()
    task = asyncio.create_task(booth.cast(poll_id, 1, 0))
    await asyncio.sleep(0)
    task.cancel()
    await booth.box.stop()
    assert await rows(booth, poll_id) == {1: [0]}


async def test_when_the_store_fails_nothing_is_recorded_and_everybody_is_told(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll_id = await booth.poll()
    with monkeypatch.context() as patch:
        patch.setattr("bot.polls.ballot_box._write", _fail)
        outcomes = await asyncio.gather(*(booth.cast(poll_id, n, 0) for n in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert await booth.tally(poll_id) == [0, 0, 0]
    assert (await booth.cast(poll_id, 1, 0)).poll.ballots == 1


def _fail(*_: object) -> None:
    raise sa.exc.OperationalError("COMMIT", {}, Exception("database or disk is full"))
