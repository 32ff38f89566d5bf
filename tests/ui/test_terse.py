import contextvars
import io
import socket
import struct
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from discord.webhook import async_

from bot.ui.terse import TerseAdapter, answer_tersely

TERSE = TerseAdapter()  # type: ignore[no-untyped-call]
RESET = struct.pack("ii", 1, 0)
PONG = discord.http.MultipartParameters(payload={"type": 1}, multipart=None, files=None)


@pytest.fixture
async def asked(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[web.Request]]:
    """Listen in the place of Discord; interactions with some numbers fare as these say, that of 503 only at first."""
    requests: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        requests.append(request)
        await request.read()
        match request.match_info["number"]:
            case "404":
                return web.json_response({"code": 10062, "message": "Unknown interaction"}, status=404)
            case "503" if len(requests) == 1:
                return web.Response(status=503)
            case "104" if len(requests) == 1:
                assert request.transport is not None
                request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                request.transport.abort()
        return web.Response(status=204)

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


@pytest.mark.parametrize("number", [503, 104])
async def test_an_answer_that_was_not_taken_is_sent_again(asked: list[web.Request], number: int) -> None:
    async with aiohttp.ClientSession() as session:
        await TERSE.create_interaction_response(number, "t", session=session, params=PONG)
    assert [await request.json() for request in asked] == [{"type": 1}, {"type": 1}]


async def test_a_token_is_one_part_of_the_address_whatever_is_in_it(asked: list[web.Request]) -> None:
    async with aiohttp.ClientSession() as session:
        await TERSE.create_interaction_response(7, "a/b?c=d%2F+#e", session=session, params=PONG)
    assert [request.match_info["token"] for request in asked] == ["a/b?c=d%2F+#e"]


async def test_an_answer_may_bring_a_file(asked: list[web.Request]) -> None:
    file = discord.File(io.BytesIO(b"png"), "a.png")
    with async_.interaction_message_response_params(type=4, files=[file]) as params:
        async with aiohttp.ClientSession() as session:
            await TERSE.create_interaction_response(7, "t", session=session, params=params)
    [request] = asked
    assert request.content_type == "multipart/form-data"
    assert b'filename="a.png"' in await request.read()


async def test_answers_are_sent_by_it_from_then_on() -> None:
    here = contextvars.copy_context()
    here.run(answer_tersely)
    assert isinstance(here[async_.async_context], TerseAdapter)
