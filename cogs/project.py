"""`/project`: one project, two side by side, a list; answered from memory."""

from discord import app_commands
from discord.ext import commands

from bot.catalogue import cards
from bot.catalogue.comparison import compare_card
from bot.catalogue.model import STATE_LABELS
from bot.client import Interaction, Moonballot
from bot.ui.components import picked
from bot.ui.reply import answering
from bot.ui.text import clip

MAX_CHOICES = 25
MAX_NAME_CHARS = 100

Choices = list[app_commands.Choice[str]]


class ProjectCog(commands.GroupCog, group_name="project", group_description="Look up airdrop projects, with sources"):
    """Show, compare and list projects."""

    def __init__(self, client: Moonballot) -> None:
        self.catalogues = client.services.catalogues
        client.components.route("project:v1:show", self.turn_page)
        client.components.route("project:v1:open", self.open)
        client.components.route("project:v1:list", self.turn_list)

    @app_commands.command(name="show")
    @app_commands.describe(name="A project's name, as you know it", share="Show it to the whole channel")
    async def show(self, interaction: Interaction, name: str, share: bool = False) -> None:
        """Read what is known about a project: its airdrop, dates, funding, and from where."""
        await self._show(interaction, name, ephemeral=not share)

    @app_commands.command(name="compare")
    @app_commands.describe(
        first="A project's name", second="Another project's name", share="Show it to the whole channel"
    )
    async def compare(self, interaction: Interaction, first: str, second: str, share: bool = False) -> None:
        """Put two projects side by side."""
        async with answering(interaction, ephemeral=not share) as answer:
            await answer(compare_card(*self.catalogues.of(interaction.guild_id).compare(first, second)))

    @app_commands.command(name="list")
    @app_commands.describe(status="Only airdrops in this state", category="Only projects of this kind")
    async def list_projects(
        self, interaction: Interaction, status: str | None = None, category: str | None = None
    ) -> None:
        """Browse all projects and open one."""
        await self._list(interaction, status, category)

    @show.autocomplete("name")
    @compare.autocomplete("first")
    @compare.autocomplete("second")
    async def suggest_names(self, interaction: Interaction, typed: str) -> Choices:
        """Suggest projects; the survey's come first while nothing is typed."""
        return [
            app_commands.Choice(name=clip(f"{project.name} ({project.symbol})", MAX_NAME_CHARS), value=project.id)
            for project in self.catalogues.of(interaction.guild_id).suggest(typed, MAX_CHOICES)
        ]

    @list_projects.autocomplete("status")
    async def suggest_statuses(self, interaction: Interaction, typed: str) -> Choices:
        """Suggest the airdrop states that some project is in."""
        labels = {state: STATE_LABELS[state] for state in self.catalogues.of(interaction.guild_id).statuses}
        return [
            app_commands.Choice(name=label, value=state)
            for state, label in labels.items()
            if typed.casefold().strip() in f"{label} {state}"
        ]

    @list_projects.autocomplete("category")
    async def suggest_categories(self, interaction: Interaction, typed: str) -> Choices:
        """Suggest the categories that some project has."""
        return [
            app_commands.Choice(name=category, value=category)
            for category in self.catalogues.of(interaction.guild_id).categories
            if typed.casefold().strip() in category.casefold()
        ]

    async def turn_page(self, interaction: Interaction, project_id: str, page: str) -> None:
        """Answer **More facts**, **Next** and **Previous** on a project."""
        await self._show(interaction, project_id, int(page), update=_is_private(interaction))

    async def open(self, interaction: Interaction, *project_id: str) -> None:
        """Open the project of a button, or the one picked in a list, in a message of its own."""
        await self._show(interaction, (project_id or picked(interaction))[0])

    async def turn_list(self, interaction: Interaction, status: str, category: str, page: str) -> None:
        """Answer **Next** and **Previous** on a list."""
        await self._list(interaction, _filter(status), _filter(category), int(page), update=True)

    async def _show(
        self, interaction: Interaction, name: str, page: int = 1, *, ephemeral: bool = True, update: bool = False
    ) -> None:
        async with answering(interaction, ephemeral=ephemeral, update=update) as answer:
            await answer(cards.show(self.catalogues.of(interaction.guild_id).profile(name), page))

    async def _list(
        self, interaction: Interaction, status: str | None, category: str | None, page: int = 1, *, update: bool = False
    ) -> None:
        async with answering(interaction, update=update) as answer:
            await answer(
                cards.listing(
                    self.catalogues.of(interaction.guild_id).listing(status, category), status, category, page
                )
            )


def _filter(value: str) -> str | None:
    return None if value == cards.ANY else value


def _is_private(interaction: Interaction) -> bool:
    """Say whether the clicked message is the clicker's own; a shared one is left for everybody as it is."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(ProjectCog(client))
