from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.errors import BadInput
from bot.polls.nominating import MAX_LABEL_CHARS, MAX_SUGGESTION_CHARS, MAX_SUGGESTIONS, nominated, suggested

CATALOGUE = Catalogue(load(Path("data")))
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30)


def labels(typed: str) -> list[str]:
    return [line.label for line in nominated(CATALOGUE, typed)]


@pytest.mark.parametrize("typed", ["Red, Green, Blue", "Sit, Move, Run", "strk, peak", "Starknt, Layer Zer0"])
def test_words_that_are_only_near_a_project_stay_words(typed: str) -> None:
    lines = nominated(CATALOGUE, typed)
    assert [line.label for line in lines] == typed.split(", ")
    assert {line.project_id for line in lines} == {None}


def test_a_project_is_taken_by_its_name_in_any_case_and_by_its_mark() -> None:
    lines = nominated(CATALOGUE, "starknet, Blur (project), PEAQ")
    assert [(line.label, line.project_id) for line in lines] == [
        ("Starknet", "starknet"),
        ("Blur", "blur"),
        ("peaq", "peaq"),
    ]


def test_an_alias_stays_as_typed_and_knows_its_project() -> None:
    assert [(line.label, line.project_id) for line in nominated(CATALOGUE, "Velora, Eigen")] == [
        ("Velora", "paraswap"),
        ("Eigen", "eigenlayer"),
    ]


def test_a_mark_without_a_project_is_text() -> None:
    assert labels("My own (project), Yours") == ["My own (project)", "Yours"]


def test_nothing_typed_means_the_newest_surveys_projects() -> None:
    assert labels("  ") == [CATALOGUE.get(line.project).name for line in CATALOGUE.newest_survey.results]


def test_what_was_typed_is_offered_first_and_a_near_project_only_as_one() -> None:
    offered = suggested(CATALOGUE, "Red, Green, Blue")
    assert offered[:2] == ["Red, Green, Blue", "Red, Green, Blur (project)"]
    assert all(text.endswith(" (project)") for text in offered[1:])


def test_after_a_comma_the_projects_that_are_not_in_the_list_follow() -> None:
    offered = suggested(CATALOGUE, "Starknet, peaq (project),")
    assert offered[0] == "Starknet, peaq (project),"
    assert "Starknet, peaq (project), LayerZero" in offered
    assert not {"Starknet, peaq (project), Starknet", "Starknet, peaq (project), peaq"} & set(offered)


def test_a_list_too_long_to_suggest_is_sent_as_typed() -> None:
    assert suggested(CATALOGUE, ", ".join(f"Candidate {number}" for number in range(20)) + ", pea") == []


@given(st.lists(WORDS, max_size=6).map(",".join))
def test_the_first_suggestion_is_what_was_typed_and_all_fit(typed: str) -> None:
    offered = suggested(CATALOGUE, typed)
    if len(typed.strip()) > MAX_SUGGESTION_CHARS:
        assert offered == []
    elif typed.strip():
        assert offered[0] == typed.strip()
    assert len(offered) <= MAX_SUGGESTIONS
    assert all(1 <= len(text) <= MAX_SUGGESTION_CHARS for text in offered)


@given(st.lists(WORDS, min_size=2, max_size=6).map(",".join))
def test_every_suggestion_reads_back_with_all_that_stood_before_it(typed: str) -> None:
    before = [part.casefold() for part in (" ".join(each.split()) for each in typed.split(",")[:-1]) if part]
    for text in suggested(CATALOGUE, typed):
        try:
            found = labels(text)
        except BadInput:
            continue
        assert [label.casefold() for label in found[: len(before)]] == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("peaq, Starknet, PEAQ", "“peaq” stands there twice."),
        ("a, b, A, B, c", "“a”, “b” stand there twice."),
        ("Paraswap, Velora", "are one project."),
        ("a, " + "x" * 81, "is too long."),
        ("x" * 300 + ", " + "y" * 90, f"{MAX_LABEL_CHARS} characters, not 300, 90."),
        ("a, @everyone, @everyone", "stands there twice."),
    ],
)
def test_a_list_that_does_not_work_names_the_candidate(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        nominated(CATALOGUE, typed)
    text = f"{refused.value.what} {refused.value.why}"
    assert said in text
    assert "@everyone" not in text
