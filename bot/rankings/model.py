"""What a ranking is, and the rules that put its entries in places."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.rankings.shares import printed_shares

Kind = Literal["poll", "survey"]
State = Literal["open", "closed", "cancelled", "published"]

NO_SHARE = Decimal("0.0")


@dataclass(frozen=True, slots=True)
class Entry:
    """One candidate as it comes in: with its votes, or with the share that a survey published."""

    label: str
    votes: int | None
    share: Decimal | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a ranking.

    `place` is None while no place is won; `moved` counts places climbed since the earlier ranking
    (negative: fallen) and is None when there is nothing to compare with.
    """

    place: int | None
    label: str
    project_id: str | None
    votes: int | None
    share: Decimal
    moved: int | None = None
    tied: bool = False

    @property
    def medal(self) -> int | None:
        """Return 1, 2 or 3 for gold, silver and bronze; nobody wins one without a vote."""
        return self.place if self.place in (1, 2, 3) and self.share else None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The standings of one poll or survey at one moment, with all that its reader should know about them."""

    title: str
    kind: Kind
    state: State
    standings: tuple[Standing, ...]
    ballots: int | None
    as_of: datetime
    closes_at: datetime | None = None
    source: str | None = None
    source_url: str | None = None
    remarks: tuple[str, ...] = ()
    hidden: bool = False
    poll_id: int | None = None

    def __post_init__(self) -> None:
        for moment in (self.as_of, self.closes_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a ranking is dated in aware time")
        # Hidden results cannot leak through a card or a chart that forgets to look at the flag.
        if self.hidden and any(line.place or line.votes or line.share for line in self.standings):
            raise ValueError("a hidden ranking carries no results: build its standings with concealed()")

    @property
    def decided(self) -> bool:
        """Say whether anybody holds a place."""
        return any(line.place is not None for line in self.standings)

    def shown_place(self, line: Standing) -> int | None:
        """Return the place that readers see: none for who got no vote, and none in a poll that was cancelled."""
        return None if self.state == "cancelled" or line.votes == 0 else line.place


def ranked(entries: Sequence[Entry], earlier: Mapping[str, int] | None = None) -> tuple[Standing, ...]:
    """Order the entries and give them places: 1, 2, 2, 4. Ties share a place; without any vote no place is won.

    Who is level stands in the order given, which is that of the ballot. `earlier` maps labels to the places of an
    earlier ranking, for the movement.
    """
    score = _score(entries)
    order = sorted(entries, key=lambda entry: -score(entry))
    holders = Counter(map(score, order))
    anyone = any(held > 0 for held in holders)
    first_at: dict[Decimal, int] = {}
    standings = []
    for position, (entry, share) in enumerate(zip(order, _shares(order), strict=True), start=1):
        held = score(entry)
        place = first_at.setdefault(held, position) if anyone else None
        climbed = moved(place, (earlier or {}).get(entry.label))
        tied = holders[held] > 1
        standings.append(Standing(place, entry.label, entry.project_id, entry.votes, share, climbed, tied))
    return tuple(standings)


def concealed(entries: Sequence[Entry]) -> tuple[Standing, ...]:
    """Return the candidates in the order of the ballot, with nothing that tells how they stand."""
    return tuple(Standing(None, entry.label, entry.project_id, None, NO_SHARE) for entry in entries)


def places(standings: Sequence[Standing]) -> dict[str, int]:
    """Return label → place, to keep as the `earlier` of the next ranking."""
    return {line.label: line.place for line in standings if line.place is not None}


def _score(entries: Sequence[Entry]) -> Callable[[Entry], Decimal]:
    """Return what to rank these entries by: their votes if all have some count, else their published shares."""
    if all(entry.votes is not None for entry in entries):
        return lambda entry: Decimal(entry.votes or 0)
    if all(entry.share is not None for entry in entries):
        return lambda entry: entry.share or NO_SHARE
    raise ValueError("all entries carry votes, or all carry shares")


def _shares(entries: Sequence[Entry]) -> Sequence[Decimal]:
    """Take the published shares where there are any, else print those of the votes."""
    published = [entry.share for entry in entries if entry.share is not None]
    if len(published) == len(entries):
        return published
    return printed_shares([entry.votes or 0 for entry in entries])


def moved(place: int | None, before: int | None) -> int | None:
    """Return how many places were climbed, negative for fallen; None where there is nothing to compare."""
    return None if place is None or before is None else before - place
