"""How announcements go on by themselves once a channel is repaired, and pause when it is gone for good."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.announcements import store as sql
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService
from bot.announcements.trouble import Trouble
from tests.announcements.lab import (
    CHANNEL,
    DUE,
    GUILD,
    MINUTE,
    Lab,
    at,
    daily,
    locked,
    row_of,
    states,
    texts,
)


@pytest.mark.usefixtures("log_channel")
async def test_a_repaired_channel_gets_what_waits_at_once(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "no right"
    await service.due()
    await service.look_again(GUILD)  # something else changed
    assert await states(lab) == ["waiting"]
    lab.delivery.problem = None
    lab.clock.advance(timedelta(seconds=5))
    await asyncio.gather(*(service.look_again(GUILD) for _ in range(20)))
    assert await states(lab) == ["sent"]
    assert lab.delivery.calls == 2
    assert [("works again" in text) for text in texts(lab)].count(True) == 1
    assert (await row_of(lab, schedule))["problem"] is None


@pytest.mark.usefixtures("log_channel")
async def test_a_repair_with_nothing_waiting_is_told_and_posts_nothing(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(recurrence=parse("minute", None, "UTC")))
    lab.clock.advance(MINUTE)
    lab.delivery.problem = "no right"
    await service.due()
    lab.delivery.problem, lab.delivery.calls = None, 0
    await service.look_again(GUILD)
    assert "works again" in texts(lab)[-1]
    assert lab.delivery.calls == 0


async def test_a_look_while_the_database_is_away_breaks_nothing(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "no right"
    await service.due()
    lab.delivery.problem = None

    with monkeypatch.context() as patch:
        patch.setattr(sql, "end_problems", locked)
        await service.look_again(GUILD)
    assert await states(lab) == ["waiting"]


@pytest.mark.usefixtures("log_channel")
async def test_a_deleted_channel_is_told_once_and_paused_after_half_an_hour(
    lab: Lab, service: AnnouncementService
) -> None:
    schedule = await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.trouble = "The channel was deleted.", Trouble.GONE
    await service.due()
    for minutes in (29, 1):
        assert (await row_of(lab, schedule))["state"] == "active"
        lab.clock.advance(minutes * MINUTE)
        await service.due()
    row = await row_of(lab, schedule)
    assert (row["state"], row["next_due_at"]) == ("paused", None)
    assert "was deleted, so it is paused" in row["problem"]
    assert await states(lab) == ["failed"]
    assert len(texts(lab)) == 1
    assert service.listing(GUILD)[0].state == "paused"


async def test_a_channel_that_is_back_within_half_an_hour_is_posted_in(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.trouble = "The channel was deleted.", Trouble.GONE
    await service.due()
    lab.delivery.problem = None
    lab.clock.advance(31 * MINUTE)
    await service.due()
    assert (await row_of(lab, schedule))["state"] == "active"
    assert await states(lab) == ["sent"]


async def test_a_channel_deleted_between_two_posts_is_told_at_once(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    await service.add(daily(channel_id=CHANNEL + 1))
    lab.delivery.problem, lab.delivery.trouble = "The channel was deleted.", Trouble.GONE
    await service.channel_deleted(GUILD, CHANNEL)
    await service.channel_deleted(GUILD, CHANNEL)
    assert len(texts(lab)) == 1
    lab.clock.advance(31 * MINUTE)
    await service.due()
    assert [schedule.state for schedule in service.listing(GUILD)] == ["paused", "active"]


async def test_another_channel_makes_a_paused_announcement_go_on(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem, lab.delivery.trouble = "The channel was deleted.", Trouble.GONE
    await service.channel_deleted(GUILD, CHANNEL)
    lab.clock.advance(31 * MINUTE)
    await service.due()
    lab.delivery.problem = None
    await service.edit(GUILD, schedule.id, replace(schedule.plan, channel_id=CHANNEL + 5))
    went_on = await service.resume(GUILD, schedule.id)
    assert (went_on.state, went_on.next_due_at, went_on.problem) == ("active", DUE, None)
