import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from bot.clock import FixedClock
from bot.prices import service
from bot.prices.fetching import LONGEST_WAIT, TRIES, Fetcher
from bot.prices.model import Token
from bot.prices.service import FAILURES, FRESH_FOR, KEPT_FOR, MOST_TOKENS, PAUSE, SPACING, STALE_AFTER, Prices
from bot.prices.sources import CoinGecko, TokenMetrics
from tests.prices.loopback import KEY, Loopback, coin, loopback, says, slowly
from tests.prices.test_sources import enclosed, listed, priced

STARKNET = Token("STRK", ("Starknet",), "starknet", id_is_sure=True)
LAYERZERO = Token("ZRO", ("LayerZero",), "layerzero", id_is_sure=True)
NO_ID = Token("APE", ("ApeCoin",))
BOTH = says([coin(), coin("layerzero", "zro", "LayerZero", current_price=2)])
A_SECOND = timedelta(seconds=1)


@pytest.fixture
async def prices(market: Loopback, fetcher: Fetcher, clock: FixedClock) -> AsyncIterator[Prices]:
    prices = Prices([CoinGecko(market.api)], clock, fetcher)
    try:
        yield prices
    finally:
        await prices.close()


async def read(prices: Prices) -> None:
    """Wait until nothing is being asked any more."""
    if prices._reading is not None:
        await prices._reading


async def price(prices: Prices, token: Token = STARKNET) -> Decimal | None:
    found = await prices.of(token)
    return found.price_usd if found else None


# What is asked, and when


async def test_without_a_market_nothing_is_opened_or_asked(clock: FixedClock) -> None:
    prices = Prices([], clock, fetcher := Fetcher(clock))
    await prices.open()
    assert await prices.of(STARKNET) is None
    assert (fetcher._session, prices._reading) == (None, None)
    await prices.close()


async def test_a_token_that_no_market_can_be_asked_for_is_not_asked_for(prices: Prices, market: Loopback) -> None:
    assert await prices.of(NO_ID) is None
    assert market.requests == []


async def test_a_fresh_price_is_taken_from_memory(prices: Prices, market: Loopback, clock: FixedClock) -> None:
    market.will(BOTH)
    assert await price(prices) == Decimal("0.123456")
    clock.advance(FRESH_FOR - A_SECOND)
    assert await price(prices) == Decimal("0.123456")
    assert len(market.requests) == 1


async def test_one_request_brings_all_that_is_expected(prices: Prices, market: Loopback) -> None:
    prices.expect([STARKNET, LAYERZERO, NO_ID])
    market.will(BOTH)
    assert await price(prices) == Decimal("0.123456")
    assert await price(prices, LAYERZERO) == 2
    assert [request.query["ids"] for request in market.requests] == ["layerzero,starknet"]


async def test_a_hundred_who_look_at_once_make_one_request(prices: Prices, market: Loopback) -> None:
    prices.expect([STARKNET, LAYERZERO])
    released = asyncio.Event()
    market.will(slowly(BOTH, released))
    looking = [asyncio.create_task(price(prices, token)) for token in (STARKNET, LAYERZERO) * 50]
    await asyncio.sleep(0.02)
    released.set()
    assert set(await asyncio.gather(*looking)) == {Decimal("0.123456"), Decimal(2)}
    assert len(market.requests) == 1


