"""Projects that are not in the catalogue: their names, and where a question speaks of one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.answers.facts.names import lexicon_of
from bot.answers.facts.strangers import FILE, NOBODY, Elsewhere, Manner, Strangers, load_strangers
from bot.answers.facts.tokens import tokenise
from bot.catalogue.load import parse, text_of
from bot.catalogue.search import key_of
from bot.catalogue.service import Catalogue
from bot.errors import BrokenData
from tests.answers.facts.conftest import DATA

SHIPPED = load_strangers(DATA / FILE)
WRITTEN: Mapping[str, str] = {
    "coined": 'names = ["Zorbit", "Zor Bit Pay", "Zorb"]\nalso = { ZRB = "Zorbit" }',
    "words": 'names = ["Lantern"]',
    "everyday": 'names = ["Purse"]',
}


def written(folder: Path, **changed: str) -> Path:
    path = folder / FILE
    path.write_text("".join(f"[{name}]\n{text}\n" for name, text in {**WRITTEN, **changed}.items()))
    return path


@pytest.fixture
def strangers(tmp_path: Path) -> Strangers:
    return load_strangers(written(tmp_path))


def subjects(strangers: Strangers, question: str) -> list[str]:
    return [each.name for each in strangers.find(tokenise(question)) if each.subject]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("how would one get into zorbit", "Zorbit"),
        ("ZORBIT’s round", "Zorbit"),
        ("is $zrb out", "Zorbit"),
        ("zor-bit-pay for all", "Zor Bit Pay"),
        ("zorbitpay for all", "Zor Bit Pay"),
    ],
)
def test_a_made_up_name_means_the_project_wherever_it_stands(question: str, name: str, strangers: Strangers) -> None:
    assert subjects(strangers, question) == [name]


def test_two_short_words_are_no_name_that_is_one_word(strangers: Strangers) -> None:
    assert subjects(strangers, "zo rb") == []


@pytest.mark.parametrize(
    "question",
    [
        "what is Lantern",
        "is $lantern out",
        "the lantern airdrop",
        "snapshot of lantern",
        "lantern claim page",
        "lantern season 2",
        "lantern protocol backers",
        "when lantern",
        "so when does lantern launch",
        "will lantern have a drop",
        "Lantern total supply",
        "who got a Lantern airdrop",
    ],
)
def test_a_word_that_is_written_or_placed_as_a_name_means_the_project(question: str, strangers: Strangers) -> None:
    assert subjects(strangers, question) == ["Lantern"]


@pytest.mark.parametrize(
    "question",
    [
        "what is a lantern",
        "a lantern airdrop",
        "my lantern token",
        "how do I light the lantern for the airdrop",
        "What Is The Lantern For",
        "WHERE IS THE LANTERN",
        "lantern",
    ],
)
def test_a_word_that_stands_as_one_means_nobody(question: str, strangers: Strangers) -> None:
    assert strangers.find(tokenise(question)) == ()


@pytest.mark.parametrize(
    "question",
    [
        "purse airdrop when",
        "is there a Purse token",
        "points on purse",
        "tell me about purse",
        "$PURSE out",
        "purse tech score?",
        "the tech score of purse",
        "who invested in purse",
        "who backs purse",
    ],
)
def test_what_everybody_speaks_of_is_asked_about_beside_what_a_project_has(question: str, strangers: Strangers) -> None:
    assert subjects(strangers, question) == ["Purse"]


@pytest.mark.parametrize(
    "question", ["is Purse asking for my seed a scam", "why does my purse claim fail", "can I claim with Purse"]
)
def test_what_everybody_speaks_of_is_named_elsewhere_without_being_asked_about(
    question: str, strangers: Strangers
) -> None:
    (named,) = strangers.find(tokenise(question))
    assert (named.name, named.subject) == ("Purse", False)


def test_without_names_nobody_is_found() -> None:
    assert NOBODY.find(tokenise("zorbit airdrop")) == ()


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"coined": 'names = ["Zorbit", "zor bit"]'}, "coined.names.1", "'zor bit' means Zorbit already"),
        ({"words": 'names = ["Zorbit"]'}, "words.names.0", "'Zorbit' means Zorbit already"),
        ({"everyday": 'names = ["Purse"]\nalso = { PRS = "Purze" }'}, "everyday.also.PRS", "'Purze' is none"),
        ({"words": 'names = ["?!"]'}, "words.names.0", "has no letter or digit"),
        ({"words": "names = []"}, "words.names", "at least 1 item"),
        ({"words": 'names = [""]'}, "words.names.0", "at least 1 character"),
        ({"words": 'names = ["Lantern"]\nprice = "7"'}, "words.price", "is not a field that is known here"),
        ({"verbs": 'names = ["Zip"]'}, "verbs", "is not a field that is known here"),
    ],
)
def test_what_is_wrong_in_the_list_is_told_with_its_place(
    changed: dict[str, str], field: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(BrokenData, match=reason) as told:
        load_strangers(written(tmp_path, **changed))
    assert told.value.field == field
    assert told.value.file.endswith(FILE)


def test_a_kind_of_name_that_is_missing_is_told(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text('[coined]\nnames = ["Zorbit"]\n')
    with pytest.raises(BrokenData, match="words: is missing"):
        load_strangers(path)


def test_nobody_stands_in_the_catalogue_and_in_the_list_of_those_that_it_lacks(catalogue: Catalogue) -> None:
    lexicon = lexicon_of(catalogue)
    listed = set(lexicon.names) | set(lexicon.symbols)
    assert [name for name in _typed() if key_of(name) in listed] == []


def test_each_name_that_ships_is_found_as_it_is_written() -> None:
    missed = [name for name in _typed() if not subjects(SHIPPED, f"was the {name} airdrop worth it")]
    assert missed == []


def _typed() -> list[str]:
    elsewhere = parse(text_of(DATA / FILE), Elsewhere, FILE)
    kinds = [elsewhere.of(manner) for manner in Manner]
    return [name for kind in kinds for name in (*kind.names, *kind.also)]
