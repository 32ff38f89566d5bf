"""Watches on a real database: told once, told everything, and nobody who does not want to be."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from bot.errors import NotFound, Refused, StoreUnavailable
from bot.store.schema import notices, watches
from bot.watches import store as sql
from bot.watches.model import MemberGone, NoDirectMessages, NotNow, Undeliverable
from bot.watches.service import MAX_WATCHES, WatchService
from tests.watches.conftest import ANN, BOB, FALLBACK, GUILD, MOD, OTHER, Killed, Lab

# The clock begins on 1 March 2026 at 12:00 UTC.
CLOSE = datetime(2026, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def at(lab: Lab, when: datetime) -> None:
    lab.clock.advance(when - lab.clock.now())


async def rows(lab: Lab, table: sa.Table = notices) -> list[sa.RowMapping]:
    async with lab.store.read() as tx:
        return list((await tx.execute(sa.select(table).order_by(table.c.id))).mappings())


async def states(lab: Lab) -> list[str]:
    return [row["state"] for row in await rows(lab)]


def told(lab: Lab) -> list[tuple[int, str, tuple[str, ...], datetime | None]]:
    news = [letter.notice.new for letter in lab.delivery.letters]
    return [(new.member_id, new.project_id, new.changed, new.closes_at) for new in news]


# Changes


async def test_a_change_is_told_to_those_who_watch_it_on_that_server(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await service.add(GUILD, BOB, "peaq")
    await service.add(OTHER, BOB, "starknet")
    await service.due()
    assert lab.delivery.calls == 0

    await lab.edit("tge_date", "2026-12-01")
    await service.due()

    assert told(lab) == [(ANN, "starknet", ("tge_date",), None)]
    assert lab.delivery.letters[0].project.facts["tge_date"].value == "2026-12-01"
    (row,) = await rows(lab)
    assert (row["state"], row["channel_id"], row["message_id"]) == ("sent", 1, 1001)


async def test_asking_again_tells_nothing_more(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    for _ in range(3):
        await service.due()
    assert lab.delivery.calls == 1


async def test_after_downtime_all_changes_are_one_notice(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    await lab.edit("tge_date", "2026-12-02")
    await lab.edit("snapshot", "2026-11-01")
    await (await lab.start()).due()
    ((_, _, changed, _),) = told(lab)
    assert set(changed) == {"tge_date", "snapshot"}


async def test_what_was_taken_back_meanwhile_is_no_news(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    done = await lab.edit("tge_date", "2026-12-01")
    await lab.editing.undo(GUILD, MOD, done.batch)
    await service.due()
    assert lab.delivery.calls == 0


async def test_a_change_before_the_watch_is_no_news(lab: Lab, service: WatchService) -> None:
    await lab.edit("tge_date", "2026-12-01")
    await service.add(GUILD, ANN, "starknet")
    await service.due()
    assert lab.delivery.calls == 0


async def test_what_ships_anew_with_an_update_is_told(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    projects = [_with_another_launch(project) for project in lab.shipped.content.projects]
    content = lab.shipped.content
    lab.shipped = Catalogue(type(content)(projects=tuple(projects), surveys=content.surveys))
    await (await lab.start()).due()
    assert told(lab) == [(ANN, "starknet", ("tge_date",), None)]


def _with_another_launch(project: Project) -> Project:
    if project.id != "starknet":
        return project
    later = project.facts["tge_date"].model_copy(update={"value": "2027-01-01"})
    return project.model_copy(update={"facts": {**project.facts, "tge_date": later}})


async def test_a_retired_project_says_so_and_reminds_no_more(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    shown = await lab.editing.retire(GUILD, MOD, "starknet")
    await lab.editing.confirm(GUILD, MOD, shown.proposal.id)
    await service.due()
    assert told(lab) == [(ANN, "starknet", ("retired",), None)]
    assert lab.delivery.letters[0].retired
    at(lab, CLOSE - DAY)
    await service.due()
    assert lab.delivery.calls == 1


# Deadlines


async def test_a_member_is_reminded_seven_days_and_one_day_before_and_not_again(
    lab: Lab, service: WatchService
) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    counts = []
    for when in (CLOSE - 8 * DAY, CLOSE - 7 * DAY, CLOSE - 2 * DAY, CLOSE - DAY, CLOSE - DAY / 2, CLOSE, CLOSE + DAY):
        at(lab, when)
        await service.due()
        counts.append(lab.delivery.calls)
    assert counts == [0, 1, 1, 2, 2, 2, 2]
    assert told(lab) == [(ANN, "starknet", (), CLOSE)] * 2
    assert not any(letter.late for letter in lab.delivery.letters)


async def test_after_downtime_over_both_reminders_one_comes_and_is_marked_late(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE - timedelta(hours=2))
    service = await lab.start()
    await service.due()
    await service.due()
    (letter,) = lab.delivery.letters
    assert letter.late
    assert letter.notice.new.due_at == CLOSE - DAY


async def test_after_the_close_nobody_is_reminded(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE)
    await (await lab.start()).due()
    assert await rows(lab) == []


async def test_who_begins_to_watch_late_is_not_reminded_of_what_they_just_read(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    at(lab, CLOSE - 3 * DAY)
    await service.add(GUILD, ANN, "starknet")
    await service.due()
    assert lab.delivery.calls == 0
    at(lab, CLOSE - DAY)
    await service.due()
    assert lab.delivery.calls == 1


async def test_a_close_that_moves_into_the_next_days_is_one_notice_with_both(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-06-30")
    await service.add(GUILD, ANN, "starknet")
    await lab.claims_until("2026-03-04")
    await service.due()
    await service.due()
    assert told(lab) == [(ANN, "starknet", ("claim_window",), datetime(2026, 3, 5, tzinfo=UTC))]


async def test_a_close_that_is_put_off_is_reminded_of_anew(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE - 7 * DAY)
    await service.due()
    await lab.claims_until("2026-04-30")
    await service.due()
    at(lab, datetime(2026, 5, 1, tzinfo=UTC) - 7 * DAY)
    await service.due()
    assert [(changed, closes) for _, _, changed, closes in told(lab)] == [
        ((), CLOSE),
        (("claim_window",), None),
        ((), datetime(2026, 5, 1, tzinfo=UTC)),
    ]


async def test_a_reminder_that_comes_too_late_is_dropped(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    at(lab, CLOSE - DAY)
    lab.delivery.error = NotNow()
    await service.due()
    assert await states(lab) == ["sending"]
    lab.delivery.error = None
    at(lab, CLOSE)
    await service.due()
    assert await states(lab) == ["dropped"]
    assert lab.delivery.letters == []


# Once


async def test_a_hundred_tasks_tell_once(lab: Lab, service: WatchService) -> None:
    for member in range(10):
        await service.add(GUILD, member, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    await asyncio.gather(*(service.due() for _ in range(100)))
    assert await states(lab) == ["sent"] * 10
    assert len(lab.delivery.letters) == 10


async def test_two_processes_that_see_the_same_news_record_it_once(lab: Lab) -> None:
    await (await lab.start()).add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    processes = [await lab.start() for _ in range(8)]
    await asyncio.gather(*(service.due() for service in processes))
    assert len(await rows(lab)) == 1
    assert len(lab.delivery.letters) == 1


@pytest.mark.parametrize("moment", ["before the send", "after the send"])
@pytest.mark.parametrize("knows_nonces", [True, False], ids=["soon after", "long after"])
async def test_a_crash_around_the_send_still_makes_one_message(lab: Lab, moment: str, knows_nonces: bool) -> None:
    service = await lab.start()
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.die_before, lab.delivery.die_after = moment == "before the send", moment == "after the send"
    with pytest.raises(Killed):
        await service.due()
    assert await states(lab) == ["sending"]
    lab.delivery.die_before = lab.delivery.die_after = False
    lab.delivery.knows_nonces = knows_nonces
    await (await lab.start()).due()
    assert await states(lab) == ["sent"]
    assert len(lab.delivery.letters) == 1


@pytest.mark.parametrize("step", ["tell", "take", "finish"])
async def test_a_crash_while_writing_loses_and_doubles_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    service = await lab.start()
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    works = getattr(sql, step)

    async def killed(*arguments: Any) -> None:
        await works(*arguments)
        raise Killed

    monkeypatch.setattr(sql, step, killed)
    with pytest.raises(Killed):
        await service.due()
    assert await states(lab) == {"tell": [], "take": ["recorded"], "finish": ["sending"]}[step]
    monkeypatch.undo()
    await (await lab.start()).due()
    assert await states(lab) == ["sent"]
    assert len(lab.delivery.letters) == 1


async def test_a_database_that_is_away_puts_it_off(
    lab: Lab, service: WatchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")

    async def away(*_: Any) -> None:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(sql, "finish", away)
    await service.due()
    monkeypatch.undo()
    await service.due()
    assert await states(lab) == ["sent"]
    assert len(lab.delivery.letters) == 1


# Ways that are shut


async def test_closed_direct_messages_lead_to_the_channel(lab: Lab, service: WatchService) -> None:
    await lab.guilds.set_notices_channel(GUILD, FALLBACK, MOD)
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.error = NoDirectMessages()
    await service.due()
    assert [(channel, letter.notice.new.member_id) for channel, letter in lab.delivery.posts] == [(FALLBACK, ANN)]
    (row,) = await rows(lab)
    assert (row["state"], row["channel_id"]) == ("sent", FALLBACK)


@pytest.mark.parametrize("shut", ["no channel", "channel gone", "refused"])
async def test_what_finds_no_way_waits_in_the_list_and_is_shown_once(
    lab: Lab, service: WatchService, shut: str
) -> None:
    if shut == "channel gone":
        await lab.guilds.set_notices_channel(GUILD, FALLBACK, MOD)
        lab.delivery.channel_error = Undeliverable()
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.error = Undeliverable() if shut == "refused" else NoDirectMessages()
    await service.due()
    await service.due()
    assert await states(lab) == ["waiting"]
    _, missed = await service.listing(GUILD, ANN)
    assert [(each.project.id, each.notice.new.changed) for each in missed] == [("starknet", ("tge_date",))]
    assert (await service.listing(GUILD, BOB))[1] == []
    assert (await service.listing(GUILD, ANN))[1] == []
    assert await states(lab) == ["read"]


async def test_who_has_left_is_watched_for_no_more(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await service.add(GUILD, ANN, "peaq")
    await service.add(OTHER, ANN, "peaq")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.error = MemberGone()
    await service.due()
    assert [(row["guild_id"], row["project_id"]) for row in await rows(lab, watches)] == [(OTHER, "peaq")]
    assert await rows(lab) == []
    assert service.suggest(GUILD, ANN, "") == []
    assert [project.id for project in service.suggest(OTHER, ANN, "")] == ["peaq"]


async def test_while_discord_is_away_notices_wait_and_then_go_out(lab: Lab, service: WatchService) -> None:
    for member in (ANN, BOB):
        await service.add(GUILD, member, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.error = NotNow()
    await service.due()
    assert lab.delivery.calls == 1  # the second would fare no better
    assert await states(lab) == ["sending", "recorded"]
    lab.delivery.error = None
    await service.due()
    assert await states(lab) == ["sent", "sent"]


async def test_after_a_day_of_trying_it_waits_in_the_list(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.error = NotNow()
    await service.due()
    lab.clock.advance(DAY + timedelta(seconds=1))
    await service.due()
    assert await states(lab) == ["waiting"]


async def test_one_that_cannot_be_sent_does_not_keep_the_others(lab: Lab, service: WatchService) -> None:
    for member in (ANN, BOB):
        await service.add(GUILD, member, "starknet")
    await lab.edit("tge_date", "2026-12-01")

    def fails(letter: Any) -> None:
        if letter.notice.new.member_id == ANN:
            raise RuntimeError("unforeseen")

    lab.delivery.on_send = fails
    await service.due()
    assert await states(lab) == ["waiting", "sent"]


async def test_a_server_that_is_gone_hears_nothing_until_it_is_back(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.guilds.clear()
    await service.due()
    assert await rows(lab) == []
    lab.delivery.guilds.add(GUILD)
    await service.due()
    assert await states(lab) == ["sent"]


async def test_a_stop_lets_the_one_on_its_way_come_to_its_end_and_keeps_the_rest(
    lab: Lab, service: WatchService
) -> None:
    for member in range(5):
        await service.add(GUILD, member, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.on_send = lambda _: service.stop()
    await service.due()
    assert await states(lab) == ["sent", *["recorded"] * 4]


async def test_notices_go_out_at_a_pace(lab: Lab, service: WatchService, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    for member in range(5):
        await service.add(GUILD, member, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    service.sending.seconds_between = 0.3
    monkeypatch.setattr(asyncio, "sleep", sleep)
    await service.due()
    monkeypatch.undo()
    assert slept.count(0.3) == 4


# Adding and removing


async def test_a_project_is_watched_once(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "strknet")
    with pytest.raises(Refused, match="watch Starknet already"):
        await service.add(GUILD, ANN, "STRK")
    assert len(await rows(lab, watches)) == 1


async def test_a_hundred_clicks_at_once_watch_once(lab: Lab, service: WatchService) -> None:
    done = await asyncio.gather(*(service.add(GUILD, ANN, "starknet") for _ in range(100)), return_exceptions=True)
    assert sum(not isinstance(each, BaseException) for each in done) == 1
    assert len(await rows(lab, watches)) == 1


async def test_there_is_a_limit_that_a_hundred_commands_at_once_do_not_slip_past(
    lab: Lab, service: WatchService
) -> None:
    names = [project.id for project in lab.shipped.projects]
    done = await asyncio.gather(*(service.add(GUILD, ANN, name) for name in names), return_exceptions=True)
    assert sum(isinstance(each, Refused) for each in done) == len(names) - MAX_WATCHES
    assert len(await rows(lab, watches)) == MAX_WATCHES
    await service.add(GUILD, BOB, "starknet")


async def test_a_removed_watch_tells_nothing_and_what_was_on_its_way_is_gone(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await service.add(GUILD, BOB, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    lab.delivery.error = NotNow()
    await service.due()
    await service.remove(GUILD, ANN, "starknet")
    lab.delivery.error = None
    await service.due()
    assert [member for member, *_ in told(lab)] == [BOB]
    with pytest.raises(Refused, match="do not watch"):
        await service.remove(GUILD, ANN, "starknet")


async def test_what_does_not_exist_cannot_be_watched(service: WatchService) -> None:
    with pytest.raises(NotFound):
        await service.add(GUILD, ANN, "nobody knows this")


async def test_a_failure_half_way_through_adding_leaves_nothing(
    lab: Lab, service: WatchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> int:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(sql, "count", away)
    with pytest.raises(StoreUnavailable):
        await service.add(GUILD, ANN, "starknet")
    assert await rows(lab, watches) == []
    assert service.suggest(GUILD, ANN, "") == []


async def test_a_members_watches_are_suggested_from_memory_also_after_a_restart(
    lab: Lab, service: WatchService
) -> None:
    await service.add(GUILD, ANN, "starknet")
    await service.add(GUILD, ANN, "peaq")
    for each in (service, await lab.start()):
        assert [project.id for project in each.suggest(GUILD, ANN, "")] == ["peaq", "starknet"]
        assert [project.id for project in each.suggest(GUILD, ANN, "strk")] == ["starknet"]
        assert each.suggest(OTHER, ANN, "") == []


# A member's own data


async def test_a_member_takes_along_what_is_kept(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await service.add(GUILD, BOB, "peaq")
    await lab.edit("tge_date", "2026-12-01")
    await service.due()
    data = await service.my_data(ANN)
    assert [(watch["server"], watch["project"]) for watch in data["watches"]] == [(str(GUILD), "starknet")]
    assert [(notice["about"], notice["state"]) for notice in data["notices"]] == [(["tge_date"], "sent")]


async def test_a_forgotten_member_leaves_no_row(lab: Lab, service: WatchService) -> None:
    for guild in (GUILD, OTHER):
        await service.add(guild, ANN, "starknet")
    await service.add(GUILD, BOB, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    await service.due()
    assert await service.forget(ANN) == 2
    for table in (watches, notices):
        assert {row["member_id"] for row in await rows(lab, table)} == {BOB}
    assert service.suggest(GUILD, ANN, "") == []
    assert await service.my_data(ANN) == {"watches": [], "notices": []}


async def test_what_was_sent_is_forgotten_after_a_month(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    await service.due()
    lab.clock.advance(timedelta(days=30, seconds=1))
    await service.due()
    assert await rows(lab) == []


# Answers elsewhere


async def test_a_fact_that_a_watched_server_changed_is_told_with_that_server(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await service.add(OTHER, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    (found,) = await service.elsewhere(ANN, "fact:starknet:tge_date")
    assert (found.guild_id, found.changed, found.retired) == (GUILD, ("tge_date",), False)
    assert found.project.facts["tge_date"].value == "2026-12-01"
    (whole,) = await service.elsewhere(ANN, "fact:starknet:overview")
    assert "tge_date" in whole.changed


@pytest.mark.parametrize(
    "topic", ["fact:starknet:snapshot", "fact:peaq:tge_date", "fact:nowhere:tge_date", "entry:what-is-a-snapshot", ""]
)
async def test_what_no_watched_server_changed_is_told_nowhere(lab: Lab, service: WatchService, topic: str) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    assert await service.elsewhere(ANN, topic) == []
    assert await service.elsewhere(BOB, "fact:starknet:tge_date") == []


async def test_without_the_store_nothing_is_said_of_other_servers(
    lab: Lab, service: WatchService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")

    def away() -> Any:
        raise StoreUnavailable("away")

    monkeypatch.setattr(lab.store, "read", away)
    assert await service.elsewhere(ANN, "fact:starknet:tge_date") == []
