import pytest

from bot.answers import facts
from bot.catalogue.service import Catalogue


@pytest.mark.parametrize(
    "question",
    [
        "price of strk",
        "What is the price of STRK?",
        "what's the current price of Stark Net",
        "strk price now",
        "how much is one zro worth in usd",
        "STRK market cap",
    ],
)
def test_a_question_for_the_present_price_and_no_word_more_is_one(catalogue: Catalogue, question: str) -> None:
    assert facts.asks_present_price(facts.read(question, catalogue))


@pytest.mark.parametrize(
    "question",
    [
        "what will strk be worth in 2027",
        "strk price prediction",
        "expected price of strk",
        "price of strk after the unlock",
        "strk price next week",
        "is zro worth buying at this price",
        "price of strk and zro",
        "when is the tge of strk",
        "price of stroknet",
        "what is the price",
    ],
)
def test_a_word_more_or_a_name_less_is_none(catalogue: Catalogue, question: str) -> None:
    assert not facts.asks_present_price(facts.read(question, catalogue))
