"""Whether a question about places wants to know how far they are apart, or whether somebody has more than half."""

from collections.abc import Sequence
from itertools import pairwise

from bot.answers.facts.tokens import wordset

_APART = wordset("difference margin gap landslide tight narrow photo neck pulled distance apart")
_BY_HOW_MUCH = (("by", "how"), ("how", "close"), ("close", "race"))
_HALF = wordset("majority half fifty 50%")


def asks_how_far(words: Sequence[str]) -> bool:
    """Say whether a distance is asked for, in votes or in points."""
    return not _APART.isdisjoint(words) or any(pair in _BY_HOW_MUCH for pair in pairwise(words))


def asks_for_half(words: Sequence[str]) -> bool:
    """Say whether it is asked for more than half."""
    return not _HALF.isdisjoint(words)
