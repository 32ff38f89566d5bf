"""When a post that failed is tried again."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.announcements.model import Missed
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService
from bot.announcements.trouble import PAUSES, Trouble, next_try, pause_after
from tests.announcements.lab import (
    DAY,
    DUE,
    MINUTE,
    Lab,
    all_runs,
    at,
    daily,
    states,
)


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (50, 60)])
def test_the_pauses_between_tries_grow(tries: int, minutes: int) -> None:
    assert pause_after(tries) == timedelta(minutes=minutes)


def test_there_is_no_next_try_when_it_would_be_too_late() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert next_try(1, now, now + 2 * MINUTE) == now + MINUTE
    assert next_try(1, now, now + MINUTE) is None


async def test_it_is_tried_again_after_growing_pauses_and_then_posted_late(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.trouble = "Discord had a fault.", Trouble.PASSING
    await service.due()
    for number, pause in enumerate([*PAUSES, PAUSES[-1]], start=1):
        assert lab.delivery.calls == number
        assert await service.next_instant() == lab.clock.now() + pause
        lab.clock.advance(pause - timedelta(seconds=1))
        await service.due()
        assert lab.delivery.calls == number
        lab.clock.advance(timedelta(seconds=1))
        await service.due()
    lab.delivery.problem = None
    lab.clock.advance(PAUSES[-1])
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["tries"], run["retry_at"]) == ("sent", 7, None)
    assert lab.delivery.posts[0].late_since == DUE


async def test_what_waits_gives_way_to_the_next_due_time(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "I need **Attach Files**."
    await service.due()
    lab.delivery.problem = None
    at(lab, DUE + DAY)
    await service.due()
    assert await states(lab) == ["failed", "sent"]
    assert [post.run.due_at for post in lab.delivery.posts] == [DUE + DAY]


async def test_nothing_is_tried_when_the_next_one_is_due_before(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(recurrence=parse("minute", None, "UTC")))
    lab.clock.advance(MINUTE)
    lab.delivery.problem = "I need **Attach Files**."
    await service.due()
    assert await states(lab) == ["failed"]


async def test_a_post_that_may_not_be_late_is_tried_once_more_while_it_is_not(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily(missed=Missed.SKIP))
    at(lab, DUE)
    lab.delivery.problem = "Discord had a fault."
    for expected in ("waiting", "failed"):
        await service.due()
        assert await states(lab) == [expected]
        lab.clock.advance(MINUTE)


async def test_a_waiting_post_survives_a_restart(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "Discord had a fault."
    await service.due()
    lab.delivery.problem = None
    lab.clock.advance(MINUTE)
    await (await lab.start()).catch_up()
    assert await states(lab) == ["sent"]


async def test_a_hundred_tasks_have_one_next_try(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "Discord had a fault."
    await service.due()
    lab.delivery.problem, lab.delivery.calls = None, 0
    lab.clock.advance(MINUTE)
    await asyncio.gather(*(service.due() for _ in range(100)))
    assert lab.delivery.calls == 1
