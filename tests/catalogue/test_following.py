import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.days import in_words
from bot.catalogue.following import following, still_said


def day(value: object) -> dict[str, object]:
    return {"value": value, "status": "confirmed"}


@pytest.mark.parametrize(
    ("line", "old", "new", "after"),
    [
        ("Live since 12 November 2024; more.", "2024-11-12", "2024-11-13", "Live since 13 November 2024; more."),
        ("Live since 12 November 2024.", "2024-11-12T10:00Z", "2024-12-01T09:30Z", "Live since 1 December 2024."),
        ("Live since 12 November 2024.", "2024-11-12", "2024-12", "Live since December 2024."),
        (
            "On 12 November 2024 and 2 November 2024.",
            "2024-11-02",
            "2024-11-03",
            "On 12 November 2024 and 3 November 2024.",
        ),
        ("Live since 12 November 2024.", "2024-11", "2024-12", "Live since 12 November 2024."),
        ("Live since 12 November 2024.", "2024-11-12", "soon", "Live since 12 November 2024."),
        ("Live since 12 November 2024.", "soon", "2024-11-12", "Live since 12 November 2024."),
    ],
)
def test_a_line_follows_a_whole_day_and_nothing_else(line: str, old: str, new: str, after: str) -> None:
    assert following(line, day(old), day(new)) == after


def test_both_ends_of_a_window_are_followed() -> None:
    old, new = {"opens": "2024-06-17", "closes": "2025-01-03"}, {"opens": "2024-06-18", "closes": "2025-01-04"}
    line = "Claims ran from 17 June 2024 to 3 January 2025."
    assert following(line, day(old), day(new)) == "Claims ran from 18 June 2024 to 4 January 2025."


@pytest.mark.parametrize("fact", [None, day(None), day(["x"]), {"status": "unknown"}])
def test_a_fact_without_a_day_moves_nothing(fact: dict[str, object] | None) -> None:
    line = "Live since 12 November 2024."
    assert following(line, fact, day("2024-11-13")) == line
    assert not still_said(line, fact, day("2024-11-13"))


def test_a_day_without_its_year_is_still_said() -> None:
    old, new = {"opens": "2024-02-20", "closes": "2024-06-20"}, {"opens": "2024-02-21", "closes": "2024-06-20"}
    assert still_said("Claims ran from 20 February to 20 June 2024.", day(old), day(new))
    assert not still_said("Claims ran from 21 February to 20 June 2024.", day(old), day(new))


@given(st.dates(), st.dates())
def test_what_follows_says_the_new_day_and_no_longer_the_old(old: object, new: object) -> None:
    before, now = str(old), str(new)
    line = following(f"Live since {in_words(before)}.", day(before), day(now))
    assert line == f"Live since {in_words(now)}."
    assert not still_said(line, day(before), day(now)) or before[5:] == now[5:]
