"""Ballots to count: written by hand in one line, or made up by hypothesis."""

from hypothesis import settings
from hypothesis import strategies as st

Ballot = tuple[tuple[int, ...], int]

seeded = settings(derandomize=True, max_examples=200, deadline=None)


def cast(*lines: str) -> list[Ballot]:
    """Return ballots of weight 1 from lines such as "3 A>B", where A is the candidate at position 0."""
    ballots: list[Ballot] = []
    for line in lines:
        times, names = line.split()
        ballots += [(tuple(ord(name) - ord("A") for name in names.split(">")), 1)] * int(times)
    return ballots


@st.composite
def profiles(draw: st.DrawFn, *, method: str = "ranked", candidates_max: int = 6) -> tuple[list[Ballot], int]:
    """Make up ballots that the method accepts, with the number of candidates; few of each, so that ties are common."""
    candidates = draw(st.integers(1, candidates_max))
    most = 1 if method == "single" else candidates
    choices = st.lists(st.integers(0, candidates - 1), min_size=1, max_size=most, unique=True).map(tuple)
    ballots = draw(st.lists(st.tuples(choices, st.integers(1, 10) | st.just(1)), max_size=14))
    return ballots, candidates
