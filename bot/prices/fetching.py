"""Get JSON from an API: again when that may help, and never more than one has room for."""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import aiohttp
from pydantic import SecretStr

from bot import __version__
from bot.clock import Clock

TOTAL_S = 5.0
TRIES = 3
BACK_OFF_S = 0.5
# An API that asks for more patience than this is left alone for so long, by the breaker.
PATIENCE_S = 5.0
LONGEST_WAIT = timedelta(hours=1)
MAX_BODY_BYTES = 2 * 2**20
MAX_ERROR_BYTES = 4_096
# CoinGecko's numbers for a key that is sent to the root of the other plan.
_OTHER_ROOT = re.compile(rb'"error_code"\s*:\s*1001[01]\b')


class NoAnswer(Exception):
    """An API gave nothing of use; `reason` is fit for the log."""

    def __init__(self, reason: str, *, again: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.wait = wait


class KeyRejected(NoAnswer):
    """An API does not take the key: only the operator can change that."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, wait=LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Api:
    """Where an API is, and the header that it wants its key in."""

    root: str
    header: str
    key: SecretStr


class Fetcher:
    """One session for all APIs."""

    def __init__(
        self, clock: Clock, pause: Callable[[float], Awaitable[None]] = asyncio.sleep, total_s: float = TOTAL_S
    ) -> None:
        self._clock = clock
        self._pause = pause
        self._total_s = total_s
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session; nothing is sent yet."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._total_s),
            headers={"User-Agent": f"Moonballot/{__version__}", "Accept": "application/json"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def json(self, api: Api, path: str, query: Mapping[str, str]) -> Any:
        """Return what an API answers, numbers as int and Decimal; raise `NoAnswer` after some tries."""
        for attempt in range(TRIES):
            try:
                return _read(await self._body(api, path, query))
            except NoAnswer as failure:
                asked_s = failure.wait.total_seconds() if failure.wait else 0.0
                if not failure.again or asked_s > PATIENCE_S or attempt == TRIES - 1:
                    raise
                # No two bots come back in the same moment, and never sooner than they were told.
                await self._pause(max(asked_s, BACK_OFF_S * 2**attempt) * random.uniform(1.0, 1.5))
        raise AssertionError("the last try returns or raises")

    async def _body(self, api: Api, path: str, query: Mapping[str, str]) -> bytes:
        assert self._session is not None, "the fetcher is not open"  # noqa: S101 - a mistake in our own code
        headers = {api.header: api.key.get_secret_value()}
        try:
            # A redirection would carry the key to wherever it points.
            async with self._session.get(
                f"{api.root}/{path}", params=query, headers=headers, allow_redirects=False
            ) as response:
                if response.status != 200:
                    await self._refuse(response)
                if response.content_type != "application/json":
                    raise NoAnswer(f"it answers with {response.content_type[:50]} instead of JSON")
                return await _up_to(MAX_BODY_BYTES, response)
        except TimeoutError:
            raise NoAnswer("it takes too long", again=True) from None
        except (aiohttp.ClientError, OSError) as error:
            # Only the kind of error: its text may repeat what was sent.
            raise NoAnswer(f"it cannot be reached ({type(error).__name__})", again=True) from None

    async def _refuse(self, response: aiohttp.ClientResponse) -> NoReturn:
        status = response.status
        if status in (401, 403):
            raise KeyRejected(f"it does not accept the key (status {status})")
        if status == 400 and _OTHER_ROOT.search(await response.content.read(MAX_ERROR_BYTES)):
            raise KeyRejected("the key belongs to another plan, which has another root")
        wait = self._wait(response.headers.get("Retry-After", ""))
        raise NoAnswer(f"it answers with status {status}", again=status == 429 or status >= 500, wait=wait)

    def _wait(self, told: str) -> timedelta | None:
        """Return how long `Retry-After` asks to wait: it names seconds or a date; None when it makes no sense."""
        if told.isascii() and told.isdigit():
            return min(timedelta(seconds=int(told[:9])), LONGEST_WAIT)
        try:
            wait = parsedate_to_datetime(told) - self._clock.now()
        except (ValueError, TypeError):  # no date, or one without a zone
            return None
        return min(max(wait, timedelta(0)), LONGEST_WAIT)


async def _up_to(most: int, response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in response.content.iter_chunked(2**16):
        body += part
        if len(body) > most:
            raise NoAnswer(f"it answers with more than {most:,} bytes")
    return bytes(body)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError):
        raise NoAnswer("it answers with what is no JSON") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
