"""Single choice: each ballot names one candidate; the most votes win."""

from collections.abc import Iterable, Sequence

from bot.polls.counting.choices import UNKNOWN_CANDIDATE
from bot.polls.counting.outcome import Count, most_votes

NAME = "single"
EXPLAINED = "One choice each. You can change it until the poll closes; the last one counts."


def problem(choices: Sequence[int], candidates: int, max_choices: int) -> str | None:  # noqa: ARG001
    """Return why a ballot cannot be counted; `candidates` is their number, `choices` are positions from 0."""
    if len(choices) != 1:
        return "A ballot in this poll names exactly one candidate."
    if not 0 <= choices[0] < candidates:
        return UNKNOWN_CANDIDATE
    return None


def votes(choices: Sequence[int], weight: int) -> dict[int, int]:
    """Return what a ballot adds to the tally."""
    return {choices[0]: weight}


def count(ballots: Iterable[tuple[Sequence[int], int]], candidates: int) -> Count:
    """Count (choices, weight) pairs that `problem` accepts, in one pass."""
    tally, cast = [0] * candidates, 0
    for (choice,), weight in ballots:
        tally[choice] += weight
        cast += 1
    return most_votes(tally, cast, sum(tally))
