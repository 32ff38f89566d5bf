"""The only part of announcements that talks to Discord."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog

from bot.announcements.cards import post_card
from bot.announcements.gateway import CannotLook
from bot.announcements.model import Post, Run, Schedule, Sent
from bot.announcements.trouble import Trouble, Undeliverable
from bot.errors import Refused
from bot.polls.pace import Pace
from bot.rankings.chart import Charts
from bot.ui.card import Card
from bot.ui.channels import missing_permissions, require_permissions
from bot.ui.forum import AnswerLost, open_post
from bot.ui.notice import error_card, notice_card
from bot.ui.text import clip

# Discord's numbers for what is gone, what is published already, and a forum that wants a tag.
_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE = 10003, 10008
_PUBLISHED_ALREADY = 40033
_GONE_CODES = {_UNKNOWN_CHANNEL}

MAX_THREAD_NAME_CHARS = 100
# Discord's clock and this machine's need not be the same.
CLOCKS_DIFFER = timedelta(minutes=10)
MOST_LOOKED_AT = 300
THREADS_LOOKED_AT = 50
# discord.py would wait for as long as Discord says, which is up to an hour when too much was published.
PUBLISHED_WITHIN_S = 20.0

_WENT_WRONG = (discord.HTTPException, aiohttp.ClientError, OSError, AnswerLost)

log = structlog.get_logger(__name__)


class DiscordDelivery:
    """Send posts to channels, forums and threads of the servers that this client looks after."""

    def __init__(self, client: discord.Client, charts: Charts, pace: Pace) -> None:
        self._client = client
        self._charts = charts
        self._pace = pace

    def has_guild(self, guild_id: int) -> bool:
        """Say whether this process looks after that server and Discord has it at hand."""
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    # Posting

    async def send(self, post: Post) -> Sent:
        """Send a post, or bring the board up to date; raise `Undeliverable` that names what is missing."""
        schedule = post.schedule
        channel = await self._channel(schedule.guild_id, schedule.channel_id)
        if missing := missing_permissions(channel):
            raise Undeliverable(_needs(schedule.channel_id, missing), Trouble.ACCESS)
        card = post_card(post, await self._picture(post))
        _mark(card, post.run.mark)
        await self._pace.turn()
        try:
            if schedule.board and (edited := await self._edited(schedule, card)):
                return edited
            await _opened(channel)
            if isinstance(channel, discord.ForumChannel):
                return await self._new_thread(channel, post, card)
            return await _new_message(channel, post, card)
        except discord.NotFound as error:
            if error.code == _UNKNOWN_MESSAGE:  # a first try was taken, and what it posted was taken away by somebody
                return Sent(None, schedule.channel_id)
            raise _problem(error, channel) from error
        except _WENT_WRONG as error:
            raise _problem(error, channel) from error

    async def _new_thread(self, forum: discord.ForumChannel, post: Post, card: Card) -> Sent:
        """Post in a forum, where a post is a thread with a name."""
        tags = [tag for tag in forum.available_tags if not tag.moderated][:1] if forum.flags.require_tag else []
        name = clip(" ".join(post.content.title.split()) or post.schedule.kind, MAX_THREAD_NAME_CHARS)
        thread_id, message_id = await open_post(self._client, forum, name, card, tags, _mentions(post.schedule.role_id))
        return Sent(message_id, thread_id, board=post.schedule.board)

    async def _edited(self, schedule: Schedule, card: Card) -> Sent | None:
        """Bring the board up to date; None when there is none, or it was deleted."""
        message_id, channel_id = schedule.board_message_id, schedule.board_channel_id
        if message_id is None or channel_id is None:
            return None
        try:
            place = await self._channel(schedule.guild_id, channel_id)
            await _opened(place)
            quiet = discord.AllowedMentions.none()
            await place.get_partial_message(message_id).edit(view=card, attachments=card.files, allowed_mentions=quiet)
        except discord.NotFound:
            return None
        except Undeliverable as error:
            if error.trouble is Trouble.GONE:
                return None
            raise
        return Sent(message_id, channel_id, board=True)

    async def _picture(self, post: Post) -> bytes | None:
        ranking = post.content.ranking
        if ranking is None or ranking.hidden:
            return None
        try:
            return await self._charts.png(ranking)
        except Exception:  # the standings are in the text too: better without a picture than not at all
            log.exception("picture not drawn", schedule=post.schedule.id)
            return None

    async def _channel(self, guild_id: int, channel_id: int) -> Any:
        guild = self._client.get_guild(guild_id)
        found = guild.get_channel_or_thread(channel_id) if guild else None
        if found is not None:
            return found
        await self._pace.turn()
        try:  # archived threads are not at hand
            return await self._client.fetch_channel(channel_id)
        except discord.NotFound as error:
            raise Undeliverable(_gone(channel_id), Trouble.GONE) from error
        except _WENT_WRONG as error:
            raise _refused(error, channel_id) from error

    # Looking

    async def find(self, schedule: Schedule, run: Run) -> Sent | None:
        """Look whether a run's message stands in its channel; raise `CannotLook` when that may not be read."""
        channel = await self._channel(schedule.guild_id, schedule.channel_id)
        in_forum = isinstance(channel, discord.ForumChannel)
        if not channel.permissions_for(channel.guild.me).read_message_history:
            raise CannotLook(knows_nonce=not in_forum)
        since = (run.begun_at or run.recorded_at) - CLOCKS_DIFFER
        await self._pace.turn()
        try:
            messages = _first_messages(channel, since) if in_forum else _messages(channel, since)
            async for message in messages:
                if message.author.id == channel.guild.me.id and _is_marked(message, run.mark):
                    return _sent(message, schedule)
        except discord.Forbidden as error:
            raise CannotLook(knows_nonce=not in_forum) from error
        except _WENT_WRONG as error:
            refused = _refused(error, schedule.channel_id)
            raise Undeliverable(refused.problem, refused.trouble, in_doubt=True) from error
        return None

    def obstacle(self, schedule: Schedule) -> Undeliverable | None:
        """Return what is in a schedule's way as far as this client knows; a thread that is not at hand may be fine."""
        guild = self._client.get_guild(schedule.guild_id)
        channel = guild.get_channel_or_thread(schedule.channel_id) if guild else None
        if channel is None:
            return Undeliverable(_gone(schedule.channel_id), Trouble.GONE)
        missing = missing_permissions(channel)
        return Undeliverable(_needs(schedule.channel_id, missing), Trouble.ACCESS) if missing else None

    async def is_gone(self, schedule: Schedule) -> bool:
        """Ask Discord whether a schedule's channel is gone; what cannot be found out is not gone."""
        try:
            await self._channel(schedule.guild_id, schedule.channel_id)
        except Undeliverable as error:
            return error.trouble is Trouble.GONE
        return False

    # Publishing

    async def publish(self, guild_id: int, channel_id: int, message_id: int) -> None:
        """Publish a message to the channels that follow its own."""
        place = self._client.get_partial_messageable(channel_id, guild_id=guild_id)
        await self._pace.turn()
        try:
            async with asyncio.timeout(PUBLISHED_WITHIN_S):
                await place.get_partial_message(message_id).publish()
        except TimeoutError as error:
            raise Undeliverable("Discord lets no more posts through for now.") from error
        except discord.HTTPException as error:
            if error.code != _PUBLISHED_ALREADY:
                trouble = Trouble.PASSING if error.status == 429 or error.status >= 500 else Trouble.FAULT
                raise Undeliverable(f"It could not be published (code {error.code}).", trouble) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Undeliverable("Discord could not be reached.") from error

    # Telling

    async def tell(
        self, guild_id: int, channel_id: int, text: str, *, good: bool = False, nonce: str | None = None
    ) -> bool:
        """Post a notice for the moderators; what goes wrong is left in the log."""
        try:
            channel = await self._channel(guild_id, channel_id)
            await self._tell(channel, text, good, nonce)
        except (Undeliverable, *_WENT_WRONG) as error:
            log.warning("moderators not told", guild=guild_id, channel=channel_id, reason=str(error))
            return False
        return True

    async def tell_member(self, user_id: int, text: str, *, good: bool = False, nonce: str | None = None) -> bool:
        """Send a moderator a direct message; what goes wrong is left in the log."""
        try:
            await self._tell(await self._client.create_dm(discord.Object(user_id)), text, good, nonce)
        except _WENT_WRONG as error:
            log.warning("moderator not told", user=user_id, reason=str(error))
            return False
        return True

    async def _tell(self, place: discord.abc.Messageable, text: str, good: bool, nonce: str | None) -> None:
        card = notice_card(f"✅ {text}") if good else error_card(text)
        await self._pace.turn()
        # When an answer is lost, discord.py sends the message again: with a nonce it is there once all the same.
        nonce = nonce or secrets.token_hex(12)
        await place.send(view=card, allowed_mentions=discord.AllowedMentions.none(), nonce=nonce)


