"""Posts in forums, where nothing tells Discord that a second request is the same post."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import discord
from discord.http import Route, handle_message_parameters

from bot.ui.card import Card


class AnswerLost(Exception):
    """Discord may have taken a post, but its answer did not come."""


async def open_post(
    client: discord.Client,
    forum: discord.ForumChannel,
    name: str,
    card: Card,
    tags: Sequence[discord.ForumTag],
    allowed_mentions: discord.AllowedMentions,
) -> tuple[int, int]:
    """Post a card in a forum with one request; return the numbers of thread and message, or raise `AnswerLost`.

    `ForumChannel.create_thread` asks again after a fault of Discord's, which opens a second thread.
    """
    thread = {"name": name, "applied_tags": [str(tag.id) for tag in tags]}
    with handle_message_parameters(
        view=card, files=card.files, allowed_mentions=allowed_mentions, channel_payload=thread
    ) as sent:
        form = sent.multipart or [{"name": "payload_json", "value": json.dumps(sent.payload)}]
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id)
        made = await client.http.request(route, form=_Once(form), params={"use_nested_fields": 1})
    return int(made["id"]), int(made["message"]["id"])


class _Once(list[dict[str, Any]]):
    """The parts of a form, which discord.py goes through at each try: the second one is refused."""

    tried = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if self.tried:
            raise AnswerLost
        self.tried = True
        return super().__iter__()
