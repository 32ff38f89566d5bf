"""Posts in announcement channels are published, so many an hour; the rest waits and survives a restart."""

import asyncio
from datetime import timedelta

import pytest

from bot.announcements.publishing import HOUR, MOST_AN_HOUR, REST
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService
from bot.announcements.trouble import Trouble, Undeliverable
from tests.announcements.lab import CHANNEL, GUILD, Lab, all_runs, daily

MINUTE = timedelta(minutes=1)
EVERY_MINUTE = parse("minute", None, "UTC")


@pytest.fixture(autouse=True)
def announcement_channels(lab: Lab) -> None:
    lab.delivery.news = True


async def minutes(lab: Lab, service: AnnouncementService, count: int) -> None:
    for _ in range(count):
        lab.clock.advance(MINUTE)
        await service.due()


async def publishing(lab: Lab) -> list[str | None]:
    return [run["publishing"] for run in await all_runs(lab)]


async def test_a_post_is_published_and_that_is_noted(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(recurrence=EVERY_MINUTE))
    await minutes(lab, service, 1)
    (run,) = await all_runs(lab)
    assert (run["publishing"], run["published_at"]) == ("done", lab.clock.now())
    assert lab.delivery.published == [1000]


async def test_a_post_elsewhere_is_not_published(lab: Lab, service: AnnouncementService) -> None:
    lab.delivery.news = False
    await service.add(daily(recurrence=EVERY_MINUTE))
    await minutes(lab, service, 1)
    assert await publishing(lab) == [None]


async def test_no_more_than_discord_takes_is_published_in_any_hour_and_nothing_is_forgotten(
    lab: Lab, service: AnnouncementService
) -> None:
    schedule = await service.add(daily(recurrence=EVERY_MINUTE))
    await minutes(lab, service, 25)
    assert len(lab.delivery.published) == MOST_AN_HOUR < 10
    await service.pause(GUILD, schedule.id)
    lab.clock.advance(HOUR - 20 * MINUTE)
    service = await lab.start()
    when = []
    for _ in range(180):
        before = len(lab.delivery.published)
        lab.clock.advance(MINUTE)
        await service.due()
        when += [lab.clock.now()] * (len(lab.delivery.published) - before)
    assert lab.delivery.published == [1000 + number for number in range(25)]
    assert all(later - earlier >= HOUR for earlier, later in zip(when, when[MOST_AN_HOUR:], strict=False))


async def test_each_channel_has_a_queue_of_its_own(lab: Lab, service: AnnouncementService) -> None:
    for number in range(3):
        await service.add(daily(recurrence=EVERY_MINUTE, channel_id=CHANNEL + number))
    await minutes(lab, service, 12)
    assert len(lab.delivery.published) == 3 * MOST_AN_HOUR


async def test_what_discord_puts_off_waits(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(recurrence=EVERY_MINUTE))
    lab.delivery.publishing_problem = Undeliverable("Discord lets no more posts through for now.")
    await minutes(lab, service, 1)
    await service.pause(GUILD, schedule.id)
    lab.delivery.publishing_problem = None
    await minutes(lab, service, 1)
    assert await publishing(lab) == ["waiting"]
    lab.clock.advance(REST)
    await service.due()
    assert await publishing(lab) == ["done"]


async def test_what_discord_refuses_is_given_up_and_said(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(recurrence=EVERY_MINUTE))
    lab.delivery.publishing_problem = Undeliverable("It could not be published (code 50024).", Trouble.FAULT)
    await minutes(lab, service, 1)
    (run,) = await all_runs(lab)
    assert (run["state"], run["publishing"]) == ("sent", "failed")
    assert "50024" in run["problem"]


async def test_what_waited_a_day_is_left_unpublished(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(recurrence=EVERY_MINUTE))
    lab.delivery.publishing_problem = Undeliverable("Discord could not be reached.")
    await minutes(lab, service, 1)
    await service.pause(GUILD, schedule.id)
    lab.clock.advance(timedelta(hours=25))
    await service.due()
    assert await publishing(lab) == ["failed"]


async def test_a_hundred_tasks_publish_once(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(recurrence=EVERY_MINUTE))
    lab.clock.advance(MINUTE)
    await asyncio.gather(*(service.due() for _ in range(100)))
    await service.due()
    assert lab.delivery.published == [1000]
