"""What can happen in the life of a poll, in any order, with crashes in it."""

import asyncio
import tempfile
from collections.abc import Coroutine
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.errors import Refused
from bot.polls.counting import METHODS
from bot.polls.judging import Cast, Close
from bot.polls.model import Candidate, NewPoll, Poll, PollState, Recorded, Rules, Visibility
from bot.polls.proof.verify import verify
from tests.polls.beside_paper import BesidePaper, Databases
from tests.polls.conftest import CHANNEL, GUILD, MODERATOR
from tests.polls.plain_poll import (
    BANNED,
    FOUNDER,
    HOLDER,
    UNHEARD,
    WEIGHTS,
    PlainBallot,
    PlainPoll,
    Refusal,
    Slip,
    fits,
    voter,
)

VOTERS, POLLS = 5, 3
ROOM = 10_000_000

ROLES = st.sampled_from([frozenset[int](), frozenset({HOLDER}), frozenset({HOLDER, FOUNDER}), frozenset({BANNED})])
RULES = st.sampled_from(
    [
        Rules(weights=WEIGHTS),
        Rules(),
        Rules(role_ids=(HOLDER, FOUNDER), weights=WEIGHTS),
        Rules(excluded_role_ids=(BANNED,), min_account_age_days=30),
    ]
)
# Mostly what a ballot offers; now and then what it never should: twice the same, a place that is not there, too many.
ORDERS = st.permutations(range(3)).flatmap(lambda order: st.integers(0, 3).map(lambda most: tuple(order[:most])))
CHOICES = st.one_of(ORDERS, ORDERS, ORDERS, st.lists(st.integers(-1, 4), max_size=4).map(tuple))
CAREFUL = st.sampled_from([True, True, True, False])
SLIPS = st.lists(
    st.builds(Slip, st.builds(voter, st.integers(0, VOTERS - 1), ROLES), CHOICES, CAREFUL), min_size=3, max_size=8
)
SPANS = st.sampled_from([timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=1), timedelta(days=200)])
SHORT = st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=20), timedelta(days=1)])
WHICH = st.integers(0, POLLS - 1)


