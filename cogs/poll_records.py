"""What a poll leaves behind: `/poll export`, `/poll audit`."""

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.polls.model import PollState
from bot.polls.record_cards import audit_card, export_card
from bot.polls.records import PollRecords
from bot.polls.service import PollService
from bot.ui.reply import answering
from cogs.autocomplete import poll_choices
from cogs.rights import guild_of, moderators_only

CLOSED = (PollState.CLOSED,)


class PollRecordCommands(commands.Cog):
    """Commands of the group `/poll` that look back."""

    polls: PollService
    records: PollRecords

    @app_commands.command(name="export")
    @moderators_only
    @app_commands.describe(poll="The poll; left out, the last closed one")
    async def export(self, interaction: Interaction, poll: str | None = None) -> None:
        """Get a closed poll as files that anybody can recount; without names."""
        async with answering(interaction) as answer:
            guild_id = guild_of(interaction)
            # A poll that still runs is found too, and refused for what it is.
            poll_id = self.polls.resolve(guild_id, poll, CLOSED, PollState)
            exported = await self.records.export(guild_id, poll_id, interaction.user.id, interaction.filesize_limit)
            await answer(export_card(exported, exported.files))

    @app_commands.command(name="audit")
    @moderators_only
    @app_commands.describe(poll="The poll; left out, the newest one")
    async def audit(self, interaction: Interaction, poll: str | None = None) -> None:
        """See who opened, extended and closed a poll, and numbers that may be signs of stuffing."""
        async with answering(interaction) as answer:
            guild_id = guild_of(interaction)
            poll_id = self.polls.resolve(guild_id, poll)
            await answer(audit_card(await self.records.audit(guild_id, poll_id)))

    export.autocomplete("poll")(poll_choices(*CLOSED))
    audit.autocomplete("poll")(poll_choices())
