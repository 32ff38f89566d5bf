import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotFound
from bot.polls.model import PollState
from bot.polls.naming import completed, found, named, poll_called
from bot.polls.store import Brief
from tests.polls.ballots import NOON, poll_of

LABELS = ("Token Metrics", "Starknet", "LayerZero", "Dymension", "peaq", "Movement", "Big Stark")


def names(typed: str) -> list[str]:
    return [line.label for line in found(poll_of(LABELS).candidates, typed)]


def test_a_search_puts_names_that_begin_so_before_those_that_hold_it() -> None:
    assert names("stark") == ["Starknet", "Big Stark"]


@pytest.mark.parametrize("typed", ["starknt", "Strknet", "STARNKET"])
def test_a_search_forgives_typos(typed: str) -> None:
    assert names(typed)[0] == "Starknet"


@pytest.mark.parametrize("typed", ["", "  ", "zzzz", "!!!"])
def test_a_search_finds_nothing_where_nothing_is_like_it(typed: str) -> None:
    assert names(typed) == []


@given(st.integers(0, 99))
def test_a_search_finds_each_of_100_candidates_by_its_name(position: int) -> None:
    poll = poll_of(100)
    assert [line.position for line in found(poll.candidates, poll.candidates[position].label)] == [position]


def test_typed_names_become_positions_in_the_order_in_which_they_stand() -> None:
    assert named(poll_of(LABELS, "ranked"), "peaq,  token   metrics , STARKNET") == (4, 0, 1)
    assert named(poll_of(LABELS, "approval"), "peaq, Starknet,") == (4, 1)
    assert named(poll_of(LABELS), "starknet") == (1,)


def test_a_name_with_a_comma_may_be_typed_whole() -> None:
    assert named(poll_of(("Yes, now", "No")), "yes, now") == (0,)


def test_a_near_miss_is_suggested_never_taken() -> None:
    with pytest.raises(NotFound) as caught:
        named(poll_of(LABELS, "ranked"), "peaq, Starknt")
    assert caught.value.query == "Starknt"
    assert caught.value.suggestions[0] == "Starknet"


@pytest.mark.parametrize(("typed", "label"), [("Token", 0), ("metr", 0), ("dymen", 3), ("big s", 6), ("MOVE", 5)])
def test_the_beginning_of_a_word_that_fits_one_candidate_is_enough(typed: str, label: int) -> None:
    assert named(poll_of(LABELS), typed) == (label,)


@pytest.mark.parametrize("typed", ["star", "zero", "mov", "Movements"])
def test_what_fits_several_or_is_short_or_inside_a_word_is_not_taken(typed: str) -> None:
    with pytest.raises(NotFound) as caught:
        named(poll_of(LABELS), typed)
    assert caught.value.place == "Who leads?"


def test_a_whole_name_comes_before_a_part_of_another() -> None:
    assert named(poll_of(("Starknet Labs", "Starknet")), "starknet") == (1,)


def brief(number: int, title: str, state: PollState = PollState.OPEN) -> Brief:
    return Brief(number, 7, title, state, NOON, None, None)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("4", 4),
        ("#2", 2),
        ("who LEADS?", 4),
        ("rollup", 1),
        ("Best", 3),
        ("lead", 4),
        ("bridge of", 2),
        ("2026", None),
        ("of", None),
        ("nothing", None),
    ],
)
def test_a_poll_is_called_by_number_title_or_a_part_that_fits_one(typed: str, number: int | None) -> None:
    going = [brief(4, "Who leads?"), brief(1, "Best rollup")]
    over = [brief(3, "Best"), brief(2, "Bridge of 2026"), brief(5, "Who leads?")]
    found = poll_called(typed, going, [*going, *over])
    assert (found and found.id) == number


def test_completing_a_list_leaves_out_who_is_in_it() -> None:
    poll = poll_of(LABELS, "ranked")
    assert completed(poll, "peaq, ") == [f"peaq, {label}" for label in LABELS if label != "peaq"]
    assert completed(poll, "peaq, mov") == ["peaq, Movement"]


def test_a_single_choice_completes_to_one_name() -> None:
    assert completed(poll_of(LABELS), "layr zero") == ["LayerZero"]


@given(st.integers(2, 100), st.text(max_size=120))
def test_completions_fit_discords_limits(candidates: int, typed: str) -> None:
    offered = completed(poll_of(candidates, "approval"), typed)
    assert len(offered) <= 25
    assert all(1 <= len(text) <= 100 for text in offered)
