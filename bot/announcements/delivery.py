"""The only part of announcements that talks to Discord."""

from typing import Any

import aiohttp
import discord
import structlog

from bot.announcements.cards import post_card
from bot.announcements.model import Post, Undeliverable
from bot.errors import Refused
from bot.rankings.chart import Charts
from bot.ui.channels import missing_permissions, require_permissions
from bot.ui.notice import error_card

# Discord's number for a channel that is gone.
_UNKNOWN_CHANNEL = 10003

log = structlog.get_logger(__name__)


class DiscordDelivery:
    """Send posts to channels and threads of the servers that this client looks after."""

    def __init__(self, client: discord.Client, charts: Charts) -> None:
        self._client = client
        self._charts = charts

    def has_guild(self, guild_id: int) -> bool:
        """Say whether this process looks after that server and Discord has it at hand."""
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    async def send(self, post: Post) -> int:
        """Send a post and return its message's id; raise `Undeliverable` that names what is missing."""
        schedule = post.schedule
        channel = await self._channel(schedule.guild_id, schedule.channel_id)
        if missing := missing_permissions(channel):
            raise Undeliverable(_needs(schedule.channel_id, missing))
        card = post_card(post, await self._picture(post))
        try:
            message = await channel.send(
                view=card, files=card.files, nonce=post.nonce, allowed_mentions=_mentions(schedule.role_id)
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise Undeliverable(_problem(error, channel)) from error
        return int(message.id)

    async def tell(self, guild_id: int, channel_id: int, text: str) -> None:
        """Post a notice for the moderators; what goes wrong is left in the log."""
        try:
            channel = await self._channel(guild_id, channel_id)
            await channel.send(view=error_card(text), allowed_mentions=discord.AllowedMentions.none())
        except (Undeliverable, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("moderators not told", guild=guild_id, channel=channel_id, reason=str(error))

    async def _channel(self, guild_id: int, channel_id: int) -> Any:
        guild = self._client.get_guild(guild_id)
        found = guild.get_channel_or_thread(channel_id) if guild else None
        if found is not None:
            return found
        try:  # archived threads are not at hand
            return await self._client.fetch_channel(channel_id)
        except discord.NotFound as error:
            raise Undeliverable(_gone(channel_id)) from error
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise Undeliverable(_refused(error, channel_id)) from error

    async def _picture(self, post: Post) -> bytes | None:
        if post.ranking.hidden:
            return None
        try:
            return await self._charts.png(post.ranking)
        except Exception:  # the standings are in the text too: better without a picture than not at all
            log.exception("picture not drawn", schedule=post.schedule.id)
            return None


def require_reach(channel: Any, role: discord.Role | None) -> None:
    """Raise `MissingPermissions` or `Refused` unless posts reach a channel, and a mention the members of the role."""
    require_permissions(channel)
    if role is None or (not role.is_default() and role.mentionable):
        return
    if role.is_default():
        raise Refused("I do not mention everybody.", "Choose a role that members take because they want to know.")
    if not channel.permissions_for(channel.guild.me).mention_everyone:
        raise Refused(
            f"My mention of {role.mention} would reach nobody.",
            "Let anyone mention the role, in the role's settings, or grant me "
            f"**Mention @everyone, @here, and All Roles** in <#{channel.id}>.",
        )


def _mentions(role_id: int | None) -> discord.AllowedMentions:
    roles = [discord.Object(role_id)] if role_id else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def _problem(error: Exception, channel: Any) -> str:
    if isinstance(error, discord.NotFound) and error.code == _UNKNOWN_CHANNEL:
        return _gone(channel.id)
    if isinstance(error, discord.Forbidden):
        # Discord was quicker than what this client knew: look again, and name all when nothing seems to lack.
        missing = missing_permissions(channel) or ("View Channel", "Send Messages", "Attach Files")
        return _needs(channel.id, missing)
    return _refused(error, channel.id)


def _gone(channel_id: int) -> str:
    return f"The channel <#{channel_id}> was deleted. Remove this announcement, or add it for another channel."


def _needs(channel_id: int, missing: tuple[str, ...]) -> str:
    names = ", ".join(f"**{name}**" for name in missing)
    return f"I need {names} in <#{channel_id}>. Grant it in the channel's settings; the next post comes by itself."


def _refused(error: Exception, channel_id: int) -> str:
    if isinstance(error, discord.Forbidden):
        return _needs(channel_id, ("View Channel",))
    if isinstance(error, discord.HTTPException) and error.status >= 500:
        return (
            f"Discord had a fault of its own (error {error.status}) when I posted. The next post is tried as planned."
        )
    if isinstance(error, discord.HTTPException):
        log.error("post refused", channel=channel_id, status=error.status, code=error.code, reason=error.text)
        return f"Discord did not take the post (code {error.code}). The operator finds more in my log."
    return "Discord could not be reached. The next post is tried as planned."
