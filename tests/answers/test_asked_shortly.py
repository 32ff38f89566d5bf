"""Short, hasty and frightened questions: what is refused, what is not, and what must be answered rightly."""

from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from bot.answers.engine import Asked, Engine, load_engine
from bot.answers.model import Answer, Kind
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from tests.answers.asked_shortly import DANGEROUS, INNOCENT, NOT_OF_A_FIELD, REFUSED

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine(DATA)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(load(DATA))


def ask(engine: Engine, catalogue: Catalogue, question: str) -> Answer:
    return engine.ask(Asked(question, catalogue, engine.passages(()), (), NOW))


@pytest.mark.parametrize(("ground", "question"), [(ground, each) for ground in REFUSED for each in REFUSED[ground]])
def test_what_asks_for_advice_or_a_forecast_or_harm_is_refused(
    ground: str, question: str, engine: Engine, catalogue: Catalogue
) -> None:
    answer = ask(engine, catalogue, question)
    assert (answer.topic, answer.sources) == (f"refusal:{ground}", ())


@pytest.mark.parametrize(("question", "topics"), INNOCENT.items())
def test_what_only_sounds_like_it_is_answered(
    question: str, topics: tuple[str, ...], engine: Engine, catalogue: Catalogue
) -> None:
    topic = ask(engine, catalogue, question).topic
    assert any(fnmatchcase(topic, each) for each in topics), topic


@pytest.mark.parametrize(("ids", "question"), [(ids, each) for ids in DANGEROUS for each in DANGEROUS[ids]])
def test_who_is_in_danger_reads_what_to_do(ids: str, question: str, engine: Engine, catalogue: Catalogue) -> None:
    answer = ask(engine, catalogue, question)
    topics = [f"entry:{each}" for each in ids.split()]
    assert answer.topic in topics, (answer.topic, answer.suggestions)


@pytest.mark.parametrize("question", NOT_OF_A_FIELD)
def test_a_weak_word_beside_what_no_field_explains_is_answered_by_no_fact(
    question: str, engine: Engine, catalogue: Catalogue
) -> None:
    answer = ask(engine, catalogue, question)
    assert answer.kind is Kind.UNKNOWN or not answer.topic.startswith("fact:"), answer.topic
