"""Facts in sentences: all of each is there, and nothing else."""

import re

import pytest

from bot.answers.facts.passages import parts, passages_of
from bot.answers.facts.wording import value, with_days
from bot.catalogue.service import Catalogue


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("One. Two; three", ["One", "Two", "three"]),
        ("7.5% in season 1; 5.8%, 2.7% and 1.3% later", ["7.5% in season 1", "5.8%, 2.7% and 1.3% later"]),
        ("5% (10% of that at once; the rest later)", ["5% (10% of that at once; the rest later)"]),
        ("Its site is peaq.xyz. Not peaq.network", ["Its site is peaq.xyz", "Not peaq.network"]),
    ],
)
def test_a_text_is_parted_at_its_ends_and_nowhere_else(text: str, sentences: list[str]) -> None:
    assert parts(text) == sentences


def test_the_sentences_of_a_fact_hold_every_number_that_it_has(catalogue: Catalogue) -> None:
    for project in catalogue.projects:
        found = passages_of(project)
        for key, fact in project.facts.items():
            told = " ".join(passage.text for passage in found if passage.key == key)
            whole = f"{value(fact)} {with_days(fact.note or '')}" if fact.known else ""
            assert re.findall(r"\d+", told) == re.findall(r"\d+", whole), f"{project.id}: {key}"


def test_nothing_is_told_of_what_is_not_known(catalogue: Catalogue) -> None:
    for project in catalogue.projects:
        unknown = {key for key, fact in project.facts.items() if not fact.known}
        assert unknown.isdisjoint(passage.key for passage in passages_of(project))
