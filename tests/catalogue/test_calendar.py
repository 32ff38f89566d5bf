from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest

from bot.catalogue.calendar import as_file, events, upcoming
from bot.catalogue.model import Project, Source, Window
from tests.catalogue.examples import fact, project

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def alpha(**facts: object) -> Project:
    return project("Alpha", facts=facts)


def read(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def test_what_is_to_come_stands_first_and_then_what_was_this_year() -> None:
    found = events(
        [
            alpha(
                claim_window=fact(Window(opens="2026-10-01", closes="2026-12-31")),
                tge_date=fact("2026-11-23"),
                token_unlock=fact("2027-06"),
                snapshot=fact("2026-02-01"),
                listing_date=fact("2025-12-31"),
                recipients=fact("2026-12-24"),
                vesting=fact("over four years"),
            )
        ],
        NOW,
    )
    assert [(event.what, event.day) for event in found] == [
        ("Token launch", "2026-11-23"),
        ("Claims close", "2026-12-31"),
        ("Token unlock", "2027-06"),
        ("Claims open", "2026-10-01"),
        ("Snapshot", "2026-02-01"),
    ]
    assert len(upcoming(found, NOW)) == 3


def test_a_day_lasts_until_it_is_over() -> None:
    one = [alpha(tge_date=fact("2026-11-22"))]
    assert upcoming(events(one, NOW), NOW)
    assert not upcoming(events(one, datetime(2026, 11, 23, tzinfo=UTC)), datetime(2026, 11, 23, tzinfo=UTC))


def test_a_day_is_a_whole_day_and_a_moment_a_moment_in_utc() -> None:
    found = events([alpha(claim_window=fact(Window(opens="2026-12-01", closes="2026-12-31T15:00Z")))], NOW)
    opens, closes = read(as_file(found, None))

    assert (opens.decoded("dtstart"), opens.decoded("dtend")) == (date(2026, 12, 1), date(2026, 12, 2))
    assert closes.decoded("dtstart") == datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert "DTEND" not in closes


def test_a_month_is_in_no_calendar() -> None:
    assert read(as_file(events([alpha(tge_date=fact("2026-12"))], NOW), None)) == []


def test_the_same_event_has_the_same_uid_when_its_day_moves_and_another_on_another_server() -> None:
    before, after = (events([alpha(tge_date=fact(day))], NOW) for day in ("2026-12-01", "2026-12-02"))
    uids = [
        read(as_file(each, server))[0]["uid"] for each, server in ((before, 7), (after, 7), (after, 8), (after, None))
    ]

    assert uids[0] == uids[1] == "alpha.tge_date.7@moonballot"
    assert len(set(uids)) == 3


def test_the_same_facts_make_the_very_same_file() -> None:
    found = events([alpha(tge_date=fact("2026-12-01"))], NOW)
    assert as_file(found, 7) == as_file(found, 7)


@pytest.mark.parametrize(
    ("status", "stands", "said"),
    [("confirmed", "CONFIRMED", ""), ("reported", "TENTATIVE", "reported"), ("conflicting", "TENTATIVE", "disagree")],
)
def test_what_is_not_sure_says_so(status: str, stands: str, said: str) -> None:
    (entry,) = read(as_file(events([alpha(tge_date=fact("2026-12-01", status=status))], NOW), None))
    assert entry["status"] == stands
    assert said in entry["summary"]


def test_an_entry_has_its_sources_and_links_none_that_is_not_linked() -> None:
    sources = (
        Source(title="Good", url="https://example.org/a"),
        Source(url="https://evil.example", not_linked="a copy"),
    )
    (entry,) = read(as_file(events([alpha(tge_date=fact("2026-12-01", sources=sources))], NOW), None))

    assert "Good https://example.org/a" in entry["description"]
    assert "https://evil.example" not in entry["description"]
    assert "As of 2026-11-22." in entry["description"]


def test_a_hostile_name_stays_one_line_of_the_file() -> None:
    evil = project("A\nBEGIN:VEVENT; x,y\\", id="evil", facts={"tge_date": fact("2026-12-01")})
    (entry,) = read(as_file(events([evil], NOW), None))
    assert entry["summary"].startswith("A\nBEGIN:VEVENT; x,y\\")
