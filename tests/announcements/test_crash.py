"""Killed at any step, or without its database, a process leaves a run that makes one message."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.announcements import claiming
from bot.announcements import run_store as run_sql
from bot.announcements.kinds.rankings import RankingsContent
from bot.announcements.model import Missed, Post, Sent
from bot.announcements.service import AnnouncementService
from bot.errors import StoreUnavailable
from tests.announcements.lab import (
    CHANNEL,
    DUE,
    Killed,
    Lab,
    all_runs,
    at,
    crash,
    daily,
    killed,
    locked,
    row_of,
    states,
)


@pytest.mark.parametrize("sent", [False, True])
async def test_a_crash_around_the_send_still_makes_one_message(lab: Lab, sent: bool) -> None:
    await crash(lab, sent=sent)
    assert await states(lab) == ["recorded"]
    lab.clock.advance(timedelta(seconds=5))
    await (await lab.start()).catch_up()
    (run,) = await all_runs(lab)
    assert (run["state"], run["message_id"]) == ("sent", 1000)
    assert len(lab.delivery.messages) == 1


async def test_what_a_crash_left_is_sent_by_one_task_of_many(lab: Lab) -> None:
    await crash(lab, sent=False)
    lab.delivery.calls = 0
    lab.clock.advance(timedelta(seconds=5))
    service = await lab.start()
    await asyncio.gather(*(service.due() for _ in range(50)))
    assert lab.delivery.calls == 1


async def test_a_crash_while_recording_leaves_no_half(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    service = await lab.start()
    schedule = await service.add(daily())
    at(lab, DUE)
    with monkeypatch.context() as patch:
        patch.setattr(run_sql, "_record", killed)
        with pytest.raises(Killed):
            await service.due()
    assert await all_runs(lab) == []
    assert (await row_of(lab, schedule))["next_due_at"] == DUE
    await (await lab.start()).catch_up()
    assert len(lab.delivery.messages) == 1


async def test_a_crash_while_closing_still_makes_one_message(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    with monkeypatch.context() as patch:
        patch.setattr(run_sql, "finish", killed)
        with pytest.raises(Killed):
            await service.due()
    lab.clock.advance(timedelta(seconds=5))
    await (await lab.start()).catch_up()
    assert await states(lab) == ["sent"]
    assert len(lab.delivery.messages) == 1


async def test_what_a_crash_left_is_marked_late_when_it_is(lab: Lab) -> None:
    await crash(lab, sent=False)
    lab.clock.advance(timedelta(minutes=10))
    await (await lab.start()).catch_up()
    assert lab.delivery.posts[0].late_since == DUE


async def test_what_a_crash_left_is_skipped_when_late_posts_are_unwanted(lab: Lab) -> None:
    await crash(lab, daily(missed=Missed.SKIP), sent=False)
    lab.clock.advance(timedelta(minutes=10))
    await (await lab.start()).catch_up()
    assert await states(lab) == ["skipped"]
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
    await service.add(daily())
    at(lab, DUE)
    with monkeypatch.context() as patch:
        patch.setattr(run_sql, "finish", locked)
        await service.due()
    assert await states(lab) == ["recorded"]
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
    assert await states(lab) == ["recorded"]
    lab.rankings.error = None
    lab.clock.advance(timedelta(minutes=3))
    await service.due()
    assert await states(lab) == ["sent"]


async def test_a_database_that_goes_away_while_many_are_recorded_holds_up_only_the_rest(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "CLAIMED_TOGETHER", 2)
    for number in range(5):
        await service.add(daily(channel_id=number))
    at(lab, DUE)
    claim, asked = run_sql.claim, list[int]()

    async def away_soon(*arguments: Any) -> Any:
        asked.append(1)
        if len(asked) == 2:
            raise StoreUnavailable("database is locked")
        return await claim(*arguments)

    monkeypatch.setattr(run_sql, "claim", away_soon)
    await service.due()
    assert lab.delivery.calls == 2
    await service.due()
    assert sorted(post.schedule.channel_id for post in lab.delivery.posts) == list(range(5))


async def test_a_memory_that_cannot_be_kept_costs_no_other_post_and_sends_none_twice(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(daily())
    await service.add(daily(channel_id=CHANNEL + 1))
    at(lab, DUE)
    with monkeypatch.context() as patch:
        patch.setattr(RankingsContent, "memory", property(lambda _: {"at": lab.clock.now()}))  # JSON has no times
        await service.due()
    lab.clock.advance(timedelta(minutes=10))
    await service.due()
    assert [(run["state"], run["memory"]) for run in await all_runs(lab)] == [("sent", None)] * 2
    assert len(lab.delivery.posts) == 2


async def test_a_database_that_is_away_when_posts_begin_sends_nothing_that_was_not_noted(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await service.add(daily(channel_id=CHANNEL + number))
    at(lab, DUE)
    with monkeypatch.context() as patch:
        patch.setattr(run_sql, "begin", locked)
        await service.due()
    assert lab.delivery.calls == 0
    assert await states(lab) == ["recorded"] * 5
    lab.clock.advance(timedelta(minutes=3))
    await service.due()
    assert await states(lab) == ["sent"] * 5
    assert lab.delivery.looks == 0
