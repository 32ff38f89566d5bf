"""Printed shares of a single-choice poll: one decimal each, and 100.0 in all.

Largest remainder, in whole tenths of a percent: everyone gets their share rounded down, then the tenths
that are left go one by one to those who lost most by it. More votes never print a smaller share.

A tie may have to be split by that: three equal candidates are 33.4, 33.3 and 33.3. The sum comes first, and
of those who lost equally the one who stands earlier in the list gets the tenth. The places still say a tie.
"""

from collections.abc import Sequence
from decimal import Decimal

TENTHS = 1000


def printed_shares(votes: Sequence[int]) -> tuple[Decimal, ...]:
    """Return each candidate's share in percent, in the order given; all zero when nobody voted."""
    if any(count < 0 for count in votes):
        raise ValueError("votes are never negative")
    total = sum(votes)
    if not total:
        return tuple(_percent(0) for _ in votes)
    tenths = [count * TENTHS // total for count in votes]
    losses = [count * TENTHS % total for count in votes]
    spare = TENTHS - sum(tenths)
    # sorted() is stable: equal losses keep the order of the list.
    for i in sorted(range(len(votes)), key=lambda i: -losses[i])[:spare]:
        tenths[i] += 1
    return tuple(_percent(count) for count in tenths)


def _percent(tenths: int) -> Decimal:
    return Decimal(tenths).scaleb(-1)
