"""`/vote verify`: is my ballot counted as I cast it?"""

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction
from bot.polls.record_cards import replaced_card, verified_card
from bot.polls.records import PollRecords, Replaced
from bot.ui.reply import answering
from cogs.rights import guild_of


class ReceiptCommands(commands.Cog):
    """The command of the group `/vote` that looks a receipt up."""

    records: PollRecords

    @app_commands.command(name="verify")
    @app_commands.describe(receipt="The receipt from the reply to your ballot")
    async def verify(self, interaction: Interaction, receipt: str) -> None:
        """Check that your ballot is counted as you cast it."""
        async with answering(interaction) as answer:
            found = await self.records.verify(guild_of(interaction), receipt, interaction.user.id)
            await answer(replaced_card(found) if isinstance(found, Replaced) else verified_card(found))
