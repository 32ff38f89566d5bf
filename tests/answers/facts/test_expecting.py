"""What an answer has to hold, and words that say the same."""

import pytest

from bot.answers.facts.alike import alike
from bot.answers.facts.expecting import asks_how_many, asks_when, has_day, has_figure
from bot.answers.facts.tokens import stem, tokenise


def words_of(question: str) -> list[str]:
    return [token.key for token in tokenise(question)]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("when did the claim end", True),
        ("and until when could i claim", True),
        ("starknet claim ended when", True),
        ("tia drop, what day did it shut", True),
        ("wann endete der claim", True),
        ("when airdrop one finished, did latecomers lose their share", False),
        ("what happens to tokens when nobody claims them", False),
        ("who could claim", False),
    ],
)
def test_a_day_is_asked_for_or_it_is_not(question: str, asked: bool) -> None:
    assert asks_when(question, words_of(question)) is asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("how many wallets got it", True),
        ("what percent went to users", True),
        ("number of recipients", True),
        ("how many days are left", False),
        ("how much longer can i claim", False),
        ("how does it work", False),
    ],
)
def test_a_figure_is_asked_for_or_it_is_not(question: str, asked: bool) -> None:
    assert asks_how_many(words_of(question)) is asked


@pytest.mark.parametrize(
    ("text", "day", "figure"),
    [
        ("from 26 September 2023 to 17 October 2023, 12:00 UTC", True, False),
        ("Bored Ape and Mutant Ape holders", False, False),
        ("Up to 10,950 APE each", False, True),
        ("700M in January 2025", True, True),
        ("Layer 2 on Ethereum", False, False),
        ("Early February 2024 (6 or 7 February, genesis)", True, True),
    ],
)
def test_a_sentence_has_a_day_or_a_figure(text: str, day: bool, figure: bool) -> None:
    assert (has_day(text), has_figure(text)) == (day, figure)


@pytest.mark.parametrize(("one", "other"), [("vcs", "investors"), ("shut", "closed"), ("send", "transferable")])
def test_words_that_say_the_same_are_alike(one: str, other: str) -> None:
    assert stem(other) in alike(stem(one))
    assert alike(stem(one)).isdisjoint(alike("snapshot"))
