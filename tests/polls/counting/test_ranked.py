import random
import time
from hashlib import sha256
from pathlib import Path

import pytest

from bot.polls.counting import Reason, ranked
from tests.polls.counting.profiles import Ballot, cast

Votes = tuple[int | None, ...]
Rounds = list[tuple[Votes, int, tuple[int, ...], Reason | None]]

MEMPHIS = cast("42 A>B>C>D", "26 B>C>D>A", "15 C>D>B>A", "17 D>C>B>A")
BURLINGTON = [((0,), 3294), ((1,), 2981), ((2, 1), 1332), ((2, 0), 767), ((2,), 455)]
FEWEST, NO_VOTES, EARLIER = Reason.FEWEST, Reason.NO_VOTES, Reason.EARLIER_ROUND


@pytest.mark.parametrize(
    ("ballots", "candidates", "winners", "places", "rounds"),
    [
        pytest.param(
            *(MEMPHIS, 4, (3,), (2, 3, 4, 1)),
            [
                ((42, 26, 15, 17), 0, (2,), FEWEST),
                ((42, 26, None, 32), 0, (1,), FEWEST),
                ((42, None, None, 58), 0, (), None),
            ],
            id="the capital of Tennessee",
        ),
        pytest.param(
            *(BURLINGTON, 3, (1,), (2, 1, 3)),
            [((3294, 2981, 2554), 0, (2,), FEWEST), ((4061, 4313, None), 455, (), None)],
            id="the last three of Burlington 2009, with exhausted ballots",
        ),
        pytest.param(
            *(cast("4 A", "3 B", "2 C"), 3, (0,), (1, 2, 3)),
            [((4, 3, 2), 0, (2,), FEWEST), ((4, 3, None), 2, (), None)],
            id="a majority is taken of what still counts",
        ),
        pytest.param(
            *(cast("3 A>B", "2 B>A"), 3, (0,), (1, 2, 3)),
            [((3, 2, 0), 0, (), None)],
            id="a majority in round 1 ends it",
        ),
        pytest.param(
            *(cast("2 A", "2 B", "1 C>B"), 5, (1,), (2, 1, 3, 4, 4)),
            [
                ((2, 2, 1, 0, 0), 0, (3, 4), NO_VOTES),
                ((2, 2, 1, None, None), 0, (2,), FEWEST),
                ((2, 3, None, None, None), 0, (), None),
            ],
            id="all without a vote leave in one round",
        ),
        pytest.param(
            *(cast("2 A>B", "2 B>A"), 2, (0, 1), (1, 1)), [((2, 2), 0, (), None)], id="two left are level: a tie"
        ),
        pytest.param(
            *(cast("1 A>B", "1 B>A", "1 C>B"), 3, (0, 1, 2), (1, 1, 1)),
            [((1, 1, 1), 0, (), None)],
            id="all level from the start: a tie",
        ),
        pytest.param(
            *(cast("5 A", "3 B>A", "2 C>B>A"), 3, (0, 1), (1, 1, 3)),
            [((5, 3, 2), 0, (2,), FEWEST), ((5, 5, None), 0, (), None)],
            id="earlier rounds never decide who wins",
        ),
        pytest.param(
            *(cast("6 A", "4 B", "3 C", "1 D>C", "1 D>A"), 4, (0,), (1, 2, 3, 4)),
            [
                ((6, 4, 3, 2), 0, (3,), FEWEST),
                ((7, 4, 4, None), 0, (2,), EARLIER),
                ((7, 4, None, None), 4, (), None),
            ],
            id="a tie for the last place goes back a round",
        ),
        pytest.param(
            *(cast("8 A", "7 B", "2 C>B", "2 D>B"), 4, (1,), (2, 1, 3, 3)),
            [((8, 7, 2, 2), 0, (2, 3), Reason.TOGETHER), ((8, 11, None, None), 0, (), None)],
            id="those who cannot catch up together leave together",
        ),
        pytest.param(
            *(cast("5 A", "5 B", "4 C>B", "1 D>C"), 4, (1,), (2, 1, 3, 4)),
            [
                ((5, 5, 4, 1), 0, (3,), FEWEST),
                ((5, 5, 5, None), 0, (2,), EARLIER),
                ((5, 9, None, None), 1, (), None),
            ],
            id="three level at the end are not yet a tie",
        ),
        pytest.param(cast("2 A"), 1, (0,), (1,), [((2,), 0, (), None)], id="a single candidate"),
        pytest.param([], 1, (), (None,), [((0,), 0, (), None)], id="a single candidate without ballots"),
        pytest.param([], 3, (), (None,) * 3, [((0, 0, 0), 0, (), None)], id="no ballots"),
        pytest.param([((0, 1), 2), ((1,), 3)], 2, (1,), (2, 1), [((2, 3), 0, (), None)], id="weights"),
    ],
)
def test_rounds_are_as_counted_by_hand(
    ballots: list[Ballot], candidates: int, winners: tuple[int, ...], places: tuple[int, ...], rounds: Rounds
) -> None:
    result = ranked.count(ballots, candidates)
    assert [(one.votes, one.exhausted, one.eliminated, one.reason) for one in result.rounds] == rounds
    assert (result.winners, result.places) == (winners, places)
    assert result.votes == rounds[0][0]
    assert (result.ballots, result.weight) == (len(ballots), sum(weight for _, weight in ballots))
    assert result.lot == ()
    assert [one.number for one in result.rounds] == list(range(1, len(rounds) + 1))


EVEN = cast("5 A", "3 B>C", "3 C>B")
"""B and C are level in every way, and whoever of them stays beats A."""


