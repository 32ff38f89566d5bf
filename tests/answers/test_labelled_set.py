"""The labelled set is large enough, without doubles, and its labels stand in the data that they speak of."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from bot.answers.load import load_entries
from bot.answers.model import Kind
from bot.answers.shipped import load_shipped
from bot.catalogue.search import key_of
from tests.answers.judging import says_all
from tests.answers.labelled_set import Labelled, load_labelled, load_subjects

DATA = Path(__file__).parents[2] / "data"
ALL = load_labelled()
FACTS = [it for it in ALL if it.group == "facts" and it.says and len(it.topics) == 1 and it.expects is Kind.ANSWER]


def test_it_has_enough_of_each_group() -> None:
    least = {
        "entries": 336,
        "facts": 170,
        "polls": 20,
        "refusals": 110,
        "near_misses": 40,
        "unknown": 40,
        "languages": 30,
        "bot": 30,
    }
    counts = Counter(it.group for it in ALL)
    assert {group: counts[group] for group in least if counts[group] < least[group]} == {}


def test_no_question_stands_twice() -> None:
    counts = Counter((it.question.lower(), it.polls) for it in ALL)
    assert [question for question, count in counts.items() if count > 1] == []


def test_two_of_five_are_for_tuning() -> None:
    assert 0.35 < len(load_labelled("tune")) / len(ALL) < 0.45


def test_every_subject_names_entries_that_there_are() -> None:
    ids = {entry.id for entry in load_entries(DATA / "answers")}
    assert {entry for subject in load_subjects().values() for entry in subject.entries} - ids == set()


@pytest.mark.parametrize("labelled", FACTS, ids=lambda it: it.question)
def test_what_a_fact_must_say_stands_in_the_data(labelled: Labelled) -> None:
    project = labelled.topics[0].removeprefix("fact:").rstrip("*").partition(":")[0]
    file = tomllib.loads((DATA / "projects" / f"{project}.toml").read_text())
    survey = tomllib.loads((DATA / "surveys" / "moon-awards-2024.toml").read_text())
    result = [it for it in survey["results"] if it["project"] == project]
    assert says_all(labelled.model_copy(update={"never": ()}), str((file, result)))


def test_no_question_is_a_phrasing_of_an_entry() -> None:
    phrasings = {wording.lower().strip(" ?") for entry in load_entries(DATA / "answers") for wording in entry.wordings}
    assert [it.question for it in ALL if it.question.lower().strip(" ?") in phrasings] == []


UNSEEN, TUNING = load_labelled("unseen"), load_labelled("tuning")


def test_nothing_unseen_stands_among_what_was_tuned_on_or_ships() -> None:
    known = {key_of(text) for document in load_shipped(DATA).documents for text in document.wordings}
    known |= {key_of(it.question) for it in (*ALL, *TUNING)}
    assert len(UNSEEN) > 700
    assert [it.question for it in UNSEEN if key_of(it.question) in known] == []


def test_the_entries_that_other_questions_name_are_there() -> None:
    entries = {f"entry:{entry.id}" for entry in load_entries(DATA / "answers")}
    named = {topic for it in (*UNSEEN, *TUNING) for topic in it.topics if topic.startswith("entry:")}
    assert len(named) > 100
    assert named - entries == set()
