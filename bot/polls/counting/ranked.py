"""Ranked choice, counted as an instant runoff.

Each ballot counts for its best-placed candidate who is still in. Whoever has more than half of the votes that still
count wins; until then the last leaves, and those ballots pass on. A ballot with nobody left to pass on to is exhausted:
it stays in the report, but no longer in what half is taken of.

Who leaves when several are last, the first rule that settles it:

1. All without a vote leave at once.
2. The one with the fewest votes in the latest earlier round in which they differed. Where public elections have a rule
   before the lot, it is this one: it asks the ballots first, and never lets a lower choice hurt a higher one.
3. All of them, when even together they have fewer votes than the next candidate. Whatever the order, they would all go.
4. The first of them in a lot. It is drawn from the ballots themselves, so that anybody who has them can draw it again,
   nobody can know it while ballots are missing, and the order of the list favours no one.

A tie for the win is never broken: two left with equal votes, or more who were level in every round, win together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain

from bot.polls.counting.choices import list_problem
from bot.polls.counting.outcome import Count, Reason, Round, Tie, by_votes, places

NAME = "ranked"
EXPLAINED = (
    "Rank the candidates, your favourite first. Whoever has the fewest votes drops out, and those ballots count for "
    "their next choice, until one candidate has more than half."
)

problem = list_problem

# All rankings with the weight of their ballots, by their first choice: a single dictionary of a million would hold up
# everybody else whenever it grows. As bytes, a position each, a million different rankings fit into memory.
Rankings = Mapping[int, Mapping[bytes, int]]


def votes(choices: Sequence[int], weight: int) -> dict[int, int]:
    """Return what a ballot adds to the tally: the first preference."""
    return {choices[0]: weight}


def count(ballots: Iterable[tuple[Sequence[int], int]], candidates: int) -> Count:
    """Count (choices, weight) pairs that `problem` accepts; memory grows with the different rankings alone."""
    rankings, cast = _folded(ballots, candidates)
    first = {position: sum(rankings[position].values()) for position in range(candidates)}
    runoff = _Runoff(rankings, dict(first), candidates)
    winners = runoff.run()
    groups = _groups(winners, runoff) if winners else []
    return Count(
        winners=winners,
        places=places(groups, candidates),
        votes=tuple(first.values()),
        ballots=cast,
        weight=sum(first.values()),
        rounds=tuple(runoff.rounds),
        ties=tuple(runoff.ties),
        lot=runoff.lot,
    )


def drawn_lot(rankings: Rankings, candidates: int) -> tuple[int, ...]:
    """Return the candidates in the order of the lot; docs/methods.md says how to draw it by hand."""
    seed = sha256()
    for first in sorted(rankings):
        for ranking in sorted(rankings[first]):
            seed.update(f"{'>'.join(map(str, ranking))}={rankings[first][ranking]}\n".encode())
    drawn = seed.hexdigest()
    return tuple(sorted(range(candidates), key=lambda position: sha256(f"{drawn}:{position}".encode()).digest()))


def _folded(ballots: Iterable[tuple[Sequence[int], int]], candidates: int) -> tuple[Rankings, int]:
    """Add up equal rankings; also return how many ballots there are."""
    rankings: dict[int, defaultdict[bytes, int]] = defaultdict(lambda: defaultdict(int))
    cast = 0
    for choices, weight in ballots:
        rankings[choices[0]][bytes(choices)] += weight
        cast += 1
    known = bytes(range(candidates))
    if any(ranking.translate(None, known) for pile in rankings.values() for ranking in pile):
        raise ValueError("a ballot names a candidate who is not in the poll")
    return rankings, cast


@dataclass(slots=True)
class _Runoff:
    """A count under way; `votes` holds those who are still in, `piles` the rankings that have passed on to each."""

    rankings: Rankings
    votes: dict[int, int]
    candidates: int
    piles: defaultdict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    gone: bytes = b""
    exhausted: int = 0
    rounds: list[Round] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    lot: tuple[int, ...] = ()

    def run(self) -> tuple[int, ...]:
        """Go through the rounds; return who won, nobody when there are no votes."""
        while any(self.votes.values()) and not (winners := self._winners()):
            eliminated, reason = self._last()
            self._record(eliminated, reason)
            self._eliminate(eliminated)
        self._record()
        return winners if any(self.votes.values()) else ()

    def _winners(self) -> tuple[int, ...]:
        """Return who has more than half of what still counts, or those who tie for the win."""
        most, continuing = max(self.votes.values()), sum(self.votes.values())
        leaders = tuple(position for position, held in self.votes.items() if held == most)
        if 2 * most > continuing:
            return leaders
        everybody = len(leaders) == len(self.votes)
        if everybody and (len(leaders) == 2 or len(self._fewest_before(leaders)[0]) == len(leaders)):
            self.ties.append(Tie(len(self.rounds) + 1, leaders, most))
            return leaders
        return ()

    def _last(self) -> tuple[tuple[int, ...], Reason]:
        """Return who leaves, and by which rule."""
        fewest = min(self.votes.values())
        last = tuple(position for position, held in self.votes.items() if held == fewest)
        if fewest == 0:
            return last, Reason.NO_VOTES
        if len(last) == 1:
            return last, Reason.FEWEST
        eliminated, reason, earlier = self._settled(last, fewest)
        self.ties.append(Tie(len(self.rounds) + 1, last, fewest, reason, eliminated, earlier))
        return eliminated, reason

    def _settled(self, last: tuple[int, ...], fewest: int) -> tuple[tuple[int, ...], Reason, int | None]:
        """Apply the tie rules to those who are last with some votes."""
        before, earlier = self._fewest_before(last)
        if len(before) == 1:
            return before, Reason.EARLIER_ROUND, earlier
        others = [held for held in self.votes.values() if held > fewest]
        if others and fewest * len(last) < min(others):
            return last, Reason.TOGETHER, None
        self.lot = self.lot or drawn_lot(self.rankings, self.candidates)
        return (min(before, key=self.lot.index),), Reason.LOT, None

    def _fewest_before(self, level: tuple[int, ...]) -> tuple[tuple[int, ...], int | None]:
        """Keep, going back round by round, those with the fewest votes; also return the round that settled it."""
        settled_in = None
        for earlier in reversed(self.rounds):
            held = {position: earlier.votes[position] or 0 for position in level}
            fewest = tuple(position for position in level if held[position] == min(held.values()))
            if len(fewest) < len(level):
                level, settled_in = fewest, earlier.number
        return level, settled_in

    def _record(self, eliminated: tuple[int, ...] = (), reason: Reason | None = None) -> None:
        held = tuple(self.votes.get(position) for position in range(self.candidates))
        self.rounds.append(Round(len(self.rounds) + 1, held, self.exhausted, eliminated, reason))

    def _eliminate(self, eliminated: tuple[int, ...]) -> None:
        self.gone += bytes(eliminated)
        for position in eliminated:
            del self.votes[position]
        for position in eliminated:
            self._pass_on(chain(self.rankings[position], self.piles.pop(position, ())))

    def _pass_on(self, rankings: Iterable[bytes]) -> None:
        """Let each ranking count for its best-placed candidate who is still in."""
        weights, gone, votes, piles = self.rankings, self.gone, self.votes, self.piles
        for ranking in rankings:
            weight, left = weights[ranking[0]][ranking], ranking.translate(None, gone)
            if left:
                piles[left[0]].append(ranking)
                votes[left[0]] += weight
            else:
                self.exhausted += weight


def _groups(winners: tuple[int, ...], runoff: _Runoff) -> list[tuple[int, ...]]:
    """Return level candidates, best first: the winners, who was left by votes, then the eliminated, latest first."""
    others = {position: held for position, held in runoff.votes.items() if position not in winners}
    return [winners, *by_votes(others), *(past.eliminated for past in reversed(runoff.rounds) if past.eliminated)]
