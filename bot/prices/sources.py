"""The markets that can be asked: how each one knows a token, and what it says of it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol

from bot.prices.fetching import Api, Fetcher
from bot.prices.model import Market, Token
from bot.prices.reading import Coin, ListedToken, TokenPrice, enveloped, rows
from bot.settings import Settings

# A price that is further in the future than clocks differ is none.
MOST_AHEAD = timedelta(minutes=10)
COIN_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")

TOKENS_A_REQUEST = 50
ROWS_A_PAGE = 100
MOST_PAGES = 10
IDS_KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """What a market says, and how many of its rows could not be read."""

    markets: Mapping[Token, Market]
    left_out: int = 0


class Source(Protocol):
    """A market."""

    name: str
    setting: str

    def trades(self, token: Token) -> bool:
        """Say whether the market can be asked for a token."""
        ...

    async def read(self, tokens: Sequence[Token], fetcher: Fetcher, now: datetime) -> Found:
        """Return what tokens trade at, for those that are found; raise `NoAnswer`."""
        ...


class CoinGecko:
    """CoinGecko, by id: one request for all.

    /coins/markets says with each price whose it is, which /simple/price does not: an id of the catalogue that is
    another coin's shows no price instead of a wrong one.
    """

    name = "CoinGecko"
    setting = "MOONBALLOT_COINGECKO_KEY"

    def __init__(self, api: Api) -> None:
        self._api = api

    def trades(self, token: Token) -> bool:
        """Say whether a token has an id there."""
        return token.coingecko_id is not None and COIN_ID.fullmatch(token.coingecko_id) is not None

    async def read(self, tokens: Sequence[Token], fetcher: Fetcher, now: datetime) -> Found:
        """Return what tokens trade at, as of when CoinGecko looked."""
        ids = sorted({token.coingecko_id or "" for token in tokens})
        query = {"vs_currency": "usd", "ids": ",".join(ids), "per_page": "250"}
        found, left_out = rows(Coin, await fetcher.json(self._api, "coins/markets", query))
        coins = {coin.id: coin for coin in found}
        markets = {token: market for token in tokens if (market := self._market(token, coins, now))}
        return Found(markets, left_out)

    def _market(self, token: Token, coins: Mapping[str, Coin], now: datetime) -> Market | None:
        coin = coins.get(token.coingecko_id or "")
        if coin is None or not token.is_called(coin.symbol, None if token.id_is_sure else coin.name):
            return None
        if coin.current_price is None or coin.last_updated is None or coin.last_updated > now + MOST_AHEAD:
            return None
        return Market(
            coin.current_price,
            coin.market_cap or None,  # it says 0 when it does not know
            coin.price_change_percentage_24h,
            min(coin.last_updated, now),
            stale=False,
            source=self.name,
        )


@dataclass
class TokenMetrics:
    """Token Metrics, which numbers its tokens: the numbers are found by symbol and name, and kept for a day."""

    api: Api
    name: str = "Token Metrics"
    setting: str = "MOONBALLOT_TOKEN_METRICS_KEY"
    _numbers: dict[Token, int | None] = field(default_factory=dict)
    _numbered_at: datetime | None = None

    def trades(self, token: Token) -> bool:
        """Say whether a token can be looked for: symbols stand in a list with commas."""
        return "," not in token.symbol

    async def read(self, tokens: Sequence[Token], fetcher: Fetcher, now: datetime) -> Found:
        """Return what tokens trade at, as of now: Token Metrics names no time."""
        left_out = await self._number(tokens, fetcher, now)
        prices: dict[int, Decimal] = {}
        for part in _parts(sorted({number for token in tokens if (number := self._numbers[token])})):
            answer = await fetcher.json(self.api, "price", {"token_id": ",".join(map(str, part))})
            found, unread = rows(TokenPrice, enveloped(answer))
            prices |= {row.id: row.price for row in found if row.price is not None}
            left_out += unread
        priced = {token: prices.get(self._numbers[token] or 0) for token in tokens}
        markets = {
            token: Market(price, None, None, now, stale=False, source=self.name)
            for token, price in priced.items()
            if price is not None
        }
        return Found(markets, left_out)

    async def _number(self, tokens: Sequence[Token], fetcher: Fetcher, now: datetime) -> int:
        """Find the numbers of tokens; return how many rows could not be read."""
        if self._numbered_at is None or now - self._numbered_at >= IDS_KEPT_FOR:
            self._numbers.clear()
            self._numbered_at = now
        new = [token for token in tokens if token not in self._numbers]
        left_out = 0
        for part in _parts(sorted({token.symbol.upper() for token in new})):
            listed, unread = await self._listed(part, fetcher)
            left_out += unread
            here = [token for token in new if token.symbol.upper() in part]
            self._numbers |= {token: _number_of(token, listed) for token in here}
        return left_out

    async def _listed(self, symbols: Sequence[str], fetcher: Fetcher) -> tuple[list[ListedToken], int]:
        listed: list[ListedToken] = []
        left_out = 0
        for page in range(1, MOST_PAGES + 1):
            query = {"symbol": ",".join(symbols), "limit": str(ROWS_A_PAGE), "page": str(page)}
            found, unread = rows(ListedToken, enveloped(await fetcher.json(self.api, "tokens", query)))
            listed += found
            left_out += unread
            if len(found) + unread < ROWS_A_PAGE:
                break
        return listed, left_out


def _number_of(token: Token, listed: Iterable[ListedToken]) -> int | None:
    """Return a token's number; None when none or several go by its symbol and name."""
    numbers = {row.id for row in listed if token.is_called(row.symbol, row.name)}
    return numbers.pop() if len(numbers) == 1 else None


def _parts(things: Sequence[Any]) -> Iterator[list[Any]]:
    left = iter(things)
    while part := list(islice(left, TOKENS_A_REQUEST)):
        yield part


def sources_of(settings: Settings) -> tuple[Source, ...]:
    """Return the markets that the operator has a key for, the one that says more first."""
    found: list[Source] = []
    if key := settings.coingecko_key:
        header = "x-cg-pro-api-key" if "://pro-api." in settings.coingecko_api else "x-cg-demo-api-key"
        found.append(CoinGecko(Api(settings.coingecko_api, header, key)))
    if key := settings.token_metrics_key:
        found.append(TokenMetrics(Api(settings.token_metrics_api, "x-api-key", key)))
    return tuple(found)
