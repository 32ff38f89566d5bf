"""Prices as members read them, from a market on a loopback socket."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import FixedClock
from bot.prices.service import KEPT_FOR, STALE_AFTER
from tests.prices.loopback import KEY, Behaviour, Loopback, coin, says
from tests.world import World, app_at, say

HALF_A_MINUTE_BEFORE_NOON = "<t:1772366370:R>"


@pytest.fixture
async def app(tmp_path: Path, clock: FixedClock, market: Loopback) -> AsyncIterator[App]:
    """Give the bot with a key for the market."""
    async with app_at(tmp_path / "world.db", clock, coingecko_key=KEY, coingecko_api=market.root) as app:
        yield app


async def shown(world: World, name: str = "starknet") -> str:
    return say(await world.slash(world.alice, "project show", name=name))


async def test_a_project_shows_what_its_token_trades_at_with_source_and_age(world: World, market: Loopback) -> None:
    market.will(says([coin()]))
    text = await shown(world)
    assert "**Price** USD 0.1235 · -3.2% in 24 h · market cap USD 456.7M" in text
    assert f"CoinGecko, {HALF_A_MINUTE_BEFORE_NOON}" in text


async def test_the_last_known_price_says_that_it_is_that(world: World, market: Loopback) -> None:
    market.will(says([coin()]), says(status=404))
    await shown(world)
    world.clock.advance(STALE_AFTER)
    text = await shown(world)
    assert "**Price** USD 0.1235" in text
    assert f"CoinGecko, last known {HALF_A_MINUTE_BEFORE_NOON}" in text
    world.clock.advance(KEPT_FOR)
    assert "**Price**" not in await shown(world)


@pytest.mark.parametrize(
    "answer", [says(status=401), says(text="<html>", kind="text/html"), says([coin(current_price=-1)]), says([])]
)
async def test_a_market_that_answers_wrongly_leaves_the_card_as_it_is(
    world: World, market: Loopback, answer: Behaviour
) -> None:
    market.will(answer)
    text = await shown(world)
    assert "**Price**" not in text
    assert "Starknet · STRK" in text


async def test_the_pages_after_the_first_ask_nothing(world: World, market: Loopback) -> None:
    market.will(says([coin()]))
    first = await world.slash(world.alice, "project show", name="starknet")
    assert first.response is not None
    world.clock.advance(timedelta(hours=1))
    second = await world.alice.click(first.response, label="More facts")
    assert "**Price**" not in say(second)
    assert len(market.requests) == 1


async def test_all_that_ships_with_an_id_is_asked_for_at_once(world: World, market: Loopback) -> None:
    market.will(says([coin(), coin("peaq-2", "peaq", "peaq", current_price=0.05)]))
    await shown(world)
    assert "USD 0.05000" in await shown(world, "peaq")
    asked = market.requests[0].query["ids"].split(",")
    shipped = world.app.catalogues.shipped.projects
    assert asked == sorted({project.coingecko_id for project in shipped} - {None})  # type: ignore[type-var]


async def test_a_question_about_a_price_is_answered_by_the_market(world: World, market: Loopback) -> None:
    market.will(says([coin()]))
    text = say(await world.slash(world.alice, "ask", question="price of strk"))
    assert "trades at USD 0.1235; market value USD 456.7M; -3.2% in 24 hours" in text
    assert "CoinGecko" in text


async def test_without_a_price_the_question_is_answered_as_ever(world: World, market: Loopback) -> None:
    market.will(says(status=404))
    text = say(await world.slash(world.alice, "ask", question="price of strk"))
    assert "not known" in text
    assert "trades at" not in text


async def test_another_server_s_id_shows_no_wrong_price(world: World, market: Loopback) -> None:
    market.will(says([coin(), coin("bitcoin", "btc", "Bitcoin", current_price=76_975)]))
    edit = await world.slash(
        world.mod,
        "catalogue edit",
        name="peaq",
        fact="coingecko_id",
        value="bitcoin",
        source="https://peaq.network/price",
    )
    assert edit.response is not None
    await world.mod.click(edit.response, label="Save")
    peaq = world.app.catalogues.of(world.guild.id).by_id("peaq")
    assert peaq is not None
    assert peaq.coingecko_id == "bitcoin"
    assert "**Price**" not in await shown(world, "peaq")
    assert "bitcoin" in market.requests[0].query["ids"]
