"""A market on a loopback socket, which answers as a test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.prices.fetching import Api

KEY = "CG-hunter2-secret"
Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Loopback:
    """Behaves as told, request by request; the last behaviour stays."""

    def __init__(self) -> None:
        self.behaviours: list[Behaviour] = []
        self.requests: list[web.Request] = []
        self.root = ""

    def will(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)

    @property
    def api(self) -> Api:
        return Api(self.root, "x-cg-demo-api-key", SecretStr(KEY))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        return await behaviour(request)


@asynccontextmanager
async def loopback() -> AsyncIterator[Loopback]:
    market = Loopback()
    web_app = web.Application()
    web_app.router.add_get("/{path:.*}", market.handle)
    server = TestServer(web_app)
    await server.start_server()
    market.root = str(server.make_url("/")).rstrip("/")
    try:
        yield market
    finally:
        await server.close()


def says(
    body: Any = None, *, status: int = 200, kind: str = "application/json", text: str | None = None, **headers: str
) -> Behaviour:
    """Answer with JSON, or with a text; underscores in names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def behave(request: web.Request) -> web.Response:
        if text is not None:
            return web.Response(text=text, status=status, content_type=kind, headers=named)
        return web.json_response(body, status=status, content_type=kind, headers=named)

    return behave


def slowly(behaviour: Behaviour, until: asyncio.Event) -> Behaviour:
    """Answer when `until` is set."""

    async def behave(request: web.Request) -> web.StreamResponse:
        await until.wait()
        return await behaviour(request)

    return behave


async def cuts(request: web.Request) -> web.StreamResponse:
    """Cut the connection before a word is said."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def cuts_within(request: web.Request) -> web.StreamResponse:
    """Cut the connection in the middle of the answer."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'[{"id": "star')
    assert request.transport is not None
    request.transport.close()
    return response


def coin(coin_id: str = "starknet", symbol: str = "strk", name: str = "Starknet", **changes: Any) -> dict[str, Any]:
    """Return a row of /coins/markets, with fields that nobody here reads."""
    return {
        "id": coin_id,
        "symbol": symbol,
        "name": name,
        "image": "https://example.org/coin.png",
        "current_price": 0.123456,
        "market_cap": 456_700_000,
        "price_change_percentage_24h": -3.21987,
        "roi": None,
        "last_updated": "2026-03-01T11:59:30.123Z",
        **changes,
    }
