"""What moderators hear of trouble: once, and once more when it is over."""

from datetime import timedelta

import pytest

from bot.announcements.service import AnnouncementService
from bot.announcements.trouble import Trouble
from tests.announcements.lab import (
    DAY,
    DUE,
    GUILD,
    LOG,
    MINUTE,
    MOD,
    Lab,
    at,
    daily,
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