def test_what_nothing_else_settles_is_settled_by_the_lot() -> None:
    result = ranked.count(EVEN, 3)
    assert sorted(result.lot) == [0, 1, 2]
    first_drawn = min((1, 2), key=result.lot.index)
    assert (result.rounds[0].eliminated, result.rounds[0].reason) == ((first_drawn,), Reason.LOT)
    assert result.winners == (3 - first_drawn,)


def test_the_lot_is_drawn_as_the_documentation_says() -> None:
    seed = sha256(b"0=5\n1>2=3\n2>1=3\n").hexdigest()
    drawn = sorted(range(3), key=lambda position: sha256(f"{seed}:{position}".encode()).hexdigest())
    assert ranked.count(EVEN, 3).lot == tuple(drawn)
    text = (Path(__file__).parents[3] / "docs" / "methods.md").read_text(encoding="utf-8")
    assert seed in text
    for position in range(3):
        assert sha256(f"{seed}:{position}".encode()).hexdigest() in text


def test_the_lot_takes_rankings_in_the_order_of_their_numbers() -> None:
    rankings = {10: {bytes([10]): 1}, 2: {bytes([2, 1]): 1, bytes([2]): 4}}
    seed = sha256(b"2=4\n2>1=1\n10=1\n").hexdigest()
    drawn = sorted(range(11), key=lambda position: sha256(f"{seed}:{position}".encode()).hexdigest())
    assert ranked.drawn_lot(rankings, 11) == tuple(drawn)


def test_the_lot_favours_no_position() -> None:
    out = [0, 0, 0]
    for most in range(5, 305):
        ballots: list[Ballot] = [((0,), most), ((1, 2), most - 2), ((2, 1), most - 2)]
        (gone,) = ranked.count(ballots, 3).rounds[0].eliminated
        out[gone] += 1
    assert out[0] == 0
    assert 110 <= out[1] <= 190


@pytest.mark.parametrize("first", range(6, 15))
def test_earlier_rounds_narrow_who_is_in_the_lot(first: int) -> None:
    ballots = cast(f"{first} A", "5 B", "4 C", "4 D", "1 E>C", "1 E>D")
    second = ranked.count(ballots, 5).rounds[1]
    assert (second.votes, second.reason) == ((first, 5, 5, 5, None), Reason.LOT)
    assert second.eliminated in [(2,), (3,)]


def test_going_back_takes_the_latest_round_that_differs() -> None:
    ballots = cast("20 A", "8 B", "10 C", "3 D>B", "3 E>C", "2 E>B")
    result = ranked.count(ballots, 5)
    # Between B and C it was 8 to 10 in round 1 and 11 to 10 in round 2, before they came level.
    assert [one.votes[1:3] for one in result.rounds[:3]] == [(8, 10), (11, 10), (13, 13)]
    assert (result.rounds[2].eliminated, result.rounds[2].reason) == ((2,), EARLIER)
    assert result.ties[0].earlier_round == 2


@pytest.mark.parametrize(
    ("ballots", "candidates", "said"),
    [
        (cast("2 A", "2 B"), 2, ["Tie for the win: Arc and Bee have 2 votes each."]),
        (
            cast("6 A", "4 B", "3 C", "1 D>C", "1 D>A"),
            4,
            ["Round 2: Bee and Cow are last with 4 votes each; Cow had the fewest of them in round 1 and leaves."],
        ),
        (
            cast("5 A", "4 B", "1 C>B", "1 D>B"),
            4,
            [
                "Round 1: Cow and Dot are last with 1 vote each; "
                "even together they have fewer than the next candidate, so all of them leave."
            ],
        ),
        (cast("3 A", "2 B"), 4, []),
    ],
)
def test_every_tie_is_said_in_plain_words(ballots: list[Ballot], candidates: int, said: list[str]) -> None:
    assert ranked.count(ballots, candidates).statements(["Arc", "Bee", "Cow", "Dot"]) == said


def test_a_lot_is_said_to_be_one() -> None:
    result = ranked.count(EVEN, 3)
    out = ["Arc", "Bee", "Cow"][result.rounds[0].eliminated[0]]
    assert result.statements(["Arc", "Bee", "Cow"]) == [
        "Round 1: Bee and Cow are last with 3 votes each; "
        f"earlier rounds do not settle it, so the lot drawn from the ballots does: {out} leaves."
    ]


def test_a_round_knows_its_majority() -> None:
    result = ranked.count(BURLINGTON, 3)
    assert [(one.continuing, one.majority) for one in result.rounds] == [(8829, 4415), (8374, 4188)]


def test_a_ballot_for_an_unknown_candidate_is_not_counted_silently() -> None:
    for choices in ((0, 3), (3, 0), (3,)):
        with pytest.raises(ValueError, match="not in the poll"):
            ranked.count([((0,), 1), (choices, 1)], 3)


@pytest.mark.parametrize("choices", [(0,), (3, 1, 0)])
def test_a_partial_ranking_is_accepted(choices: tuple[int, ...]) -> None:
    assert ranked.problem(choices, 4, 3) is None


def test_a_ballot_adds_its_first_preference_to_the_tally() -> None:
    assert ranked.votes((2, 0, 1), 3) == {2: 3}


def test_a_million_ballots_are_read_as_a_stream(capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(2024)
    kinds = [(tuple(rng.sample(range(10), rng.randint(1, 10))), rng.randint(1, 10)) for _ in range(20_000)]
    ballots = (kinds[number % len(kinds)] for number in range(1_000_000))
    started = time.perf_counter()
    result = ranked.count(ballots, 10)
    seconds = time.perf_counter() - started
    with capsys.disabled():
        print(f"\n1,000,000 ranked ballots, 10 candidates: {seconds:.2f} s, {len(result.rounds)} rounds")
    assert result.ballots == 1_000_000
    assert result.weight == 50 * sum(weight for _, weight in kinds)
