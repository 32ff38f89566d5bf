"""The shipped catalogue, at one moment, and polls as a member sees them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answers import facts
from bot.answers.facts.sense import Sense, load_sense
from bot.answers.model import Answer
from bot.answers.retrieval import kept
from bot.answers.retrieval.mix import read_encoder
from bot.answers.retrieval.remembered import Remembered
from bot.answers.shipped import load_shipped
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue

DATA = Path(__file__).parents[3] / "data"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue(load(DATA))


class Asker:
    """Asks the shipped catalogue; for tests that look at answers."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __call__(self, question: str, polls: tuple[facts.PollFacts, ...] = ()) -> Answer:
        answer = facts.answer(facts.read(question, self.catalogue), self.catalogue, polls, NOW)
        assert answer is not None, f"nothing was read in {question!r}"
        return answer


@pytest.fixture(scope="session")
def ask(catalogue: Catalogue) -> Asker:
    return Asker(catalogue)


@pytest.fixture(scope="session")
def sense() -> Sense:
    encoder = read_encoder(DATA / kept.FILE)
    if encoder is None:
        pytest.skip("the sentence model is not installed")
    return load_sense(DATA, Remembered(encoder), load_shipped(DATA))
