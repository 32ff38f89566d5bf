"""Schedules and runs on a real database: once, on time, and honest about what went wrong."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.announcements.model import Missed, Post, RunState, Schedule, ScheduleState, Sent
from bot.announcements.recurrence import Recurrence, parse
from bot.announcements.service import AnnouncementService
from bot.errors import NotFound, Refused, StoreUnavailable
from bot.rankings.model import Standing
from bot.store.schema import runs, schedules
from tests.announcements.conftest import CHANNEL, GUILD, LOG, Killed, Lab, daily

# The clock begins on 1 March 2026 at 12:00 UTC; 18:00 in Berlin is 17:00 UTC.
DUE = datetime(2026, 3, 1, 17, tzinfo=UTC)
DAY = timedelta(days=1)


def at(lab: Lab, when: datetime) -> None:
    lab.clock.advance(when - lab.clock.now())


def standings(lab: Lab, post: int) -> tuple[Standing, ...]:
    ranking = lab.delivery.posts[post].content.ranking
    assert ranking is not None
    return ranking.standings


async def all_runs(lab: Lab) -> list[sa.RowMapping]:
    async with lab.store.read() as tx:
        return list((await tx.execute(sa.select(runs).order_by(runs.c.id))).mappings())


async def row_of(lab: Lab, schedule: Schedule) -> sa.RowMapping:
    async with lab.store.read() as tx:
        return (await tx.execute(sa.select(schedules).where(schedules.c.id == schedule.id))).mappings().one()


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
    assert [run["state"] for run in await all_runs(lab)] == ["sent"]
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


@pytest.mark.parametrize("moment", ["before the send", "after the send"])
async def test_a_crash_around_the_send_still_makes_one_message(lab: Lab, moment: str) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.die_before = moment == "before the send"
    lab.delivery.die_after = moment == "after the send"
    with pytest.raises(Killed):
        await service.due()
    assert [run["state"] for run in await all_runs(lab)] == ["recorded"]
    lab.delivery.die_before = lab.delivery.die_after = False
    lab.clock.advance(timedelta(seconds=5))
    await (await lab.start()).catch_up()
    (run,) = await all_runs(lab)
    assert (run["state"], run["message_id"]) == ("sent", 1000)
    assert len(lab.delivery.messages) == 1


async def test_what_a_crash_left_is_sent_by_one_task_of_many(lab: Lab) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.die_before = True
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_before, lab.delivery.calls = False, 0
    lab.clock.advance(timedelta(seconds=5))
    service = await lab.start()
    await asyncio.gather(*(service.due() for _ in range(50)))
    assert lab.delivery.calls == 1


async def test_a_crash_while_recording_leaves_no_half(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.announcements import store as sql

    service = await lab.start()
    schedule = await service.add(daily())
    at(lab, DUE)

    async def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sql, "_record", killed)
        with pytest.raises(Killed):
            await service.due()
    assert await all_runs(lab) == []
    assert (await row_of(lab, schedule))["next_due_at"] == DUE
    await (await lab.start()).catch_up()
    assert len(lab.delivery.messages) == 1


async def test_a_crash_while_closing_still_makes_one_message(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.announcements import store as sql

    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)

    async def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sql, "finish", killed)
        with pytest.raises(Killed):
            await service.due()
    lab.clock.advance(timedelta(seconds=5))
    await (await lab.start()).catch_up()
    assert [run["state"] for run in await all_runs(lab)] == ["sent"]
    assert len(lab.delivery.messages) == 1


async def test_what_a_crash_left_is_marked_late_when_it_is(lab: Lab) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.die_before = True
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_before = False
    lab.clock.advance(timedelta(minutes=10))
    await (await lab.start()).catch_up()
    assert lab.delivery.posts[0].late_since == DUE


async def test_what_a_crash_left_is_skipped_when_late_posts_are_unwanted(lab: Lab) -> None:
    service = await lab.start()
    await service.add(daily(missed=Missed.SKIP))
    at(lab, DUE)
    lab.delivery.die_before = True
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_before = False
    lab.clock.advance(timedelta(minutes=10))
    await (await lab.start()).catch_up()
    assert [run["state"] for run in await all_runs(lab)] == ["skipped"]
    assert lab.delivery.messages == {}


async def test_a_run_that_another_process_is_sending_is_left_to_it(lab: Lab) -> None:
    first, second = await lab.start(), await lab.start()
    await first.add(daily())
    at(lab, DUE)
    sending, go_on = asyncio.Event(), asyncio.Event()
    send = lab.delivery.send

    async def slow(post: Post) -> Sent:
        sending.set()
        await go_on.wait()
        return await send(post)

    lab.delivery.send = slow  # type: ignore[method-assign]
    posting = asyncio.create_task(first.due())
    await sending.wait()
    await asyncio.wait_for(second.due(), 5)
    assert lab.delivery.calls == 0
    go_on.set()
    await posting
    assert lab.delivery.calls == 1


async def test_an_outcome_that_the_database_did_not_take_is_written_later_without_a_second_post(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.announcements import store as sql

    await service.add(daily())
    at(lab, DUE)

    async def locked(*_: object) -> None:
        raise StoreUnavailable("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(sql, "finish", locked)
        await service.due()
    assert [run["state"] for run in await all_runs(lab)] == ["recorded"]
    lab.clock.advance(timedelta(minutes=30))
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["finished_at"]) == ("sent", DUE)
    assert lab.delivery.calls == 1


async def test_a_locked_database_before_the_send_puts_the_run_off(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.rankings.error = StoreUnavailable("database is locked")
    await service.due()
    assert [run["state"] for run in await all_runs(lab)] == ["recorded"]
    lab.rankings.error = None
    lab.clock.advance(timedelta(minutes=3))
    await service.due()
    assert [run["state"] for run in await all_runs(lab)] == ["sent"]


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


async def test_a_failed_post_shows_its_problem_and_tells_the_log_channel_once(
    lab: Lab, service: AnnouncementService
) -> None:
    await lab.guilds.set_log_channel(GUILD, LOG, 1)
    schedule = await service.add(daily())
    lab.delivery.problem = "I need **Attach Files** in <#20>."
    for day in range(3):
        at(lab, DUE + day * DAY)
        await service.due()
    assert [run["state"] for run in await all_runs(lab)] == ["failed", "failed", "waiting"]
    assert (await row_of(lab, schedule))["problem"] == lab.delivery.problem
    assert service.listing(GUILD)[0].problem == lab.delivery.problem
    ((where, text),) = lab.delivery.told
    assert where == LOG
    assert lab.delivery.problem in text
    assert "every day at 18:00 (Europe/Berlin)" in text


async def test_another_problem_is_told_again(lab: Lab, service: AnnouncementService) -> None:
    await lab.guilds.set_log_channel(GUILD, LOG, 1)
    await service.add(daily())
    for day, problem in enumerate(["no right", "no right", "no channel"]):
        lab.delivery.problem = problem
        at(lab, DUE + day * DAY)
        await service.due()
    assert [text.splitlines()[-1] for _, text in lab.delivery.told] == ["no right", "no channel"]


async def test_a_success_clears_the_problem(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem = "I need **Attach Files** in <#20>."
    at(lab, DUE)
    await service.due()
    lab.delivery.problem = None
    at(lab, DUE + DAY)
    await service.due()
    assert (await row_of(lab, schedule))["problem"] is None
    assert service.listing(GUILD)[0].problem is None


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
    assert [run["state"] for run in await all_runs(lab)] == ["failed"]


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
    assert [run["state"] for run in await all_runs(lab)].count("sent") == len(lab.delivery.posts)


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


async def test_a_clock_that_jumps_back_posts_nothing_twice(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE + 3 * DAY)
    await service.due()
    at(lab, DUE + timedelta(minutes=1))
    await service.due()
    at(lab, DUE + 3 * DAY)
    await service.due()
    assert lab.delivery.calls == 1


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


async def test_a_database_that_goes_away_while_many_are_recorded_holds_up_only_the_rest(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.announcements import claiming
    from bot.announcements import store as sql

    monkeypatch.setattr(claiming, "CLAIMED_TOGETHER", 2)
    for number in range(5):
        await service.add(daily(channel_id=number))
    at(lab, DUE)
    claim, asked = sql.claim, list[int]()

    async def away_soon(*arguments: Any) -> Any:
        asked.append(1)
        if len(asked) == 2:
            raise StoreUnavailable("database is locked")
        return await claim(*arguments)

    monkeypatch.setattr(sql, "claim", away_soon)
    await service.due()
    assert lab.delivery.calls == 2
    await service.due()
    assert sorted(post.schedule.channel_id for post in lab.delivery.posts) == list(range(5))
