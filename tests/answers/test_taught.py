from dataclasses import replace
from datetime import date

import pytest

from bot.answers.taught import State, Taught, Typed, taught_number, tidied

TODAY = date(2026, 3, 1)
GOOD = Typed("How do I stake?", "Lock the token.", "Docs", "https://docs.example.org/stake", "2026-02-01")


def test_what_is_complete_has_no_problems_and_makes_an_entry() -> None:
    assert GOOD.problems(TODAY) == []
    entry = Taught(7, 1, State.LIVE, GOOD, ("staking?",)).entry()
    assert (entry.id, entry.wordings, entry.answer) == ("7", ("How do I stake?", "staking?"), "Lock the token.")
    assert (entry.basis, entry.sources[0].url, entry.as_of) == ("secondary", GOOD.source_url, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("question", "", "The question needs"),
        ("question", "?!…", "The question needs"),
        ("question", "x" * 81, "The question needs"),
        ("question", "see http://evil.example?", "Leave addresses out"),
        ("answer", "", "The answer needs"),
        ("answer", "x" * 701, "The answer needs"),
        ("answer", "Go to https://evil.example", "Leave addresses out"),
        ("answer", "Go to www.evil.example", "Leave addresses out"),
        ("source_title", "", "The source needs a title"),
        ("source_title", "x" * 101, "The source needs a title"),
        ("source_url", "", "begins with “https”"),
        ("source_url", "http://docs.example.org", "begins with “https”"),
        ("source_url", "javascript:alert(1)", "begins with “https”"),
        ("source_url", "https://user:pass@docs.example.org", "begins with “https”"),
        ("source_url", "https://docs.example.org@evil.example", "begins with “https”"),
        ("source_url", "https://localhost/x", "begins with “https”"),
        ("source_url", "https://127.0.0.1/x", "begins with “https”"),
        ("source_url", "https://[::1]/x", "begins with “https”"),
        ("source_url", "https://[broken", "begins with “https”"),
        ("source_url", "https://docs.example.org/<x>", "begins with “https”"),
        ("source_url", "https://docs.example.org/a)b[c](d", "begins with “https”"),
        ("source_url", "https://docs.example.org/" + "x" * 200, "begins with “https”"),
        ("as_of", "", "the form 2026-03-01"),
        ("as_of", "01.02.2026", "the form 2026-03-01"),
        ("as_of", "2026-02-30", "the form 2026-03-01"),
        ("as_of", "2026-03-02", "in the future"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(field: str, value: str, said: str) -> None:
    problems = replace(GOOD, **{field: value}).problems(TODAY)
    assert len(problems) == 1
    assert said in problems[0]


def test_stray_blanks_go_and_the_lines_of_an_answer_stay() -> None:
    typed = tidied(
        {"question": "  How\n do I  stake? ", "answer": " one \n\n two  words ", "source_url": " https://x.org "}
    )
    assert typed == Typed("How do I stake?", "one\n\ntwo words", "", "https://x.org", "")


@pytest.mark.parametrize(
    ("topic", "number"), [("taught:7", 7), ("entry:7", None), ("taught:x", None), (None, None), ("taught:", None)]
)
def test_a_topic_names_a_taught_answer_or_none(topic: str | None, number: int | None) -> None:
    assert taught_number(topic) == number
