"""What happens when a schedule is due: once, on time, or late and saying so."""

import asyncio
from datetime import timedelta

import sqlalchemy as sa

from bot.announcements.model import Missed
from bot.announcements.recurrence import Recurrence
from bot.announcements.service import AnnouncementService
from bot.rankings.model import Standing
from bot.store.schema import schedules
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
)


def standings(lab: Lab, post: int) -> tuple[Standing, ...]:
    ranking = lab.delivery.posts[post].content.ranking
    assert ranking is not None
    return ranking.standings


async def test_a_schedule_is_due_at_its_time_and_not_before(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE - timedelta(seconds=1))
    await service.due()
    assert lab.delivery.posts == []
    assert await service.next_instant() == DUE
    at(lab, DUE)
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["due_at"], run["message_id"]) == ("sent", DUE, 1000)
    assert run["memory"]["places"] == {"Starknet": 1, "peaq": 2, "Movement": 3}
    assert lab.delivery.posts[0].late_since is None
    assert await service.next_instant() == DUE + DAY


async def test_asking_again_posts_nothing_more(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    for _ in range(3):
        await service.due()
    assert lab.delivery.calls == 1


async def test_a_hundred_tasks_in_two_processes_make_one_run_and_one_message(lab: Lab) -> None:
    first, second = await lab.start(), await lab.start()
    await first.add(daily())
    await second.load()
    at(lab, DUE)
    await asyncio.gather(*(service.due() for service in [first, second] * 50))
    assert await states(lab) == ["sent"]
    assert lab.delivery.calls == 1


async def test_after_downtime_only_the_newest_time_is_posted_and_marked_late(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily())
    at(lab, DUE + 4 * DAY + timedelta(hours=1))
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["due_at"]) == ("sent", DUE + 4 * DAY)
    assert lab.delivery.posts[0].late_since == DUE + 4 * DAY
    assert await service.next_instant() == DUE + 5 * DAY


async def test_two_minutes_are_not_late(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(missed=Missed.SKIP))
    at(lab, DUE + timedelta(minutes=2))
    await service.due()
    assert lab.delivery.posts[0].late_since is None


async def test_skip_leaves_out_what_was_missed_and_waits(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(missed=Missed.SKIP))
    at(lab, DUE + 2 * DAY + timedelta(minutes=3))
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["due_at"], run["finished_at"]) == ("skipped", DUE + 2 * DAY, lab.clock.now())
    assert run["problem"] == "I was away when this was due."
    assert lab.delivery.calls == 0
    assert (await row_of(lab, schedule))["problem"] is None
    assert await service.next_instant() == DUE + 3 * DAY


async def test_a_process_sends_only_for_servers_that_it_has(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    lab.delivery.guilds = set()
    at(lab, DUE)
    await service.due()
    assert await all_runs(lab) == []
    assert await service.next_instant() is None
    lab.delivery.guilds = {GUILD}
    await service.due()
    assert len(lab.delivery.posts) == 1


async def test_the_next_post_shows_who_moved_since_the_last_one(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    await service.due()
    assert {line.moved for line in standings(lab, 0)} == {None}
    lab.rankings.votes = {"Starknet": 1, "peaq": 3, "Movement": 2, "Linea": 0}
    at(lab, DUE + DAY)
    await service.due()
    moved = {line.label: line.moved for line in standings(lab, 1)}
    assert moved == {"peaq": 1, "Movement": 1, "Starknet": -2, "Linea": None}
    at(lab, DUE + 2 * DAY)
    await service.due()
    assert {line.moved for line in standings(lab, 2)} == {0}


async def test_a_failed_run_does_not_count_for_the_movement(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    await service.due()
    lab.delivery.problem, lab.rankings.votes = "gone", {"Starknet": 1, "peaq": 3, "Movement": 2}
    at(lab, DUE + DAY)
    await service.due()
    lab.delivery.problem = None
    at(lab, DUE + 2 * DAY)
    await service.due()
    assert {line.label: line.moved for line in standings(lab, 1)}["peaq"] == 1


async def test_a_clock_that_jumps_back_posts_nothing_twice(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE + 3 * DAY)
    await service.due()
    at(lab, DUE + timedelta(minutes=1))
    await service.due()
    at(lab, DUE + 3 * DAY)
    await service.due()
    assert lab.delivery.calls == 1


async def test_a_schedule_whose_zone_is_gone_is_paused_and_the_others_go_on(
    lab: Lab, service: AnnouncementService
) -> None:
    lost = await service.add(daily())
    await service.add(daily(channel_id=CHANNEL + 1))
    async with lab.store.begin() as tx:
        await tx.execute(sa.update(schedules).where(schedules.c.id == lost.id).values(timezone="Moon/Tranquility"))
    at(lab, DUE)
    await service.due()
    row = await row_of(lab, lost)
    assert (row["state"], row["next_due_at"]) == ("paused", None)
    assert "Remove it" in row["problem"]
    assert len(lab.delivery.posts) == 1


async def test_many_schedules_due_at_once_are_each_posted_once(lab: Lab, service: AnnouncementService) -> None:
    every_minute = Recurrence("minute", "* * * * *", "UTC")
    for number in range(60):
        await service.add(daily(channel_id=number, recurrence=every_minute))
    lab.clock.advance(timedelta(minutes=1))
    await asyncio.gather(service.due(), service.due())
    assert sorted(post.schedule.channel_id for post in lab.delivery.posts) == list(range(60))
    assert lab.delivery.calls == 60


async def test_a_nonce_fits_discord_and_is_one_run_s_alone(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    await service.add(daily(channel_id=CHANNEL + 1))
    for day in range(2):
        at(lab, DUE + day * DAY)
        await service.due()
    nonces = [post.run.nonce for post in lab.delivery.posts]
    assert len(set(nonces)) == 4
    assert max(map(len, nonces)) <= 25


async def test_a_fault_of_our_own_fails_one_run_and_no_other(lab: Lab, service: AnnouncementService) -> None:
    broken = await service.add(daily())
    await service.add(daily(channel_id=CHANNEL + 1))
    at(lab, DUE)

    def fault(post: object) -> None:
        if post.schedule.id == broken.id:  # type: ignore[attr-defined]
            raise KeyError("secret detail")

    lab.delivery.on_send = fault
    await service.due()
    by_schedule = {run["schedule_id"]: run for run in await all_runs(lab)}
    assert (
        by_schedule.pop(broken.id)["problem"]
        == "Something went wrong inside the bot; its operator finds it in the log."
    )
    assert [run["state"] for run in by_schedule.values()] == ["sent"]
