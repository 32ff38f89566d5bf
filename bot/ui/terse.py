"""Answers to interactions by the shortest way, without Discord sending each message back."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import aiohttp
from discord.http import MultipartParameters, Route
from discord.webhook import async_

if TYPE_CHECKING:  # these types cannot be imported by themselves
    from discord.types.interactions import InteractionCallback


def answer_tersely() -> None:
    """Have every answer that is sent from here on, and from tasks begun here, sent by `TerseAdapter`."""
    async_.async_context.set(TerseAdapter())  # type: ignore[no-untyped-call]


class TerseAdapter(async_.AsyncWebhookAdapter):
    """Do not ask for the message that an answer becomes.

    discord.py always asks, takes the message apart and keeps it. Nothing here looks at it, and on the path of a vote
    that is a sixth of the whole cost. Its locks and limits are for requests that repeat: there is one answer to an
    interaction, whose first try needs none of them and costs a seventh less without.
    """

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        params: MultipartParameters,
    ) -> InteractionCallback:
        """Answer an interaction; return what discord.py needs to know of it."""
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction_id,
            webhook_token=token,
        )
        way: dict[str, Any] = {"session": session, "proxy": proxy, "proxy_auth": proxy_auth}
        if params.files:
            await self.request(route, **way, files=params.files, multipart=params.multipart)
        elif not await _taken(route, params.payload, **way):
            # discord.py knows how long to wait until the next try, and what to raise when all are in vain.
            await self.request(route, **way, payload=params.payload)
        return {"interaction": {"id": interaction_id, "type": 3}}


async def _taken(route: Route, payload: Any, *, session: aiohttp.ClientSession, **way: Any) -> bool:
    """Send an answer once; return whether Discord took it."""
    with contextlib.suppress(aiohttp.ClientOSError):
        async with session.post(route.url, json=payload, **way) as response:
            return response.ok
    return False
