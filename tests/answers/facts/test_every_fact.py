"""Every fact of every project, asked for by its name, and every number of every answer."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.answers import facts
from bot.answers.facts.fields import fields_of
from bot.answers.facts.quantities import QUANTITIES
from bot.answers.facts.query import Query
from bot.answers.facts.wording import value
from bot.answers.model import Answer, Kind
from bot.catalogue.load import load
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from tests.answers.facts.conftest import DATA, NOW
from tests.answers.facts.questions import ANSWERED, NOT_KNOWN
from tests.answers.judging import numbers_in, numbers_of

PROJECTS = load(DATA).projects
PAIRS = [(project, key) for project in PROJECTS for key in project.facts]
# Made from several facts, or from the state of the airdrop: what their text holds is tested by the table of questions.
MADE_UP_OF_SEVERAL = {"category", "claim_window", "official_claim_page", "later"}


def ways(project: Project, key: str) -> Iterator[str]:
    name, field = project.name, key.replace("_", " ")
    yield f"{field} of {name}"
    yield f"what is the {field} of {name}?"
    yield f"{name}'s {field}"


@pytest.mark.parametrize(("project", "key"), PAIRS, ids=lambda part: part if isinstance(part, str) else part.id)
def test_each_fact_is_found_by_its_name(project: Project, key: str, catalogue: Catalogue) -> None:
    for question in ways(project, key):
        reading = facts.read(question, catalogue)
        answer = facts.answer(reading, catalogue, (), NOW)
        assert answer is not None
        assert answer.topic == f"fact:{project.id}:{key}", question
        fact = project.facts[key]
        if fact.known and key not in MADE_UP_OF_SEVERAL:
            assert answer.kind is Kind.ANSWER
            assert {source.title for source in answer.sources} == {source.name for source in fact.sources}
            assert value(fact)[:100] in answer.text


def all_answers(catalogue: Catalogue) -> Iterator[Answer]:
    keys = [field.key for field in fields_of(catalogue)]
    projects = catalogue.projects
    topics = [f"fact:{project.id}:{key}" for project in projects for key in keys]
    topics += [f"compare:{one.id}:{other.id}" for one in projects[:8] for other in projects[:8] if one is not other]
    topics += [f"compare:{one.id}:{projects[0].id}:{key}" for one in projects[1:9] for key in keys]
    topics += [Query(order=key, most=most).topic for key in QUANTITIES for most in (True, False)]
    topics += [Query(order=key, limit=5).topic for key in QUANTITIES]
    topics += [Query(category=category).topic for category in catalogue.categories]
    topics += [Query(state=state).topic for state in catalogue.statuses]
    topics += [topic for topic, _, _ in (*ANSWERED, *NOT_KNOWN) if topic.startswith(("survey", "list"))]
    yield from (found for topic in topics if (found := facts.topic(topic, catalogue, (), NOW)))
    questions = [question for _, _, group in (*ANSWERED, *NOT_KNOWN) for question in group]
    for question in questions:
        # Whether something is, is answered by more than what the topic holds.
        reading = replace(facts.read(question, catalogue), yes_or_no=False)
        if answer := facts.answer(reading, catalogue, (), NOW):
            yield answer


def test_no_answer_has_a_number_that_its_data_has_not(catalogue: Catalogue) -> None:
    known = {number for survey in catalogue.surveys for number in numbers_of(survey.model_dump(mode="json"))}
    # How many projects there are, and how many of them a list is about.
    known |= {number for count in range(len(catalogue.projects) + 1) for number in numbers_in(str(count))}
    known |= {number for survey in catalogue.surveys for number in numbers_in(str(survey.named_share))}
    by_project = {project.id: set(numbers_of(project.model_dump(mode="json"))) for project in catalogue.projects}
    for answer in all_answers(catalogue):
        named = [project_id for project_id in by_project if f":{project_id}:" in f"{answer.topic}:"]
        allowed = known.union(*(by_project[each] for each in named or by_project))
        bounds = numbers_in(re.sub(r"[^\d.]", " ", answer.topic))
        assert not numbers_in(answer.text) - allowed - bounds, answer


def test_every_answer_is_short_plain_and_dated(catalogue: Catalogue) -> None:
    for answer in all_answers(catalogue):
        assert 0 < len(answer.text) <= 500, answer
        assert len(answer.topic) <= 80
        assert not re.search(r"https?://|\*\*|<t:|\n|`", answer.text), answer
        assert 0 < answer.confidence <= 1
        assert all(len(offer.question) <= 80 and len(offer.topic) <= 80 for offer in answer.suggestions)
        if answer.kind is Kind.ANSWER:
            assert answer.sources, answer
            assert answer.as_of is not None


def test_every_offer_leads_to_an_answer(catalogue: Catalogue) -> None:
    offers = {offer.topic for answer in all_answers(catalogue) for offer in answer.suggestions}
    for topic in offers:
        again = facts.topic(topic, catalogue, (), NOW)
        assert again is not None, topic
        assert again.topic == topic


def test_every_answer_is_found_again_by_its_topic(catalogue: Catalogue) -> None:
    for answer in all_answers(catalogue):
        if not answer.topic.startswith(("unclear", "unknown", "poll")):
            again = facts.topic(answer.topic, catalogue, (), NOW)
            assert again is not None, answer.topic
            assert (again.kind, again.topic, again.sources) == (answer.kind, answer.topic, answer.sources)
