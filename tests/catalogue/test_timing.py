from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.days import after, earliest, in_words
from bot.catalogue.model import Airdrop, Project
from bot.catalogue.timing import as_of_now, closes_at, next_turn
from tests.catalogue.examples import fact, project

WINDOW = {"opens": "2026-12-01", "closes": "2026-12-31"}
MIDNIGHT = datetime(2027, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def airdrop(state: Any, window: Any = WINDOW, **changes: Any) -> Project:
    return project(
        "Alpha", airdrop=Airdrop(state=state, line="As written."), facts={"claim_window": fact(_of(window), **changes)}
    )


def _of(window: Any) -> Any:
    from bot.catalogue.model import Window

    return Window(**window) if isinstance(window, dict) else window


@pytest.mark.parametrize(
    ("day", "over"),
    [
        ("2026", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2026-12", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2026-12-31T15:00Z", datetime(2026, 12, 31, 15, tzinfo=UTC)),
    ],
)
def test_a_day_is_over_when_the_last_moment_that_it_may_mean_is(day: str, over: datetime) -> None:
    assert after(day) == over


@given(st.dates().map(lambda day: day.isoformat()[: len("2026-11")]))
def test_a_month_is_over_after_it_began_and_within_31_days(month: str) -> None:
    if month < "9999-12":
        assert timedelta(days=28) <= after(month) - earliest(month) <= timedelta(days=31)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026", "2026"),
        ("2026-11", "November 2026"),
        ("2026-11-02", "2 November 2026"),
        ("2026-11-02T07:05Z", "2 November 2026, 07:05 UTC"),
    ],
)
def test_a_day_is_said_as_exactly_as_it_is_known(day: str, words: str) -> None:
    assert in_words(day) == words


@pytest.mark.parametrize("state", ["upcoming", "claimable", "unclear"])
def test_claims_whose_time_has_passed_are_missed_and_never_open(state: str) -> None:
    one = airdrop(state)
    assert as_of_now(one, MIDNIGHT - MICROSECOND).airdrop.state != "missed"
    missed = as_of_now(one, MIDNIGHT).airdrop
    assert (missed.state, missed.line) == ("missed", "Claims are over since 31 December 2026.")


@pytest.mark.parametrize("state", ["closed", "phases"])
def test_a_state_that_a_closed_window_does_not_contradict_stays(state: str) -> None:
    assert as_of_now(airdrop(state), MIDNIGHT).airdrop.line == "As written."


def test_a_window_opens_by_itself_when_a_source_says_so() -> None:
    opened = as_of_now(airdrop("upcoming", status="single_source"), datetime(2026, 12, 1, tzinfo=UTC)).airdrop
    assert (opened.state, opened.line) == ("claimable", "Claims were announced to run until 31 December 2026.")


@pytest.mark.parametrize("status", ["reported", "conflicting"])
def test_a_doubtful_window_closes_but_does_not_open_by_itself(status: str) -> None:
    one = airdrop("upcoming", status=status)
    assert as_of_now(one, datetime(2026, 12, 15, tzinfo=UTC)).airdrop.state == "upcoming"
    assert as_of_now(one, MIDNIGHT).airdrop.state == "missed"


@pytest.mark.parametrize("window", [{"opens": "2020-01-01"}, "in spring"])
def test_without_a_closing_day_the_clock_changes_nothing(window: Any) -> None:
    one = airdrop("claimable", window)
    assert closes_at(one) is None
    assert as_of_now(one, MIDNIGHT) is one


def test_the_next_turn_is_the_next_opening_or_close_that_matters() -> None:
    both = [airdrop("upcoming"), airdrop("closed", {"closes": "2026-12-05"})]
    assert next_turn(both, datetime(2026, 11, 1, tzinfo=UTC)) == datetime(2026, 12, 1, tzinfo=UTC)
    assert next_turn(both, datetime(2026, 12, 1, tzinfo=UTC)) == MIDNIGHT
    assert next_turn(both, MIDNIGHT) is None
