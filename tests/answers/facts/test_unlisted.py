"""Questions about a project that is known by name alone, and those that only speak of one."""

import pytest

from bot.answers import facts
from bot.answers.facts.sense import Sense
from bot.answers.facts.strangers import FILE, load_strangers
from bot.answers.facts.tokens import tokenise
from bot.answers.model import Kind
from bot.answers.shipped import load_shipped
from bot.catalogue.load import Content, load
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from tests.answers.facts.conftest import DATA
from tests.answers.facts.test_sense import Asker, ask

__all__ = ["ask"]

BY_WORDS = Sense(strangers=load_strangers(DATA / FILE))
PROJECTS = 46
# Of the general wordings that name somebody elsewhere, one of so many may be read as a question about that one: the
# engine weighs the reading against the entry or refusal that is asked for.
MANY, ONE_OF = 100, 20


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("when does blast launch its token", "Blast"),
        ("blast snapshot day?", "Blast"),
        ("Is there going to be a Base airdrop?", "Base"),
        ("metamask airdrop when", "MetaMask"),
        ("how much did aptos airdrop", "Aptos"),
        ("claim date of the pengu drop", "Pudgy Penguins"),
        ("who invested in Ethena", "Ethena"),
        ("what does kamino do", "Kamino"),
        ("price of AVAX", "Avalanche"),
        ("is taiko eligibility out", "Taiko"),
        ("does polymarket have a token", "Polymarket"),
    ],
)
def test_what_is_asked_of_a_project_elsewhere_is_surely_not_known(question: str, name: str, ask: Asker) -> None:
    reading = ask.read(question)
    assert (reading.shape, reading.topic, reading.firm) == (facts.Shape.UNLISTED, f"unlisted:{name}", True)
    assert reading.sureness >= 0.75
    answer = ask(question)
    assert (answer.kind, answer.topic) == (Kind.UNKNOWN, "unknown:project")
    assert answer.text.startswith(f"“{name}” is not among the {PROJECTS} projects that I know")
    assert answer.sources == ()


@pytest.mark.parametrize(
    "question",
    [
        "are bitcoin payments for gas possible?",
        "is MetaMask asking for my seed a scam",
        "price of bitcoin",
        "how do i bridge to base",
        "can i claim with trust wallet",
        "if i revoke aave do i lose my deposit",
        "telegram game airdrops like hamster kombat, are they real",
        "worldcoin orb scan privacy",
    ],
)
def test_a_general_question_that_speaks_of_one_is_left_to_the_entries(question: str, ask: Asker) -> None:
    assert ask.read(question).sureness == 0


@pytest.mark.parametrize(
    "question",
    [
        "how do i move eth to arbitrum",
        "is monad better than megaeth",
        "which projects are on Solana",
        "did bitcoin win the poll",
        "how many votes did Blast get in the poll",
        "was Aptos in the survey",
        "is tyco taiko",
    ],
)
def test_who_is_elsewhere_takes_no_question_about_the_listed_the_survey_or_a_poll(question: str, ask: Asker) -> None:
    assert ask.read(question).shape not in (facts.Shape.UNLISTED, facts.Shape.NOTHING)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("blum airdrop", "unlisted:Blum"),
        ("storj token", "unlisted:Storj"),
        ("sonic svm token", "unlisted:Sonic SVM"),
        ("arbitrum nova airdrop", "unlisted:Arbitrum Nova"),
        ("arbitrum airdrop", "fact:arbitrum:airdrop"),
    ],
)
def test_a_name_as_it_is_written_and_a_longer_one_come_before_a_guess(question: str, topic: str, ask: Asker) -> None:
    assert ask.read(question).topic == topic


@pytest.mark.parametrize(
    ("question", "offered"), [("storj token", ["Story"]), ("sonic svm token", ["Sonic season 1"]), ("zora token", [])]
)
def test_a_listed_project_is_offered_when_its_name_is_much_alike(question: str, offered: list[str], ask: Asker) -> None:
    assert [each.question for each in ask(question).suggestions] == [f"What is {name}?" for name in offered]


def test_a_server_that_has_the_project_gets_its_facts(ask: Asker, sense: Sense) -> None:
    content = load(DATA)
    blast = _renamed(content.projects[0], "blast", "Blast")
    catalogue = Catalogue(Content((*content.projects, blast), content.surveys))
    assert Asker(catalogue, sense).read("blast tge").topic == "fact:blast:tge_date"
    assert ask.read("blast tge").topic == "unlisted:Blast"


def _renamed(project: Project, project_id: str, name: str) -> Project:
    return project.model_copy(update={"id": project_id, "name": name, "symbol": "BLST", "aliases": ()})


@pytest.mark.parametrize("question", ["taiko tge", "when was the aptos snapshot", "zora airdrop"])
def test_without_the_sentence_model_a_field_s_own_words_are_enough(question: str, catalogue: Catalogue) -> None:
    reading = facts.read(question, catalogue, BY_WORDS)
    assert (reading.shape, reading.firm, reading.elsewhere) == (facts.Shape.UNLISTED, True, None)


@pytest.mark.parametrize("question", ["if i revoke aave do i lose my deposit", "zora beside ring signatures"])
def test_without_the_sentence_model_other_words_speak_against_it(question: str, catalogue: Catalogue) -> None:
    assert not facts.read(question, catalogue, BY_WORDS).firm


def test_hardly_a_general_wording_that_ships_is_taken_for_a_question_about_somebody_elsewhere(
    ask: Asker, sense: Sense
) -> None:
    documents = [each for each in load_shipped(DATA).documents if each.key.startswith(("entry:", "refusal:"))]
    wordings = [wording for each in documents for wording in each.wordings]
    speaking = [wording for wording in wordings if sense.strangers.find(tokenise(wording))]
    taken = [wording for wording in speaking if ask.read(wording).shape is facts.Shape.UNLISTED]
    assert len(speaking) > MANY
    assert len(taken) <= len(speaking) / ONE_OF, taken
