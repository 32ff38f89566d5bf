"""The paper that a member fills in: what is marked so far, and which part of a long list is shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.polls import marks as code
from bot.polls.marks import RANKS_MAX
from bot.polls.model import Ballot, Candidate, Poll

PAGE_CANDIDATES = 25


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot that is being filled in. It is kept nowhere but in the custom ids of its own buttons."""

    poll: Poll
    marks: tuple[int, ...] = ()
    page: int = 0

    @classmethod
    def opened(cls, poll: Poll, kept: Ballot | None) -> "Paper":
        """Return a new paper; over several pages, approvals start from the ballot that is recorded."""
        paper = cls(poll)
        return replace(paper, marks=tuple(sorted(kept.choices))) if kept and paper.adds_up else paper

    @classmethod
    def read(cls, poll: Poll, page: str, text: str) -> "Paper | None":
        """Return the paper that a custom id holds; None when it is broken, or of another poll."""
        marks = code.read(text, len(poll.candidates), in_order=poll.method == "ranked")
        return cls(poll, marks, int(page[:3])) if marks is not None and page.isdecimal() else None

    @property
    def ranked(self) -> bool:
        """Whether the order of the marks counts."""
        return self.poll.method == "ranked"

    @property
    def adds_up(self) -> bool:
        """Whether approvals are gathered over several pages and then confirmed."""
        return self.poll.method == "approval" and len(self.poll.candidates) > PAGE_CANDIDATES

    @property
    def limit(self) -> int:
        """How many candidates a ballot may name."""
        most = 1 if self.poll.method == "single" else min(self.poll.max_choices, len(self.poll.candidates))
        return min(most, RANKS_MAX) if self.ranked else most

    @property
    def excess(self) -> int:
        """How many marks are too many."""
        return max(0, len(self.marks) - self.limit)

    @property
    def offered(self) -> tuple[Candidate, ...]:
        """The candidates to choose from, in the ballot's order; a ranking offers those without a rank."""
        if not self.ranked:
            return self.poll.candidates
        if len(self.marks) >= self.limit:
            return ()
        return tuple(line for line in self.poll.candidates if line.position not in self.marks)

    @property
    def pages(self) -> int:
        """How many pages the candidates take."""
        return max(1, -(-len(self.offered) // PAGE_CANDIDATES))

    @property
    def place(self) -> int:
        """The page that is shown, from 0; there may be fewer than when the button was made."""
        return min(self.page, self.pages - 1)

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """The candidates of this page."""
        start = self.place * PAGE_CANDIDATES
        return self.offered[start : start + PAGE_CANDIDATES]

    @property
    def text(self) -> str:
        """The marks, as a custom id holds them."""
        return code.written(self.marks, len(self.poll.candidates), in_order=self.ranked)

    def turned(self, step: int) -> "Paper":
        """Return the paper some pages further on."""
        return replace(self, page=max(0, self.place + step))

    def marked(self, marks: Collection[int]) -> "Paper":
        """Return the paper with these marks; a ranking keeps their order and has no more than fit."""
        if self.ranked:
            return replace(self, marks=tuple(dict.fromkeys(marks))[: self.limit])
        return replace(self, marks=tuple(sorted(set(marks))))

    def added(self, picked: Sequence[int]) -> "Paper":
        """Return the paper with more marks; one that is there already keeps its place."""
        return self.marked([*self.marks, *picked])

    def marked_here(self, picked: Sequence[int]) -> "Paper":
        """Return the paper with this page's marks replaced, those of other pages kept."""
        here = {line.position for line in self.shown}
        return self.marked([*(mark for mark in self.marks if mark not in here), *picked])

    def undone(self) -> "Paper":
        """Return the paper without its last mark."""
        return replace(self, marks=self.marks[:-1])


def positions(poll: Poll, values: Sequence[str]) -> tuple[int, ...] | None:
    """Return the positions that a list sent; None when one is not a candidate of this poll."""
    known = {str(line.position): line.position for line in poll.candidates}
    return tuple(known[value] for value in values) if all(value in known for value in values) else None
