"""What members do with their watches, and what is kept of them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import NotFound, Refused, StoreUnavailable
from bot.store.schema import notices, watches
from bot.watches import store as sql
from bot.watches.model import NotNow
from bot.watches.service import MAX_WATCHES, WatchService
from tests.watches.lab import ANN, BOB, GUILD, OTHER, Lab, rows, told

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
