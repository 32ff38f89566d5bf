"""`/project`: one project, two side by side, a list; answered from memory."""

from discord import app_commands
from discord.ext import commands

from bot.catalogue import cards
from bot.catalogue.calendar import events, upcoming
from bot.catalogue.change_cards import calendar_card, changes_card
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
        self.editing = client.services.editing
        self.clock = client.services.clock
        self.prices = client.services.prices
        client.components.route("project:v1:show", self.turn_page)
        client.components.route("project:v1:open", self.open)
        client.components.route("project:v1:list", self.turn_list)
        client.components.route("project:v1:changes", self.turn_changes)

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

    @app_commands.command(name="changes")
    @app_commands.describe(days="How far to look back; left out, 30 days")
    async def changes(self, interaction: Interaction, days: app_commands.Range[int, 1, 365] = 30) -> None:
        """See what changed: what moderators here edited, and what was looked up anew."""
        await self._changes(interaction, days)

    @app_commands.command(name="calendar")
    async def calendar(self, interaction: Interaction) -> None:
        """Get the days of claims, token launches and unlocks as a calendar file."""
        async with answering(interaction) as answer:
            now, catalogue = self.clock.now(), self.catalogues.of(interaction.guild_id)
            found = events(catalogue.projects, now)
            await answer(calendar_card(upcoming(found, now), "airdrops.ics", found, interaction.guild_id))

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

    async def turn_changes(self, interaction: Interaction, days: str, page: str) -> None:
        """Answer **Next** and **Previous** on what changed."""
        await self._changes(interaction, int(days), int(page), update=True)

    async def _changes(self, interaction: Interaction, days: int, page: int = 1, *, update: bool = False) -> None:
        async with answering(interaction, update=update) as answer:
            await answer(changes_card(await self.editing.changed(interaction.guild_id, days), page))

    async def _show(
        self, interaction: Interaction, name: str, page: int = 1, *, ephemeral: bool = True, update: bool = False
    ) -> None:
        async with answering(interaction, ephemeral=ephemeral, update=update) as answer:
            profile = self.catalogues.of(interaction.guild_id).profile(name)
            market = await self.prices.of(profile.project.token) if page == 1 else None
            await answer(cards.show(profile, page, market))

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
