"""A poll as a person with paper and pencil would keep it: what the real one is held against."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import BadInput, PollClosed, Refused
from bot.polls.counting import METHODS
from bot.polls.model import Poll, PollState, Rules, Voter
from bot.polls.proof.export import count_values
from bot.polls.proof.leaf import ballot_leaf, poll_fingerprint
from bot.polls.proof.tree import root

HOLDER, FOUNDER, BANNED = 11, 12, 13
WEIGHTS = {HOLDER: 3, FOUNDER: 10}
YEAR = timedelta(days=366)

UNHEARD = ""
"""The receipt of a ballot that was written, and whose voter was never told."""

Refusal = type[Exception] | None
Stored = dict[int, tuple[tuple[int, ...], int, str]]
"""Voter to choices, weight and receipt."""


@dataclass(frozen=True)
class PlainBallot:
    choices: tuple[int, ...]
    weight: int
    receipt: str = ""


@dataclass(frozen=True)
class Slip:
    """What somebody hands in."""

    voter: Voter
    choices: tuple[int, ...]
    careful: bool = False

    def cut_to(self, poll: "PlainPoll") -> "Slip":
        """Return it with no more choices than the poll takes, if whoever fills it in reads that."""
        return Slip(self.voter, self.choices[: poll.limit]) if self.careful else self


@dataclass
class PlainPoll:
    id: int
    method: str
    candidates: int
    limit: int
    rules: Rules
    opens_at: datetime
    closes_at: datetime | None
    state: PollState
    closed_at: datetime | None = None
    ballots: dict[int, PlainBallot] = field(default_factory=dict)
    untied: list[PlainBallot] = field(default_factory=list)
    dead_receipts: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=lambda: ["opened"])
    result: tuple[Any, str] | None = None

    @property
    def kept(self) -> list[PlainBallot]:
        return [*self.ballots.values(), *self.untied]

    def tally(self) -> list[int]:
        votes: Counter[int] = Counter()
        for ballot in self.kept:
            for position in ballot.choices if self.method == "approval" else ballot.choices[:1]:
                votes[position] += ballot.weight
        return [votes[position] for position in range(self.candidates)]

    # Voting

    def refusal(self, slip: Slip, now: datetime) -> Refusal:
        if self.is_over(now):
            return PollClosed
        if self.state is not PollState.OPEN:
            return Refused
        if not slip.choices:
            return None if slip.voter.id in self.ballots else Refused
        return None if self._may_vote(slip.voter, now) and self._countable(slip.choices) else Refused

    def is_over(self, now: datetime) -> bool:
        return self.closed_at is not None or (self.closes_at is not None and now >= self.closes_at)

    def _may_vote(self, voter: Voter, now: datetime) -> bool:
        if now - voter.account_created_at < timedelta(days=self.rules.min_account_age_days):
            return False
        if self.rules.role_ids and not voter.role_ids & set(self.rules.role_ids):
            return False
        return not voter.role_ids & set(self.rules.excluded_role_ids)

    def _countable(self, choices: Sequence[int]) -> bool:
        on_the_ballot = all(0 <= position < self.candidates for position in choices)
        return on_the_ballot and len(set(choices)) == len(choices) and 0 < len(choices) <= self.limit

    def weight_of(self, voter: Voter) -> int:
        return max((self.rules.weights.get(role, 1) for role in voter.role_ids), default=1)

    def keeps(self, slip: Slip) -> bool:
        """Say whether the slip says just what is recorded already."""
        now = self.ballots.get(slip.voter.id)
        return now is not None and (now.choices, now.weight) == (
            self.as_recorded(slip.choices),
            self.weight_of(slip.voter),
        )

    def as_recorded(self, choices: tuple[int, ...]) -> tuple[int, ...]:
        """Return choices as they are recorded: only a ranking has an order."""
        return choices if self.method == "ranked" else tuple(sorted(choices))

    def take(self, slip: Slip, receipt: str) -> None:
        """Record what `refusal` lets pass."""
        before = None if self.keeps(slip) else self.ballots.pop(slip.voter.id, None)
        if before is not None:
            self.dead_receipts.add(before.receipt)
        if slip.choices:
            self.ballots[slip.voter.id] = PlainBallot(
                self.as_recorded(slip.choices), self.weight_of(slip.voter), receipt
            )

    # The course of things

    def extension_refusal(self, longer: timedelta, now: datetime) -> Refusal:
        if self.state is not PollState.OPEN:
            return Refused
        if self.is_over(now):
            return PollClosed
        return BadInput if self.closes_at and self.closes_at + longer - self.opens_at > YEAR else None

    def extend(self, longer: timedelta, now: datetime) -> None:
        self.closes_at = (self.closes_at or now) + longer
        self.log.append("extended")

    def close(self, now: datetime) -> None:
        if self.state is PollState.OPEN:
            over = self.closes_at is not None and now >= self.closes_at
            self.state, self.closed_at = PollState.CLOSED, self.closes_at if over else now
            self.log += ["closed", "counted"]

    def cancel(self) -> None:
        self.state = PollState.CANCELLED
        self.log.append("cancelled")

    def due(self, now: datetime) -> None:
        if self.state is PollState.SCHEDULED and now >= self.opens_at:
            self.state = PollState.OPEN
        if self.closes_at is not None and now >= self.closes_at:
            self.close(now)

    def forget(self, voter_id: int) -> int:
        """Untie a voter where voting has ended; return how many ballots that were."""
        if self.state in (PollState.CLOSED, PollState.CANCELLED) and voter_id in self.ballots:
            self.untied.append(self.ballots.pop(voter_id))
            return 1
        return 0


def voter(number: int, roles: frozenset[int]) -> Voter:
    """Give a member; the first has the youngest account."""
    created_at = datetime(2026, 2, 1, tzinfo=UTC) - timedelta(days=40 * number)
    return Voter(10**17 + number, created_at, datetime(2026, 2, 27, 12 * (number % 2), tzinfo=UTC), roles)


# The real poll, held against it


def fits(plain: PlainPoll, stored: Stored) -> bool:
    """Say whether these are the stored ballots; a receipt that nobody heard of is a new one."""
    if plain.ballots.keys() != stored.keys():
        return False
    for voter_id, (choices, weight, receipt) in stored.items():
        ballot = plain.ballots[voter_id]
        known = ballot.receipt == receipt or (ballot.receipt == UNHEARD and receipt not in plain.dead_receipts)
        if (ballot.choices, ballot.weight) != (choices, weight) or not known:
            return False
    return True


def check_course(poll: Poll, plain: PlainPoll) -> None:
    expected = (plain.state, plain.opens_at, plain.closes_at, plain.closed_at)
    assert (poll.state, poll.opens_at, poll.closes_at, poll.closed_at) == expected


def check_ballots(poll: Poll, plain: PlainPoll, rows: Sequence[Any]) -> None:
    """Hold the stored ballots, and the tally beside them, against paper."""
    tied = {row.voter_id: (tuple(row.choices), row.weight) for row in rows if row.voter_id is not None}
    assert tied == {voter_id: (ballot.choices, ballot.weight) for voter_id, ballot in plain.ballots.items()}
    untied = [(tuple(row.choices), row.weight) for row in rows if row.voter_id is None]
    assert sorted(untied) == sorted((ballot.choices, ballot.weight) for ballot in plain.untied)
    assert len(rows) == poll.ballots == len(plain.kept)
    assert poll.weight == sum(ballot.weight for ballot in plain.kept)
    assert [line.votes for line in poll.candidates] == plain.tally()


def check_result(poll: Poll, plain: PlainPoll, rows: Sequence[Any]) -> None:
    """Recount; and what was once counted stays for ever."""
    if plain.state is not PollState.CLOSED:
        assert (poll.count, poll.root) == (None, None)
        return
    assert poll.count is not None
    assert poll.root is not None
    digest = poll_fingerprint(poll).digest
    leaves = sorted(ballot_leaf(digest, row.salt, row.choices, row.weight).hash for row in rows)
    assert poll.root == root(leaves).hex()
    recount = METHODS[poll.method].count([(row.choices, row.weight) for row in rows], len(poll.candidates))
    assert poll.count == count_values(recount)
    assert (poll.count["ballots"], poll.count["tally"]) == (len(plain.kept), plain.tally())
    plain.result = plain.result or (poll.count, poll.root)
    assert (poll.count, poll.root) == plain.result
