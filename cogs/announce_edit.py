"""`/announce edit`, and the form behind the button **Edit**."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.announcements.delivery import require_reach
from bot.announcements.schedule_cards import edit_form, edited_card
from bot.announcements.service import AnnouncementService
from bot.announcements.typed import MOST_DAYS, Typed, changed
from bot.client import Interaction, Moonballot
from bot.ui.card import Card
from bot.ui.components import typed_fields
from bot.ui.reply import answering
from cogs.announce_choices import OPTIONS, Where, plan_options, schedule_choices
from cogs.rights import guild_of, moderators_only, require_moderator


class AnnounceEdit(commands.Cog):
    """Change what is posted, where and when; what is left out stays as it is."""

    client: Moonballot
    announcements: AnnouncementService

    @app_commands.command(name="edit")
    @moderators_only
    @app_commands.autocomplete(schedule=schedule_choices)
    @app_commands.describe(
        schedule="The announcement",
        no_role="Mention nobody any more",
        **{name: text.partition("; left out")[0] for name, text in OPTIONS.items()},
    )
    @plan_options
    async def edit(
        self,
        interaction: Interaction,
        schedule: str,
        kind: str | None = None,
        channel: Where | None = None,
        every: str | None = None,
        at: str | None = None,
        timezone: str | None = None,
        role: discord.Role | None = None,
        no_role: bool = False,
        missed: str | None = None,
        starts: str | None = None,
        ends: str | None = None,
        only_news: bool | None = None,
        board: bool | None = None,
        days: app_commands.Range[int, 1, MOST_DAYS] | None = None,
    ) -> None:
        """Change an announcement; what you leave out stays as it is."""
        typed = Typed(
            kind=kind,
            channel_id=channel.id if channel else None,
            every=every,
            at=at,
            timezone=timezone,
            role_id=role.id if role else None,
            no_role=no_role,
            missed=missed,
            starts=starts,
            ends=ends,
            only_news=only_news,
            board=board,
            days=days,
        )
        async with answering(interaction) as answer:
            await answer(await self._edited(interaction, schedule, typed))

    async def open_form(self, interaction: Interaction, schedule: str) -> None:
        """Open the form with what is there now."""
        require_moderator(interaction, "Changing an announcement")
        await interaction.response.send_modal(edit_form(self.announcements.get(guild_of(interaction), schedule)))

    async def take_form(self, interaction: Interaction, schedule: str) -> None:
        """Change what is different in the form."""
        require_moderator(interaction, "Changing an announcement")
        async with answering(interaction, update=True) as answer:
            await answer(await self._edited(interaction, schedule, Typed(**typed_fields(interaction))))  # type: ignore[arg-type]

    async def _edited(self, interaction: Interaction, number: str, typed: Typed) -> Card:
        guild_id = guild_of(interaction)
        before = self.announcements.get(guild_id, number)
        wanted = changed(typed, before.plan, self.client.services.clock.now(), self.announcements.kinds)
        _require_reach(interaction, wanted.channel_id, wanted.role_id)
        after = await self.announcements.edit(guild_id, before.id, wanted)
        return edited_card(before, after, self.announcements.upcoming(after))


def _require_reach(interaction: Interaction, channel_id: int, role_id: int | None) -> None:
    guild = interaction.guild
    channel = guild.get_channel_or_thread(channel_id) if guild else None
    if guild is not None and channel is not None:  # a thread that went to sleep is not at hand
        require_reach(channel, guild.get_role(role_id) if role_id else None)
