"""Approval: each ballot names any candidates up to the poll's limit, each gets a vote; the most votes win."""

from collections.abc import Iterable, Sequence

from bot.polls.counting.choices import list_problem
from bot.polls.counting.outcome import Count, most_votes

NAME = "approval"
EXPLAINED = "Choose every candidate that you would be happy with; each gets one vote, and the most votes win."

problem = list_problem


def votes(choices: Sequence[int], weight: int) -> dict[int, int]:
    """Return what a ballot adds to the tally."""
    return dict.fromkeys(choices, weight)


def count(ballots: Iterable[tuple[Sequence[int], int]], candidates: int) -> Count:
    """Count (choices, weight) pairs that `problem` accepts, in one pass."""
    tally, cast, total = [0] * candidates, 0, 0
    for choices, weight in ballots:
        for choice in choices:
            tally[choice] += weight
        cast += 1
        total += weight
    return most_votes(tally, cast, total)