class PollLife(BesidePaper):
    """Have people do what they do, and things happen."""

    def __init__(self, databases: Databases, method: str) -> None:
        super().__init__(databases)
        self.method = method

    # What people do

    @initialize(rules=RULES, slips=SLIPS)
    def first_poll(self, rules: Rules, slips: list[Slip]) -> None:
        self.open(self.method, 3, rules, timedelta(), timedelta(days=2), Visibility.LIVE)
        self.hand_in(self.plain[0], slips)

    @rule(
        method=st.sampled_from(sorted(METHODS)),
        limit=st.integers(1, 3),
        rules=RULES,
        opens_in=st.sampled_from([timedelta(), timedelta(), timedelta(minutes=20)]),
        closes_in=st.one_of(st.none(), SPANS),
        results=st.sampled_from(list(Visibility)),
    )
    def open(
        self,
        method: str,
        limit: int,
        rules: Rules,
        opens_in: timedelta,
        closes_in: timedelta | None,
        results: Visibility,
    ) -> None:
        if len(self.plain) == POLLS:
            return
        limit = 1 if method == "single" else limit
        now = self.clock.now()
        opens_at, lines = now + opens_in, tuple(Candidate(place, f"Candidate {place}") for place in range(3))
        closes_at = opens_at + closes_in if closes_in else None
        new = NewPoll(
            GUILD, CHANNEL, MODERATOR, "Who?", lines, opens_at, closes_at, method, limit, results=results, rules=rules
        )
        poll = self.run(self.service.open(new))
        state = PollState.SCHEDULED if opens_in else PollState.OPEN
        self.plain.append(PlainPoll(poll.id, method, 3, limit, rules, opens_at, closes_at, state))

    def poll(self, which: int) -> PlainPoll:
        return self.plain[which % len(self.plain)]

    @rule(which=WHICH, slips=SLIPS)
    def vote(self, which: int, slips: list[Slip]) -> None:
        self.hand_in(self.poll(which), slips)

    @rule(which=WHICH, slips=SLIPS)
    def vote_on_two_devices(self, which: int, slips: list[Slip]) -> None:
        self.hand_in(self.poll(which), [*slips, *slips])

    @rule(slips=SLIPS)
    def vote_in_every_poll(self, slips: list[Slip]) -> None:
        for poll in self.plain:
            self.hand_in(poll, slips)

    def hand_in(self, poll: PlainPoll, slips: list[Slip]) -> None:
        """Hand in slips all at once; they are judged in their order."""
        now, slips = self.clock.now(), [slip.cut_to(poll) for slip in slips]

        async def cast() -> list[Recorded | BaseException]:
            return await asyncio.gather(
                *(self.service.cast(GUILD, poll.id, slip.voter, slip.choices, now) for slip in slips),
                return_exceptions=True,
            )

        self.outdated_boards.clear()
        for slip, outcome in zip(slips, self.run(cast()), strict=True):
            expected = poll.refusal(slip, now)
            if expected is not None:
                assert isinstance(outcome, expected), (slip, outcome)
                continue
            assert isinstance(outcome, Recorded), (slip, outcome)
            before = poll.ballots.get(slip.voter.id)
            assert outcome.before == (before.choices if before else None)
            assert outcome.ballot.choices == poll.as_recorded(slip.choices)
            if before is not None and poll.keeps(slip):
                assert outcome.ballot.receipt == before.receipt
            assert poll.keeps(slip) or poll.id in self.outdated_boards
            poll.take(slip, outcome.ballot.receipt)

    @rule(which=WHICH, longer=SPANS)
    def extend(self, which: int, longer: timedelta) -> None:
        poll = self.poll(which)
        expected = poll.extension_refusal(longer, self.clock.now())
        if self.done(self.service.extend(GUILD, poll.id, MODERATOR, longer), expected):
            poll.extend(longer, self.clock.now())

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        poll = self.poll(which)
        expected = None if poll.state in (PollState.SCHEDULED, PollState.OPEN) else Refused
        if self.done(self.service.cancel(GUILD, poll.id, MODERATOR, "a mistake"), expected):
            poll.cancel()

    @rule(which=WHICH)
    def close(self, which: int) -> None:
        poll = self.poll(which)
        expected = Refused if poll.state in (PollState.SCHEDULED, PollState.CANCELLED) else None
        if self.done(self.service.close(GUILD, poll.id, MODERATOR), expected):
            poll.close(self.clock.now())

    def done(self, work: Coroutine[Any, Any, Poll], expected: Refusal) -> bool:
        if expected is None:
            self.run(work)
            return True
        with pytest.raises(expected) as caught:
            self.run(work)
        assert type(caught.value) is expected
        return False

    @rule(number=st.integers(0, VOTERS - 1))
    def forget(self, number: int) -> None:
        voter_id = voter(number, frozenset()).id
        untied = sum(poll.forget(voter_id) for poll in self.plain)
        left = sum(voter_id in poll.ballots for poll in self.plain)
        assert self.run(self.records.forget(voter_id)) == (untied, left)

    # What happens

    @rule(span=SHORT)
    def time_passes(self, span: timedelta) -> None:
        self.clock.advance(span)

    @rule()
    def due(self) -> None:
        self.run(self.service.due())
        for poll in self.plain:
            poll.due(self.clock.now())

    @rule()
    def restart(self) -> None:
        self.run(self.box.stop())
        self.run(self.store.close())
        self.run(self.start())
        self.due()

    @rule(which=WHICH, slips=SLIPS, turns=st.integers(0, 40))
    def crash_while_voting(self, which: int, slips: list[Slip], turns: int) -> None:
        """Crash somewhere in the middle of taking slips: each counts wholly or not at all, in their order."""
        poll, now = self.poll(which), self.clock.now()
        slips = [slip.cut_to(poll) for slip in slips]

        async def crash() -> list[bool]:
            tasks = [
                asyncio.create_task(self.box.cast(Cast(GUILD, poll.id, slip.voter, slip.choices, now)))
                for slip in slips
            ]
            for _ in range(turns):
                await asyncio.sleep(0)
            await self.kill()
            heard = [task.done() and task.exception() is None for task in tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return heard

        heard = self.run(crash())
        self.run(self.start())
        stored = self.run(self.stored(poll.id))
        tried, taken, found = deepcopy(poll), 0, poll if fits(poll, stored) else None
        for number, slip in enumerate(slips, start=1):
            if tried.refusal(slip, now) is None:
                tried.take(slip, receipt=UNHEARD)
            if fits(tried, stored):
                taken, found = number, deepcopy(tried)
        assert found is not None, "what is stored is no beginning of what was handed in"
        assert not any(heard[taken:]), "a ballot was acknowledged and is gone"
        for voter_id, (choices, weight, receipt) in stored.items():
            found.ballots[voter_id] = PlainBallot(choices, weight, receipt)
        found.dead_receipts.discard(UNHEARD)
        self.plain[self.plain.index(poll)] = found
        self.due()

    @rule(which=WHICH)
    def crash_while_closing(self, which: int) -> None:
        """Crash after voting was ended and before the ballots are counted."""
        poll, now = self.poll(which), self.clock.now()
        if poll.state is PollState.OPEN:
            at = poll.closes_at if poll.closes_at is not None and poll.is_over(now) else now
            self.run(self.box.change(Close(poll.id, at, MODERATOR)))
            poll.close(now)
        self.run(self.kill())
        self.run(self.start())
        self.due()

    # What can be looked at afterwards

    @rule(which=WHICH, number=st.integers(0, 50))
    def export(self, which: int, number: int) -> None:
        poll = self.poll(which)
        if poll.state is not PollState.CLOSED:
            with pytest.raises(Refused):
                self.run(self.records.export(GUILD, poll.id, MODERATOR, ROOM))
            return
        exported = self.run(self.records.export(GUILD, poll.id, MODERATOR, ROOM))
        poll.log.append("exported")
        (_, exported_json), (_, exported_csv) = exported.files
        voters = [str(voter(each, frozenset()).id).encode() for each in range(VOTERS)]
        assert not any(voter_id in exported_json + exported_csv for voter_id in voters)
        receipt = poll.kept[number % len(poll.kept)].receipt if poll.kept else None
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(exported_json)
            file.flush()
            report = verify(Path(file.name), receipt=receipt, root=exported.poll.root)
        assert report.holds, report.problem
        assert report.count is not None
        assert [report.count.ballots, *report.count.votes] == [len(poll.kept), *poll.tally()]

    @rule(which=WHICH)
    def check_receipts_of(self, which: int) -> None:
        self.run(self.receipts_of(self.poll(which)))
