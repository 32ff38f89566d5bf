"""First and last days, on the calendar of the schedule's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.announcements.recurrence import Recurrence, next_after, parse
from bot.announcements.span import newest_due, next_due, upcoming_due
from tests.announcements.lab import daily

ZONES = ("UTC", "Europe/Berlin", "Pacific/Apia", "America/Santiago", "Asia/Kathmandu", "Pacific/Kiritimati")


@pytest.mark.parametrize("zone", ZONES)
def test_the_first_and_the_last_day_are_those_of_the_zone(zone: str) -> None:
    plan = daily(
        recurrence=parse("hour", ":00", zone), starts_on=date(2026, 9, 6), ends_on=date(2026, 9, 6)
    )  # Santiago's clocks skip its midnight
    times = upcoming_due(plan, datetime(2026, 1, 1, tzinfo=UTC), 100)
    local = [at.astimezone(ZoneInfo(zone)) for at in times]
    assert {at.date() for at in local} == {date(2026, 9, 6)}
    assert len(times) == (23 if zone == "America/Santiago" else 24)


def test_after_the_last_day_there_is_no_next_time() -> None:
    plan = daily(ends_on=date(2026, 3, 2))
    assert next_due(plan, datetime(2026, 3, 2, 17, tzinfo=UTC)) is None
    assert next_due(plan, datetime(2026, 3, 2, 16, 59, tzinfo=UTC)) == datetime(2026, 3, 2, 17, tzinfo=UTC)


def test_the_newest_time_of_a_long_outage_is_one_of_the_last_day() -> None:
    plan = daily(ends_on=date(2026, 3, 4))
    first = datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert newest_due(plan, first, datetime(2026, 6, 1, tzinfo=UTC)) == first + timedelta(days=3)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    line=st.sampled_from(["0 18 * * *", "*/20 * * * *", "30 2 * * 1-5", "0 0 * * *", "59 23 * * *"]),
    first=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    length=st.integers(0, 10),
    before=st.integers(-500, 500),
)
def test_due_times_in_a_span_are_the_due_times_on_its_days(
    zone: str, line: str, first: date, length: int, before: int
) -> None:
    recurrence = Recurrence("cron", line, zone)
    last = first + timedelta(days=length)
    plan = daily(recurrence=recurrence, starts_on=first, ends_on=last)
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(hours=before)
    expected: list[datetime] = []
    plain = at
    while len(expected) < 5:
        plain = next_after(recurrence, plain)
        day = plain.astimezone(ZoneInfo(zone)).date()
        if day > last:
            break
        expected += [plain] if day >= first else []
    assert list(upcoming_due(plan, at, 5)) == expected
