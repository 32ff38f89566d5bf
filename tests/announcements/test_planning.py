"""What moderators do with schedules: pause, resume, edit, limit to days, look ahead."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.announcements import store as sql
from bot.announcements.model import NewSchedule, ScheduleState
from bot.announcements.recurrence import event_recurrence, parse
from bot.announcements.service import POSTS_FORETOLD, AnnouncementService
from bot.errors import BadInput, NotFound, Refused
from tests.announcements.lab import CHANNEL, DAY, DUE, GUILD, Killed, Lab, all_runs, at, daily, row_of

MONDAYS = parse("week", "monday 9:00", "UTC")


async def post_on(lab: Lab, service: AnnouncementService, *days: int) -> None:
    for day in days:
        at(lab, DUE + day * DAY)
        await service.due()


async def test_a_paused_announcement_posts_nothing_until_it_is_resumed(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    paused = await service.pause(GUILD, schedule.id)
    assert (paused.state, paused.next_due_at) == ("paused", None)
    await post_on(lab, service, 0, 1)
    assert lab.delivery.calls == 0
    resumed = await service.resume(GUILD, schedule.id)
    assert resumed.next_due_at == DUE + 2 * DAY
    await post_on(lab, service, 2)
    assert [post.late_since for post in lab.delivery.posts] == [None]


async def test_pausing_gives_up_what_waits_for_another_try(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem = "no right"
    await post_on(lab, service, 0)
    await service.pause(GUILD, schedule.id)
    lab.delivery.problem, lab.delivery.calls = None, 0
    lab.clock.advance(timedelta(minutes=1))
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["problem"]) == ("skipped", "It was paused before it could be posted.")
    assert lab.delivery.calls == 0


async def test_pausing_and_resuming_twice_changes_nothing(service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    assert await service.pause(GUILD, schedule.id) == await service.pause(GUILD, schedule.id)
    once = await service.resume(GUILD, schedule.id)
    assert await service.resume(GUILD, schedule.id) == once


async def test_a_removed_announcement_is_restored_but_not_resumed_or_edited(service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    await service.remove(GUILD, schedule.id)
    for attempt in (service.pause(GUILD, schedule.id), service.resume(GUILD, schedule.id)):
        with pytest.raises(NotFound):
            await attempt
    with pytest.raises(NotFound):
        await service.edit(GUILD, schedule.id, schedule.plan)
    assert (await service.restore(GUILD, schedule.id)).next_due_at == DUE


@pytest.mark.parametrize("action", ["pause", "resume", "edit"])
async def test_another_server_cannot_change_a_schedule(action: str, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    more = (schedule.plan,) if action == "edit" else ()
    with pytest.raises(NotFound):
        await getattr(service, action)(GUILD + 1, schedule.id, *more)


# Editing


async def test_an_edit_changes_when_and_where_and_keeps_the_history(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    await post_on(lab, service, 0)
    wanted = replace(schedule.plan, channel_id=CHANNEL + 1, recurrence=parse("day", "20:00", "UTC"))
    edited = await service.edit(GUILD, schedule.id, wanted)
    assert (edited.plan, edited.id) == (wanted, schedule.id)
    assert edited.next_due_at == datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert service.listing(GUILD) == [edited]
    lab.rankings.votes = {"Starknet": 1, "peaq": 9, "Movement": 2}
    at(lab, datetime(2026, 3, 1, 20, tzinfo=UTC))
    await service.due()
    ranking = lab.delivery.posts[1].content.ranking
    assert ranking is not None
    assert {line.label: line.moved for line in ranking.standings}["peaq"] == 1


async def test_an_edit_leaves_a_paused_announcement_paused(service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    await service.pause(GUILD, schedule.id)
    edited = await service.edit(GUILD, schedule.id, replace(schedule.plan, role_id=7))
    assert (edited.state, edited.next_due_at, edited.role_id) == ("paused", None, 7)


async def test_another_channel_gets_at_once_what_waits(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem = "no right"
    await post_on(lab, service, 0)
    lab.delivery.problem = None
    edited = await service.edit(GUILD, schedule.id, replace(schedule.plan, channel_id=CHANNEL + 1))
    assert edited.problem is None
    await service.due()
    assert [post.schedule.channel_id for post in lab.delivery.posts] == [CHANNEL + 1]


async def test_an_edit_to_what_is_there_already_is_refused(service: AnnouncementService) -> None:
    await service.add(daily())
    other = await service.add(daily(at="19:00"))
    with pytest.raises(Refused, match="already"):
        await service.edit(GUILD, other.id, daily())
    assert service.get(GUILD, str(other.id)).recurrence == other.recurrence
    await service.edit(GUILD, other.id, other.plan)  # itself is no other


async def test_an_edit_that_fails_half_way_changes_nothing(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = await service.add(daily())
    before = await row_of(lab, schedule)

    async def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sql, "forget_problem", killed)
        with pytest.raises(Killed):
            await service.edit(GUILD, schedule.id, replace(schedule.plan, channel_id=CHANNEL + 1))
    assert await row_of(lab, schedule) == before
    assert service.listing(GUILD) == [schedule]


async def test_a_hundred_moderators_at_once_leave_a_whole_schedule(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    at(lab, DUE)

    def action(number: int) -> Any:
        actions = (
            lambda: service.pause(GUILD, schedule.id),
            lambda: service.resume(GUILD, schedule.id),
            lambda: service.edit(GUILD, schedule.id, replace(schedule.plan, channel_id=CHANNEL + number)),
            service.due,
        )
        return actions[number % 4]()

    await asyncio.gather(*(action(number) for number in range(100)))
    row = await row_of(lab, schedule)
    assert (row["state"] == "active") == (row["next_due_at"] is not None)
    assert len(lab.delivery.messages) <= 1
    (known,) = service.listing(GUILD)
    assert (known.state, known.channel_id, known.next_due_at) == (row["state"], row["channel_id"], row["next_due_at"])


# First and last day


async def test_it_posts_from_its_first_day_to_its_last_and_is_over_then(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(starts_on=date(2026, 3, 3), ends_on=date(2026, 3, 5)))
    assert schedule.next_due_at == DUE + 2 * DAY
    await post_on(lab, service, *range(7))
    assert [post.run.due_at for post in lab.delivery.posts] == [DUE + day * DAY for day in (2, 3, 4)]
    row = await row_of(lab, schedule)
    assert (row["state"], row["next_due_at"]) == ("ended", None)
    assert service.listing(GUILD)[0].state is ScheduleState.ENDED


async def test_a_later_last_day_makes_it_go_on(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(ends_on=date(2026, 3, 1)))
    await post_on(lab, service, 0, 1)
    with pytest.raises(Refused, match="over"):
        await service.pause(GUILD, schedule.id)
    edited = await service.edit(GUILD, schedule.id, replace(schedule.plan, ends_on=date(2026, 3, 9)))
    assert (edited.state, edited.next_due_at) == ("active", DUE + 2 * DAY)


async def test_after_an_outage_over_the_last_day_the_last_one_is_still_posted_within_a_day(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily(ends_on=date(2026, 3, 2)))
    at(lab, DUE + DAY + timedelta(hours=20))
    await service.due()
    assert [post.late_since for post in lab.delivery.posts] == [DUE + DAY]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"starts_on": date(2026, 3, 9), "ends_on": date(2026, 3, 8)}, "before the first"),
        ({"ends_on": date(2026, 2, 28)}, "Nothing would be posted"),
        (
            {"starts_on": date(2026, 3, 7), "ends_on": date(2026, 3, 7), "recurrence": MONDAYS},
            "Nothing would be posted",
        ),
    ],
)
async def test_days_on_which_nothing_would_come_are_refused(
    days: dict[str, Any], said: str, service: AnnouncementService
) -> None:
    with pytest.raises(BadInput) as caught:
        await service.add(daily(**days))
    assert said in str(caught.value)
    assert service.listing(GUILD) == []


async def test_a_kind_by_the_clock_needs_a_clock(service: AnnouncementService) -> None:
    with pytest.raises(BadInput):
        await service.add(daily(recurrence=event_recurrence("UTC")))


# Looking ahead


async def test_a_preview_shows_the_next_five_times_and_the_post_and_sends_nothing(
    lab: Lab, service: AnnouncementService
) -> None:
    schedule = await service.add(daily())
    preview = await service.preview(schedule)
    assert preview.upcoming == tuple(DUE + day * DAY for day in range(POSTS_FORETOLD))
    assert preview.content is not None
    assert preview.content.title == "Who leads?"
    assert (lab.delivery.calls, await all_runs(lab)) == (0, [])


async def test_a_preview_works_before_anything_is_planned(service: AnnouncementService) -> None:
    new: NewSchedule = daily(ends_on=date(2026, 3, 2))
    assert (await service.preview(new)).upcoming == (DUE, DUE + DAY)
    assert service.listing(GUILD) == []


async def test_a_preview_shows_the_movement_since_the_last_post(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    await post_on(lab, service, 0)
    lab.rankings.votes = {"Starknet": 1, "peaq": 9, "Movement": 2}
    content = (await service.preview(schedule)).content
    assert content is not None
    assert content.ranking is not None
    assert {line.label: line.moved for line in content.ranking.standings}["peaq"] == 1


# Only news, and boards


async def test_only_news_leaves_out_what_says_the_same(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(only_news=True))
    await post_on(lab, service, 0, 1)
    lab.rankings.votes["peaq"] += 5
    await post_on(lab, service, 2)
    assert [(run["state"], run["problem"]) for run in await all_runs(lab)] == [
        ("sent", None),
        ("skipped", "There was nothing new since the last post."),
        ("sent", None),
    ]


async def test_what_is_asked_for_by_hand_is_posted_without_news(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(only_news=True))
    await post_on(lab, service, 0)
    await service.run_now(GUILD, schedule.id)
    assert len(lab.delivery.posts) == 2


async def test_a_kind_with_nothing_to_say_posts_nothing(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.rankings.silent = True
    await post_on(lab, service, 0)
    (run,) = await all_runs(lab)
    assert (run["state"], run["problem"]) == ("skipped", "There was nothing to say.")
    with pytest.raises(Refused, match="Nothing was posted"):
        await service.run_now(GUILD, schedule.id)


async def test_a_board_is_one_message_that_is_kept_up_to_date(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(board=True))
    await post_on(lab, service, 0)
    lab.rankings.votes = {"Starknet": 1, "peaq": 9, "Movement": 2}
    await post_on(lab, service, 1, 2)
    assert (len(lab.delivery.posts), len(lab.delivery.edits)) == (1, 2)
    row = await row_of(lab, schedule)
    assert (row["board_message_id"], row["board_channel_id"]) == (1000, CHANNEL)
    assert [run["message_id"] for run in await all_runs(lab)] == [1000] * 3
    ranking = lab.delivery.edits[0].content.ranking
    assert ranking is not None
    assert {line.label: line.moved for line in ranking.standings}["peaq"] == 1


async def test_a_board_whose_message_was_deleted_is_posted_anew(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(board=True))
    await post_on(lab, service, 0)
    lab.delivery.messages.clear()
    await post_on(lab, service, 1)
    assert len(lab.delivery.posts) == 2
    assert (await row_of(lab, schedule))["board_message_id"] == 1001


async def test_a_board_that_moves_to_another_channel_is_posted_there(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(board=True))
    await post_on(lab, service, 0)
    edited = await service.edit(GUILD, schedule.id, replace(schedule.plan, channel_id=CHANNEL + 1))
    assert edited.board_message_id is None
    await post_on(lab, service, 1)
    assert [post.schedule.channel_id for post in lab.delivery.posts] == [CHANNEL, CHANNEL + 1]


async def test_two_posts_of_a_board_at_once_make_one_message(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily(board=True))
    at(lab, DUE)
    await asyncio.gather(service.due(), service.run_now(GUILD, schedule.id))
    assert (len(lab.delivery.posts), len(lab.delivery.edits)) == (1, 1)


# Clocks that jump


async def test_a_clock_that_ran_ahead_and_was_set_right_posts_again_at_the_next_time(
    lab: Lab, service: AnnouncementService
) -> None:
    schedule = await service.add(daily())
    at(lab, DUE + 30 * DAY)
    await service.due()
    at(lab, DUE + timedelta(minutes=1))
    await service.due()
    assert (await row_of(lab, schedule))["next_due_at"] == DUE + DAY
    assert lab.delivery.calls == 1
    await post_on(lab, service, 1)
    assert lab.delivery.calls == 2


async def test_a_clock_that_was_wrong_at_the_last_start_is_noticed_at_the_next(lab: Lab) -> None:
    service = await lab.start()
    schedule = await service.add(daily())
    at(lab, DUE + 30 * DAY)
    await service.due()
    at(lab, DUE + timedelta(minutes=1))
    await (await lab.start()).catch_up()
    assert (await row_of(lab, schedule))["next_due_at"] == DUE + DAY


async def test_a_clock_that_jumps_back_over_a_due_time_does_not_repeat_it(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily())
    await post_on(lab, service, 0)
    at(lab, DUE - timedelta(minutes=10))
    await service.due()
    await post_on(lab, service, 0, 1)
    assert [post.run.due_at for post in lab.delivery.posts] == [DUE, DUE + DAY]


async def test_a_clock_that_jumps_far_ahead_makes_at_most_one_post_each(lab: Lab, service: AnnouncementService) -> None:
    for number in range(20):
        await service.add(daily(channel_id=number, recurrence=parse("minute", None, "UTC")))
    lab.clock.advance(timedelta(days=365))
    await service.due()
    await service.due()
    assert lab.delivery.calls == 20


async def test_what_is_a_day_too_late_is_left_out(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(recurrence=parse("week", "sunday 17:00", "UTC")))
    at(lab, DUE + timedelta(days=3))
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["due_at"]) == ("skipped", DUE)
    assert lab.delivery.calls == 0
