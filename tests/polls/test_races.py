"""A hundred tasks at once, through one bot and through two on the same database: everybody was told the truth."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import TypeVar

import pytest
import sqlalchemy as sa

from bot.audit import store as audit
from bot.audit.model import first_break
from bot.clock import FixedClock
from bot.errors import MoonballotError, PollClosed, Refused
from bot.polls import store as sql
from bot.polls.ballot_box import BallotBox
from bot.polls.judging import Cancel, Cast, Close, Extend
from bot.polls.model import Candidate, NewPoll, Poll, PollState, Rules, Voter
from bot.polls.proof.leaf import ballot_leaf, poll_fingerprint
from bot.polls.proof.tree import root
from bot.polls.records import PollRecords
from bot.polls.service import PollService
from bot.store.engine import Store
from bot.store.schema import ballots
from tests.polls.conftest import CHANNEL, GUILD, MODERATOR
from tests.polls.crashing import CATALOGUE

MEMBERS, MODERATORS, TURNS = 100, 8, 5
HOLDER = 11
T = TypeVar("T")


class Bot:
    def __init__(self, url: str, clock: FixedClock) -> None:
        self.store = Store(url)
        self.box = BallotBox(self.store)
        self.polls = PollService(self.store, clock, self.box, CATALOGUE)
        self.records = PollRecords(self.store, clock)


@pytest.fixture(params=[1, 2], ids=["one bot", "two bots"])
async def bots(request: pytest.FixtureRequest, database_url: str, clock: FixedClock) -> AsyncIterator[list[Bot]]:
    """Give bots that share a database as two processes would: nothing but the database is common to them."""
    bots = [Bot(database_url, clock) for _ in range(request.param)]
    for bot in bots:
        await bot.store.open()
        bot.box.start()
    yield bots
    for bot in bots:
        await bot.box.stop()
        await bot.store.close()


async def opened(bot: Bot, clock: FixedClock, guild_id: int = GUILD, opens_in: timedelta = timedelta()) -> Poll:
    lines = tuple(Candidate(place, label) for place, label in enumerate(("Starknet", "LayerZero", "peaq")))
    opens_at = clock.now() + opens_in
    closes_at, rules = opens_at + timedelta(hours=1), Rules(weights={HOLDER: 3})
    return await bot.polls.open(
        NewPoll(guild_id, CHANNEL, MODERATOR, "Who leads?", lines, opens_at, closes_at, "approval", 3, rules=rules)
    )


async def read(bot: Bot, poll_id: int) -> Poll:
    async with bot.store.read() as tx:
        poll = await sql.get(tx, poll_id)
    assert poll is not None
    return poll


async def log(bot: Bot, poll_id: int) -> list[str]:
    async with bot.store.read() as tx:
        chain = await audit.of_guild(tx, GUILD)
    assert first_break(chain) is None
    return [entry.new.action for entry in chain if entry.new.poll_id == poll_id]


async def outcome(work: Awaitable[T]) -> T | MoonballotError:
    """Wait for work that may be refused; any other failure fails the test."""
    try:
        return await work
    except MoonballotError as error:
        return error


class Club:
    """Members who vote in a poll until it ends, and remember the last that they were told."""

    def __init__(self, bots: list[Bot], poll: Poll, clock: FixedClock) -> None:
        self.bots, self.poll, self.now = bots, poll, clock.now()
        self.told: dict[int, tuple[tuple[int, ...], int]] = {}
        self.rng = random.Random(20240101)

    async def member(self, number: int) -> None:
        for _ in range(TURNS):
            roles = frozenset({HOLDER}) if self.rng.random() < 0.5 else frozenset[int]()
            voter = Voter(number, self.now - timedelta(days=1000), None, roles)
            choices = self.rng.choice([(0,), (1,), (0, 2), (0, 1, 2), ()])
            await asyncio.sleep(self.rng.random() / 100)
            box = self.rng.choice(self.bots).box
            answer = await outcome(box.cast(Cast(GUILD, self.poll.id, voter, choices, self.now)))
            if isinstance(answer, PollClosed) or (isinstance(answer, Refused) and "cancelled" in str(answer)):
                return
            if isinstance(answer, Refused):
                assert "nothing to withdraw" in str(answer)
                assert number not in self.told
                continue
            assert not isinstance(answer, MoonballotError)
            self.told[number] = (answer.ballot.choices, answer.ballot.weight)
            if not choices:
                del self.told[number]

    async def vote(self) -> None:
        await asyncio.gather(*(self.member(number) for number in range(MEMBERS)))

    async def check(self) -> Poll:
        """Hold rows, tally and totals against what members were told."""
        bot = self.bots[0]
        async with bot.store.read() as tx:
            rows = (await tx.execute(sa.select(ballots).where(ballots.c.poll_id == self.poll.id))).all()
            minutes = await sql.minutes(tx, self.poll.id)
        assert len(rows) == len(self.told)
        assert {row.voter_id: (tuple(row.choices), row.weight) for row in rows} == self.told
        votes: Counter[int] = Counter()
        for choices, weight in self.told.values():
            votes.update(dict.fromkeys(choices, weight))
        poll = await read(bot, self.poll.id)
        assert [line.votes for line in poll.candidates] == [votes[0], votes[1], votes[2]]
        assert (poll.ballots, poll.weight) == (len(self.told), sum(weight for _, weight in self.told.values()))
        assert sum(minute.cast - minute.withdrawn for minute in minutes) == poll.ballots
        return poll


async def test_a_hundred_members_cast_change_and_withdraw_and_all_are_counted_exactly(
    bots: list[Bot], clock: FixedClock
) -> None:
    club = Club(bots, await opened(bots[0], clock), clock)
    await club.vote()
    poll = await club.check()
    assert poll.ballots > MEMBERS / 2


async def test_a_few_members_who_click_on_many_devices_have_one_ballot_each(bots: list[Bot], clock: FixedClock) -> None:
    poll = await opened(bots[0], clock)
    club = Club(bots, poll, clock)

    async def click(number: int) -> None:
        voter = Voter(number % 3, clock.now() - timedelta(days=1000), None)
        choices = club.rng.choice([(0,), (1,), (0, 2), ()])
        await outcome(bots[number // 3 % len(bots)].box.cast(Cast(GUILD, poll.id, voter, choices, clock.now())))

    await asyncio.gather(*(click(number) for number in range(120)))
    # Nobody can say which click came last, but the tally is that of the ballots that are there.
    async with bots[0].store.read() as tx:
        rows = await sql.ballots_of(tx, 0) + await sql.ballots_of(tx, 1) + await sql.ballots_of(tx, 2)
    club.told = {row.voter_id or 0: (row.choices, row.weight) for row in rows}
    await club.check()


async def test_moderators_who_extend_cancel_and_close_at_once_are_each_told_what_came_of_it(
    bots: list[Bot], clock: FixedClock
) -> None:
    poll = await opened(bots[0], clock)
    club = Club(bots, poll, clock)
    spans = [timedelta(minutes=2**number) for number in range(MODERATORS)]

    async def extend(number: int) -> Poll | MoonballotError:
        await asyncio.sleep(club.rng.random() / 50)
        box = bots[number % len(bots)].box
        return await outcome(box.change(Extend(poll.id, clock.now(), MODERATOR + number, spans[number])))

    async def end(number: int) -> Poll | MoonballotError:
        await asyncio.sleep(0.01 + club.rng.random() / 50)
        change = Close(poll.id, clock.now(), MODERATOR) if number % 2 else Cancel(poll.id, clock.now(), MODERATOR, "x")
        return await outcome(bots[number % len(bots)].box.change(change))

    extensions = asyncio.gather(*(extend(number) for number in range(MODERATORS)))
    ends = asyncio.gather(*(end(number) for number in range(MODERATORS)))
    await asyncio.gather(club.vote(), extensions, ends)
    after = await club.check()
    granted = [span for span, told in zip(spans, await extensions, strict=True) if isinstance(told, Poll)]
    # Powers of two: whichever extension were lost or counted twice, the sum would be another.
    assert after.closes_at == (poll.closes_at or clock.now()) + sum(granted, timedelta())
    assert after.state in (PollState.CLOSED, PollState.CANCELLED)
    actions = await log(bots[0], poll.id)
    assert Counter(actions) == Counter({"opened": 1, "extended": len(granted), str(after.state): 1})
    for number, told in enumerate(await ends):
        if isinstance(told, Poll):
            assert told.state is after.state
        else:
            assert number % 2 == 0, "closing what is closed is no error"
    cancelled = sum(isinstance(told, Poll) for told in (await ends)[::2])
    assert cancelled == (1 if after.state is PollState.CANCELLED else 0)


async def test_a_poll_that_many_close_at_once_is_counted_once(bots: list[Bot], clock: FixedClock) -> None:
    poll = await opened(bots[0], clock)
    club = Club(bots, poll, clock)

    async def close(number: int) -> Poll:
        await asyncio.sleep(0.02)
        polls = bots[number % len(bots)].polls
        if number % 3 == 0:
            await polls.due()
        return await polls.close(GUILD, poll.id, MODERATOR)

    voting, closing = club.vote(), asyncio.gather(*(close(number) for number in range(12)))
    await asyncio.gather(voting, closing)
    after = await club.check()
    assert {(told.state, told.root) for told in await closing} == {(PollState.CLOSED, after.root)}
    assert await log(bots[0], poll.id) == ["opened", "closed", "counted"]
    async with bots[0].store.read() as tx:
        rows = (await tx.execute(sa.select(ballots).where(ballots.c.poll_id == poll.id))).all()
    digest = poll_fingerprint(after).digest
    leaves = sorted(ballot_leaf(digest, row.salt, row.choices, row.weight).hash for row in rows)
    assert after.root == root(leaves).hex()
    assert after.count is not None
    assert after.count["tally"] == [line.votes for line in after.candidates]


async def test_an_end_that_was_put_off_in_time_is_not_carried_out(bots: list[Bot], clock: FixedClock) -> None:
    poll = await opened(bots[0], clock)
    assert poll.closes_at is not None
    extended = bots[0].box.change(Extend(poll.id, clock.now(), MODERATOR, timedelta(hours=1)))
    # Looked up before the extension was written, in the box after it.
    told, closing = await asyncio.gather(extended, bots[0].box.change(Close(poll.id, poll.closes_at, when_due=True)))
    assert told.state is closing.state is PollState.OPEN
    assert await log(bots[0], poll.id) == ["opened", "extended"]


async def test_a_poll_that_opens_while_it_is_cancelled_is_cancelled_once(bots: list[Bot], clock: FixedClock) -> None:
    polls = [await opened(bots[0], clock, opens_in=timedelta(minutes=5)) for _ in range(8)]
    for bot in bots:
        await bot.polls.load()
    clock.advance(timedelta(minutes=5))

    async def cancel(number: int, poll: Poll) -> Poll | MoonballotError:
        await asyncio.sleep(number / 1000)
        return await outcome(bots[-1].polls.cancel(GUILD, poll.id, MODERATOR, "a mistake"))

    twice = [*polls, *polls]
    cancelling = asyncio.gather(*(cancel(number, poll) for number, poll in enumerate(twice)))
    await asyncio.gather(cancelling, *(bot.polls.due() for bot in bots))
    for poll in polls:
        assert (await read(bots[0], poll.id)).state is PollState.CANCELLED
        assert await log(bots[0], poll.id) == ["opened", "cancelled"]
    assert sum(isinstance(told, Poll) for told in await cancelling) == len(polls)


async def test_polls_of_two_servers_that_end_crosswise_do_not_wait_for_each_other(
    bots: list[Bot], clock: FixedClock
) -> None:
    here = [await opened(bots[0], clock) for _ in range(30)]
    there = [await opened(bots[0], clock, GUILD + 1) for _ in range(30)]
    crosswise = [
        (bots[0], here[:15], there[:15]),
        (bots[-1], there[15:], here[15:]),
    ]
    closing = [
        bot.box.change(Close(poll.id, clock.now(), MODERATOR))
        for bot, first, second in crosswise
        for pair in zip(first, second, strict=True)
        for poll in pair
    ]
    closed = await asyncio.wait_for(asyncio.gather(*closing), 20)
    assert {poll.state for poll in closed} == {PollState.CLOSED}
    assert await bots[0].records.broken_chains() == {}


async def test_a_member_who_is_forgotten_while_the_poll_closes_is_counted_and_untied(
    bots: list[Bot], clock: FixedClock
) -> None:
    poll = await opened(bots[0], clock)
    voter = Voter(1, clock.now() - timedelta(days=1000), None)
    await bots[0].polls.cast(GUILD, poll.id, voter, (1,), clock.now())
    forgetting = (bots[number % len(bots)].records.forget(voter.id) for number in range(20))
    forgotten = asyncio.gather(*forgetting)
    await asyncio.gather(bots[-1].polls.close(GUILD, poll.id, MODERATOR), forgotten)
    told = [*await forgotten, await bots[0].records.forget(voter.id)]
    assert sum(untied for untied, _ in told) == 1
    after = await read(bots[0], poll.id)
    assert (after.ballots, [line.votes for line in after.candidates]) == (1, [0, 1, 0])
    assert (await bots[0].records.my_data(voter.id))["ballots"] == []
