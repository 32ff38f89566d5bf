from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.answers import facts
from bot.answers.model import Kind
from bot.catalogue.load import load
from bot.catalogue.model import AirdropState, Fact, Project
from bot.catalogue.service import Catalogue
from bot.prices.model import Market
from tests.answers.facts.conftest import DATA, NOW, Asker
from tests.answers.facts.questions import ANSWERED, NOT_KNOWN, NOT_OURS, Group


def flat(groups: tuple[Group, ...]) -> list[tuple[str, str, str]]:
    return [(question, topic, says) for topic, says, questions in groups for question in questions]


def with_state(project_id: str, state: AirdropState) -> Catalogue:
    """Return the shipped catalogue with another state of one project's airdrop."""
    content = load(DATA)
    return Catalogue(
        replace(
            content,
            projects=tuple(
                project.model_copy(update={"airdrop": project.airdrop.model_copy(update={"state": state})})
                if project.id == project_id
                else project
                for project in content.projects
            ),
        )
    )


def edited(project_id: str, **facts_changed: Fact) -> Catalogue:
    """Return the shipped catalogue with some facts of one project replaced."""
    content = load(DATA)
    projects = tuple(
        project.model_copy(update={"facts": {**project.facts, **facts_changed}})
        if project.id == project_id
        else project
        for project in content.projects
    )
    return Catalogue(replace(content, projects=projects))


@pytest.mark.parametrize(("question", "topic", "says"), flat(ANSWERED))
def test_a_question_gets_the_answer_of_its_field(question: str, topic: str, says: str, ask: Asker) -> None:
    answer = ask(question)
    assert (answer.kind, answer.topic) == (Kind.ANSWER, topic)
    assert says in answer.text


@pytest.mark.parametrize(("question", "topic", "says"), flat(NOT_KNOWN))
def test_what_is_not_known_is_said_to_be_unknown(question: str, topic: str, says: str, ask: Asker) -> None:
    answer = ask(question)
    assert (answer.kind, answer.topic) == (Kind.UNKNOWN, topic)
    assert says in answer.text


@pytest.mark.parametrize("question", NOT_OURS)
def test_a_general_question_is_none_of_the_catalogues(question: str, catalogue: Catalogue) -> None:
    reading = facts.read(question, catalogue)
    assert reading.shape in (facts.Shape.NOTHING, facts.Shape.UNLISTED), reading
    assert reading.sureness < 0.6


def test_an_unknown_fact_offers_what_is_known_and_each_offer_has_an_answer(ask: Asker, catalogue: Catalogue) -> None:
    answer = ask("dymension snapshot")
    assert 1 <= len(answer.suggestions) <= 3
    for offer in answer.suggestions:
        again = facts.topic(offer.topic, catalogue, (), NOW)
        assert again is not None
        assert again.kind is Kind.ANSWER


def test_an_answer_cites_the_facts_own_sources(ask: Asker, catalogue: Catalogue) -> None:
    project = catalogue.by_id("starknet")
    assert project is not None
    cited = {source.title for source in ask("starknet snapshot").sources}
    assert cited == {source.title for source in project.facts["snapshot"].sources}


def test_an_answer_is_as_old_as_its_oldest_fact(ask: Asker) -> None:
    assert ask("starknet snapshot").as_of == date(2026, 11, 22)


def test_a_source_that_is_not_to_be_linked_has_no_address(ask: Asker) -> None:
    sources = {source.title: source.url for source in ask("who invested in layerzero").sources}
    assert sources["hollywoodstarshoney.com"] is None
    assert sources["emroozi.com"] == "https://www.emroozi.com/3243.html"


def test_claims_open_by_the_clock() -> None:
    catalogue = with_state("monad", "upcoming")
    reading = facts.read("can i still claim monad", catalogue)
    during = facts.answer(reading, catalogue, (), datetime(2025, 10, 20, tzinfo=UTC))
    assert during is not None
    assert during.text.startswith("Yes. Claims of Monad (MON) are open")
    before = facts.answer(reading, catalogue, (), datetime(2025, 10, 1, tzinfo=UTC))
    assert before is not None
    assert "not open yet" in before.text


