import pytest

from bot.polls.counting import approval
from tests.polls.counting.profiles import Ballot, cast


@pytest.mark.parametrize(
    ("ballots", "candidates", "winners", "places", "votes"),
    [
        (cast("2 A>B", "1 B>C", "1 C"), 3, (1,), (2, 1, 2), (2, 3, 2)),
        (cast("2 A>B", "1 C"), 3, (0, 1), (1, 1, 3), (2, 2, 1)),
        (cast("1 A"), 1, (0,), (1,), (1,)),
        ([((0, 1), 3), ((1, 2), 2)], 3, (1,), (2, 1, 3), (3, 5, 2)),
        ([], 2, (), (None, None), (0, 0)),
    ],
    ids=["most approvals", "tie for the win", "single candidate", "weights", "no ballots"],
)
def test_the_most_approvals_win(
    ballots: list[Ballot], candidates: int, winners: tuple[int, ...], places: tuple[int, ...], votes: tuple[int, ...]
) -> None:
    result = approval.count(ballots, candidates)
    assert (result.winners, result.places, result.votes) == (winners, places, votes)
    assert (result.ballots, result.weight) == (len(ballots), sum(weight for _, weight in ballots))


def test_the_order_of_picking_does_not_matter() -> None:
    assert approval.count(cast("1 A>B>C"), 3) == approval.count(cast("1 C>A>B"), 3)


@pytest.mark.parametrize("choices", [(0,), (3, 1, 0)])
def test_up_to_the_limit_is_accepted(choices: tuple[int, ...]) -> None:
    assert approval.problem(choices, 4, 3) is None
