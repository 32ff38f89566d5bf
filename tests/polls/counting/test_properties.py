"""What holds for every method, or for every instant runoff, whatever the ballots."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.polls.counting import CANDIDATES_MAX, METHODS, Count, Reason, Round
from tests.polls.counting.profiles import Ballot, profiles, seeded

every_method = pytest.mark.parametrize("name", METHODS)


@every_method
def test_a_method_is_entered_under_its_name_and_explained_in_short_sentences(name: str) -> None:
    method = METHODS[name]
    assert name == method.NAME
    assert 20 < len(method.EXPLAINED) < 200
    assert method.EXPLAINED.endswith(".")


@every_method
@seeded
@given(data=st.data())
def test_made_up_ballots_are_accepted_and_counted(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    assert not [choices for choices, _ in ballots if METHODS[name].problem(choices, candidates, candidates)]
    result = METHODS[name].count(iter(ballots), candidates)
    assert (result.ballots, result.weight) == (len(ballots), sum(weight for _, weight in ballots))
    assert bool(result.winners) == bool(ballots)


@every_method
@seeded
@given(data=st.data())
def test_the_order_of_ballots_does_not_matter(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    shuffled = data.draw(st.permutations(ballots))
    assert METHODS[name].count(shuffled, candidates) == METHODS[name].count(ballots, candidates)


@every_method
@seeded
@given(data=st.data())
def test_renaming_candidates_renames_the_result(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    renamed = data.draw(st.permutations(range(candidates)))
    before = METHODS[name].count(ballots, candidates)
    after = METHODS[name].count([(_renamed(choices, renamed), weight) for choices, weight in ballots], candidates)
    assert bool(after.lot) == bool(before.lot)
    assume(not before.lot)
    assert set(after.winners) == set(_renamed(before.winners, renamed))
    assert [after.places[position] for position in renamed] == list(before.places)
    assert [after.votes[position] for position in renamed] == list(before.votes)
    for one, other in zip(before.rounds, after.rounds, strict=True):
        assert [other.votes[position] for position in renamed] == list(one.votes)
        assert (other.reason, other.exhausted) == (one.reason, one.exhausted)


@every_method
@seeded
@given(data=st.data())
def test_a_weight_counts_as_that_many_ballots(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    copies = [(choices, 1) for choices, weight in ballots for _ in range(weight)]
    weighted, copied = (METHODS[name].count(some, candidates) for some in (ballots, copies))
    assert _without_turnout(weighted) == _without_turnout(copied)
    assert copied.ballots == weighted.weight


@every_method
@seeded
@given(data=st.data())
def test_the_votes_are_those_of_the_running_tally(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    tally: Counter[int] = Counter()
    for choices, weight in ballots:
        tally.update(METHODS[name].votes(choices, weight))
    assert METHODS[name].count(ballots, candidates).votes == tuple(tally[position] for position in range(candidates))


@every_method
@seeded
@given(data=st.data())
def test_places_are_shared_by_the_level_and_the_winners_are_first(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    result = METHODS[name].count(ballots, candidates)
    assume(result.winners)
    held = sorted(place or 0 for place in result.places)
    assert tuple(position for position, place in enumerate(result.places) if place == 1) == result.winners
    assert all(after in (before, number) for number, (before, after) in enumerate(pairwise(held), start=2))
    assert [result.places[position] for position in result.order] == held


@every_method
@seeded
@given(data=st.data())
def test_removing_a_ballot_that_only_helps_others_keeps_the_winner(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    before = METHODS[name].count(ballots, candidates)
    assume(len(before.winners) == 1)
    winner = before.winners[0]
    # A vote less for somebody else never hurts where votes do not move. In a runoff it can: it changes who is last.
    removable = [at for at, (choices, _) in enumerate(ballots) if winner not in choices]
    assume(removable and (name != "ranked" or len(before.rounds) == 1))
    at = data.draw(st.sampled_from(removable))
    assert METHODS[name].count(ballots[:at] + ballots[at + 1 :], candidates).winners == (winner,)


@pytest.mark.parametrize("name", ["single", "ranked"])
@seeded
@given(data=st.data())
def test_each_round_accounts_for_every_vote(name: str, data: st.DataObject) -> None:
    ballots, candidates = data.draw(profiles(method=name))
    result = METHODS[name].count(ballots, candidates)
    assert {one.continuing + one.exhausted for one in result.rounds} == {result.weight}
    exhausted = [one.exhausted for one in result.rounds]
    assert exhausted == sorted(exhausted)


@seeded
@given(profiles())
def test_each_round_is_what_the_ballots_say_without_those_who_left(profile: tuple[list[Ballot], int]) -> None:
    ballots, candidates = profile
    left: set[int] = set()
    for one in METHODS["ranked"].count(ballots, candidates).rounds:
        votes = {position: 0 for position in range(candidates) if position not in left}
        for choices, weight in ballots:
            first = next((position for position in choices if position in votes), None)
            if first is not None:
                votes[first] += weight
        assert one.votes == tuple(votes.get(position) for position in range(candidates))
        left |= set(one.eliminated)


@seeded
@given(profiles())
def test_only_the_last_leave_and_the_count_ends_with_a_majority_or_a_tie(profile: tuple[list[Ballot], int]) -> None:
    ballots, candidates = profile
    assume(ballots)
    result = METHODS["ranked"].count(ballots, candidates)
    for one in result.rounds[:-1]:
        held = {position: votes for position, votes in enumerate(one.votes) if votes is not None}
        assert max(held.values()) < one.majority
        assert {held[position] for position in one.eliminated} == {min(held.values())}
        assert one.reason is not None
    last = result.rounds[-1]
    assert last.eliminated == ()
    if len(result.winners) == 1:
        assert (last.votes[result.winners[0]] or 0) >= last.majority
    else:
        assert {votes for votes in last.votes if votes is not None} == {last.votes[result.winners[0]]}
        assert result.ties[-1].rule is None


def test_those_who_leave_together_would_all_leave_next_in_any_order() -> None:
    rng = random.Random(5)
    met = 0
    for _ in range(1500):
        ballots = [((0,), 9), ((1, 0), 7)] + [(tuple(rng.sample(range(7), 3)), 1) for _ in range(rng.randint(5, 12))]
        for one in METHODS["ranked"].count(ballots, 7).rounds:
            if one.reason is Reason.TOGETHER:
                _assert_next_to_leave(rng, ballots, one)
                met += 1
    assert met > 300


def _assert_next_to_leave(rng: random.Random, ballots: list[Ballot], together: Round) -> None:
    group = set(together.eliminated)
    standing = {position for position, votes in enumerate(together.votes) if votes is not None}
    while group:
        votes = _recount(ballots, standing)
        last = [position for position in standing if votes[position] == min(votes[other] for other in standing)]
        assert set(last) <= group
        gone = rng.choice(last)
        standing.discard(gone)
        group.discard(gone)


@seeded
@given(profiles(), st.data())
def test_whoever_more_than_half_rank_first_wins(profile: tuple[list[Ballot], int], data: st.DataObject) -> None:
    ballots, candidates = profile
    favourite = data.draw(st.integers(0, candidates - 1))
    more = sum(weight for choices, weight in ballots if choices[0] != favourite) + 1
    result = METHODS["ranked"].count([*ballots, ((favourite,), more)], candidates)
    assert (result.winners, len(result.rounds)) == ((favourite,), 1)


@seeded
@given(profiles())
def test_choices_below_the_winner_never_matter(profile: tuple[list[Ballot], int]) -> None:
    ballots, candidates = profile
    result = METHODS["ranked"].count(ballots, candidates)
    assume(len(result.winners) == 1 and not result.lot)
    winner = result.winners[0]
    cut = [(choices[: choices.index(winner) + 1] if winner in choices else choices, w) for choices, w in ballots]
    assert METHODS["ranked"].count(cut, candidates) == result


@seeded
@given(profiles())
def test_a_candidate_whom_nobody_names_changes_nothing(profile: tuple[list[Ballot], int]) -> None:
    ballots, candidates = profile
    assume(ballots)
    without, beside = (METHODS["ranked"].count(ballots, candidates + more) for more in (0, 1))
    assume(not without.lot)
    assert beside.winners == without.winners
    assert beside.rounds[-1].votes[:candidates] == without.rounds[-1].votes


@every_method
def test_the_most_candidates_can_all_be_counted(name: str) -> None:
    ballots = [((position,), 1) for position in range(CANDIDATES_MAX)]
    result = METHODS[name].count([*ballots, ((CANDIDATES_MAX - 1,), 1)], CANDIDATES_MAX)
    assert result.winners == (CANDIDATES_MAX - 1,)


def _renamed(positions: tuple[int, ...], names: list[int]) -> tuple[int, ...]:
    return tuple(names[position] for position in positions)


def _without_turnout(result: Count) -> tuple[object, ...]:
    return (result.winners, result.places, result.votes, result.weight, result.rounds, result.ties, result.lot)


def _recount(ballots: list[Ballot], standing: set[int]) -> Counter[int]:
    votes: Counter[int] = Counter()
    for choices, weight in ballots:
        first = next((position for position in choices if position in standing), None)
        if first is not None:
            votes[first] += weight
    return votes
