"""`/poll`: moderators open, close, list and repost polls."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.polls.cards import list_card, opened_card
from bot.polls.model import PollState
from bot.ui.channels import require_permissions
from bot.ui.reply import answering
from cogs.autocomplete import poll_choices
from cogs.poll_end import PollEnd
from cogs.poll_open import PollOpening
from cogs.poll_records import PollRecordCommands
from cogs.rights import guild_of, moderators_only


@app_commands.guild_only()
class PollCog(
    PollOpening,
    PollEnd,
    PollRecordCommands,
    commands.GroupCog,
    group_name="poll",
    group_description="Open, close and list polls",
):
    """Run polls."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client
        self.polls = client.services.polls
        self.records = client.services.records
        client.components.route("poll:v1:mend", self.open_form)
        client.components.route("poll:v1:mended", self.take_form)
        client.components.route("poll:v1:close", self.do_close)
        client.components.route("poll:v1:keep", self.keep)
        client.components.route("poll:v1:cancel", self.do_cancel)
        client.components.route("poll:v1:list", self.turn_page)

    @app_commands.command(name="list")
    @moderators_only
    async def list_polls(self, interaction: Interaction) -> None:
        """See all polls of this server, newest first."""
        async with answering(interaction) as answer:
            await answer(list_card(self.polls.listing(guild_of(interaction)), 0))

    @app_commands.command(name="repost")
    @moderators_only
    @app_commands.describe(poll="The poll; left out, the newest open one", channel="Where; left out, here")
    async def repost(
        self,
        interaction: Interaction,
        poll: str | None = None,
        channel: discord.TextChannel | discord.Thread | None = None,
    ) -> None:
        """Post a poll's board anew, after it was deleted or to move it; the ballots stay."""
        async with answering(interaction) as answer:
            where = channel or interaction.channel
            require_permissions(where)
            meant = await self.polls.to_change(guild_of(interaction), poll, (PollState.OPEN,))
            board = await self.client.boards.post(meant.id, where.id)  # type: ignore[union-attr]
            await answer(opened_card(await self.polls.get(guild_of(interaction), meant.id), board))

    repost.autocomplete("poll")(poll_choices(PollState.OPEN))

    async def turn_page(self, interaction: Interaction, page: str) -> None:
        """Show another page of the list."""
        async with answering(interaction, update=True) as answer:
            await answer(list_card(self.polls.listing(guild_of(interaction)), int(page)))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(PollCog(client))
