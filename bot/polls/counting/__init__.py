"""Voting methods, one pure file each.

A method is a module with the names of `Method`. To add one: write its file, enter it in `METHODS`, give it a table test
in tests/polls/counting/. The property tests take every entry of `METHODS` by themselves. What else has to know the name
(the schema's CHECK, the option of `/poll open`) is listed in docs/methods.md.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.polls.counting import approval, ranked, single
from bot.polls.counting.outcome import Count, Reason, Round, Tie

__all__ = ["CANDIDATES_MAX", "METHODS", "WEIGHT_MAX", "Count", "Method", "Reason", "Round", "Tie"]

CANDIDATES_MAX = 100
WEIGHT_MAX = 10


class Method(Protocol):
    """What a voting method must know. Candidates are positions from 0; weights are whole numbers from 1."""

    NAME: str
    EXPLAINED: str

    def problem(self, choices: Sequence[int], candidates: int, max_choices: int) -> str | None:
        """Return why a ballot cannot be counted, as a whole sentence; None when it can."""
        ...

    def votes(self, choices: Sequence[int], weight: int) -> dict[int, int]:
        """Return what a ballot adds to the tally: candidate's position to votes."""
        ...

    def count(self, ballots: Iterable[tuple[Sequence[int], int]], candidates: int) -> Count:
        """Return the result of (choices, weight) pairs that `problem` accepts, read once and in any order."""
        ...


METHODS: dict[str, Method] = {method.NAME: method for method in (single, approval, ranked)}
