import contextlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.app import DATA
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.clock import FixedClock
from bot.prices.fetching import Api, Fetcher, NoAnswer
from bot.prices.model import Token
from bot.prices.reading import Coin, TokenPrice, enveloped, rows
from bot.prices.sources import CoinGecko, Found, TokenMetrics, sources_of
from bot.settings import Settings
from tests.prices.loopback import Loopback, coin, says

STARKNET = Token("STRK", ("Starknet", "Stark Net"), "starknet")
LAYERZERO = Token("ZRO", ("LayerZero",), "layerzero", id_is_sure=True)


async def ask(source: CoinGecko | TokenMetrics, *tokens: Token, fetcher: Fetcher, clock: FixedClock) -> Found:
    return await source.read(tokens, fetcher, clock.now())


# CoinGecko


async def test_one_request_asks_coingecko_for_all(fetcher: Fetcher, market: Loopback, clock: FixedClock) -> None:
    market.will(says([coin(), coin("layerzero", "zro", "LayerZero", current_price=2, market_cap=0)]))
    found = await ask(CoinGecko(market.api), STARKNET, LAYERZERO, fetcher=fetcher, clock=clock)
    assert market.requests[0].path == "/coins/markets"
    assert dict(market.requests[0].query) == {
        "vs_currency": "usd",
        "ids": "layerzero,starknet",
        "per_page": "250",
    }
    assert len(market.requests) == 1
    starknet, layerzero = found.markets[STARKNET], found.markets[LAYERZERO]
    assert (starknet.price_usd, starknet.market_cap_usd) == (Decimal("0.123456"), Decimal(456_700_000))
    assert starknet.change_24h_pct == Decimal("-3.21987")
    assert starknet.as_of.isoformat() == "2026-03-01T11:59:30.123000+00:00"
    assert (starknet.source, starknet.stale, layerzero.market_cap_usd) == ("CoinGecko", False, None)


@pytest.mark.parametrize(
    ("token", "row"),
    [
        (STARKNET, coin(symbol="stark")),
        (STARKNET, coin(name="Some other coin")),
        (STARKNET, coin("stark")),
        (LAYERZERO, coin("layerzero", "l0", "LayerZero")),
    ],
)
async def test_another_coin_s_price_is_not_taken(
    fetcher: Fetcher, market: Loopback, clock: FixedClock, token: Token, row: dict[str, Any]
) -> None:
    market.will(says([row]))
    assert (await ask(CoinGecko(market.api), token, fetcher=fetcher, clock=clock)).markets == {}


async def test_a_sure_id_may_have_another_name_there(fetcher: Fetcher, market: Loopback, clock: FixedClock) -> None:
    market.will(says([coin("layerzero", "zro", "LayerZero Labs")]))
    assert LAYERZERO in (await ask(CoinGecko(market.api), LAYERZERO, fetcher=fetcher, clock=clock)).markets


@pytest.mark.parametrize(
    "change",
    [
        {"current_price": "0.12"},
        {"current_price": -0.12},
        {"current_price": 0},
        {"current_price": 1e30},
        {"current_price": True},
        {"current_price": {}},
        {"market_cap": "many"},
        {"market_cap": -1},
        {"price_change_percentage_24h": -101},
        {"price_change_percentage_24h": []},
        {"last_updated": "yesterday"},
        {"last_updated": 1_772_366_370},
        {"last_updated": "2026-03-01T11:59:30"},
        {"symbol": None},
        {"name": ""},
        {"id": 7},
    ],
    ids=str,
)
async def test_a_wrong_row_is_left_out_and_counted(
    fetcher: Fetcher, market: Loopback, clock: FixedClock, change: dict[str, Any]
) -> None:
    market.will(says([coin(**change), coin("layerzero", "zro", "LayerZero")]))
    found = await ask(CoinGecko(market.api), STARKNET, LAYERZERO, fetcher=fetcher, clock=clock)
    assert set(found.markets) == {LAYERZERO}
    assert found.left_out == 1


@pytest.mark.parametrize("field", ["current_price", "last_updated", "symbol", "name", "id"])
async def test_a_row_without_a_field_is_left_out(
    fetcher: Fetcher, market: Loopback, clock: FixedClock, field: str
) -> None:
    row = coin()
    del row[field]
    market.will(says([row, coin("layerzero", "zro", "LayerZero")]))
    found = await ask(CoinGecko(market.api), STARKNET, LAYERZERO, fetcher=fetcher, clock=clock)
    assert (set(found.markets), found.left_out) == ({LAYERZERO}, 1)


