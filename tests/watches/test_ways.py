"""Which way a notice takes, and what becomes of it when every way is shut."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.store.schema import watches
from bot.watches.model import MemberGone, NoDirectMessages, NotNow, Undeliverable
from bot.watches.service import WatchService
from tests.watches.lab import ANN, BOB, DAY, FALLBACK, GUILD, MOD, OTHER, Lab, rows, states


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
