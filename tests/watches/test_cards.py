from pathlib import Path

from discord import ui

from bot.catalogue.load import load
from bot.ui.card import MAX_TEXT_CHARS, Card
from bot.watches.cards import elsewhere_card
from bot.watches.model import AIRDROP, RETIRED
from bot.watches.service import Elsewhere


def length(card: Card) -> int:
    return sum(len(item.content) for item in card.walk_children() if isinstance(item, ui.TextDisplay))


def test_what_another_server_says_is_short_whatever_it_is() -> None:
    for project in load(Path("data")).projects:
        every = tuple(project.facts)
        for changed in ((AIRDROP, RETIRED, *every), *((key,) for key in every)):
            found = [Elsewhere(7, project, changed, retired=True)] * 3
            assert length(elsewhere_card(found, {7: "*" * 100}, Card())) <= 700


def test_an_answer_that_takes_the_whole_card_stays_alone() -> None:
    project = load(Path("data")).projects[0]
    answer = Card().text("x" * (MAX_TEXT_CHARS - 100))
    shown = elsewhere_card([Elsewhere(7, project, (AIRDROP,), retired=False)], {}, answer)
    assert length(shown) == MAX_TEXT_CHARS - 100
    assert shown.to_components()
