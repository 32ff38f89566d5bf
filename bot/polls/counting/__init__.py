"""Voting methods, one pure file each.

A method is a module with the same few names; to add one, write the file and enter it in `METHODS`.
"""

from collections.abc import Sequence
from typing import Protocol

from bot.polls.counting import single


class Method(Protocol):
    """What a voting method must know."""

    NAME: str
    EXPLAINED: str

    def problem(self, choices: Sequence[int], candidates: int, max_choices: int) -> str | None:
        """Return why a ballot cannot be counted, as a whole sentence; None when it can."""
        ...

    def votes(self, choices: Sequence[int], weight: int) -> dict[int, int]:
        """Return what a ballot adds to the tally: candidate's position to votes."""
        ...


METHODS: dict[str, Method] = {"single": single}
