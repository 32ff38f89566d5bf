import random

import pytest

from bot.polls.counting import CANDIDATES_MAX
from bot.polls.proof import order as ordering
from bot.polls.proof.leaf import Leaf, ballot_leaf, columns
from bot.polls.proof.order import LeafOrder, Parts
from tests.polls.proof.exports import a_poll, add_all, leaves_of, order_of, some_ballots


@pytest.mark.parametrize("in_memory_bytes", [1, ordering._IN_MEMORY_BYTES])
def test_leaves_come_in_ascending_order_whole_and_once(monkeypatch: pytest.MonkeyPatch, in_memory_bytes: int) -> None:
    monkeypatch.setattr(ordering, "_IN_MEMORY_BYTES", in_memory_bytes)
    poll = a_poll("ranked")
    ballots = list(some_ballots(poll, 3_000))
    with order_of(poll) as order:
        add_all(order, random.Random(2).sample(ballots, len(ballots)))
        assert list(order) == leaves_of(poll, iter(ballots))
        assert list(order) == leaves_of(poll, iter(ballots)), "it can be read again"


def test_ballots_can_be_added_after_a_reading() -> None:
    poll = a_poll()
    first, second = list(some_ballots(poll, 50, seed=1)), list(some_ballots(poll, 50, seed=2))
    with order_of(poll) as order:
        add_all(order, first)
        assert len(list(order)) == 50
        add_all(order, second)
        assert list(order) == leaves_of(poll, iter([*first, *second]))


def test_no_ballots_are_no_leaves() -> None:
    with LeafOrder("", 5) as order:
        assert list(order) == []


def test_the_longest_ballot_and_the_largest_weight_stay_whole() -> None:
    choices, salt = tuple(range(CANDIDATES_MAX)), b"\xff" * 16
    with LeafOrder("ab", CANDIDATES_MAX) as order:
        add_all(order, [(salt, choices, 10)])
        assert list(order) == [ballot_leaf("ab", salt, choices, 10)]
        assert next(iter(order)).choices == bytes(choices)


@pytest.mark.parametrize("text", ["[2, 0, 1]", "[2,0,1]"])
def test_a_leaf_is_that_of_the_choices_however_their_json_is_spaced(text: str) -> None:
    with LeafOrder("ab", 3) as order:
        order.add([b"s" * 16, b"t" * 16], [text, "[1]"], [2, 1])
        expected = [ballot_leaf("ab", b"s" * 16, (2, 0, 1), 2), ballot_leaf("ab", b"t" * 16, (1,), 1)]
        assert list(order) == sorted(expected)


@pytest.mark.parametrize("text", ["[0, 1, 2, 0]", "[256]", "[-1]", "[0.5]", "[[0]]", '["0"]', "[0", "0], [1", ""])
def test_choices_that_no_poll_takes_are_not_put_in_order_silently(text: str) -> None:
    with LeafOrder("", 3) as order, pytest.raises((ValueError, TypeError)):
        order.add([b"s" * 16, b"t" * 16], ["[1]", text], [1, 1])


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001, 2_500])
def test_columns_hold_what_the_leaves_hold(count: int) -> None:
    leaves = leaves_of(a_poll("ranked"), some_ballots(a_poll("ranked"), count))
    assert [Leaf(*each) for group in columns(iter(leaves)) for each in zip(*group, strict=True)] == leaves


def test_any_records_of_one_size_are_put_in_order() -> None:
    chance = random.Random(3)
    records = [chance.randbytes(3) for _ in range(5_000)]
    with Parts(3) as order:
        order.add_records(records[:3_000])
        order.add_records(iter(records[3_000:]))
        parts = list(order.parts())
    assert [record for part in parts for record in part] == sorted(records)
