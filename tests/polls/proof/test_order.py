import random

from bot.polls.proof.leaf import poll_fingerprint
from bot.polls.proof.order import LeafOrder
from tests.polls.proof.exports import a_poll, leaves_of, some_ballots


def test_leaves_come_in_ascending_order_whole_and_once() -> None:
    poll = a_poll("ranked")
    ballots = list(some_ballots(poll, 3_000))
    with LeafOrder(poll_fingerprint(poll).digest) as order:
        for ballot in random.Random(2).sample(ballots, len(ballots)):
            order.add(*ballot)
        assert list(order) == leaves_of(poll, iter(ballots))
        assert list(order) == leaves_of(poll, iter(ballots)), "it can be read again"


def test_ballots_can_be_added_after_a_reading() -> None:
    poll = a_poll()
    first, second = list(some_ballots(poll, 50, seed=1)), list(some_ballots(poll, 50, seed=2))
    with LeafOrder(poll_fingerprint(poll).digest) as order:
        for ballot in first:
            order.add(*ballot)
        assert len(list(order)) == 50
        for ballot in second:
            order.add(*ballot)
        assert list(order) == leaves_of(poll, iter([*first, *second]))


def test_no_ballots_are_no_leaves() -> None:
    with LeafOrder("") as order:
        assert list(order) == []
