"""Polls with made-up ballots, and their exports; of any size."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.polls.model import Candidate, Poll, PollState, Rules, Visibility
from bot.polls.proof.export import Exported, write_json
from bot.polls.proof.leaf import Leaf, ballot_leaf, poll_fingerprint
from bot.polls.proof.order import LeafOrder
from tests.polls.ballots import poll_of

LABELS = ("Starknet", "LayerZero", "peaq", "Zür¡ch 「星」", "EigenLayer")
OPENED = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLOSED = datetime(2026, 3, 8, 12, 0, 0, 250_000, tzinfo=UTC)
ROLE, HEAVY_ROLE = 1_187_654_321_012_345_678, 1_187_654_321_012_345_679
RULES = Rules(min_account_age_days=30, role_ids=(ROLE,), weights={HEAVY_ROLE: 3})
ADDED_AT_ONCE = 1_000

Ballot = tuple[bytes, tuple[int, ...], int]


def a_poll(
    method: str = "single", *, number: int = 12, labels: tuple[str, ...] = LABELS, rules: Rules | None = None
) -> Poll:
    poll = poll_of(labels, method, len(labels), number=number, title='Who "leads"?')
    return replace(
        poll,
        message_id=71,
        results=Visibility.AFTER_CLOSE,
        rules=rules or RULES,
        state=PollState.CLOSED,
        created_at=OPENED,
        opens_at=OPENED,
        closes_at=CLOSED,
        closed_at=CLOSED,
        candidates=tuple(Candidate(place, label, label.lower()) for place, label in enumerate(labels)),
    )


def reopened(poll: Poll) -> Poll:
    return replace(poll, state=PollState.OPEN, closed_at=None)


def some_ballots(poll: Poll, count: int, seed: int = 1) -> Iterator[Ballot]:
    """Give ballots at random, with weights from 1 to 3 and one favourite among the candidates."""
    chance, positions = random.Random(seed), range(len(poll.candidates))
    for _ in range(count):
        named = 1 if poll.method == "single" else chance.randint(1, poll.max_choices)
        choices = chance.sample(positions, named)
        if chance.random() < 0.2:
            choices = [0, *(choice for choice in choices if choice)][:named]
        yield chance.randbytes(16), tuple(choices), chance.choice((1, 1, 1, 2, 3))


def leaves_of(poll: Poll, ballots: Iterator[Ballot]) -> list[Leaf]:
    digest = poll_fingerprint(poll).digest
    return sorted(ballot_leaf(digest, *ballot) for ballot in ballots)


def write_export(path: Path, poll: Poll, ballots: Iterator[Ballot]) -> Exported:
    """Write an export with little memory, however many ballots there are."""
    with order_of(poll) as order, path.open("wb") as out:
        add_all(order, ballots)
        return write_json(out, poll, order)


def order_of(poll: Poll) -> LeafOrder:
    return LeafOrder(poll_fingerprint(poll).digest, len(poll.candidates))


def add_all(order: LeafOrder, ballots: Iterable[Ballot]) -> None:
    """Put ballots in order as they come from the store: some at a time, their choices as JSON."""
    rest = iter(ballots)
    while some := list(islice(rest, ADDED_AT_ONCE)):
        salts, choices, weights = zip(*some, strict=True)
        order.add(salts, [str(list(each)) for each in choices], weights)
