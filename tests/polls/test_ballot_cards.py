from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.polls.ballot_cards import recorded_card, withdraw_card
from bot.polls.marks import RANKS_MAX
from bot.polls.model import Ballot, Poll, PollState, Recorded
from bot.polls.naming import found
from bot.polls.paper import Paper
from bot.polls.paper_cards import ballot_card, found_card, search_modal
from bot.ui.card import Card
from tests.polls.ballots import ballot_of, poll_of
from tests.world import walk

METHODS = st.sampled_from(["single", "approval", "ranked"])
BIGGEST_NUMBER = 2**31 - 1


def parts(card: Card) -> list[dict[str, Any]]:
    return list(walk(card.to_components()))


def text(card: Card) -> str:
    return "\n".join(str(part["content"]) for part in parts(card) if "content" in part)


def custom_ids(card: Card) -> list[str]:
    return [str(part["custom_id"]) for part in parts(card) if part.get("custom_id")]


def buttons(card: Card) -> dict[str, dict[str, Any]]:
    return {str(part["label"]): part for part in parts(card) if part.get("type") == 2}


def the_list(card: Card) -> dict[str, Any]:
    return next(part for part in parts(card) if part.get("type") == 3)


def recorded(poll: Poll, *choices: int, before: tuple[int, ...] | None = None) -> str:
    return text(recorded_card(Recorded(poll, ballot_of(poll, *choices), before)))


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Paper, Ballot | None]:
    """Any paper of the largest poll that there can be, with the ugliest names."""
    method, candidates = draw(METHODS), draw(st.integers(2, 100))
    labels = [
        f"{place:02}" + draw(st.sampled_from(["*" * 78, "<@" * 39, "x", "://" * 26])) for place in range(candidates)
    ]
    poll = poll_of(labels, method, draw(st.integers(1, 100)), number=BIGGEST_NUMBER, title="*" * 120)
    position = st.integers(0, candidates - 1)
    marks = draw(st.lists(position, unique=True, max_size=RANKS_MAX if method == "ranked" else 100))
    kept = draw(st.none() | st.lists(position, unique=True, min_size=1, max_size=Paper(poll).limit))
    paper = Paper(poll, page=draw(st.integers(0, 4))).marked([] if method == "single" else marks)
    return paper, ballot_of(poll, *kept) if kept else None


@given(filled_in(), st.sampled_from(["", "A ballot names each candidate at most once."]))
@settings(max_examples=150, deadline=None)
def test_every_ballot_fits_discords_limits(drawn: tuple[Paper, Ballot | None], notice: str) -> None:
    paper, ballot = drawn
    everything = found(paper.poll.candidates, "0")
    for card in (
        ballot_card(paper.poll, ballot, paper, notice),
        found_card(paper, "0" * 80, everything),
        found_card(paper, "<@1>" * 20, []),
    ):
        ids = custom_ids(card)
        assert len(set(ids)) == len(ids)
        assert all(len(custom_id) <= 100 for custom_id in ids)
        for part in parts(card):
            if part.get("type") == 3:
                assert 1 <= len(part["options"]) <= 25
                assert part["min_values"] <= part["max_values"] <= len(part["options"])
                assert sum(bool(option.get("default")) for option in part["options"]) <= part["max_values"]
                assert part["placeholder"].startswith("Choose")
    assert len(search_modal(str(paper.poll.id), "3", paper.text).custom_id) <= 100


@given(filled_in())
@settings(max_examples=100, deadline=None)
def test_every_reply_fits_discords_limits(drawn: tuple[Paper, Ballot | None]) -> None:
    paper, ballot = drawn
    if ballot is not None:
        before = tuple(reversed(ballot.choices))
        assert parts(recorded_card(Recorded(paper.poll, ballot, before)))
        assert parts(withdraw_card(paper.poll))


def test_up_to_25_candidates_are_one_list() -> None:
    card = ballot_card(poll_of(25), None)
    assert len(the_list(card)["options"]) == 25
    assert "Next" not in buttons(card)


def test_more_than_25_are_pages_with_a_search() -> None:
    poll = poll_of(100)
    card = ballot_card(poll, None)
    assert "Page 1 of 4 · candidates 1 to 25 of 100" in text(card)
    assert buttons(card)["Previous"]["disabled"]
    assert not buttons(card)["Next"]["disabled"]
    last = ballot_card(poll, None, Paper(poll, page=3))
    assert the_list(last)["options"][-1]["label"] == "Project 099"
    assert buttons(last)["Next"]["disabled"]
    assert buttons(last)["Search"]["custom_id"] == "poll:v1:search:17:3:"


@pytest.mark.parametrize(("ranks", "asked"), [(0, "1st"), (1, "2nd"), (2, "3rd"), (10, "11th"), (20, "21st")])
def test_a_ranking_asks_for_the_next_rank(ranks: int, asked: str) -> None:
    poll = poll_of(24, "ranked")
    card = ballot_card(poll, None, Paper(poll, tuple(range(ranks))))
    assert the_list(card)["placeholder"] == f"Choose your {asked}…"


