"""What moderators type makes the plan that they mean."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.kinds import EventKind, Kind
from bot.announcements.kinds.closing import ClosingKind
from bot.announcements.kinds.deadlines import DeadlinesKind
from bot.announcements.kinds.rankings import RankingsKind
from bot.announcements.model import Missed, NewSchedule
from bot.announcements.recurrence import EVENT, at_of, event_recurrence, parse
from bot.announcements.typed import Typed, changed, parse_day, planned
from bot.errors import BadInput, Refused

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
# Only their classes matter here.
KINDS: dict[str, Kind] = {
    "rankings": RankingsKind.__new__(RankingsKind),
    "deadlines": DeadlinesKind.__new__(DeadlinesKind),
    "digest": DeadlinesKind.__new__(DeadlinesKind),
    "closing": ClosingKind.__new__(ClosingKind),
}
DAILY = NewSchedule(10, "rankings", 20, parse("day", "18:00", "UTC"), 40)


def new(kind: str, **typed: Any) -> NewSchedule:
    return planned(Typed(**typed), NewSchedule(10, kind, 20, event_recurrence("UTC"), 40), NOW, KINDS)


def edit(plan: NewSchedule = DAILY, **typed: Any) -> NewSchedule:
    return changed(Typed(**typed), plan, NOW, KINDS)


@pytest.mark.parametrize(
    ("kind", "typed", "line"),
    [
        ("rankings", {}, "0 12 * * *"),
        ("digest", {}, "0 12 * * 1"),
        ("digest", {"at": "fri 9:00"}, "0 9 * * 5"),
        ("rankings", {"at": "18:00"}, "0 18 * * *"),
        ("rankings", {"every": "hour"}, "0 * * * *"),
        ("closing", {}, ""),
    ],
)
def test_a_new_plan_comes_as_often_as_its_kind_usually_does(kind: str, typed: dict[str, Any], line: str) -> None:
    assert new(kind, **typed).recurrence.cron == line


def test_a_kind_that_waits_for_events_is_left_without_a_clock() -> None:
    assert isinstance(KINDS["closing"], EventKind)
    assert new("closing", timezone="Asia/Tokyo").recurrence == event_recurrence("Asia/Tokyo")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"at": "20:00"}, {"recurrence": parse("day", "20:00", "UTC")}),
        ({"timezone": "Asia/Tokyo"}, {"recurrence": parse("day", "18:00", "Asia/Tokyo")}),
        ({"every": "week"}, {"recurrence": parse("week", None, "UTC")}),
        ({"kind": "closing"}, {"kind": "closing", "recurrence": event_recurrence("UTC")}),
        ({"channel_id": 21}, {"channel_id": 21}),
        ({"role_id": 5}, {"role_id": 5}),
        ({"missed": "skip"}, {"missed": Missed.SKIP}),
        ({"starts": "2026-03-05"}, {"starts_on": date(2026, 3, 5)}),
        ({"only_news": True}, {"only_news": True}),
        ({"board": True}, {"board": True}),
        ({"kind": "deadlines", "days": 30}, {"kind": "deadlines", "options": {"days": 30}}),
    ],
)
def test_an_edit_changes_what_was_typed_and_nothing_else(typed: dict[str, Any], expected: dict[str, Any]) -> None:
    assert edit(**typed) == replace(DAILY, **expected)


def test_what_was_chosen_is_taken_away_again() -> None:
    full = replace(DAILY, role_id=5, starts_on=date(2026, 3, 1), ends_on=date(2026, 4, 1), only_news=True, board=True)
    bare = edit(full, no_role=True, starts="none", ends="", only_news=False, board=False)
    assert bare == DAILY


@pytest.mark.parametrize("typed", [{}, {"at": "18:00"}, {"every": "day", "at": "18:00"}, {"channel_id": 20}])
def test_an_edit_to_what_is_there_already_is_refused(typed: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="already"):
        edit(**typed)


def test_from_events_back_to_the_clock_it_comes_as_often_as_usual() -> None:
    plan = edit(replace(DAILY, kind="closing", recurrence=event_recurrence("Asia/Tokyo")), kind="digest")
    assert plan.recurrence == parse("week", None, "Asia/Tokyo")


def test_days_stay_with_their_kind() -> None:
    month = replace(DAILY, kind="deadlines", options={"days": 30})
    assert edit(month, at="9:00").options == {"days": 30}
    assert edit(month, kind="digest").options == {}
    with pytest.raises(BadInput, match="days"):
        edit(days=3)


def test_a_time_does_not_go_with_a_cron_line() -> None:
    with pytest.raises(BadInput):
        edit(replace(DAILY, recurrence=parse("0 18 * * 1-5", None, "UTC")), at="9:00")


def test_today_is_today_in_the_announcement_s_zone() -> None:
    assert edit(starts="today").starts_on == date(2026, 3, 1)
    assert edit(starts="today", timezone="Asia/Tokyo").starts_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-12-31", date(2026, 12, 31)), (" Tomorrow ", date(2026, 3, 2)), ("none", None), ("", None)],
)
def test_days_are_read(text: str, day: date | None) -> None:
    assert parse_day(text, date(2026, 3, 1)) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_bad_input(text: str) -> None:
    with contextlib.suppress(BadInput):
        parse_day(text, date(2026, 3, 1))


@given(
    st.sampled_from(["minute", "hour", "day", "week"]),
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["monday", "sunday", "friday"]),
)
def test_what_a_form_shows_of_a_time_reads_as_the_same_time(every: str, hour: int, minute: int, day: str) -> None:
    at = {"minute": "", "hour": f":{minute:02}", "day": f"{hour}:{minute:02}", "week": f"{day} {hour}:{minute:02}"}[
        every
    ]
    recurrence = parse(every, at, "Europe/Berlin")
    assert recurrence.every != EVENT
    assert parse(every, at_of(recurrence), "Europe/Berlin") == recurrence