def test_an_airdrop_that_ended_early_is_over() -> None:
    catalogue = with_state("monad", "closed")
    reading = facts.read("can i still claim monad", catalogue)
    answer = facts.answer(reading, catalogue, (), datetime(2025, 10, 20, tzinfo=UTC))
    assert answer is not None
    assert answer.text.startswith("No. ")
    assert "The airdrop is over." in answer.text


def test_a_closed_window_is_over_whatever_the_state_says() -> None:
    catalogue = with_state("layerzero", "claimable")
    answer = facts.answer(facts.read("can i still claim zro", catalogue), catalogue, (), NOW)
    assert answer is not None
    assert answer.text.startswith("No. Claims of LayerZero (ZRO) are over")


def test_what_may_have_changed_since_says_when_it_was_looked_up(catalogue: Catalogue) -> None:
    later = datetime(2028, 1, 1, tzinfo=UTC)
    volatile = facts.answer(facts.read("starknet website", catalogue), catalogue, (), later)
    lasting = facts.answer(facts.read("starknet snapshot", catalogue), catalogue, (), later)
    assert volatile is not None
    assert lasting is not None
    assert volatile.stale
    assert "Looked up on 22 November 2026" in volatile.text
    assert not lasting.stale
    closed = facts.answer(facts.read("starknet claim window", catalogue), catalogue, (), later)
    assert closed is not None
    assert not closed.stale


def test_a_market_value_is_shown_when_there_is_one(catalogue: Catalogue) -> None:
    market = Market(Decimal("0.1234"), Decimal(456_000_000), Decimal("-3.25"), NOW, False, "A market")
    reading = facts.read("price of strk", catalogue)
    answer = facts.answer(reading, catalogue, (), NOW, {"starknet": market})
    assert answer is not None
    assert answer.kind is Kind.ANSWER
    assert "USD 0.1234; market value USD 456M; -3.2% in 24 hours" in answer.text
    assert answer.sources[0].title == "A market"
    stale = facts.answer(reading, catalogue, (), NOW, {"starknet": replace(market, stale=True)})
    assert stale is not None
    assert stale.stale
    assert "out of date" in stale.text


def test_several_projects_of_one_name_are_asked_about(ask: Asker) -> None:
    answer = ask("optimism snapshot")
    assert answer.kind is Kind.UNKNOWN
    assert [offer.topic for offer in answer.suggestions] == [f"fact:optimism-{number}:snapshot" for number in (1, 2, 5)]


def test_namesakes_that_agree_need_no_asking(ask: Asker) -> None:
    assert ask("op token symbol").text == "The token of Optimism airdrop 1 has the symbol OP."


def test_a_servers_own_fact_is_the_one_that_is_answered() -> None:
    source = {"title": "The team", "url": "https://example.org"}
    fact = Fact.model_validate(
        {"value": "2027-03-01", "status": "confirmed", "as_of": date(2026, 11, 1), "sources": (source,)}
    )
    catalogue = edited("dymension", snapshot=fact, vesting_schedule=fact)
    for question, key in (("dymension snapshot", "snapshot"), ("vesting schedule of dymension", "vesting_schedule")):
        answer = facts.answer(facts.read(question, catalogue), catalogue, (), NOW)
        assert answer is not None
        assert answer.topic == f"fact:dymension:{key}"
        assert "1 March 2027" in answer.text


def test_a_project_of_a_server_alone_is_found_by_its_name() -> None:
    content = load(DATA)
    grass = next(project for project in content.projects if project.id == "grass")
    new = Project.model_validate(
        {**grass.model_dump(), "id": "zorbit", "name": "Zorbit Chain", "symbol": "ZRB", "aliases": ()}
    )
    catalogue = Catalogue(replace(content, projects=(*content.projects, new)))
    for question in ("zorbit chain tge", "when did zrb launch", "Zorbitchain tge"):
        assert facts.read(question, catalogue).topic == "fact:zorbit:tge_date"


@pytest.mark.parametrize(
    "topic", ["fact:nobody:funding", "fact:starknet:nonsense", "list:nonsense", "compare:peaq", "x", ""]
)
def test_a_topic_that_is_none_has_no_answer(topic: str, catalogue: Catalogue) -> None:
    assert facts.topic(topic, catalogue, (), NOW) is None


def test_a_member_cannot_put_words_into_an_answer(ask: Asker) -> None:
    answer = ask("is evil-starknet.com/claim?x=1 the real starknet site")
    assert "evil" not in answer.text