def require_reach(channel: Any, role: discord.Role | None) -> None:
    """Raise `MissingPermissions` or `Refused` unless posts reach a channel, and a mention the members of the role."""
    require_permissions(channel)
    if isinstance(channel, discord.Thread) and channel.locked and not _may_open(channel):
        raise Refused(f"<#{channel.id}> is locked.", "Unlock it, or grant me **Manage Threads** there.")
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


def _may_open(thread: discord.Thread) -> bool:
    return thread.permissions_for(thread.guild.me).manage_threads


async def _opened(place: Any) -> None:
    """Bring a thread back that went to sleep; raise `Undeliverable` for one that was locked."""
    if not isinstance(place, discord.Thread) or not (place.archived or place.locked):
        return
    if place.locked and not _may_open(place):
        raise Undeliverable(
            f"The thread <#{place.id}> is locked. Unlock it, or grant me **Manage Threads** there.", Trouble.ACCESS
        )
    if place.archived:
        await place.edit(archived=False)


async def _new_message(channel: Any, post: Post, card: Card) -> Sent:
    allowed = _mentions(post.schedule.role_id)
    message = await channel.send(view=card, files=card.files, nonce=post.run.nonce, allowed_mentions=allowed)
    return _sent(message, post.schedule)


def _sent(message: discord.Message, schedule: Schedule) -> Sent:
    publish = isinstance(message.channel, discord.TextChannel) and message.channel.is_news()
    return Sent(message.id, message.channel.id, publish, schedule.board)


