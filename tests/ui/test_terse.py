import contextvars
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from discord.webhook import async_

from bot.ui.terse import TerseAdapter, answer_tersely

TERSE = TerseAdapter()  # type: ignore[no-untyped-call]
PONG = discord.http.MultipartParameters(payload={"type": 1}, multipart=None, files=None)


@pytest.fixture
async def asked(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[web.Request]]:
    """Listen in the place of Discord; an interaction with the number 404 is one that it does not know."""
    requests: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        requests.append(request)
        known = request.match_info["number"] != "404"
        error = {"code": 10062, "message": "Unknown interaction"}
        return web.Response(status=204) if known else web.json_response(error, status=404)

    app = web.Application()
    app.router.add_post("/interactions/{number}/{token}/callback", answer)
    async with TestServer(app) as server:
        monkeypatch.setattr(discord.http.Route, "BASE", str(server.make_url("")).rstrip("/"))
        yield requests


async def test_an_answer_does_not_have_discord_send_the_message_back(asked: list[web.Request]) -> None:
    async with aiohttp.ClientSession() as session:
        told = await TERSE.create_interaction_response(7, "t", session=session, params=PONG)
    assert [request.query_string for request in asked] == [""]
    assert told["interaction"]["id"] == 7


async def test_what_discord_refuses_is_raised(asked: list[web.Request]) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(discord.NotFound, match="Unknown interaction"):
            await TERSE.create_interaction_response(404, "t", session=session, params=PONG)


async def test_answers_are_sent_by_it_from_then_on() -> None:
    here = contextvars.copy_context()
    here.run(answer_tersely)
    assert isinstance(here[async_.async_context], TerseAdapter)