async def test_an_old_price_is_shown_at_once_and_a_newer_one_to_the_next(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(BOTH)
    await prices.of(STARKNET)
    clock.advance(FRESH_FOR)
    released = asyncio.Event()
    market.will(slowly(says([coin(current_price=0.5)]), released))
    found = await asyncio.wait_for(prices.of(STARKNET), 0.1)
    assert found is not None
    assert (found.price_usd, found.stale) == (Decimal("0.123456"), False)
    released.set()
    await read(prices)
    assert await price(prices) == Decimal("0.5")


async def test_nobody_waits_long_and_the_next_one_has_what_came_late(
    prices: Prices, market: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "WAIT_S", 0.05)
    released = asyncio.Event()
    market.will(slowly(BOTH, released))
    assert await asyncio.wait_for(prices.of(STARKNET), 0.3) is None
    released.set()
    await read(prices)
    assert await price(prices) == Decimal("0.123456")
    assert len(market.requests) == 1


async def test_new_tokens_do_not_make_more_than_30_requests_a_minute(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(BOTH)
    for number in range(120):
        await prices.of(Token(f"T{number}", ("T",), f"t{number}"))
        clock.advance(timedelta(seconds=0.5))
    assert len(market.requests) == 60 / SPACING.total_seconds()


async def test_what_nobody_asked_for_the_longest_gives_way(prices: Prices, market: Loopback, clock: FixedClock) -> None:
    market.will(BOTH)
    prices.expect([STARKNET, LAYERZERO])
    await prices.of(STARKNET)
    prices.expect(Token(f"T{number}", ("T",), f"t{number}") for number in range(MOST_TOKENS - 1))
    assert len(prices._wanted) == MOST_TOKENS
    assert set(prices._markets) == {STARKNET}
    clock.advance(FRESH_FOR)
    await prices.of(STARKNET)
    await read(prices)
    asked = market.requests[-1].query["ids"].split(",")
    assert "starknet" in asked
    assert "layerzero" not in asked


async def test_closing_ends_what_is_under_way(market: Loopback, fetcher: Fetcher, clock: FixedClock) -> None:
    prices = Prices([CoinGecko(market.api)], clock, fetcher)
    released = asyncio.Event()
    market.will(slowly(BOTH, released))
    looking = asyncio.create_task(prices.of(STARKNET))
    await asyncio.sleep(0.02)
    await prices.close()
    assert await looking is None
    released.set()


# Old prices


async def test_the_last_price_is_shown_as_old_while_the_market_fails_and_not_after_a_day(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(BOTH)
    first = await prices.of(STARKNET)
    assert first is not None
    market.will(says(status=500))
    clock.advance(STALE_AFTER)
    later = await prices.of(STARKNET)
    assert later is not None
    assert (later.price_usd, later.as_of, later.stale) == (first.price_usd, first.as_of, True)
    clock.advance(KEPT_FOR - STALE_AFTER - timedelta(minutes=1))
    assert await price(prices) == first.price_usd
    clock.advance(timedelta(minutes=1))
    assert await prices.of(STARKNET) is None


async def test_a_price_that_the_market_itself_has_not_renewed_is_old(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(says([coin(last_updated="2026-03-01T08:00:00Z")]))
    found = await prices.of(STARKNET)
    assert found is not None
    assert found.stale


async def test_a_coin_that_the_market_drops_keeps_its_last_price_for_a_while(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(BOTH, says([]))
    await prices.of(STARKNET)
    clock.advance(STALE_AFTER)
    found = await prices.of(STARKNET)
    assert found is not None
    assert found.stale


# Failures


async def test_after_some_failures_the_market_is_left_alone_and_then_tried_once(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(says(status=500))
    for _ in range(FAILURES + 5):
        assert await prices.of(STARKNET) is None
        clock.advance(SPACING)
    assert len(market.requests) == FAILURES * TRIES
    clock.advance(PAUSE)
    market.will(BOTH)
    assert await price(prices) == Decimal("0.123456")
    assert len(market.requests) == FAILURES * TRIES + 1


async def test_a_market_that_asks_for_patience_gets_it(prices: Prices, market: Loopback, clock: FixedClock) -> None:
    market.will(says(status=429, Retry_After="600"), BOTH)
    assert await prices.of(STARKNET) is None
    clock.advance(timedelta(seconds=599))
    assert await prices.of(STARKNET) is None
    assert len(market.requests) == 1
    clock.advance(timedelta(seconds=2))
    assert await price(prices) == Decimal("0.123456")


async def test_a_rejected_key_is_told_once_with_its_setting_and_not_sent_again_for_an_hour(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(says({"status": {"error_code": 10002, "error_message": KEY}}, status=401))
    with capture_logs() as lines:
        for _ in range(20):
            await prices.of(STARKNET)
            clock.advance(timedelta(minutes=2))
    assert len(market.requests) == 1
    assert [(line["log_level"], line["setting"]) for line in lines] == [("error", "MOONBALLOT_COINGECKO_KEY")]
    assert KEY not in str(lines)
    clock.advance(LONGEST_WAIT)
    await prices.of(STARKNET)
    assert len(market.requests) == 2


async def test_a_trouble_is_told_once_an_hour_and_its_end_too(
    prices: Prices, market: Loopback, clock: FixedClock
) -> None:
    market.will(says(text="<html>", kind="text/html"))
    with capture_logs() as lines:
        for _ in range(31):
            await prices.of(STARKNET)
            clock.advance(timedelta(minutes=2))
        market.will(BOTH)
        await prices.of(STARKNET)
    assert [line["event"] for line in lines] == ["no prices", "no prices", "prices again"]
    assert lines[0]["reason"] == "it answers with text/html instead of JSON"
    assert len(market.requests) == 32


async def test_rows_that_cannot_be_read_are_told_and_the_others_shown(prices: Prices, market: Loopback) -> None:
    prices.expect([STARKNET, LAYERZERO])
    market.will(says([coin(current_price="x"), coin("layerzero", "zro", "LayerZero", current_price=2)]))
    with capture_logs() as lines:
        assert await price(prices, LAYERZERO) == 2
    assert [line["reason"] for line in lines] == ["some rows are not as documented"]
    assert await prices.of(STARKNET) is None


async def test_the_second_market_answers_for_the_first_and_for_what_that_does_not_know(
    market: Loopback, fetcher: Fetcher, clock: FixedClock
) -> None:
    async with loopback() as second:
        prices = Prices([CoinGecko(market.api), TokenMetrics(second.api)], clock, fetcher)
        market.will(BOTH)
        second.will(says(enclosed(listed(7, "ApeCoin", "APE"))), says(enclosed(priced(7, 3))))
        prices.expect([STARKNET])
        assert await price(prices, NO_ID) == 3
        assert await price(prices) == Decimal("0.123456")
        assert second.requests[0].query["symbol"] == "APE"
        clock.advance(STALE_AFTER)
        market.will(says(status=500))
        second.will(says(enclosed(listed(8))), says(enclosed(priced(7, 3), priced(8, 0.25))))
        found = await prices.of(STARKNET)
        assert found is not None
        assert (found.price_usd, found.source) == (Decimal("0.25"), "Token Metrics")
        await prices.close()
