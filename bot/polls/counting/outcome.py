"""What a count gives back, whatever the method: winners, places, rounds and every tie in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why candidates left in a round."""

    NO_VOTES = "no_votes"
    FEWEST = "fewest"
    EARLIER_ROUND = "earlier_round"
    TOGETHER = "together"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class Tie:
    """Candidates that stood level where the count had to choose; without a `rule` the tie is the result."""

    round: int
    candidates: tuple[int, ...]
    votes: int
    rule: Reason | None = None
    eliminated: tuple[int, ...] = ()
    earlier_round: int | None = None

    def said(self, labels: Sequence[str]) -> str:
        """Say who was level and what followed, in one sentence."""
        level, out = _listed(self.candidates, labels), _listed(self.eliminated, labels)
        each = f"{self.votes} {'vote' if self.votes == 1 else 'votes'} each"
        match self.rule:
            case None:
                return f"Tie for the win: {level} have {each}."
            case Reason.EARLIER_ROUND:
                why = f"{out} had the fewest of them in round {self.earlier_round} and leaves"
            case Reason.TOGETHER:
                why = "even together they have fewer than the next candidate, so all of them leave"
            case _:
                why = f"earlier rounds do not settle it, so the lot drawn from the ballots does: {out} leaves"
        return f"Round {self.round}: {level} are last with {each}; {why}."


@dataclass(frozen=True, slots=True)
class Round:
    """One round: votes by candidate's position (None: left before), weight that counts for nobody, who leaves."""

    number: int
    votes: tuple[int | None, ...]
    exhausted: int = 0
    eliminated: tuple[int, ...] = ()
    reason: Reason | None = None

    @property
    def continuing(self) -> int:
        """The weight that still counts for somebody."""
        return sum(votes or 0 for votes in self.votes)

    @property
    def majority(self) -> int:
        """The fewest votes that are more than half of what still counts."""
        return self.continuing // 2 + 1


@dataclass(frozen=True, slots=True)
class Count:
    """The result of a poll. Candidates are positions from 0; nobody wins a poll without votes.

    `votes` is what the running tally says. A place is None while no place is won; level candidates share one.
    `lot` is the drawn order, first to leave first, and empty when no lot was needed.
    """

    winners: tuple[int, ...]
    places: tuple[int | None, ...]
    votes: tuple[int, ...]
    ballots: int
    weight: int
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...] = ()
    lot: tuple[int, ...] = ()

    @property
    def order(self) -> tuple[int, ...]:
        """The candidates from the best place to the last; where a place is shared, as listed on the ballot."""
        return tuple(sorted(range(len(self.places)), key=lambda position: self.places[position] or 0))

    def statements(self, labels: Sequence[str]) -> list[str]:
        """Say every tie that was met, in the order of the rounds."""
        return [tie.said(labels) for tie in self.ties]


def most_votes(votes: Sequence[int], ballots: int, weight: int) -> Count:
    """Return the result where the most votes win and nothing is transferred."""
    top = max(votes, default=0)
    winners = tuple(position for position, held in enumerate(votes) if held == top > 0)
    return Count(
        winners=winners,
        places=places(by_votes(dict(enumerate(votes))) if top else [], len(votes)),
        votes=tuple(votes),
        ballots=ballots,
        weight=weight,
        rounds=(Round(1, tuple(votes)),),
        ties=(Tie(1, winners, top),) if len(winners) > 1 else (),
    )


def by_votes(votes: dict[int, int]) -> list[tuple[int, ...]]:
    """Group candidates by their votes, most first."""
    return [
        tuple(position for position, held in votes.items() if held == level)
        for level in sorted(set(votes.values()), reverse=True)
    ]


def places(groups: Iterable[Sequence[int]], candidates: int) -> tuple[int | None, ...]:
    """Give places to groups of level candidates, best first: 1, 2, 2, 4."""
    found: dict[int, int] = {}
    for group in groups:
        found |= dict.fromkeys(group, len(found) + 1)
    return tuple(found.get(position) for position in range(candidates))


def _listed(positions: Sequence[int], labels: Sequence[str]) -> str:
    names = [labels[position] for position in positions]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
