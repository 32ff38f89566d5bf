"""Days that members wait for, as a list and as a calendar file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import icalendar

from bot.catalogue.days import after, earliest, is_day, noon
from bot.catalogue.model import Fact, Project, Window
from bot.catalogue.reading import label

# Facts that hold a day which comes once; a calendar has them beside the windows.
_DATED = re.compile(r"^tge|^snapshot|unlock|vesting|_date$")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day or at a moment, as exactly as that is known."""

    project: Project
    key: str
    what: str
    day: str
    fact: Fact

    @property
    def exact(self) -> bool:
        """Say whether a calendar can hold it: a month or a year it cannot."""
        return len(self.day) > len("2026-12")

    @property
    def timed(self) -> bool:
        """Say whether the very moment is known."""
        return "T" in self.day


def events(projects: Iterable[Project], now: datetime) -> list[Event]:
    """Return what is still to come, the next first, and then what was this year, the latest first."""
    found = [event for project in projects for event in _events(project)]
    coming = [event for event in found if _over(event) > now]
    past = [event for event in found if _over(event) <= now and earliest(event.day).year == now.year]
    return sorted(coming, key=_order) + sorted(past, key=_order, reverse=True)


def upcoming(all_events: Sequence[Event], now: datetime) -> list[Event]:
    """Return the events that are still to come."""
    return [event for event in all_events if _over(event) > now]


def _over(event: Event) -> datetime:
    return after(event.day)


def _order(event: Event) -> tuple[datetime, str, str]:
    return earliest(event.day), event.project.name.casefold(), event.key


def _events(project: Project) -> Iterator[Event]:
    for key, fact in project.facts.items():
        if isinstance(fact.value, Window):
            claims = key == "claim_window"
            for part, day in (("opens", fact.value.opens), ("closes", fact.value.closes)):
                if day:
                    verb = "open" if part == "opens" else "close"
                    what = f"Claims {verb}" if claims else f"{label(key)} {part}"
                    yield Event(project, f"{key}-{part}", what, day, fact)
        elif isinstance(fact.value, str) and is_day(fact.value) and _DATED.search(key):
            yield Event(project, key, label(key), fact.value, fact)


def as_file(all_events: Iterable[Event], server: int | None) -> bytes:
    """Return the events that have an exact day as an .ics file; the same event has the same UID in every file."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Moonballot//Airdrops//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "Airdrops")
    for event in all_events:
        if event.exact:
            made.add_component(_entry(event, server))
    return bytes(made.to_ical())


def _entry(event: Event, server: int | None) -> icalendar.Event:
    entry = icalendar.Event()
    # Servers may know different days of the same project: each has entries of its own.
    entry.add("uid", f"{event.project.id}.{event.key}.{server or 'shipped'}@moonballot")
    entry.add("dtstamp", noon(event.fact.as_of))
    entry.add("summary", f"{event.project.name} ({event.project.symbol}): {event.what}{_doubt(event.fact)}")
    if event.timed:
        entry.add("dtstart", earliest(event.day))
    else:
        day = date.fromisoformat(event.day)
        entry.add("dtstart", day)
        entry.add("dtend", day + timedelta(days=1))
    entry.add("status", "CONFIRMED" if event.fact.status == "confirmed" else "TENTATIVE")
    entry.add("transp", "TRANSPARENT")
    entry.add("description", _description(event))
    return entry


def _doubt(fact: Fact) -> str:
    return {"reported": " (reported)", "conflicting": " (sources disagree)"}.get(fact.status, "")


def _description(event: Event) -> str:
    sources = [f"{source.name} {source.link or '(not linked)'}" for source in event.fact.sources]
    parts = [event.fact.note or "", f"As of {event.fact.as_of.isoformat()}.", "Sources:", *sources]
    return "\n".join(part for part in parts if part)
