"""The REST routes a bot uses, but for interactions' answers (see `server`, which takes those straight)."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from .body import Sent
from .commands import Commands
from .errors import (
    ApiError,
    Payload,
    missing_permissions,
    not_own_message,
    unknown_member,
    unknown_user,
)
from .gateway import Gateway
from .making import Making
from .messages import Messages, refuse_unless_own
from .payloads import application_json, channel_json, guild_json, member_json, role_json, user_json
from .permissions import BITS, permissions_of
from .settings import Settings
from .world import ANNOUNCEMENT, CROSSPOSTED, THREAD, Channel, StoredMessage, World


@dataclass(slots=True)
class Asked:
    """One request: the ids in its path, its query, its body."""

    ids: list[int]
    query: str
    sent: Sent


Handler = Callable[[Asked], Any]
Route = tuple[str, re.Pattern[str], Handler]


class Rest:
    """Routes below `/api/v10` that need the bot's token."""

    def __init__(
        self, world: World, gateway: Gateway, messages: Messages, commands: Commands, settings: Settings
    ) -> None:
        self._world = world
        self._gateway = gateway
        self._messages = messages
        self._commands = commands
        self._settings = settings
        self._make = Making(world, gateway)
        table: list[tuple[str, str, Handler]] = [
            ("POST", "channels/#/messages", self._post),
            ("PATCH", "channels/#/messages/#", self._edit),
            ("GET", "channels/#/messages/#", self._get),
            ("GET", "channels/#/messages", self._list),
            ("DELETE", "channels/#/messages/#", self._delete),
            ("POST", "channels/#/messages/#/crosspost", self._crosspost),
            ("POST", "channels/#/messages/bulk-delete", self._bulk_delete),
            ("POST", "channels/#/typing", lambda asked: self._world.channel(asked.ids[0]) and None),
            ("PUT", "channels/#/(?:messages/)?pins/#", lambda asked: None),
            ("DELETE", "channels/#/(?:messages/)?pins/#", lambda asked: None),
            ("GET", "channels/#", self._channel),
            ("PATCH", "channels/#", self._change_thread),
            ("POST", "channels/#/threads", self._open_thread),
            ("GET", "channels/#/threads/archived/public", self._archived_threads),
            ("POST", "users/@me/channels", self._open_dm),
            (
                "GET",
                "users/@me",
                lambda asked: user_json(self._world.me) | {"verified": True, "mfa_enabled": False, "locale": "en-US"},
            ),
            ("GET", "users/#", self._user),
            ("GET", "oauth2/applications/@me", lambda asked: application_json(self._world)),
            ("GET", "applications/@me", lambda asked: application_json(self._world)),
            ("GET", "gateway", lambda asked: {"url": self._gateway.address}),
            ("GET", "gateway/bot", lambda asked: self._gateway_bot()),
            ("GET", "guilds/#", lambda asked: guild_json(self._world.guild(asked.ids[0]))),
            ("GET", "guilds/#/channels", self._guild_channels),
            ("GET", "guilds/#/roles", self._guild_roles),
            ("GET", "guilds/#/roles/member-counts", self._role_holders),
            ("GET", "guilds/#/members/#", self._guild_member),
            ("PUT", "applications/#/commands", lambda asked: self._commands.replace(asked.sent.data or [], None)),
            ("GET", "applications/#/commands", lambda asked: self._commands.listed(None)),
            ("POST", "applications/#/commands", lambda asked: self._commands.add(asked.sent.fields, None)),
            ("DELETE", "applications/#/commands/#", lambda asked: self._commands.remove(str(asked.ids[1]), None)),
            (
                "PUT",
                "applications/#/guilds/#/commands",
                lambda asked: self._commands.replace(asked.sent.data or [], asked.ids[1]),
            ),
            ("GET", "applications/#/guilds/#/commands", lambda asked: self._commands.listed(asked.ids[1])),
            ("GET", "applications/#/emojis", lambda asked: {"items": []}),
        ]
        self._routes: list[Route] = [
            (method, re.compile("/" + path.replace("#", r"(\d+)")), handler) for method, path, handler in table
        ]

    def answer(self, method: str, path: str, query: str, sent: Sent) -> Any:
        """Answer one request, or refuse it as Discord does."""
        for known, pattern, handler in self._routes:
            if known == method:
                match = pattern.fullmatch(path)
                if match is not None:
                    return handler(Asked([int(each) for each in match.groups()], query, sent))
        raise ApiError(404, 0, "404: Not Found")

    def _visible_message(self, asked: Asked) -> tuple[Channel, StoredMessage]:
        channel = self._world.channel(asked.ids[0])
        self._messages.permit(channel)
        return channel, self._world.message(channel, asked.ids[1])

    def _post(self, asked: Asked) -> Payload:
        return self._messages.post(self._world.channel(asked.ids[0]), asked.sent).payload

    def _edit(self, asked: Asked) -> Payload:
        _, message = self._visible_message(asked)
        refuse_unless_own(message, self._world.me, not_own_message)
        self._messages.edit(message, asked.sent)
        return message.payload

    def _get(self, asked: Asked) -> Payload:
        channel, message = self._visible_message(asked)
        self._messages.permit(channel, "read_message_history")
        return message.payload

    def _list(self, asked: Asked) -> list[Payload]:
        channel = self._world.channel(asked.ids[0])
        self._messages.permit(channel, "read_message_history")
        wanted = parse_qs(asked.query)
        after = int(wanted.get("after", ["0"])[0])
        before = int(wanted.get("before", [str(1 << 63)])[0])
        found = [each for number, each in channel.messages.items() if after < number < before]
        limit = int(wanted.get("limit", ["50"])[0])
        found = found[:limit] if "after" in wanted else found[-limit:]
        return [message.payload for message in reversed(found)]

    def _delete(self, asked: Asked) -> None:
        channel, message = self._visible_message(asked)
        if message.payload["author"]["id"] != str(self._world.me.id):
            self._messages.permit(channel, "manage_messages")
        self._messages.remove(message)

    def _bulk_delete(self, asked: Asked) -> None:
        channel = self._world.channel(asked.ids[0])
        self._messages.permit(channel, "manage_messages")
        for number in asked.sent.fields.get("messages") or []:
            if int(number) in channel.messages:
                self._messages.remove(channel.messages[int(number)])

    def _crosspost(self, asked: Asked) -> Payload:
        channel, message = self._visible_message(asked)
        if channel.kind != ANNOUNCEMENT:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        if message.payload["flags"] & CROSSPOSTED:
            raise ApiError(400, 40033, "This message has already been crossposted")
        message.payload["flags"] |= CROSSPOSTED
        return message.payload

    def _channel(self, asked: Asked) -> Payload:
        channel = self._world.channel(asked.ids[0])
        self._messages.permit(channel)
        return channel_json(channel)

    def _open_thread(self, asked: Asked) -> Payload:
        return self._messages.open_thread(self._world.channel(asked.ids[0]), asked.sent)

    def _change_thread(self, asked: Asked) -> Payload:
        """Let the bot wake a thread or put it to sleep; it changes nothing else of a channel."""
        thread = self._world.channel(asked.ids[0])
        self._messages.permit(thread, "manage_threads" if thread.locked else "send_messages_in_threads")
        if thread.kind != THREAD:
            raise ApiError(404, 0, "404: Not Found")
        return self._make.change_thread(thread.id, asked.sent.fields)

    def _archived_threads(self, asked: Asked) -> Payload:
        channel = self._world.channel(asked.ids[0])
        self._messages.permit(channel, "read_message_history")
        threads = [each for each in self._world.channels.values() if each.parent_id == channel.id and each.archived]
        return {"threads": [channel_json(each) for each in threads], "members": [], "has_more": False}

    def _open_dm(self, asked: Asked) -> Payload:
        user = self._world.users.get(int(asked.sent.fields.get("recipient_id") or 0))
        if user is None:
            raise unknown_user
        return channel_json(self._world.dm_with(user))

    def _user(self, asked: Asked) -> Payload:
        if asked.ids[0] not in self._world.users:
            raise unknown_user
        return user_json(self._world.users[asked.ids[0]])

    def _gateway_bot(self) -> Payload:
        limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 16}
        return {"url": self._gateway.address, "shards": self._settings.shards, "session_start_limit": limits}

    def _guild_channels(self, asked: Asked) -> list[Payload]:
        return [channel_json(channel) for channel in self._world.guild(asked.ids[0]).channels.values()]

    def _guild_roles(self, asked: Asked) -> list[Payload]:
        return [role_json(role) for role in self._world.guild(asked.ids[0]).roles.values()]

    def _role_holders(self, asked: Asked) -> dict[str, int]:
        guild = self._world.guild(asked.ids[0])
        if not permissions_of(guild, self._world.me.id) & BITS["manage_roles"]:
            raise missing_permissions
        held = Counter(role_id for member in guild.members.values() for role_id in member.role_ids)
        return {str(role_id): held[role_id] for role_id in guild.roles if role_id != guild.id}

    def _guild_member(self, asked: Asked) -> Payload:
        member = self._world.guild(asked.ids[0]).members.get(asked.ids[1])
        if member is None:
            raise unknown_member
        return member_json(member)
