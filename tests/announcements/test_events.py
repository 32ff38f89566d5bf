"""What is announced because it happens: once each, whatever stops and starts meanwhile."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.announcements import run_store as run_sql
from bot.announcements.kinds import Asked, Event
from bot.announcements.model import Missed, NewSchedule
from bot.announcements.recurrence import event_recurrence
from bot.announcements.service import AnnouncementService
from bot.errors import BadInput, StoreUnavailable
from bot.rankings.model import Ranking
from bot.store.schema import schedules
from tests.announcements.lab import GUILD, Killed, Lab, all_runs, at, daily, row_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Happened:
    """What is said of an event."""

    title: str
    ranking: Ranking | None = None

    @property
    def memory(self) -> dict[str, Any]:
        return {"event": self.title}


class HappeningsKind:
    """Events that a test makes happen."""

    name = "results"

    def __init__(self) -> None:
        self.all: list[Event] = []
        self.gone: set[str] = set()

    def events(self, guild_id: int) -> Iterable[Event]:
        return self.all if guild_id == GUILD else ()

    async def compose(self, asked: Asked) -> Happened | None:
        return None if asked.event in self.gone else Happened(asked.event)


@pytest.fixture
def happenings(lab: Lab) -> HappeningsKind:
    kind = HappeningsKind()
    lab.kinds["results"] = kind
    return kind


@pytest.fixture
async def service(lab: Lab, happenings: HappeningsKind) -> AnnouncementService:
    return await lab.start()


def on_results(**changes: Any) -> NewSchedule:
    return replace(daily(), kind="results", recurrence=event_recurrence("Europe/Berlin"), **changes)


def said(lab: Lab) -> list[str]:
    return [post.content.title for post in lab.delivery.posts]


async def test_an_event_is_announced_once_when_it_happens(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    happenings.all = [Event(NOON + HOUR, "poll 1")]
    schedule = await service.add(on_results())
    assert schedule.next_due_at == NOON + HOUR
    for minutes in (59, 60, 61, 600):
        at(lab, NOON + timedelta(minutes=minutes))
        await service.due()
        assert said(lab) == ([] if minutes < 60 else ["poll 1"])
    row = await row_of(lab, schedule)
    assert (row["state"], row["next_due_at"]) == ("active", None)


async def test_an_event_that_nobody_foresaw_is_announced_when_polls_change(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    await service.add(on_results())
    at(lab, NOON + HOUR)
    happenings.all = [Event(NOON + HOUR - timedelta(seconds=3), "poll 1")]
    await service.polls_changed()
    assert said(lab) == ["poll 1"]


async def test_events_of_the_same_moment_are_announced_each(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    await service.add(on_results())
    at(lab, NOON + HOUR)
    happenings.all = [Event(NOON + HOUR, "poll 1")]
    await service.due()
    happenings.all.append(Event(NOON + HOUR, "poll 2"))
    await service.due()
    assert said(lab) == ["poll 1", "poll 2"]
    assert len({post.run.nonce for post in lab.delivery.posts}) == 2


async def test_an_event_that_was_put_off_comes_at_its_new_time(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    happenings.all = [Event(NOON + HOUR, "poll 1 hour")]
    schedule = await service.add(on_results())
    happenings.all = [Event(NOON + 5 * HOUR, "poll 1 hour")]
    await service.polls_changed()
    assert (await row_of(lab, schedule))["next_due_at"] == NOON + 5 * HOUR
    at(lab, NOON + HOUR)
    await service.due()
    assert said(lab) == []
    at(lab, NOON + 5 * HOUR)
    await service.due()
    assert said(lab) == ["poll 1 hour"]


async def test_what_happened_before_it_was_planned_is_not_announced(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    happenings.all = [Event(NOON - HOUR, "poll 1")]
    await service.add(on_results())
    await service.due()
    assert said(lab) == []


async def test_what_happened_during_a_pause_is_not_announced(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    schedule = await service.add(on_results())
    await service.pause(GUILD, schedule.id)
    happenings.all = [Event(NOON + HOUR, "poll 1"), Event(NOON + 3 * HOUR, "poll 2")]
    at(lab, NOON + 2 * HOUR)
    await service.due()
    resumed = await service.resume(GUILD, schedule.id)
    assert resumed.next_due_at == NOON + 3 * HOUR
    at(lab, NOON + 3 * HOUR)
    await service.due()
    assert said(lab) == ["poll 2"]


@pytest.mark.parametrize(
    ("missed", "away", "expected"),
    [
        (Missed.LATE, timedelta(hours=5), ["sent", "sent"]),
        (Missed.SKIP, timedelta(hours=5), ["skipped", "skipped"]),
        (Missed.LATE, timedelta(hours=25), ["sent"]),
        (Missed.LATE, timedelta(days=9), []),
    ],
)
async def test_after_an_outage_each_event_of_the_last_day_is_announced_late_unless_unwanted(
    missed: Missed, away: timedelta, expected: list[str], lab: Lab, service: AnnouncementService,
    happenings: HappeningsKind,
) -> None:  # fmt: skip
    await service.add(on_results(missed=missed))
    happenings.all = [Event(NOON + HOUR, "poll 1"), Event(NOON + 2 * HOUR, "poll 2")]
    at(lab, NOON + HOUR + away)
    await (await lab.start()).catch_up()
    assert [run["state"] for run in await all_runs(lab)] == expected
    assert all(post.late_since == post.run.due_at for post in lab.delivery.posts)


async def test_an_event_that_no_longer_fits_is_left_out(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    happenings.all, happenings.gone = [Event(NOON + HOUR, "poll 1 hour")], {"poll 1 hour"}
    await service.add(on_results())
    at(lab, NOON + HOUR)
    await service.due()
    assert [run["state"] for run in await all_runs(lab)] == ["skipped"]


async def test_a_hundred_tasks_in_two_processes_announce_an_event_once(lab: Lab, happenings: HappeningsKind) -> None:
    first, second = await lab.start(), await lab.start()
    await first.add(on_results())
    await second.load()
    happenings.all = [Event(NOON + HOUR, "poll 1")]
    at(lab, NOON + HOUR)
    await asyncio.gather(*(service.polls_changed() for service in [first, second] * 50))
    assert lab.delivery.calls == 1


@pytest.mark.parametrize("moment", ["before the send", "after the send"])
async def test_a_crash_around_an_event_makes_one_message(moment: str, lab: Lab, happenings: HappeningsKind) -> None:
    service = await lab.start()
    await service.add(on_results())
    happenings.all = [Event(NOON + HOUR, "poll 1")]
    at(lab, NOON + HOUR)
    lab.delivery.die_before = moment == "before the send"
    lab.delivery.die_after = moment == "after the send"
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_before = lab.delivery.die_after = False
    lab.clock.advance(HOUR)
    await (await lab.start()).catch_up()
    assert said(lab) == ["poll 1"]


async def test_a_database_that_is_away_while_events_are_recorded_loses_none(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(on_results())
    happenings.all = [Event(NOON + HOUR, "poll 1")]
    at(lab, NOON + HOUR)

    async def locked(*_: object, **__: object) -> None:
        raise StoreUnavailable("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(run_sql, "record", locked)
        with pytest.raises(StoreUnavailable):
            await service.due()
    await service.due()
    assert said(lab) == ["poll 1"]


async def test_an_announcement_of_events_is_over_after_its_last_day(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    schedule = await service.add(on_results(ends_on=date(2026, 3, 2)))
    happenings.all = [Event(NOON + 30 * HOUR, "poll 1"), Event(NOON + 60 * HOUR, "poll 2")]
    for hours in (30, 60):
        at(lab, NOON + hours * HOUR)
        await service.due()
    assert said(lab) == ["poll 1"]
    assert (await row_of(lab, schedule))["state"] == "ended"


async def test_a_removed_announcement_hears_of_no_event(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    schedule = await service.add(on_results())
    happenings.all = [Event(NOON + HOUR, "poll 1")]
    at(lab, NOON + HOUR)
    await asyncio.gather(service.remove(GUILD, schedule.id), service.due(), service.due())
    assert (await row_of(lab, schedule))["state"] == "removed"
    assert len(said(lab)) <= 1


async def test_a_preview_of_events_shows_those_that_are_foreseen(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    happenings.all = [Event(NOON + hours * HOUR, f"poll {hours}") for hours in (3, 1, 2)]
    preview = await service.preview(on_results())
    assert preview.upcoming == tuple(NOON + hours * HOUR for hours in (1, 2, 3))
    assert preview.content is not None
    assert preview.content.title == "poll 1"


async def test_what_happens_goes_with_no_clock(service: AnnouncementService) -> None:
    with pytest.raises(BadInput, match="every"):
        await service.add(replace(on_results(), recurrence=daily().recurrence))


async def test_an_event_of_a_schedule_that_another_process_paused_is_not_posted(
    lab: Lab, service: AnnouncementService, happenings: HappeningsKind
) -> None:
    schedule = await service.add(on_results())
    async with lab.store.begin() as tx:
        paused = {"state": "paused", "next_due_at": None}
        await tx.execute(sa.update(schedules).where(schedules.c.id == schedule.id).values(paused))
    happenings.all = [Event(NOON + HOUR, "poll 1"), Event(NOON + 2 * HOUR, "poll 2")]
    at(lab, NOON + HOUR)
    await service.due()
    assert said(lab) == []
    assert (await row_of(lab, schedule))["next_due_at"] is None