@pytest.mark.parametrize(
    "change", [{"current_price": None}, {"last_updated": None}, {"last_updated": "2026-03-01T12:30:00Z"}], ids=str
)
async def test_a_coin_that_nobody_trades_and_one_of_the_future_have_no_price(
    fetcher: Fetcher, market: Loopback, clock: FixedClock, change: dict[str, Any]
) -> None:
    market.will(says([coin(**change)]))
    assert await ask(CoinGecko(market.api), STARKNET, fetcher=fetcher, clock=clock) == Found({}, 0)


async def test_a_clock_that_is_a_little_ahead_makes_no_price_of_the_future(
    fetcher: Fetcher, market: Loopback, clock: FixedClock
) -> None:
    market.will(says([coin(last_updated="2026-03-01T12:00:20Z")]))
    found = await ask(CoinGecko(market.api), STARKNET, fetcher=fetcher, clock=clock)
    assert found.markets[STARKNET].as_of == clock.now()


@pytest.mark.parametrize("answer", [{"error": "x"}, [1, None], [{}], "text", None, {"bitcoin": {"usd": 1}}], ids=str)
async def test_an_answer_of_another_shape_is_none(
    fetcher: Fetcher, market: Loopback, clock: FixedClock, answer: Any
) -> None:
    market.will(says(answer))
    with pytest.raises(NoAnswer):
        await ask(CoinGecko(market.api), STARKNET, fetcher=fetcher, clock=clock)


@pytest.mark.parametrize("coin_id", [None, "", "a,b", "a&ids=bitcoin", "../global", "Bitcoin", "ü", "x" * 101])
def test_what_is_no_id_is_not_asked_for(coin_id: str | None) -> None:
    assert not CoinGecko(Api("", "", SecretStr(""))).trades(Token("X", ("X",), coin_id))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
COINS = st.fixed_dictionaries({}, optional=dict.fromkeys(coin(), JSON)).map(lambda changes: {**coin(), **changes})


@given(JSON | st.lists(COINS, max_size=3))
def test_whatever_is_answered_a_price_is_positive_and_finite_or_there_is_none(answer: Any) -> None:
    try:
        found, left_out = rows(Coin, answer)
    except NoAnswer:
        return
    assert len(found) + left_out == len(answer)
    for row in found:
        assert row.current_price is None or 0 < row.current_price < Decimal("1e10")


@given(JSON)
def test_whatever_token_metrics_answers_is_rows_or_none(answer: Any) -> None:
    with contextlib.suppress(NoAnswer):
        found, left_out = rows(TokenPrice, enveloped(answer))
        assert len(found) + left_out == len(answer["data"])


# Token Metrics


def enclosed(*data: dict[str, Any]) -> dict[str, Any]:
    return {"success": True, "message": "Data fetched successfully", "length": len(data), "data": list(data)}


def listed(number: int, name: str = "Starknet", symbol: str = "STRK") -> dict[str, Any]:
    return {"TOKEN_ID": number, "TOKEN_NAME": name, "TOKEN_SYMBOL": symbol, "EXCHANGE_LIST": [], "TM_LINK": "x"}


def priced(number: int, price: Any = 0.1234) -> dict[str, Any]:
    return {"TOKEN_ID": number, "TOKEN_NAME": "x", "TOKEN_SYMBOL": "X", "CURRENT_PRICE": price}


async def test_token_metrics_is_asked_for_numbers_once_a_day_and_for_prices_each_time(
    fetcher: Fetcher, market: Loopback, clock: FixedClock
) -> None:
    source = TokenMetrics(market.api)
    market.will(says(enclosed(listed(7), listed(8, "Strike"))), says(enclosed(priced(7))))
    found = await ask(source, STARKNET, fetcher=fetcher, clock=clock)
    assert found.markets[STARKNET].price_usd == Decimal("0.1234")
    assert (found.markets[STARKNET].as_of, found.markets[STARKNET].market_cap_usd) == (clock.now(), None)
    await ask(source, STARKNET, fetcher=fetcher, clock=clock)
    assert [request.path for request in market.requests] == ["/tokens", "/price", "/price"]
    assert market.requests[0].query == {"symbol": "STRK", "limit": "100", "page": "1"}
    assert market.requests[1].query == {"token_id": "7"}
    clock.advance(timedelta(days=1))
    market.will(says(enclosed(listed(9))), says(enclosed(priced(9, 0.5))))
    found = await ask(source, STARKNET, fetcher=fetcher, clock=clock)
    assert found.markets[STARKNET].price_usd == Decimal("0.5")


