"""The only part of watches that talks to Discord."""

from typing import Any

import aiohttp
import discord
import structlog

from bot.ui.channels import missing_permissions
from bot.watches.cards import notice_card
from bot.watches.model import Letter, MemberGone, NoDirectMessages, NotNow, Posted, Undeliverable

# Discord's numbers: a member who takes no direct messages from here, a user who is no more, one who is no member.
_CLOSED = 50007
_UNKNOWN_USER, _UNKNOWN_MEMBER = 10013, 10007
# How far back is looked for a message of which nobody knows whether it went out.
LOOKED_BACK = 50

_AWAY = (aiohttp.ClientError, OSError)

log = structlog.get_logger(__name__)


class DiscordDelivery:
    """Send notices to members, or to a channel of their server."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    def has_guild(self, guild_id: int) -> bool:
        """Say whether this process looks after that server and Discord has it at hand."""
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    async def direct(self, letter: Letter, *, maybe_sent: bool) -> Posted:
        """Send a direct message; raise `NoDirectMessages`, `MemberGone`, `NotNow` or `Undeliverable`."""
        member_id = letter.notice.new.member_id
        try:
            channel = await self._client.create_dm(discord.Object(member_id))
            return await self._send(channel, letter, maybe_sent=maybe_sent)
        except discord.HTTPException as error:
            if error.code == _UNKNOWN_USER:
                raise MemberGone from error
            if error.code != _CLOSED:
                raise _meaning(error) from error
        except _AWAY as error:
            raise NotNow from error
        await self._require_member(letter)
        raise NoDirectMessages

    async def _require_member(self, letter: Letter) -> None:
        """Raise `MemberGone` when it is no wonder that the member takes no messages from here."""
        guild = self._client.get_guild(letter.notice.new.guild_id)
        try:
            if guild is not None:
                await guild.fetch_member(letter.notice.new.member_id)
        except discord.HTTPException as error:
            raise (MemberGone if error.code in (_UNKNOWN_MEMBER, _UNKNOWN_USER) else _meaning(error)) from error
        except _AWAY as error:
            raise NotNow from error

    async def post(self, letter: Letter, channel_id: int, *, maybe_sent: bool) -> Posted:
        """Send to a channel, mentioning the member; raise `NotNow` or `Undeliverable`."""
        guild = self._client.get_guild(letter.notice.new.guild_id)
        channel: Any = guild.get_channel_or_thread(channel_id) if guild else None
        if channel is None or missing_permissions(channel):
            log.warning("notices channel not usable", channel=channel_id)
            raise Undeliverable
        if maybe_sent and not channel.permissions_for(channel.guild.me).read_message_history:
            raise Undeliverable  # better missed than twice: the member finds it in their list
        try:
            return await self._send(channel, letter, maybe_sent=maybe_sent, mention=True)
        except discord.HTTPException as error:
            raise _meaning(error) from error
        except _AWAY as error:
            raise NotNow from error

    async def _send(self, channel: Any, letter: Letter, *, maybe_sent: bool, mention: bool = False) -> Posted:
        # Discord knows a nonce for minutes only; after that the message itself tells whether it is there.
        if maybe_sent and (found := await self._sent(channel, letter)):
            return found
        guild = self._client.get_guild(letter.notice.new.guild_id)
        users = [discord.Object(letter.notice.new.member_id)] if mention else False
        message = await channel.send(
            view=notice_card(letter, guild.name if guild else "a server", mention=mention),
            nonce=letter.notice.nonce,
            allowed_mentions=discord.AllowedMentions(everyone=False, users=users, roles=False, replied_user=False),
        )
        return Posted(channel.id, message.id)

    async def _sent(self, channel: Any, letter: Letter) -> Posted | None:
        async for message in channel.history(limit=LOOKED_BACK):
            names = _custom_ids(message) if message.author == self._client.user else []
            if any(name.endswith(letter.notice.mark) for name in names):
                return Posted(channel.id, message.id)
        return None


def _custom_ids(message: discord.Message) -> list[str]:
    found, parts = [], [component.to_dict() for component in message.components]
    while parts:
        part: Any = parts.pop()
        found += [part["custom_id"]] if "custom_id" in part else []
        parts += part.get("components", ())
    return found


def _meaning(error: discord.HTTPException) -> NotNow | Undeliverable:
    if error.status >= 500 or error.status == 429:
        return NotNow()
    log.error("notice refused", status=error.status, code=error.code, reason=error.text)
    return Undeliverable()