def test_a_ranking_shows_its_order_as_numbered_lines() -> None:
    poll = poll_of(["Starknet", "peaq", "Movement"], "ranked")
    card = ballot_card(poll, None, Paper(poll, (1, 0)))
    assert "1. peaq\n2. Starknet" in text(card)
    assert list(buttons(card)) == ["Confirm", "Undo", "Clear"]
    assert [option["label"] for option in the_list(card)["options"]] == ["Movement"]


def test_a_full_ranking_has_no_list_any_more() -> None:
    poll = poll_of(3, "ranked", 2)
    card = ballot_card(poll, None, Paper(poll, (1, 0)))
    assert "as many as a ballot may rank" in text(card)
    assert not [part for part in parts(card) if part.get("type") == 3]


def test_a_ranking_that_is_kept_may_be_started_from_or_anew() -> None:
    poll = poll_of(["Starknet", "peaq", "Movement"], "ranked")
    kept = ballot_of(poll, 2, 0)
    card = ballot_card(poll, kept)
    assert "**1. Movement  2. Starknet**, recorded" in text(card)
    assert the_list(card)["placeholder"] == "Choose your 1st…"
    again = Paper.read(poll, *buttons(card)["Start from my ballot"]["custom_id"].split(":")[4:6])
    assert again is not None
    assert again.marks == (2, 0)
    unchanged = ballot_card(poll, kept, again)
    assert "This is what is recorded" in text(unchanged)
    assert buttons(unchanged)["Confirm"]["disabled"]
    changed = ballot_card(poll, kept, again.added([1]))
    assert "Recorded now: 1. Movement  2. Starknet." in text(changed)
    assert not buttons(changed)["Confirm"].get("disabled")


def test_approvals_of_one_list_are_cast_by_one_pick() -> None:
    poll = poll_of(10, "approval", 3)
    picked = the_list(ballot_card(poll, ballot_of(poll, 2, 5)))
    assert picked["custom_id"] == "poll:v1:pick:17"
    assert picked["max_values"] == 3
    assert [option["label"] for option in picked["options"] if option["default"]] == ["Project 002", "Project 005"]


def test_too_many_approvals_say_how_many_and_cannot_be_confirmed() -> None:
    poll = poll_of(100, "approval", 2)
    card = ballot_card(poll, None, Paper(poll, (1, 30, 60)))
    assert "3 chosen, at most 2" in text(card)
    assert "Take 1 off" in text(card)
    assert buttons(card)["Confirm"]["disabled"]


def test_a_search_says_what_is_on_the_ballot_already() -> None:
    poll = poll_of(["Starknet", "Starkware", *map(str, range(40))], "ranked")
    paper = Paper(poll, (4, 1))
    card = found_card(paper, "stark", found(poll.candidates, "stark"))
    assert [option["label"] for option in the_list(card)["options"]] == ["Starknet"]
    assert "Already on your ballot: 2. Starkware" in text(card)


def test_a_search_with_too_many_hits_says_that_there_are_more() -> None:
    poll = poll_of(100)
    card = found_card(Paper(poll), "Project", found(poll.candidates, "Project"))
    assert "first 25 of 100" in text(card)


def test_a_reply_lists_a_ranking_in_order_and_approvals_without_numbers() -> None:
    labels = ["Starknet", "LayerZero", "peaq"]
    ranked, approval = poll_of(labels, "ranked"), poll_of(labels, "approval")
    assert "**1. peaq  2. Starknet**" in recorded(ranked, 2, 0)
    assert "It replaces 1. Starknet  2. peaq:" in recorded(ranked, 2, 0, before=(0, 2))
    assert "**Starknet, peaq**" in recorded(approval, 0, 2)


def test_a_long_ballot_is_named_whole_with_shorter_names() -> None:
    poll = poll_of([f"{place:02} {'x' * 77}" for place in range(100)], "approval")
    reply = recorded(poll, *range(100))
    assert all(f"{place:02} x" in reply for place in range(100))


def test_what_was_replaced_may_be_cut_with_a_count() -> None:
    poll = poll_of([f"{place:02} {'x' * 77}" for place in range(100)], "approval")
    assert " more: only this one counts" in recorded(poll, 1, before=tuple(range(100)))


def test_the_reply_to_a_single_choice_is_one_text() -> None:
    poll = poll_of(["Starknet", "peaq"])
    card = recorded_card(Recorded(poll, ballot_of(poll, 0), None))
    assert [part["type"] for part in parts(card)] == [17, 10]


def test_a_ballot_in_a_closed_poll_has_nothing_to_click() -> None:
    poll = poll_of(3, "ranked", state=PollState.CLOSED)
    assert custom_ids(ballot_card(poll, ballot_of(poll, 1), Paper(poll, (2,)))) == []


def test_a_list_that_is_drawn_again_is_a_new_one_to_the_client() -> None:
    poll = poll_of(3)
    assert the_list(ballot_card(poll, None))["id"] != the_list(ballot_card(poll, None))["id"]
