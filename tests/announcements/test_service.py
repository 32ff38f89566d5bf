"""What moderators do with schedules: plan, look, post at once, remove, restore."""

import asyncio
from datetime import timedelta

import pytest

from bot.announcements.model import Missed, RunState, ScheduleState, Sent
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService, troubled
from bot.errors import NotFound, Refused
from tests.announcements.lab import (
    CHANNEL,
    DAY,
    DUE,
    GUILD,
    Lab,
    all_runs,
    at,
    daily,
    row_of,
    states,
    texts,
)


async def test_posting_now_leaves_the_due_times_alone(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    posted, sent = await service.run_now(GUILD, schedule.id)
    assert (posted.id, sent) == (schedule.id, Sent(1000, CHANNEL))
    assert (await row_of(lab, schedule))["next_due_at"] == DUE
    at(lab, DUE)
    await service.due()
    assert [run["due_at"] for run in await all_runs(lab)] == [DUE - timedelta(hours=5), DUE]


async def test_posting_now_says_why_it_cannot(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem = "I need **Send Messages** in <#20>."
    with pytest.raises(Refused) as refusal:
        await service.run_now(GUILD, schedule.id)
    assert refusal.value.way_out == lab.delivery.problem
    assert await states(lab) == ["failed"]


async def test_posting_by_hand_is_not_tried_again(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem = "no right"
    with pytest.raises(Refused, match="Nothing was posted"):
        await service.run_now(GUILD, schedule.id)
    assert await states(lab) == ["failed"]
    assert texts(lab) == []  # who asked was told


async def test_a_removed_schedule_is_kept_silent_and_can_be_restored(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    removed = await service.remove(GUILD, schedule.id)
    assert (removed.state, removed.next_due_at) == (ScheduleState.REMOVED, None)
    assert service.listing(GUILD) == []
    assert await service.overview(GUILD) == []
    at(lab, DUE + timedelta(hours=1))
    await service.due()
    assert lab.delivery.calls == 0
    restored = await service.restore(GUILD, schedule.id)
    assert (restored.state, restored.next_due_at) == (ScheduleState.ACTIVE, DUE + DAY)
    assert service.listing(GUILD) == [restored]


async def test_removing_and_restoring_twice_changes_nothing(service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    assert await service.remove(GUILD, schedule.id) == await service.remove(GUILD, schedule.id)
    assert await service.restore(GUILD, schedule.id) == await service.restore(GUILD, schedule.id) == schedule


async def test_a_removal_while_it_is_due_wins_or_loses_whole(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    at(lab, DUE)
    await asyncio.gather(service.due(), service.remove(GUILD, schedule.id), service.due())
    assert service.listing(GUILD) == []
    assert (await row_of(lab, schedule))["state"] == "removed"
    assert (await states(lab)).count("sent") == len(lab.delivery.posts)


async def test_another_server_cannot_touch_a_schedule(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    for attempt in (service.remove, service.restore, service.run_now):
        with pytest.raises(NotFound):
            await attempt(GUILD + 1, schedule.id)
    with pytest.raises(NotFound):
        service.get(GUILD + 1, str(schedule.id))
    assert (await row_of(lab, schedule))["state"] == "active"


@pytest.mark.parametrize("typed", ["", "rankings", "0", "-1", "9" * 40, "²"])
def test_what_names_no_schedule_is_not_found(typed: str, lab: Lab) -> None:
    service = AnnouncementService(lab.store, lab.clock, lab.kinds, lab.guilds)
    with pytest.raises(NotFound):
        service.get(GUILD, typed)


async def test_the_very_same_schedule_is_refused(service: AnnouncementService) -> None:
    await service.add(daily())
    with pytest.raises(Refused, match="already"):
        await service.add(daily())
    await service.add(daily(at="19:00"))
    await service.add(daily(recurrence=parse("day", "18:00", "UTC")))
    assert len(service.listing(GUILD)) == 3


async def test_a_kind_that_does_not_work_yet_is_refused(service: AnnouncementService) -> None:
    with pytest.raises(Refused, match="digest"):
        await service.add(daily(kind="digest"))


async def test_memory_and_database_say_the_same_after_a_restart(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(role_id=77, missed=Missed.SKIP))
    at(lab, DUE)
    await service.due()
    again = await lab.start()
    assert again.listing(GUILD) == service.listing(GUILD)
    assert again.listing(GUILD)[0].next_due_at == DUE + DAY


async def test_the_overview_shows_each_schedule_with_its_newest_run(lab: Lab, service: AnnouncementService) -> None:
    busy, idle = await service.add(daily()), await service.add(daily(at="23:00"))
    for day in range(2):
        at(lab, DUE + day * DAY)
        await service.due()
    found = {overview.schedule.id: overview.last_run for overview in await service.overview(GUILD)}
    last = found[busy.id]
    assert last is not None
    assert (last.due_at, last.state) == (DUE + DAY, RunState.SENT)
    first = found[idle.id]
    assert first is not None
    assert first.due_at == DUE + timedelta(hours=5)


async def test_the_overview_names_what_should_have_come_and_did_not(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    for late, overdue in ((timedelta(minutes=2), False), (timedelta(minutes=3), True)):
        at(lab, DUE + late)
        assert [overview.overdue for overview in await service.overview(GUILD)] == [overdue]


async def test_every_change_asks_for_a_new_alarm(lab: Lab, service: AnnouncementService) -> None:
    heard: list[str] = []
    service.on_change = lambda: heard.append("change")
    schedule = await service.add(daily())
    at(lab, DUE)
    await service.due()
    await service.remove(GUILD, schedule.id)
    await service.restore(GUILD, schedule.id)
    assert len(heard) == 4


async def test_nothing_is_sent_before_there_is_a_client(lab: Lab) -> None:
    service = AnnouncementService(lab.store, lab.clock, lab.kinds, lab.guilds)
    schedule = await service.add(daily())
    at(lab, DUE)
    await service.due()
    assert await all_runs(lab) == []
    with pytest.raises(Refused):
        await service.run_now(GUILD, schedule.id)


async def test_a_restored_schedule_does_not_repeat_a_time_that_was_posted(
    lab: Lab, service: AnnouncementService
) -> None:
    schedule = await service.add(daily())
    at(lab, DUE)
    await service.due()
    await service.remove(GUILD, schedule.id)
    at(lab, DUE - timedelta(hours=1))  # somebody set the machine's clock
    await service.restore(GUILD, schedule.id)
    at(lab, DUE)
    await service.due()
    assert lab.delivery.calls == 1


async def test_the_operator_s_check_lists_what_could_not_run_and_why(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    await service.add(daily(channel_id=CHANNEL + 1, at="23:00"))
    at(lab, DUE)
    lab.delivery.problem = "I need **Attach Files** in <#20>."
    await service.due()
    assert await troubled(lab.store) == [
        "#1 (rankings, active) on server 10, channel 20, since 2026-03-01 17:00 UTC: I need **Attach Files** in <#20>."
    ]
