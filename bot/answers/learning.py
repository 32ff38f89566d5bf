"""What has no answer yet: questions that ask the same, gathered, with nobody named."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue.search import key_of

# Distinct wordings that are compared with each other, the newest ones: the time grows with their number.
MOST_WORDINGS = 200

# From questions to a table that says which of them ask about the same.
Alike = Callable[[Sequence[str]], Sequence[Sequence[bool]]]

# Whoever or whatever belongs to one person: mentions, handles, mail addresses, ids, wallets, keys.
_PERSONAL = (
    (re.compile(r"<@[!&]?\d+>"), "@someone"),
    (re.compile(r"<#\d+>"), "#channel"),
    (re.compile(r"<a?:(\w+):\d+>"), r":\1:"),
    (re.compile(r"\S+@\S+\.\w+"), "@someone"),
    (re.compile(r"(?<!\w)@\w[\w.]*"), "@someone"),
    (re.compile(r"\b0x[0-9a-fA-F]{16,}"), "0x…"),
    (re.compile(r"\b(?=\w*\d)\w{26,}"), "…"),
    (re.compile(r"\b\d{15,}\b"), "…"),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that got no answer, or one that did not help."""

    id: int
    question: str
    kind: str
    asked_at: datetime
    marked_down: int = 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Gaps that ask about the same; the first one stands for them."""

    gaps: tuple[Gap, ...]

    @property
    def lead(self) -> Gap:
        """Return the gap whose wording was used most, the newest of them."""
        return self.gaps[0]

    @property
    def last_asked_at(self) -> datetime:
        """Return when it was asked last."""
        return max(gap.asked_at for gap in self.gaps)

    @property
    def marked_down(self) -> int:
        """Return how often an answer was said not to help."""
        return sum(gap.marked_down for gap in self.gaps)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return the different ways it was asked, the lead's first."""
        return tuple({key_of(gap.question): gap.question for gap in reversed(self.gaps)}.values())[::-1]


def masked(question: str) -> str:
    """Return a question without what could name or trace a person."""
    for pattern, instead in _PERSONAL:
        question = pattern.sub(instead, question)
    return question


def clusters(gaps: Sequence[Gap], alike: Alike) -> tuple[Cluster, ...]:
    """Gather gaps that ask the same; the most asked first, then the newest."""
    groups = sorted(_by_wording(gaps), key=len, reverse=True)
    same = alike([group[0].question for group in groups])
    left, found = dict(enumerate(groups)), []
    while left:
        lead = next(iter(left))
        gathered = left.pop(lead)
        for place in [place for place in left if same[lead][place]]:
            gathered += left.pop(place)
        found.append(Cluster(tuple(gathered)))
    return tuple(sorted(found, key=lambda cluster: (len(cluster.gaps), cluster.last_asked_at), reverse=True))


def _by_wording(gaps: Sequence[Gap]) -> list[list[Gap]]:
    """Put gaps of the same wording together, the newest first in each."""
    groups: dict[str, list[Gap]] = {}
    for gap in sorted(gaps, key=lambda gap: gap.asked_at, reverse=True):
        if (key := key_of(gap.question)) and (key in groups or len(groups) < MOST_WORDINGS):
            groups.setdefault(key, []).append(gap)
    return list(groups.values())
