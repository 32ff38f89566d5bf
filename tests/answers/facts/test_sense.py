"""Questions understood by what was learned of examples, and by the sentences of the facts themselves."""

from dataclasses import replace

import pytest

from bot.answers import facts
from bot.answers.facts.intents import load_intents
from bot.answers.facts.polls import PollFacts
from bot.answers.facts.sense import PROJECTS_KEPT, Sense
from bot.answers.model import Answer, Kind
from bot.catalogue.service import Catalogue
from tests.answers.facts.conftest import DATA, NOW
from tests.answers.facts.test_polls import CLOSED, HIDDEN, LIVE


class Asker:
    """Asks the shipped catalogue with all that was learned."""

    def __init__(self, catalogue: Catalogue, sense: Sense) -> None:
        self.catalogue, self.sense = catalogue, sense

    def read(self, question: str) -> facts.Reading:
        return facts.read(question, self.catalogue, self.sense)

    def __call__(self, question: str, polls: tuple[PollFacts, ...] = ()) -> Answer:
        answer = facts.answer(self.read(question), self.catalogue, polls, NOW)
        assert answer is not None, f"nothing was read in {question!r}"
        return answer


@pytest.fixture(scope="session")
def ask(catalogue: Catalogue, sense: Sense) -> Asker:
    return Asker(catalogue, sense)


def test_what_was_learned_is_of_the_examples_that_ship(sense: Sense) -> None:
    topics = {each.key for each in load_intents(DATA / "intents")}
    asked = "who put money into the project"
    assert set(sense.likely(sense.vector(asked), asked)) == {*topics, "none"}, "run `python -m bot.answers.keep`"


@pytest.mark.parametrize(
    ("question", "topic", "says"),
    [
        ("the fortune that one lucky wallet made in STRK, how many tokens", "fact:starknet:recipients", "180,000"),
        ("was the co-founder of movement really sent away", "fact:movement:scandal", "Manche was dismissed"),
        ("the most ARB that a single address was allowed", "fact:arbitrum:*", "at most 10,200 ARB"),
        ("krest phase 2: what was in pool 2", "fact:peaq:*", "21"),
        ("which auditor of sybils did starknet work with", "fact:starknet:*", "Trusta Labs"),
        ("does magic eden make you claim on the phone", "fact:magic-eden:claim_window", "mobile wallet"),
        ("how long would my tmai be locked at most", "fact:token-metrics:staking", "12 months is the maximum"),
        ("in which year did layerzero sell tokens to a16z", "fact:layerzero:funding", "Token purchase USD 55M"),
    ],
)
def test_a_detail_is_answered_with_the_sentence_that_has_it(question: str, topic: str, says: str, ask: Asker) -> None:
    answer = ask(question)
    assert answer.kind is Kind.ANSWER
    assert answer.topic == topic or (topic.endswith("*") and answer.topic.startswith(topic[:-1]))
    assert says in answer.text
    assert answer.sources
    assert answer.as_of


def test_what_was_found_is_never_cut_off(ask: Asker, catalogue: Catalogue) -> None:
    for project in catalogue.projects:
        for passage, _ in ask.sense.near(None, project):
            if passage.key in ("overview", "airdrop", "token_symbol"):
                continue
            reading = replace(
                facts.Reading("what", facts.Shape.FIELD, f"fact:{project.id}:{passage.key}", 0.9), says=passage
            )
            answer = facts.answer(reading, catalogue, (), NOW)
            assert answer is not None
            assert passage.text.rstrip(".") in answer.text, f"{project.id}: {passage.key}"


@pytest.mark.parametrize(
    "question",
    [
        "who is the boss of scroll",
        "how many engineers does monad employ",
        "what does a swap on arbitrum cost in gas",
        "is there a telegram group for celestia",
    ],
)
def test_what_the_catalogue_does_not_hold_is_not_known(question: str, ask: Asker) -> None:
    assert ask(question).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("ticker and launch date of monad", "24 November 2025", "MON"),
        ("snapshot day of zksync and who invested in it", "24 March 2024", "funding: not known"),
    ],
)
def test_two_things_at_once_get_both(question: str, first: str, second: str, ask: Asker) -> None:
    answer = ask(question)
    assert first in answer.text
    assert second in answer.text
    assert facts.topic(answer.topic, ask.catalogue, (), NOW) is not None


@pytest.mark.parametrize(
    ("question", "project"),
    [
        ("what are DYMONDs good for", "dymension"),
        ("when did coinbase halt trading of move", "movement"),
        ("addresses in the fifth OP drop", "optimism-5"),
        ("who was in optimism airdrop number two", "optimism-2"),
    ],
)
def test_somebody_is_meant_by_a_word_or_a_number_of_theirs(question: str, project: str, ask: Asker) -> None:
    assert ask.read(question).topic.startswith(f"fact:{project}:")


@pytest.mark.parametrize("question", ["i move my coins to a new wallet", "is it safe to sign this", "do not tell me"])
def test_ordinary_words_stay_words(question: str, ask: Asker) -> None:
    assert not ask.read(question).mentions


@pytest.mark.parametrize(
    ("question", "polls", "topic"),
    [
        ("anything for us to vote on at the moment?", (LIVE,), "poll:open"),
        ("who is up front in the vote atm", (LIVE,), "poll:4:leader"),
        ("how many of us took part in the vote so far", (LIVE,), "poll:4:votes"),
        ("who is at the bottom of our poll", (LIVE,), "poll:4:place-last"),
        ("who came second when we voted", (CLOSED,), "poll:4:place-2"),
        ("until which day may people vote here", (LIVE,), "poll:4:closes"),
    ],
)
def test_a_poll_here_is_meant_without_its_own_words(
    question: str, polls: tuple[PollFacts, ...], topic: str, ask: Asker
) -> None:
    assert ask(question, polls).topic == topic


@pytest.mark.parametrize("question", ["who is up front in the vote atm", "who is at the bottom of our poll"])
def test_what_was_learned_shows_nothing_that_is_hidden(question: str, ask: Asker) -> None:
    text = ask(question, (HIDDEN,)).text
    assert "%" not in text
    assert "Starknet leads" not in text


def test_how_likely_something_else_is_meant_is_told(ask: Asker) -> None:
    assert (ask.read("how do i keep my seed phrase safe").elsewhere or 0.0) > 0.8
    assert (ask.read("whose money is behind layerzero, which funds").elsewhere or 0.0) < 0.2


def test_without_a_model_words_decide(catalogue: Catalogue) -> None:
    question = "when did starknet launch its token"
    assert facts.read(question, catalogue, Sense()).topic == facts.read(question, catalogue).topic


def test_a_servers_own_edition_of_a_project_is_told_anew_and_not_kept_for_ever(catalogue: Catalogue) -> None:
    sense, project = Sense(), catalogue.projects[0]
    own = project.model_copy(update={"about": "Its own line."})
    assert sense.near(None, own)[0][0].text == "Its own line"
    assert sense.near(None, project)[0][0].text != "Its own line"
    for number in range(PROJECTS_KEPT + 1):
        sense.near(None, project.model_copy(update={"about": f"Line {number}."}))
    assert len(sense._told) == PROJECTS_KEPT
