"""What is said of the survey: what was asked first, the places after it, and its source."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.answers.facts import surveying
from bot.answers.model import Answer, Kind
from bot.catalogue.load import load
from bot.catalogue.model import Survey
from bot.catalogue.service import Catalogue
from tests.answers.facts.conftest import DATA
from tests.answers.judging import numbers_in, numbers_of

SIX = (*("Token Metrics 44.3%", "Starknet 19.8%", "LayerZero 17.6%", "Dymension 7.1%", "peaq 6.7%", "Movement 2.3%"),)
OF_THE_PLACES = (
    *("winner", "1", "2", "6", "9", "last", "all", "top-1", "top-3", "top-9", "top-all", "top-0", "sum-3", "sum-6"),
    *("margin-1-2", "margin-2-3", "margin-1-9", "unnamed", "organiser", "when", "question", "method", "sample_size"),
    *("tech_score", "tech_scores", "conflict_of_interest", "correction-0", "correction-3", "correction-6"),
)
WHATS = (*OF_THE_PLACES, "corrections", "other_categories", "winners_of_other_categories")


def told(what: str, catalogue: Catalogue, question: str = "") -> Answer:
    answer = surveying.answer(f"survey:{what}", catalogue, question)
    assert answer is not None
    return answer


def changed(**fields: object) -> Catalogue:
    """Return the shipped catalogue with another survey."""
    content = load(DATA)
    raw = content.surveys[0].model_dump() | fields
    return Catalogue(replace(content, surveys=(Survey.model_validate(raw),)))


@pytest.mark.parametrize("what", OF_THE_PLACES)
def test_whatever_was_understood_all_places_are_said(what: str, catalogue: Catalogue) -> None:
    text = told(what, catalogue).text
    for name, share in (line.rsplit(" ", 1) for line in SIX):
        assert name in text
        assert share in text
    assert "2.2%" in text


@pytest.mark.parametrize("what", [what for what in OF_THE_PLACES if not what.startswith("correction")])
def test_who_ran_it_and_when_is_said(what: str, catalogue: Catalogue) -> None:
    text = told(what, catalogue).text
    assert re.search(
        r"Token Metrics ran (it|the survey|the award) and (placed itself first|its own airdrop won it)", text
    )
    # The rest of the room is taken by what the score means.
    assert "early 2024" in text or what == "tech_score"


@pytest.mark.parametrize("what", ["winner", "2", "last", "all", "top-3", "unnamed", "when", "method", "organiser"])
def test_what_is_not_known_is_said(what: str, catalogue: Catalogue) -> None:
    assert "; the number of voters and the wording of the question are not known." in told(what, catalogue).text


@pytest.mark.parametrize(
    ("what", "begins"),
    [
        (
            "winner",
            "Token Metrics won the Moon Awards survey with 44.3% of the votes, less than half of them. Then: 2.",
        ),
        ("2", "Place 2 in the Moon Awards survey: Starknet with 19.8%. All six: 1. Token Metrics 44.3%,"),
        ("last", "Last in the Moon Awards survey, at place 6: Movement with 2.3%. All six"),
        ("9", "The Moon Awards survey names six projects; nobody holds place 9."),
        ("all", "Results of the Moon Awards survey (Token Metrics, early 2024). All six: 1. Token Metrics 44.3%"),
        ("top-3", "The first three in the Moon Awards survey: 1. Token Metrics 44.3%, 2. Starknet 19.8%, 3. LayerZero"),
        ("sum-3", "The first three in the Moon Awards survey had 81.7% together (44.3 + 19.8 + 17.6)"),
        ("margin-1-2", "Token Metrics was 24.5 percentage points ahead of Starknet in the Moon Awards survey: 44.3%"),
        ("margin-2-3", "Starknet was 2.2 percentage points ahead of LayerZero"),
        ("unnamed", "2.2% went to others that the survey did not name; the published shares add up to 97.8%."),
        (
            "organiser",
            "Token Metrics ran the survey and placed itself first. There is a conflict of interest: ",
        ),
        ("when", "The survey was published in early 2024; no exact date is known."),
        ("question", "The wording of the survey's question is not known; it was never published."),
        ("sample_size", "The survey's sample size is not known. No page gives the number of voters"),
        ("tech_score", "The tech score: not defined by the survey."),
        (
            "tech_scores",
            "Tech scores: Starknet 92, peaq 89, Dymension 87, Movement 85; none for Token Metrics or Layer",
        ),
        ("conflict_of_interest", "There is a conflict of interest: Token Metrics ran the award"),
        ("winners_of_other_categories", "The survey's winners of other categories are not known."),
    ],
)
def test_what_was_asked_is_said_first(what: str, begins: str, catalogue: Catalogue) -> None:
    assert told(what, catalogue).text.startswith(begins)


@pytest.mark.parametrize(
    ("question", "what", "topic"),
    [
        ("moon awards: margin between first and second place", "winner", "margin-1-2"),
        ("how far apart were second and third", "2", "margin-2-3"),
        ("difference between first and fourth", "all", "margin-1-4"),
        ("by how much did the winner win the awards", "winner", "margin-1-2"),
        ("first three of the awards added up, what percent is it", "unnamed", "sum-3"),
        ("what do the top 2 have together", "top-2", "sum-2"),
        ("highest tech mark in the moon awards", "all", "tech_scores"),
        ("which two of the six got no tech score", "tech_score", "tech_scores"),
        ("what does the tech score mean", "tech_score", "tech_score"),
        ("did the winner have over half of the votes", "sample_size", "winner"),
        ("who is second", "2", "2"),
        ("what do the shares add up to", "unnamed", "unnamed"),
    ],
)
def test_what_is_derived_is_said_when_it_is_asked_for(
    question: str, what: str, topic: str, catalogue: Catalogue
) -> None:
    answer = told(what, catalogue, question)
    assert answer.topic == f"survey:{topic}"
    assert told(topic, catalogue).text == answer.text


@pytest.mark.parametrize("what", WHATS)
def test_each_text_is_whole_and_has_its_source(what: str, catalogue: Catalogue) -> None:
    answer = told(what, catalogue)
    assert 0 < len(answer.text) <= 500
    assert not re.search(r"…|https?://|\n|  |None|\.\.", answer.text)
    assert answer.text.endswith(".")
    assert catalogue.newest_survey.url in {source.url for source in answer.sources}
    assert answer.as_of == catalogue.newest_survey.as_of


@pytest.mark.parametrize("what", WHATS)
def test_what_is_not_known_is_no_answer(what: str, catalogue: Catalogue) -> None:
    unknown = what in ("question", "sample_size", "winners_of_other_categories")
    answer = told(what, catalogue)
    assert (answer.kind is Kind.UNKNOWN) is unknown
    assert bool(answer.suggestions) is unknown


@pytest.mark.parametrize("what", [what for what in WHATS if not what.startswith(("sum", "margin"))])
def test_the_numbers_are_those_of_the_survey(what: str, catalogue: Catalogue) -> None:
    survey = catalogue.newest_survey
    known = set(numbers_of(survey.model_dump(mode="json"))) | {survey.named_share, Decimal(9)}
    assert numbers_in(told(what, catalogue).text) <= known


@pytest.mark.parametrize("what", ["other_categories", "winners_of_other_categories"])
def test_the_outcome_is_not_taken_for_that_of_another_list(what: str, catalogue: Catalogue) -> None:
    assert "Token Metrics" not in told(what, catalogue).text


@pytest.mark.parametrize("what", ["nonsense", "", "correction-99", "margin-", "sum-", "sum-0", "sum-x"])
def test_what_the_survey_does_not_say_has_no_answer(what: str, catalogue: Catalogue) -> None:
    assert surveying.answer(f"survey:{what}", catalogue) is None


def test_a_survey_that_asked_something_of_so_many_has_nothing_left_out() -> None:
    catalogue = changed(question="Which airdrop is next?", sample_size=120, organiser_project=None)
    text = told("winner", catalogue).text
    assert "not known" not in text
    assert "Token Metrics ran it. Published in early 2024." in text
    assert told("question", catalogue).kind is Kind.ANSWER


def test_a_tied_win_is_shared() -> None:
    first, second, third = load(DATA).surveys[0].model_dump()["results"][:3]
    thirty, twenty = Decimal("30.0"), Decimal("20.0")
    tied = (first | {"share": thirty}, second | {"share": thirty, "place": 1}, third | {"share": twenty})
    catalogue = changed(results=tied, unnamed_share=twenty)
    assert told("winner", catalogue).text.startswith("Token Metrics and Starknet won the Moon Awards survey together")
    assert "Token Metrics was 10.0 percentage points ahead of LayerZero" in told("margin-1-3", catalogue).text
