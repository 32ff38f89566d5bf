"""Ranked results beside those of a library that others wrote, on made-up polls."""

import random

import pytest
from pyrankvote import Ballot as TheirBallot  # type: ignore[import-untyped]
from pyrankvote import Candidate, instant_runoff_voting

from bot.polls.counting import Count, Reason, ranked
from tests.polls.counting.profiles import Ballot

SETTLED_BY_VOTES = {None, Reason.NO_VOTES, Reason.FEWEST, Reason.TOGETHER}


@pytest.mark.parametrize("seed", range(4))
def test_winners_and_rounds_agree_wherever_tie_rules_have_no_say(seed: int) -> None:
    rng = random.Random(seed)
    compared = several_rounds = exhausted = 0
    for _ in range(1500):
        candidates = rng.randint(2, 7)
        ballots = _ballots(rng, candidates)
        ours = ranked.count(ballots, candidates)
        # Their rule for ties is another one, and in the end it is chance.
        if not {one.reason for one in ours.rounds} <= SETTLED_BY_VOTES or len(ours.winners) > 1:
            continue
        winner, rounds = _theirs(ballots, candidates)
        assert winner == ours.winners[0], ballots
        assert rounds[0] == _held(ours, 0), ballots
        compared += 1
        several_rounds += len(ours.rounds) > 2
        exhausted += ours.rounds[-1].exhausted > 0
    assert compared > 1000
    assert several_rounds > 400
    assert exhausted > 400


def _ballots(rng: random.Random, candidates: int) -> list[Ballot]:
    """Make up ballots: partial rankings, weights, some candidates liked better than others."""
    liked = [rng.random() + 0.2 for _ in range(candidates)]
    ballots: list[Ballot] = []
    for _ in range(rng.randint(5, 40)):
        order = sorted(range(candidates), key=lambda position: rng.random() ** (1 / liked[position]), reverse=True)
        ballots.append((tuple(order[: rng.randint(1, candidates)]), rng.choice((1, 1, 1, 2, 3))))
    return ballots


def _theirs(ballots: list[Ballot], candidates: int) -> tuple[int, list[dict[int, int]]]:
    """Return their winner, and the votes above 0 of each of their rounds."""
    names = [Candidate(str(position)) for position in range(candidates)]
    copies = [TheirBallot([names[at] for at in choices]) for choices, weight in ballots for _ in range(weight)]
    election = instant_runoff_voting(names, copies)
    (winner,) = election.get_winners()
    rounds = [
        {int(one.candidate.name): round(one.number_of_votes) for one in past.candidate_results if one.number_of_votes}
        for past in election.rounds
    ]
    return int(winner.name), rounds


def _held(ours: Count, number: int) -> dict[int, int]:
    return {position: votes for position, votes in enumerate(ours.rounds[number].votes) if votes}
