"""What tokens trade at, from memory: one request asks for all, in the background, when somebody looks at one."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.prices.breaker import Breaker
from bot.prices.fetching import Fetcher, KeyRejected, NoAnswer
from bot.prices.model import Market, Token
from bot.prices.sources import Source

# A price is taken from memory for so long; then it is shown once more while a newer one is fetched.
FRESH_FOR = timedelta(seconds=120)
# A price that is older is not shown before a newer one was waited for, and shown as old when there is none.
STALE_AFTER = timedelta(minutes=10)
KEPT_FOR = timedelta(days=1)
# How long somebody who looks at a project waits for its price: less than until “thinking …” is shown.
WAIT_S = 0.7
# Free plans allow some 30 requests a minute.
SPACING = timedelta(seconds=2)
# As many as CoinGecko answers in one page; those that nobody asked for the longest give way.
MOST_TOKENS = 250
FAILURES = 3
PAUSE = timedelta(minutes=1)
# What stays as it is is said again after so long.
SAID_AGAIN_AFTER = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass
class Feed:
    """A market, with how it has been doing."""

    source: Source
    breaker: Breaker = field(default_factory=lambda: Breaker(FAILURES, PAUSE))
    _said: tuple[str, datetime] | None = None

    async def read(self, tokens: Sequence[Token], fetcher: Fetcher, clock: Clock) -> dict[Token, Market] | None:
        """Return what tokens trade at; None when the market has no answer, or is left alone."""
        if not self.breaker.allows(clock.now()):
            return None
        try:
            found = await self.source.read(tokens, fetcher, clock.now())
        except NoAnswer as failure:
            self.breaker.failed(clock.now(), failure.wait)
            self._say(failure.reason, clock.now(), self.source.setting if isinstance(failure, KeyRejected) else None)
            return None
        self.breaker.succeeded()
        if found.left_out:
            self._say("some rows are not as documented", clock.now())
        elif self._said:
            log.info("prices again", market=self.source.name)
            self._said = None
        return dict(found.markets)

    def _say(self, reason: str, now: datetime, setting: str | None = None) -> None:
        """Put a trouble in the log, the same one once an hour."""
        if self._said and self._said[0] == reason and now - self._said[1] < SAID_AGAIN_AFTER:
            return
        self._said = reason, now
        if setting:
            log.error("no prices", market=self.source.name, reason=reason, setting=setting)
        else:
            log.warning("no prices", market=self.source.name, reason=reason)


class Prices:
    """Say what a token trades at, soon or not at all."""

    def __init__(self, sources: Iterable[Source], clock: Clock, fetcher: Fetcher) -> None:
        self._feeds = [Feed(source) for source in sources]
        self._clock = clock
        self._fetcher = fetcher
        # In the order in which they were last asked for.
        self._wanted: dict[Token, None] = {}
        self._markets: dict[Token, Market] = {}
        self._read_at: dict[Token, datetime] = {}
        self._reading: asyncio.Task[None] | None = None
        self._begun_at: datetime | None = None

    async def open(self) -> None:
        """Get ready to ask; without a market there is nothing to do, now or later."""
        if self._feeds:
            await self._fetcher.open()

    async def close(self) -> None:
        """End what is asked for."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._fetcher.close()

    def expect(self, tokens: Iterable[Token]) -> None:
        """Have these be asked for along with the first one that somebody looks at."""
        for token in tokens:
            self._want(token)

    async def of(self, token: Token) -> Market | None:
        """Return what a token trades at, as far as that is known within a moment; never raises for a market's sake."""
        if not self._want(token):
            return None
        if self._age(self._read_at.get(token)) >= FRESH_FOR:
            reading = self._read_soon()
            if reading and self._age(self._as_of(token)) >= STALE_AFTER:
                await asyncio.wait({reading}, timeout=WAIT_S)
        market = self._markets.get(token)
        if market is None or self._age(market.as_of) >= KEPT_FOR:
            return None
        return replace(market, stale=self._age(market.as_of) >= STALE_AFTER)

    def _want(self, token: Token) -> bool:
        if not any(feed.source.trades(token) for feed in self._feeds):
            return False
        self._wanted.pop(token, None)
        self._wanted[token] = None
        if len(self._wanted) > MOST_TOKENS:
            oldest = next(iter(self._wanted))
            for kept in (self._wanted, self._markets, self._read_at):
                kept.pop(oldest, None)
        return True

    def _as_of(self, token: Token) -> datetime | None:
        market = self._markets.get(token)
        return market.as_of if market else None

    def _age(self, when: datetime | None) -> timedelta:
        return timedelta.max if when is None else self._clock.now() - when

    def _read_soon(self) -> asyncio.Task[None] | None:
        """Begin to ask the markets, or say who does it already; None when it is too soon to ask again."""
        if self._reading is None or self._reading.done():
            if self._age(self._begun_at) < SPACING:
                return None
            self._begun_at = self._clock.now()
            self._reading = asyncio.create_task(self._read(), name="prices")
        return self._reading

    async def _read(self) -> None:
        """Ask the first market for all that is wanted, and the next one for what that cannot be asked for."""
        left = list(self._wanted)
        for feed in self._feeds:
            tokens = [token for token in left if feed.source.trades(token)]
            found = await feed.read(tokens, self._fetcher, self._clock) if tokens else None
            if found is not None:
                wanted = [token for token in tokens if token in self._wanted]
                self._markets |= {token: found[token] for token in wanted if token in found}
                self._read_at |= dict.fromkeys(wanted, self._clock.now())
                left = [token for token in left if token not in tokens]
