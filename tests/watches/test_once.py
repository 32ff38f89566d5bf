"""Told once: over races, crashes, and a database that is away."""

import asyncio
from typing import Any

import pytest

from bot.errors import StoreUnavailable
from bot.watches import store as sql
from bot.watches.service import WatchService
from tests.watches.lab import ANN, GUILD, Killed, Lab, rows, states


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