async def test_a_number_is_looked_for_on_all_pages(fetcher: Fetcher, market: Loopback, clock: FixedClock) -> None:
    others = [listed(100 + number, f"Other {number}") for number in range(100)]
    market.will(says(enclosed(*others)), says(enclosed(listed(7))), says(enclosed(priced(7))))
    assert STARKNET in (await ask(TokenMetrics(market.api), STARKNET, fetcher=fetcher, clock=clock)).markets
    assert [request.query.get("page") for request in market.requests] == ["1", "2", None]


@pytest.mark.parametrize("tokens", [(), (listed(8, "Strike"),), (listed(7), listed(8)), (listed(7, symbol="STARK"),)])
async def test_who_is_not_there_or_there_twice_has_no_price(
    fetcher: Fetcher, market: Loopback, clock: FixedClock, tokens: tuple[dict[str, Any], ...]
) -> None:
    market.will(says(enclosed(*tokens)))
    assert (await ask(TokenMetrics(market.api), STARKNET, fetcher=fetcher, clock=clock)).markets == {}
    assert [request.path for request in market.requests] == ["/tokens"]


@pytest.mark.parametrize("price", [0, -1, "0.1", None])
async def test_a_wrong_price_of_token_metrics_is_none(
    fetcher: Fetcher, market: Loopback, clock: FixedClock, price: Any
) -> None:
    market.will(says(enclosed(listed(7))), says(enclosed(priced(7, price), priced(8))))
    assert (await ask(TokenMetrics(market.api), STARKNET, fetcher=fetcher, clock=clock)).markets == {}


async def test_an_envelope_that_says_so_is_a_failure(fetcher: Fetcher, market: Loopback, clock: FixedClock) -> None:
    market.will(says({"success": False, "message": "no credits", "length": 0, "data": []}))
    with pytest.raises(NoAnswer, match="failed"):
        await ask(TokenMetrics(market.api), STARKNET, fetcher=fetcher, clock=clock)


# What is set, and what ships


def test_without_a_key_there_is_no_market() -> None:
    assert sources_of(Settings(_env_file=None)) == ()


@pytest.mark.parametrize(
    ("root", "header"),
    [
        ("https://api.coingecko.com/api/v3", "x-cg-demo-api-key"),
        ("https://pro-api.coingecko.com/api/v3", "x-cg-pro-api-key"),
        ("http://127.0.0.1:8080/coingecko", "x-cg-demo-api-key"),
    ],
)
async def test_the_root_says_which_plan_the_key_is_of(
    fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, clock: FixedClock, root: str, header: str
) -> None:
    asked: list[Api] = []

    async def json(api: Api, path: str, query: Any) -> Any:
        asked.append(api)
        return []

    monkeypatch.setattr(fetcher, "json", json)
    (source,) = sources_of(Settings(coingecko_key=SecretStr("k"), coingecko_api=root))
    await source.read([STARKNET], fetcher, clock.now())
    assert (asked[0].root, asked[0].header) == (root, header)


@pytest.mark.parametrize(
    ("project_id", "is_sure"), [("starknet", False), ("token-metrics", False), ("layerzero", True), ("peaq", True)]
)
def test_an_id_that_was_not_seen_to_be_right_has_to_be_named_so_by_the_market(project_id: str, is_sure: bool) -> None:
    project = Catalogue(load(DATA)).by_id(project_id)
    assert project is not None
    assert project.token.coingecko_id == project.coingecko_id
    assert project.token.id_is_sure is is_sure


def test_a_project_without_an_id_is_not_asked_coingecko_for() -> None:
    project = Catalogue(load(DATA)).by_id("apecoin")
    assert project is not None
    assert not CoinGecko(Api("", "", SecretStr(""))).trades(project.token)
