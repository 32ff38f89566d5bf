"""When nobody knows whether a post came through: look first, and never post it twice."""

from datetime import timedelta

import pytest

from bot.announcements import run_store as run_sql
from bot.announcements.model import Post
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService, troubled
from bot.announcements.trouble import Trouble, Undeliverable
from bot.errors import Refused
from tests.announcements.lab import (
    DAY,
    DUE,
    GUILD,
    LOG,
    MINUTE,
    MOD,
    Killed,
    Lab,
    all_runs,
    at,
    crash,
    daily,
    killed,
    states,
    texts,
)


async def test_a_run_of_a_long_outage_is_looked_for_before_it_is_sent_again(lab: Lab) -> None:
    await crash(lab, sent=True)
    lab.delivery.nonces_forgotten = True
    lab.clock.advance(timedelta(hours=3))
    await (await lab.start()).catch_up()
    (run,) = await all_runs(lab)
    assert (run["state"], run["message_id"]) == ("sent", 1000)
    assert run["memory"]["places"]["Starknet"] == 1
    assert (len(lab.delivery.posts), lab.delivery.looks) == (1, 1)


async def test_what_was_not_begun_is_sent_without_a_look(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    service = await lab.start()
    await service.add(daily())
    at(lab, DUE)
    with monkeypatch.context() as patch:
        patch.setattr(run_sql, "begin", killed)
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
    await crash(lab, sent=True)
    lab.delivery.may_look, lab.delivery.knows_nonce = False, knows_nonce
    lab.clock.advance(away)
    await (await lab.start()).catch_up()
    assert await states(lab) == [expected]
    assert len(lab.delivery.posts) == 1


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


async def test_while_nobody_has_looked_nothing_is_sent_a_second_time(lab: Lab) -> None:
    await crash(lab, sent=True)
    lab.delivery.nonces_forgotten = True
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


@pytest.mark.usefixtures("log_channel")
async def test_what_nobody_knows_is_told_once_with_the_way_to_see_it(lab: Lab) -> None:
    await crash(lab, sent=True)
    begun_at = int(lab.clock.now().timestamp())
    lab.delivery.may_look = False
    for _ in range(2):
        lab.clock.advance(timedelta(hours=1))
        await (await lab.start()).catch_up()
    ((where, text),) = lab.delivery.told
    assert where == LOG
    for said in (
        "may be missing",
        "**rankings** in <#20>",
        f"<t:{begun_at}:f>",
        "/announce run",
        "**Read Message History**",
    ):
        assert said in text
    assert await states(lab) == ["unsure"]


@pytest.mark.usefixtures("log_channel")
async def test_a_crash_after_it_was_told_tells_it_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    await crash(lab, sent=True)
    lab.delivery.may_look = False
    lab.clock.advance(timedelta(hours=1))
    with monkeypatch.context() as patch:
        patch.setattr(run_sql, "finish", killed)
        with pytest.raises(Killed):
            await (await lab.start()).catch_up()
    await (await lab.start()).catch_up()
    assert await states(lab) == ["unsure"]
    assert len(texts(lab)) == 1


async def test_the_operator_s_check_names_what_nobody_knows_until_the_next_post(lab: Lab) -> None:
    await crash(lab, sent=True)
    lab.delivery.may_look = False
    lab.clock.advance(timedelta(hours=1))
    service = await lab.start()
    await service.catch_up()
    (line,) = await troubled(lab.store)
    assert line.startswith("#1 (rankings, active) on server 10, channel 20, due 2026-03-01 17:00 UTC: it may have been")
    at(lab, DUE + DAY)
    await service.due()
    assert await troubled(lab.store) == []


async def test_without_a_log_channel_the_moderator_hears_of_what_nobody_knows(lab: Lab) -> None:
    await crash(lab, sent=True)
    lab.delivery.may_look = False
    lab.clock.advance(timedelta(hours=1))
    await (await lab.start()).catch_up()
    assert lab.delivery.told_members == [MOD]


async def test_a_board_is_brought_up_to_date_once_more_rather_than_left_in_doubt(
    lab: Lab, service: AnnouncementService
) -> None:
    await service.add(daily(board=True))
    at(lab, DUE)
    await service.due()
    at(lab, DUE + DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_sql, "finish", killed)
        with pytest.raises(Killed):
            await service.due()
    lab.delivery.may_look = False
    lab.clock.advance(timedelta(hours=1))
    await (await lab.start()).catch_up()
    assert await states(lab) == ["sent", "sent"]
    assert (len(lab.delivery.posts), len(lab.delivery.edits), lab.delivery.told) == (1, 2, [])


async def test_a_last_try_without_an_answer_is_no_failure(lab: Lab, service: AnnouncementService) -> None:
    await service.add(daily(recurrence=parse("minute", None, "UTC")))
    lab.clock.advance(MINUTE)
    lab.delivery.problem, lab.delivery.in_doubt = "Discord could not be reached.", True
    await service.due()
    assert await states(lab) == ["unsure"]


async def test_posting_by_hand_says_that_nobody_knows(lab: Lab, service: AnnouncementService) -> None:
    schedule = await service.add(daily())
    lab.delivery.problem, lab.delivery.in_doubt = "Discord could not be reached.", True
    with pytest.raises(Refused, match="may have been posted, or not"):
        await service.run_now(GUILD, schedule.id)
    assert await states(lab) == ["unsure"]


@pytest.mark.parametrize(("where", "expected"), [("compose", "failed"), ("send", "unsure")])
async def test_after_a_fault_of_our_own_only_what_was_begun_is_in_doubt(
    lab: Lab, service: AnnouncementService, where: str, expected: str
) -> None:
    schedule = await service.add(daily())

    def fault(_: Post) -> None:
        raise KeyError("secret detail")

    if where == "compose":
        lab.rankings.error = KeyError("secret detail")
    else:
        lab.delivery.on_send = fault
    with pytest.raises(Refused):
        await service.run_now(GUILD, schedule.id)
    assert await states(lab) == [expected]
