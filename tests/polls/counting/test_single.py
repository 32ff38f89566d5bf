import pytest

from bot.polls.counting import single
from tests.polls.counting.profiles import Ballot, cast


@pytest.mark.parametrize(
    ("ballots", "candidates", "winners", "places", "votes"),
    [
        (cast("3 A", "5 B", "1 C"), 3, (1,), (2, 1, 3), (3, 5, 1)),
        (cast("2 A", "2 B", "1 C"), 3, (0, 1), (1, 1, 3), (2, 2, 1)),
        (cast("4 A"), 1, (0,), (1,), (4,)),
        (cast("1 B"), 3, (1,), (2, 1, 2), (0, 1, 0)),
        ([((0,), 1), ((0,), 1), ((1,), 10)], 2, (1,), (2, 1), (2, 10)),
        ([], 2, (), (None, None), (0, 0)),
    ],
    ids=["most votes", "tie for the win", "single candidate", "one ballot", "weights", "no ballots"],
)
def test_the_most_votes_win(
    ballots: list[Ballot], candidates: int, winners: tuple[int, ...], places: tuple[int, ...], votes: tuple[int, ...]
) -> None:
    result = single.count(ballots, candidates)
    assert (result.winners, result.places, result.votes) == (winners, places, votes)
    assert (result.ballots, result.weight) == (len(ballots), sum(weight for _, weight in ballots))
    assert [(one.votes, one.eliminated, one.exhausted) for one in result.rounds] == [(votes, (), 0)]


def test_a_tie_for_the_win_is_said_with_names_and_votes() -> None:
    result = single.count(cast("1 A", "1 B", "1 C"), 4)
    assert result.statements(["peaq", "LayerZero", "Starknet", "Blast"]) == [
        "Tie for the win: peaq, LayerZero and Starknet have 1 vote each."
    ]


def test_a_shared_lower_place_is_not_a_tie_for_the_win() -> None:
    assert single.count(cast("2 A", "1 B", "1 C"), 3).ties == ()


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ((), "exactly one candidate"),
        ((0, 1), "exactly one candidate"),
        ((3,), "not in this poll"),
        ((-1,), "not in this poll"),
    ],
)
def test_a_ballot_that_names_not_one_known_candidate_is_refused(choices: tuple[int, ...], reason: str) -> None:
    assert reason in (single.problem(choices, 3, 1) or "")


def test_a_ballot_for_one_known_candidate_is_accepted() -> None:
    assert single.problem((2,), 3, 1) is None
