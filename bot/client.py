"""The Discord client: loads the cogs, routes clicks, and gives every failure one answer."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.announcements.service import AnnouncementService
from bot.answers.service import AnswerService
from bot.answers.teaching import TeachingService
from bot.catalogue.editing import CatalogueEditing
from bot.catalogue.editions import Editions
from bot.clock import Clock
from bot.errors import member_text
from bot.guilds.service import GuildService
from bot.links.service import Links
from bot.polls.board import BoardKeeper
from bot.polls.records import PollRecords
from bot.polls.service import PollService
from bot.prices.service import Prices
from bot.rankings.chart import Charts
from bot.settings import Settings
from bot.ui.card import Card
from bot.ui.channels import reply_to
from bot.ui.clicks import leave_messages, let_go
from bot.ui.components import ComponentRouter
from bot.ui.notice import error_card
from bot.ui.text import escape
from bot.watches.service import WatchService

COGS = (
    "cogs.rankings",
    "cogs.project",
    "cogs.vote",
    "cogs.poll",
    "cogs.catalogue",
    "cogs.watch",
    "cogs.ask",
    "cogs.answers",
    "cogs.links",
    "cogs.privacy",
    "cogs.announce",
    "cogs.announce_watch",
    "cogs.setup",
    "cogs.help",
)

# discord.py's names for the tasks that answer clicks and commands.
_ANSWERING = {"discord.py: on_interaction", "CommandTree-invoker"}

# Discord's numbers for an interaction that is over, and for one that has its answer.
_TOO_LATE = {10062, 40060}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs may call."""

    clock: Clock
    catalogues: Editions
    guilds: GuildService
    polls: PollService
    records: PollRecords
    announcements: AnnouncementService
    charts: Charts
    answers: AnswerService
    teaching: TeachingService
    editing: CatalogueEditing
    watches: WatchService
    links: Links
    prices: Prices


class Moonballot(commands.AutoShardedBot):
    """The bot, as Discord sees it."""

    boards: BoardKeeper

    def __init__(self, settings: Settings, services: Services) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents.default(),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=1.0,
            **_shards(settings),
        )
        self.services = services
        self.components = ComponentRouter()
        leave_messages(self, self.components.leaves_message)
        self.tree.on_error = self._on_command_error  # type: ignore[method-assign]

    async def setup_hook(self) -> None:
        """Load the cogs and tell Discord the commands."""
        for cog in COGS:
            await self.load_extension(cog)
        await self.tree.sync()

    async def close(self) -> None:
        """Close the connection; a client that never began to log in has none."""
        if isinstance(self.loop, asyncio.AbstractEventLoop):
            await super().close()

    async def answered(self, within: float) -> None:
        """Let those be answered who wait for it now; what takes longer is cut off."""
        waiting = [task for task in asyncio.all_tasks() if task.get_name() in _ANSWERING]
        if waiting:
            await asyncio.wait(waiting, timeout=within)

    async def on_message(self, message: discord.Message) -> None:
        """Leave messages to the cogs that listen: there are no prefix commands."""

    async def on_ready(self) -> None:
        """Say in the log that the bot is at work."""
        log.info("ready", user=str(self.user), guilds=len(self.guilds))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Send a click to its handler."""
        found = self.components.find(interaction)
        if found is None:
            return
        handler, arguments = found
        try:
            await handler(interaction, *arguments)
        except Exception as error:
            await self.report(interaction, error)
        let_go(interaction)

    async def _on_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error.__cause__
        await self.report(interaction, cause or error)

    async def report(self, interaction: discord.Interaction[Any], error: BaseException) -> None:
        """Answer a failure with one sentence; one that was not foreseen carries a reference that the log has too."""
        if self.is_closed() or getattr(error, "code", None) in _TOO_LATE:
            log.warning("answer not delivered", where=_where(interaction), reason=str(error))
            return
        card = _failure_card(error, _where(interaction))
        try:
            if interaction.response.is_done():
                await interaction.followup.send(view=card, ephemeral=True)
            else:
                await interaction.response.send_message(view=card, ephemeral=True)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as unheard:
            log.warning("answer not delivered", where=_where(interaction), reason=str(unheard))

    async def report_reply(self, message: discord.Message, error: BaseException) -> None:
        """Answer a message that could not be answered, as `report` does for an interaction."""
        where = "direct message" if message.guild is None else "mention"
        try:
            if self.is_closed() or isinstance(error, discord.HTTPException):
                raise error
            await reply_to(message, _failure_card(error, where))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as unheard:
            log.warning("answer not delivered", where=where, reason=str(unheard))


def _failure_card(error: BaseException, where: str) -> Card:
    text = member_text(error, escape)
    if text is None:
        reference = secrets.token_hex(3)
        log.error("unforeseen", reference=reference, where=where, exc_info=error)
        text = f"Something went wrong on my side. Try again; if it stays, tell a moderator this code: `{reference}`."
    else:
        log.info("refused", where=where, error=type(error).__name__)
    return error_card(text)


def _shards(settings: Settings) -> dict[str, Any]:
    """Return which shards this process runs; none said, discord.py asks Discord how many there should be."""
    if settings.shard_ids:
        return {"shard_ids": list(settings.shard_ids), "shard_count": settings.shard_count}
    return {"shard_count": settings.shard_count} if settings.shard_count else {}


def _where(interaction: discord.Interaction[Any]) -> str:
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: Any = interaction.data or {}
    return ":".join(str(data.get("custom_id", "")).split(":")[:3])


Interaction = discord.Interaction[Moonballot]
"""An interaction of this client, as cogs receive it."""
