"""What moderators hear of trouble: once, and once more when it is over; also when a kill comes in between."""

import asyncio
from datetime import timedelta

import pytest

from bot.announcements import store as sql
from bot.announcements.posting import Posting
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService
from bot.announcements.trouble import Trouble
from bot.errors import Refused
from tests.announcements.lab import (
    CHANNEL,
    DAY,
    DUE,
    GUILD,
    LOG,
    MINUTE,
    MOD,
    Killed,
    Lab,
    at,
    daily,
    killed,
    locked,
    row_of,
    states,
    texts,
)


async def test_a_failed_post_shows_its_problem_and_tells_the_log_channel_once(
    lab: Lab, service: AnnouncementService
) -> None:
    await lab.guilds.set_log_channel(GUILD, LOG, 1)
    schedule = await service.add(daily())
    lab.delivery.problem = "I need **Attach Files** in <#20>."
    for day in range(3):
        at(lab, DUE + day * DAY)
        await service.due()
    assert await states(lab) == ["failed", "failed", "waiting"]
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


@pytest.mark.usefixtures("log_channel")
async def test_many_channels_with_one_problem_that_end_together_make_one_message(
    lab: Lab, service: AnnouncementService
) -> None:
    for number in range(20):
        await service.add(daily(channel_id=CHANNEL + number))
    at(lab, DUE)
    lab.delivery.problem = "I have no right anywhere."
    await asyncio.gather(*(service.due() for _ in range(100)))
    assert len(texts(lab)) == 1
    assert {schedule.told for schedule in service.listing(GUILD)} == {lab.delivery.problem}


# Killed in between


@pytest.mark.usefixtures("log_channel")
@pytest.mark.parametrize(("of", "step"), [(Posting, "_tell"), ("delivery", "tell"), (sql, "change")])
async def test_a_kill_around_the_telling_leaves_it_to_the_next_start(lab: Lab, of: object, step: str) -> None:
    service = await lab.start()
    schedule = await service.add(daily(recurrence=parse("minute", None, "UTC")))
    lab.clock.advance(MINUTE)
    lab.delivery.problem = "no right"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab.delivery if of == "delivery" else of, step, killed)
        with pytest.raises(Killed):
            await service.due()
    assert await states(lab) == ["failed"]
    assert (await row_of(lab, schedule))["told"] is None
    for _ in range(2):
        await (await lab.start()).catch_up()
    assert len(texts(lab)) == 1
    assert "no right" in texts(lab)[0]
    assert (await row_of(lab, schedule))["told"] == "no right"


@pytest.mark.usefixtures("log_channel")
async def test_what_a_kill_left_to_tell_is_told_by_one_task_of_many(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "no right"
    with monkeypatch.context() as patch:
        patch.setattr(Posting, "_tell", killed)
        with pytest.raises(Killed):
            await service.due()
    service = await lab.start()
    await asyncio.gather(*(service.due() for _ in range(100)))
    assert len(texts(lab)) == 1


@pytest.mark.usefixtures("log_channel")
async def test_a_kill_after_a_channel_was_noted_as_deleted_leaves_the_telling_to_the_next_start(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(daily())
    lab.delivery.problem, lab.delivery.trouble = "The channel was deleted.", Trouble.GONE
    with monkeypatch.context() as patch:
        patch.setattr(lab.delivery, "tell", killed)
        with pytest.raises(Killed):
            await service.channel_deleted(GUILD, CHANNEL)
    # Even when it is paused in the same breath.
    lab.clock.advance(31 * MINUTE)
    service = await lab.start()
    await service.catch_up()
    assert ["The channel was deleted." in text for text in texts(lab)] == [True]
    assert service.listing(GUILD)[0].state == "paused"
    await service.due()
    assert len(texts(lab)) == 1


@pytest.mark.usefixtures("log_channel")
async def test_a_kill_before_it_was_told_that_it_works_again_leaves_that_to_the_next_start(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        await service.add(daily(channel_id=CHANNEL + number))
    at(lab, DUE)
    lab.delivery.problem = "no right"
    await service.due()
    lab.delivery.problem = None
    with monkeypatch.context() as patch:
        patch.setattr(lab.delivery, "tell", killed)
        with pytest.raises(Killed):
            await service.look_again(GUILD)
    for _ in range(2):
        await (await lab.start()).catch_up()
    assert ["works again" in text for text in texts(lab)] == [False, True]


@pytest.mark.usefixtures("log_channel")
async def test_after_a_start_what_may_pass_by_itself_is_told_no_sooner(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem, lab.delivery.trouble = "Discord had a fault.", Trouble.PASSING
    for pause in (1, 5):
        await service.due()
        service = await lab.start()
        await service.catch_up()
        assert texts(lab) == []
        lab.clock.advance(pause * MINUTE)
    await service.due()
    assert len(texts(lab)) == 1


@pytest.mark.usefixtures("log_channel")
async def test_what_a_moderator_asked_for_and_heard_of_is_not_told(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem = "no right"
    with pytest.raises(Refused, match="Nothing was posted"):
        await service.run_now(GUILD, schedule.id)
    await (await lab.start()).catch_up()
    assert texts(lab) == []
    at(lab, DUE)
    await service.due()
    assert len(texts(lab)) == 1


@pytest.mark.usefixtures("log_channel")
async def test_while_the_database_is_away_it_is_told_once(
    lab: Lab, service: AnnouncementService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(daily())
    at(lab, DUE)
    lab.delivery.problem = "no right"
    with monkeypatch.context() as patch:
        patch.setattr(sql, "change", locked)
        await service.due()
    await service.due()
    assert len(texts(lab)) == 1
