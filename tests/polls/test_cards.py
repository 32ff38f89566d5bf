import pytest

from bot.polls.cards import board_card, cancelled_card, list_card, opened_card, terms
from bot.polls.model import PollState, board_url
from bot.polls.ranking import ranking_of
from bot.polls.store import Brief
from bot.ui.card import Card
from tests.polls.ballots import NOON, poll_of
from tests.world import walk


def text(card: Card) -> str:
    return "\n".join(str(part["content"]) for part in walk(card.to_components()) if "content" in part)


@pytest.mark.parametrize(
    ("method", "candidates", "most", "told"),
    [
        ("single", 100, 1, ""),
        ("approval", 5, 5, ""),
        ("approval", 5, 2, "A ballot names at most 2 candidates."),
        ("ranked", 100, 100, "A ballot names at most 50 candidates."),
    ],
)
def test_the_terms_say_how_many_a_ballot_may_name(method: str, candidates: int, most: int, told: str) -> None:
    lines = [line for line in terms(poll_of(candidates, method, most)) if "at most" in line]
    assert lines == ([told] if told else [])


def test_a_board_without_a_vote_has_no_bars() -> None:
    poll = poll_of(100)
    shown = text(board_card(poll, ranking_of(poll, NOON, visible=True)))
    assert "░" not in shown
    assert "Nobody has voted yet" in shown


def test_who_opens_a_poll_reads_how_many_candidates_it_has() -> None:
    assert "100 candidates:\n" in text(opened_card(poll_of(100), None))


def test_a_page_of_the_list_fits_a_card_whatever_the_titles_are() -> None:
    url = board_url(2**64 - 1, 2**64 - 1, 2**64 - 1)
    polls = [Brief(10**9 + n, 7, "*" * 120, PollState.OPEN, NOON, None, None, url) for n in range(30)]
    assert "[board](" in text(list_card(polls, 1))


def test_a_cancelled_poll_without_ballots_speaks_of_none() -> None:
    assert "ballot" not in text(cancelled_card(poll_of(3)))
