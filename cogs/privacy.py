"""`/privacy`: what is kept about you, and how to be forgotten."""

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.polls.record_cards import forget_card, forgotten_card, my_data_card
from bot.ui.notice import notice_card
from bot.ui.reply import answering


class PrivacyCog(commands.GroupCog, group_name="privacy", group_description="What is kept about you"):
    """A member's own data."""

    def __init__(self, client: Moonballot) -> None:
        self.records = client.services.records
        self.answers = client.services.answers
        self.watches = client.services.watches
        client.components.route("privacy:v1:erase", self.do_erase)
        client.components.route("privacy:v1:keep", self.keep)

    @app_commands.command(name="export")
    async def export(self, interaction: Interaction) -> None:
        """Get a file with all that is kept about you."""
        async with answering(interaction) as answer:
            member_id = interaction.user.id
            rooms = (self.records, self.answers, self.watches)
            data = [await room.my_data(member_id) for room in rooms]
            await answer(my_data_card({name: part for each in data for name, part in each.items()}))

    @app_commands.command(name="erase")
    async def erase(self, interaction: Interaction) -> None:
        """Be forgotten: your past ballots go on counting, tied to nobody."""
        async with answering(interaction) as answer:
            await answer(forget_card(await self.records.running(interaction.user.id)))

    async def do_erase(self, interaction: Interaction) -> None:
        """Forget the member after they said so twice."""
        async with answering(interaction, update=True) as answer:
            questions = await self.answers.forget(interaction.user.id)
            watches = await self.watches.forget(interaction.user.id)
            await answer(forgotten_card(*await self.records.forget(interaction.user.id), questions, watches))

    async def keep(self, interaction: Interaction) -> None:
        """Leave everything as it is."""
        async with answering(interaction, update=True) as answer:
            await answer(notice_card("Nothing was changed."))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(PrivacyCog(client))
