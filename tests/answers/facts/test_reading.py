"""Who is named, and how surely a question is read."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answers import facts
from bot.answers.facts.names import lexicon_of
from bot.answers.facts.tokens import stem, tokenise
from bot.catalogue.load import load
from bot.catalogue.model import Project
from bot.catalogue.search import Kind
from bot.catalogue.service import Catalogue
from tests.answers.facts.conftest import DATA, NOW
from tests.answers.facts.questions import ANSWERED, NOT_KNOWN

SHIPPED = Catalogue(load(DATA))
PROJECTS = SHIPPED.projects


def named(question: str) -> list[tuple[str, ...]]:
    return [
        tuple(project.id for project in mention.projects) for mention in lexicon_of(SHIPPED).find(tokenise(question))
    ]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.id)
def test_each_name_and_alias_names_its_project_in_a_sentence(project: Project) -> None:
    for name in (project.name, *project.aliases):
        for question in (f"When was the {name} airdrop?", f"what is ${project.symbol}, {name}'s token"):
            ids = [who for who in named(question) if len(who) == 1]
            assert (project.id,) in ids, question


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("strknet tge", "starknet"),
        ("zk sync tge", "zksync"),
        ("LAYER-ZERO tge", "layerzero"),
        ("dymention tge", "dymension"),
        ("arbitrom tge", "arbitrum"),
        ("hyperliqiud tge", "hyperliquid"),
        ("stark tge", "starknet"),
        ("celest tge", "celestia"),
        ("starknets tge", "starknet"),
        ("starknet’s tge", "starknet"),
        ("ether.fi tge", "ether-fi"),
        ("dy/dx tge", "dydx"),
        ("second optimism airdrop tge", "optimism-2"),
        ("op airdrop 5 tge", "optimism-5"),
        ("$S tge", "sonic"),
        ("W tge", "wormhole"),
        ("ｓｔａｒｋｎｅｔ tge", "starknet"),
        ("star\u200bknet tge", "starknet"),
    ],
)
def test_a_project_is_found_however_it_is_written(question: str, who: str) -> None:
    assert named(question) == [(who,)]


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("when was the move airdrop", [("movement",)]),
        ("how do I move my airdrop", []),
        ("price of move", [("movement",)]),
        ("the story airdrop", [("story",)]),
        ("the story of the airdrop", []),
        ("scroll down to the airdrop", []),
        ("scroll airdrop", [("scroll",)]),
        ("go touch grass", []),
        ("grass airdrop", [("grass",)]),
        ("is it safe", []),
        ("a safe airdrop", []),
        ("is Safe an airdrop", [("safe",)]),
        ("what about me", []),
        ("$ME airdrop", [("magic-eden",)]),
        ("do NOT share it", []),
        ("an initial claim", []),
        ("linear vesting", []),
        ("mantra airdrop", []),
        ("the movement in the market", []),
        ("the movement market maker", [("movement",)]),
        ("a zk rollup", []),
        ("plum airdrop", []),
        ("the peak of the market", []),
    ],
)
def test_an_ordinary_word_is_a_name_only_where_it_stands_as_one(question: str, who: list[tuple[str, ...]]) -> None:
    assert named(question) == who


def test_how_a_project_was_named_is_told() -> None:
    kinds = {
        question: facts.read(question, SHIPPED).mentions[0].kind
        for question in ("starknet", "strk", "stark", "strknet")
    }
    assert list(kinds.values()) == [Kind.NAME, Kind.SYMBOL, Kind.PIECE, Kind.FUZZY]


def test_a_clear_question_is_surer_than_a_guessed_one() -> None:
    clear, guessed, vague, other, unlisted, nothing = (
        facts.read(question, SHIPPED).sureness
        for question in (
            "snapshot of starknet",
            "snapshot of strknet",
            "strknet share",
            "what does strknet think of quantum computers",
            "snapshot of Zorbit",
            "what is a snapshot",
        )
    )
    assert clear >= 0.9 > guessed > vague > other > nothing == 0
    assert 0 < unlisted < 0.6


def test_words_that_were_not_understood_are_told() -> None:
    reading = facts.read("how does starknet verify recursive proofs", SHIPPED)
    assert reading.shape is facts.Shape.OTHER
    assert reading.left_over == ("verify", "recursive", "proofs")


@pytest.mark.parametrize(
    ("words", "one"),
    [(("claims", "claimed", "claiming", "claim"), "claim"), (("raised", "raises", "raise", "raising"), "rais")],
)
def test_endings_do_not_matter(words: tuple[str, ...], one: str) -> None:
    assert {stem(word) for word in words} == {one}


NAMES = st.sampled_from([name for project in PROJECTS for name in (project.name, project.symbol, *project.aliases)])
WORDS = st.sampled_from(
    [
        "who",
        "what",
        "when",
        "which",
        "how",
        "many",
        "raised",
        "above",
        "88",
        "%",
        "$",
        "claim",
        "snapshot",
        "survey",
        "poll",
        "vote",
        "top",
        "3",
        "?",
        "2024",
        ".",
        "’s",
    ]
)
PIECES = st.lists(st.one_of(NAMES, WORDS, st.text(max_size=12)), max_size=14).map(" ".join)


@given(st.one_of(st.text(max_size=300), PIECES))
@example("")
@example("\x00\u202e\u200b\ud83d")
@example("raised above " + "9" * 400)
@example("1.2.3,4% 5k 6bn between 7 and 8")
@example("starknet " * 2_000)
@example("list:most=raised fact:starknet:x {} %s \\ \n")
def test_no_text_breaks_it(text: str) -> None:
    reading = facts.read(text, SHIPPED)
    answer = facts.answer(reading, SHIPPED, (), NOW)
    assert 0 <= reading.sureness <= 1
    assert (answer is None) is (reading.shape is facts.Shape.NOTHING)
    if answer is not None:
        assert 0 < len(answer.text) <= 500
        assert len(answer.topic) <= 80


@given(st.text(max_size=80))
@example("list:raised>")
@example("list:raised~1-2-3")
@example("list:tge_date@2024-13")
@example("compare:starknet:peaq:")
@example("poll:1:place-x")
@example("survey:99999999999999999999")
def test_no_topic_breaks_it(text: str) -> None:
    facts.topic(text, SHIPPED, (), NOW)


def test_a_question_takes_a_few_milliseconds_at_most() -> None:
    questions = [question for _, _, group in (*ANSWERED, *NOT_KNOWN) for question in group]
    took = []
    for question in questions:
        before = time.process_time()
        facts.answer(facts.read(question, SHIPPED), SHIPPED, (), NOW)
        took.append(time.process_time() - before)
    assert sorted(took)[len(took) * 95 // 100] < 0.005
