"""`/watch`: a message when a project changes, and before its claims close."""

from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.ui.components import picked
from bot.ui.reply import answering
from bot.ui.text import clip
from bot.watches.cards import added_card, list_card, removed_card
from cogs.catalogue_choices import project_choices
from cogs.rights import guild_of

MAX_NAME_CHARS = 100


@app_commands.guild_only()
class WatchCog(commands.GroupCog, group_name="watch", group_description="Be told when a project changes"):
    """A member's watches."""

    def __init__(self, client: Moonballot) -> None:
        self.watches = client.services.watches
        client.components.route("watch:v1:remove", self.do_remove)
        client.components.route("watch:v1:stop", self.stop)
        client.components.route("watch:v1:again", self.again)

    @app_commands.command(name="add")
    @app_commands.autocomplete(name=project_choices)
    @app_commands.describe(name="The project")
    async def add(self, interaction: Interaction, name: str) -> None:
        """Get a direct message when a project changes, and 7 days and 1 day before its claims close."""
        async with answering(interaction) as answer:
            await answer(added_card(await self.watches.add(guild_of(interaction), interaction.user.id, name)))

    @app_commands.command(name="remove")
    @app_commands.describe(name="The project")
    async def remove(self, interaction: Interaction, name: str) -> None:
        """Watch a project no longer."""
        guild_id = guild_of(interaction)
        async with answering(interaction) as answer:
            await answer(removed_card(guild_id, await self.watches.remove(guild_id, interaction.user.id, name)))

    @remove.autocomplete("name")
    async def watched(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest what the member watches."""
        found = self.watches.suggest(guild_of(interaction), interaction.user.id, typed)
        return [app_commands.Choice(name=clip(project.name, MAX_NAME_CHARS), value=project.id) for project in found]

    @app_commands.command(name="list")
    async def list_watches(self, interaction: Interaction) -> None:
        """See what you watch here, and what you missed."""
        async with answering(interaction) as answer:
            await answer(list_card(*await self.watches.listing(guild_of(interaction), interaction.user.id)))

    async def do_remove(self, interaction: Interaction, *project: str) -> None:
        """Stop a watch from the button below it, or the one picked in the list."""
        guild_id, name = guild_of(interaction), (project or picked(interaction))[0]
        async with answering(interaction, update=True) as answer:
            await answer(removed_card(guild_id, await self.watches.remove(guild_id, interaction.user.id, name)))

    async def stop(self, interaction: Interaction, guild_id: str, project: str, _mark: str) -> None:
        """Stop a watch from a notice; it is the clicker's own watch that ends, whoever the notice was for."""
        async with answering(interaction) as answer:
            stopped = await self.watches.remove(int(guild_id), interaction.user.id, project)
            await answer(removed_card(int(guild_id), stopped))

    async def again(self, interaction: Interaction, guild_id: str, project: str) -> None:
        """Take the end of a watch back."""
        async with answering(interaction, update=True) as answer:
            await answer(added_card(await self.watches.add(int(guild_id), interaction.user.id, project)))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(WatchCog(client))