def _mark(card: Card, mark: int) -> None:
    """Number the card's box, so that the message can be told from others when nobody knows whether it was sent."""
    for part in card.children:
        if isinstance(part, discord.ui.Container):
            part.id = mark


def _is_marked(message: discord.Message, mark: int) -> bool:
    return any(getattr(part, "id", None) == mark for part in message.components)


def _messages(channel: Any, since: datetime) -> AsyncIterator[discord.Message]:
    found: AsyncIterator[discord.Message] = channel.history(after=since, limit=MOST_LOOKED_AT, oldest_first=True)
    return found


async def _first_messages(forum: discord.ForumChannel, since: datetime) -> AsyncIterator[discord.Message]:
    """Give the first message of each thread that this bot opened in a forum since then."""
    me = forum.guild.me.id
    ours = [thread for thread in forum.threads if thread.owner_id == me]
    async for thread in forum.archived_threads(limit=THREADS_LOOKED_AT):
        ours += [thread] if thread.owner_id == me else []
    for thread in ours:
        if discord.utils.snowflake_time(thread.id) >= since:
            yield await thread.fetch_message(thread.id)


def _mentions(role_id: int | None) -> discord.AllowedMentions:
    roles = [discord.Object(role_id)] if role_id else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def _problem(error: Exception, channel: Any) -> Undeliverable:
    if isinstance(error, discord.NotFound) and error.code in _GONE_CODES:
        return Undeliverable(_gone(channel.id), Trouble.GONE)
    if isinstance(error, discord.Forbidden):
        # Discord was quicker than what this client knew: look again, and name all when nothing seems to lack.
        missing = missing_permissions(channel) or ("View Channel", "Send Messages", "Attach Files")
        return Undeliverable(_needs(channel.id, missing), Trouble.ACCESS)
    return _refused(error, channel.id)


def _gone(channel_id: int) -> str:
    return (
        f"The channel <#{channel_id}> was deleted. Give this announcement another one with `/announce edit`. "
        "After half an hour I pause it; nothing is lost."
    )


def _needs(channel_id: int, missing: tuple[str, ...]) -> str:
    names = ", ".join(f"**{name}**" for name in missing)
    return f"I need {names} in <#{channel_id}>. Grant it in the channel's settings; then it goes on by itself."


def _refused(error: Exception, channel_id: int) -> Undeliverable:
    if isinstance(error, discord.Forbidden):
        return Undeliverable(_needs(channel_id, ("View Channel",)), Trouble.ACCESS)
    if isinstance(error, discord.HTTPException) and error.status >= 500:
        problem = f"Discord had a fault of its own (error {error.status}) when I posted. I try again by myself."
        return Undeliverable(problem, in_doubt=True)
    if isinstance(error, discord.HTTPException):
        log.error("post refused", channel=channel_id, status=error.status, code=error.code, reason=error.text)
        problem = f"Discord did not take the post (code {error.code}). The operator finds more in my log."
        return Undeliverable(problem, Trouble.PASSING if error.status == 429 else Trouble.FAULT)
    return Undeliverable("Discord could not be reached. I try again by myself.", in_doubt=True)
