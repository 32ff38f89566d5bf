"""When a post that failed is tried again, what moderators hear of it, and how it goes on by itself."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.announcements.model import Missed, RunState
from bot.announcements.service import AnnouncementService, troubled
from bot.announcements.trouble import PAUSES, Trouble, Undeliverable, next_try, pause_after
from bot.errors import Refused, StoreUnavailable
from tests.announcements.conftest import CHANNEL, GUILD, LOG, MOD, Killed, Lab, daily
from tests.announcements.test_service import DAY, DUE, all_runs, at, row_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def log_channel(lab: Lab) -> None:
    await lab.guilds.set_log_channel(GUILD, LOG, 1)


def texts(lab: Lab) -> list[str]:
    return [text for _, text in lab.delivery.told]


async def states(lab: Lab) -> list[str]:
    return [run["state"] for run in await all_runs(lab)]


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
    from bot.announcements.recurrence import parse

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


# What moderators hear


async def test_without_a_log_channel_the_moderator_who_planned_it_is_told(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "I need **Attach Files** in <#20>."
    await service.due()
    ((where, text),) = lab.delivery.told
    assert where == 0
    assert lab.delivery.told_members == [MOD]
    assert "I need **Attach Files** in <#20>." in text


@pytest.mark.usefixtures("log_channel")
async def test_the_moderator_is_told_when_the_log_channel_hears_nothing(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.deaf = "no right", {LOG}
    await service.due()
    assert lab.delivery.told_members == [MOD]


@pytest.mark.usefixtures("log_channel")
async def test_many_announcements_with_one_problem_make_one_message(lab: Lab, service: AnnouncementService) -> None:
    for hour in range(15, 20):  # no more than go in a row, so that none waits
        await service.add(daily(at=f"{hour}:00"))
    at(lab, DUE + DAY)
    lab.delivery.problem = "I need **Attach Files** in <#20>."
    await service.due()
    assert len(texts(lab)) == 1
    lab.delivery.problem = None
    lab.clock.advance(MINUTE)
    await service.due()
    assert len(texts(lab)) == 2
    assert "works again" in texts(lab)[1]
    assert {schedule.problem for schedule in service.listing(GUILD)} == {None}


@pytest.mark.usefixtures("log_channel")
async def test_what_may_pass_by_itself_is_told_after_the_third_try(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.trouble = "Discord had a fault.", Trouble.PASSING
    for told in (0, 0, 1, 1):
        await service.due()
        assert len(texts(lab)) == told
        assert (await row_of(lab, schedule))["problem"] == "Discord had a fault."
        lab.delivery.problem += " Another number."
        lab.clock.advance(timedelta(hours=1))
        lab.delivery.problem = "Discord had a fault."


@pytest.mark.usefixtures("log_channel")
async def test_a_success_after_a_told_problem_is_told_once(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "no right"
    await service.due()
    lab.delivery.problem = None
    for day in (1, 2):
        at(lab, DUE + day * DAY)
        await service.due()
    assert [("works again" in text) for text in texts(lab)] == [False, True]


@pytest.mark.usefixtures("log_channel")
async def test_a_success_after_a_problem_that_nobody_heard_of_is_not_told(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.trouble = "Discord had a fault.", Trouble.PASSING
    await service.due()
    lab.delivery.problem = None
    lab.clock.advance(MINUTE)
    await service.due()
    assert texts(lab) == []


# Repair


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
    from bot.announcements.recurrence import parse

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
    from bot.announcements import store as sql

    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "no right"
    await service.due()
    lab.delivery.problem = None

    async def locked(*_: object) -> None:
        raise StoreUnavailable("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(sql, "forget_problems", locked)
        await service.look_again(GUILD)
    assert await states(lab) == ["waiting"]


# Deleted channels


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
    from dataclasses import replace

    schedule = await service.add(daily())
    lab.delivery.problem, lab.delivery.trouble = "The channel was deleted.", Trouble.GONE
    await service.channel_deleted(GUILD, CHANNEL)
    lab.clock.advance(31 * MINUTE)
    await service.due()
    lab.delivery.problem = None
    await service.edit(GUILD, schedule.id, replace(schedule.plan, channel_id=CHANNEL + 5))
    went_on = await service.resume(GUILD, schedule.id)
    assert (went_on.state, went_on.next_due_at, went_on.problem) == ("active", DUE, None)


# In doubt


async def test_a_run_of_a_long_outage_is_looked_for_before_it_is_sent_again(lab: Lab) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.die_after = True
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_after, lab.delivery.nonces_forgotten = False, True
    lab.clock.advance(timedelta(hours=3))
    await (await lab.start()).catch_up()
    (run,) = await all_runs(lab)
    assert (run["state"], run["message_id"]) == ("sent", 1000)
    assert run["memory"]["places"]["Starknet"] == 1
    assert (len(lab.delivery.posts), lab.delivery.looks) == (1, 1)


async def test_what_was_not_begun_is_sent_without_a_look(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.announcements import store as sql

    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)

    async def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sql, "begin", killed)
        with pytest.raises(Killed):
            await service.due()
    lab.delivery.may_look = False
    lab.clock.advance(timedelta(hours=3))
    await (await lab.start()).catch_up()
    assert await states(lab) == ["sent"]
    assert lab.delivery.looks == 0


@pytest.mark.parametrize(
    ("away", "knows_nonce", "expected"),
    [(timedelta(seconds=90), True, "sent"), (timedelta(seconds=90), False, "unsure"), (3 * MINUTE, True, "unsure")],
)
async def test_where_i_may_not_look_only_a_nonce_that_is_known_allows_another_try(
    lab: Lab, away: timedelta, knows_nonce: bool, expected: str
) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.die_after = True
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_after, lab.delivery.may_look, lab.delivery.knows_nonce = False, False, knows_nonce
    lab.clock.advance(away)
    await (await lab.start()).catch_up()
    (run,) = await all_runs(lab)
    assert run["state"] == expected
    assert len(lab.delivery.posts) == 1
    if expected == RunState.UNSURE:
        assert "Read Message History" in run["problem"]


async def test_an_answer_that_was_lost_is_looked_for_at_the_next_try(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.in_doubt = "Discord could not be reached.", True
    await service.due()
    lab.delivery.problem = None
    (run,) = await all_runs(lab)
    lab.delivery.messages[lab.delivery.nonces[0]] = 77  # it had arrived all the same
    lab.clock.advance(MINUTE)
    await service.due()
    (run,) = await all_runs(lab)
    assert (run["state"], run["message_id"], lab.delivery.looks) == ("sent", 77, 1)
    assert lab.delivery.posts == []


async def test_a_clear_no_needs_no_look(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "no right"
    await service.due()
    lab.delivery.problem = None
    lab.clock.advance(MINUTE)
    await service.due()
    assert await states(lab) == ["sent"]
    assert lab.delivery.looks == 0


async def test_posting_by_hand_is_not_tried_again(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem = "no right"
    with pytest.raises(Refused, match="Nothing was posted"):
        await service.run_now(GUILD, schedule.id)
    assert await states(lab) == ["failed"]
    assert texts(lab) == []  # who asked was told


async def test_the_operator_s_check_lists_what_could_not_run_and_why(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    await service.add(daily(channel_id=CHANNEL + 1, at="23:00"))
    at(lab, DUE)
    lab.delivery.problem = "I need **Attach Files** in <#20>."
    await service.due()
    assert await troubled(lab.store) == [
        "#1 (rankings, active) on server 10, channel 20, since 2026-03-01 17:00 UTC: I need **Attach Files** in <#20>."
    ]


async def test_while_nobody_has_looked_nothing_is_sent_a_second_time(lab: Lab) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.die_after = True
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_after, lab.delivery.nonces_forgotten = False, True
    lab.delivery.looking_problem = Undeliverable("I need **View Channel** in <#20>.", Trouble.ACCESS)
    lab.clock.advance(timedelta(hours=1))
    service = await lab.start()
    await service.catch_up()
    assert await states(lab) == ["waiting"]
    lab.delivery.looking_problem = None
    lab.clock.advance(MINUTE)
    await service.due()
    assert await states(lab) == ["sent"]
    assert len(lab.delivery.posts) == 1


async def test_a_memory_that_cannot_be_kept_costs_no_other_post_and_sends_none_twice(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.announcements.kinds.rankings import RankingsContent

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
    from bot.announcements import store as sql

    for number in range(5):
        await service.add(daily(channel_id=CHANNEL + number))
    at(lab, DUE)

    async def locked(*_: object) -> None:
        raise StoreUnavailable("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(sql, "begin", locked)
        await service.due()
    assert lab.delivery.calls == 0
    assert await states(lab) == ["recorded"] * 5
    lab.clock.advance(timedelta(minutes=3))
    await service.due()
    assert await states(lab) == ["sent"] * 5
    assert lab.delivery.looks == 0
