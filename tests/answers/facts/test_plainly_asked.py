"""Questions that are asked plainly: the field that holds the answer, or an admission, and never another field."""

import pytest

from bot.answers.facts.model import Shape
from bot.answers.facts.question import Question
from bot.answers.facts.sense import Sense
from bot.answers.model import Kind
from bot.catalogue.service import Catalogue
from tests.answers.facts.test_sense import Asker


@pytest.fixture(scope="session")
def ask(catalogue: Catalogue, sense: Sense) -> Asker:
    return Asker(catalogue, sense)


@pytest.mark.parametrize(
    ("question", "topic", "says"),
    [
        ("when did the tia genesis drop begin", "fact:celestia:*", "26 September"),
        ("tia genesis drop, what day and hour did it shut", "fact:celestia:*", "17 October 2023, 12:00 UTC"),
        ("wann endete der claim von starknet?", "fact:starknet:claim_window", "20 June 2024"),
        ("from which day on could you send DYDX to somebody", "fact:dydx:*", "8 September 2021"),
        ("how many ape did bored ape holders get", "fact:apecoin:*", "10,950"),
        ("how many MOVE claims were there in the first day or so", "fact:movement:recipients", "39,900"),
        ("how many fake wallets did linea throw out", "fact:linea:*", "800,000 sybil"),
        ("could people from the united states claim the zksync airdrop", "fact:zksync:eligibility", "US"),
        ("did hyperliquid give any tokens to vcs", "fact:hyperliquid:*", "No share for investors"),
        ("validators' slice of JTO", "fact:jito:airdrop_share", "15% validators"),
        ("notcoin lives inside which messenger", "fact:notcoin:overview", "Telegram"),
        ("who got kicked out of movement labs", "fact:movement:scandal", "dismissed"),
        ("OP airdrop 5, which period counted", "fact:optimism-5:snapshot", "15 September 2024"),
        ("what narrative stood next to movement in the awards", "fact:movement:narrative", "Aptos"),
        ("by how much did token metrics beat starknet in the survey", "compare:*", "44.3%"),
        ("how far behind token metrics was layerzero in the survey", "compare:*", "17.6%"),
        ("what does a tech score of 90 stand for", "survey:tech_score", "not defined"),
        ("which two of the six got no tech score", "survey:tech_scores", "none for"),
    ],
)
def test_the_field_that_has_it_answers(question: str, topic: str, says: str, ask: Asker) -> None:
    answer = ask(question)
    assert answer.kind is Kind.ANSWER
    assert answer.topic.startswith(topic.rstrip("*"))
    assert says in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "i bridged to arbitrum 20 min ago, when does it arrive",
        "two tokens with the same name on uniswap, which is genuine",
        "i swapped on uniswap and it failed",
        "how many people work at scroll",
        "release day of uniswap v4",
    ],
)
def test_a_project_that_only_stands_there_is_asked_for_nothing(question: str, ask: Asker) -> None:
    assert ask.read(question).shape is Shape.OTHER


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("i bridged to starknet in 2023, am i eligible", "eligibility"),
        ("when did claims on linea open", "claim_window"),
    ],
)
def test_a_field_of_a_place_is_still_its_own(question: str, key: str, ask: Asker) -> None:
    assert ask.read(question).field == key


@pytest.mark.parametrize(
    "question",
    ["which exchange has the lowest trading fees", "which wallet has the lowest fees", "what is the biggest office"],
)
def test_what_nothing_is_ordered_by_has_no_list(question: str, ask: Asker) -> None:
    assert ask.read(question).shape is Shape.NOTHING


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("who has a tech score of 87", "list:tech_score=87"),
        ("which airdrop had the lowest share of supply", "list:least=airdrop_share"),
        ("earliest launch", "list:least=tge_date"),
    ],
)
def test_a_list_is_still_a_list(question: str, topic: str, ask: Asker) -> None:
    assert ask.read(question).topic == topic


@pytest.mark.parametrize(
    ("question", "masked"),
    [
        ("how many ARB did daos get", "how many tokens did daos get"),
        ("when does the starknet claim end", "when does the project claim end"),
        ("how many starknet addresses", "how many the project addresses"),
    ],
)
def test_a_masked_question_reads_like_one(question: str, masked: str, catalogue: Catalogue) -> None:
    assert Question(question, catalogue).masked == masked
