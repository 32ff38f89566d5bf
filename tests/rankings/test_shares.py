"""Printed shares of single-choice polls."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rankings.shares import printed_shares

VOTES = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


@given(VOTES)
def test_shares_sum_to_100_or_to_nothing(votes: list[int]) -> None:
    assert sum(printed_shares(votes)) == (Decimal("100.0") if any(votes) else 0)


@given(VOTES)
def test_shares_have_one_decimal(votes: list[int]) -> None:
    assert all(share.as_tuple().exponent == -1 for share in printed_shares(votes))


@given(VOTES)
def test_a_share_is_less_than_a_tenth_from_the_true_one(votes: list[int]) -> None:
    total = sum(votes)
    for count, share in zip(votes, printed_shares(votes), strict=True):
        assert abs(int(share * 10) * total - count * 1000) < max(total, 1)


@given(VOTES)
def test_more_votes_never_print_less(votes: list[int]) -> None:
    printed = [share for _, share in sorted(zip(votes, printed_shares(votes), strict=True))]
    assert printed == sorted(printed)


@given(VOTES)
def test_equal_votes_differ_by_a_tenth_at_most_and_the_earlier_has_it(votes: list[int]) -> None:
    shares = printed_shares(votes)
    for i in range(len(votes)):
        for j in range(i + 1, len(votes)):
            if votes[i] == votes[j]:
                assert shares[i] - shares[j] in (Decimal("0.0"), Decimal("0.1"))


@pytest.mark.parametrize(
    ("votes", "printed"),
    [
        ([1, 1, 1], ["33.4", "33.3", "33.3"]),
        ([0, 0], ["0.0", "0.0"]),
        ([7], ["100.0"]),
        ([1, 1, 5], ["14.3", "14.3", "71.4"]),
        ([2, 0, 1], ["66.7", "0.0", "33.3"]),
        ([], []),
    ],
)
def test_known_counts_print_so(votes: list[int], printed: list[str]) -> None:
    assert [str(share) for share in printed_shares(votes)] == printed


def test_negative_votes_are_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        printed_shares([3, -1])
