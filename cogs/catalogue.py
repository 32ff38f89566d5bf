"""`/catalogue`: moderators change what this server reads about projects, each fact with its source."""

from typing import get_args

import discord
from discord import app_commands
from discord.ext import commands

from bot.catalogue.change_cards import domain_card, export_card, proposal_card, saved_card
from bot.catalogue.drafts import NewProject
from bot.catalogue.exchange import require_size
from bot.catalogue.model import STATE_LABELS, AirdropState, Category, FactStatus
from bot.catalogue.proposal import Saved
from bot.catalogue.reading import MARK_MEANINGS
from bot.catalogue.typed import Typed
from bot.client import Interaction, Moonballot
from bot.ui.components import Handler
from bot.ui.notice import notice_card
from bot.ui.reply import answering
from cogs.catalogue_choices import fact_choices, project_choices, retired_choices, value_choices
from cogs.rights import guild_of, moderators_only, require_moderator

CATEGORIES = [app_commands.Choice(name=category, value=category) for category in get_args(Category)]
STATES = [app_commands.Choice(name=label, value=state) for state, label in STATE_LABELS.items()]
STATUSES = [app_commands.Choice(name=meaning, value=status) for status, meaning in MARK_MEANINGS.items()]


@app_commands.guild_only()
class CatalogueCog(commands.GroupCog, group_name="catalogue", group_description="Keep this server's facts right"):
    """Change a server's edition of the catalogue; no other server sees it."""

    def __init__(self, client: Moonballot) -> None:
        self.editing = client.services.editing
        self.editions = client.services.catalogues
        handlers: dict[str, Handler] = {"save": self.save, "ask": self.ask, "drop": self.drop, "undo": self.undo}
        for name, handler in handlers.items():
            client.components.route(f"catalogue:v1:{name}", handler)

    @app_commands.command(name="add")
    @moderators_only
    @app_commands.choices(category=CATEGORIES, state=STATES)
    @app_commands.describe(
        name="As the project writes it",
        symbol="The token's ticker",
        category="What kind of project it is",
        state="Where its airdrop is",
        about="What it is, in one line",
        source="The page that says so: its https address",
        line="The state of its airdrop in one line; left out, just the state",
        aliases="Other names that people type, with commas between",
    )
    async def add(
        self,
        interaction: Interaction,
        name: str,
        symbol: str,
        category: str,
        state: AirdropState,
        about: str,
        source: str,
        line: str | None = None,
        aliases: str | None = None,
    ) -> None:
        """Add a project; shows it and asks before it is saved."""
        async with answering(interaction) as answer:
            new = NewProject(name, symbol, category, state, about, source, line, aliases)
            await answer(proposal_card(await self.editing.add(guild_of(interaction), interaction.user.id, new)))

    @app_commands.command(name="edit")
    @moderators_only
    @app_commands.choices(status=STATUSES)
    @app_commands.autocomplete(name=project_choices, fact=fact_choices, value=value_choices)
    @app_commands.describe(
        name="The project",
        fact="What changes: pick one, or name a new fact",
        value="What is right now; days as 2026-12-31, windows as 2026-12-01..2026-12-31, lists with commas",
        source="The page that says so: its https address",
        status="How sure it is; left out, a single source",
        as_of="The day on which it was looked up, such as 2026-11-22; left out, today",
        note="What a reader should know of it",
    )
    async def edit(
        self,
        interaction: Interaction,
        name: str,
        fact: str,
        value: str,
        source: str,
        status: FactStatus | None = None,
        as_of: str | None = None,
        note: str | None = None,
    ) -> None:
        """Change a fact; shows the old and the new value and asks before it is saved."""
        async with answering(interaction) as answer:
            typed = Typed(value, source, status, as_of, note)
            shown = await self.editing.edit(guild_of(interaction), interaction.user.id, name, fact, typed)
            await answer(proposal_card(shown))

    @app_commands.command(name="retire")
    @moderators_only
    @app_commands.autocomplete(name=project_choices)
    @app_commands.describe(name="The project")
    async def retire(self, interaction: Interaction, name: str) -> None:
        """Take a project out of lists and suggestions; asks once more."""
        async with answering(interaction) as answer:
            await answer(proposal_card(await self.editing.retire(guild_of(interaction), interaction.user.id, name)))

    @app_commands.command(name="restore")
    @moderators_only
    @app_commands.autocomplete(name=retired_choices)
    @app_commands.describe(name="The retired project")
    async def restore(self, interaction: Interaction, name: str) -> None:
        """Bring a retired project back."""
        async with answering(interaction) as answer:
            await answer(saved_card(await self.editing.restore(guild_of(interaction), interaction.user.id, name)))

    @app_commands.command(name="import")
    @moderators_only
    @app_commands.describe(file="TOML or JSON, as docs/data.md describes it, or what /catalogue export gave")
    async def bring_in(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Bring in projects from a file, all or nothing; shows what would change and asks."""
        async with answering(interaction) as answer:
            require_size(file.size)
            data = await file.read()
            guild_id, by = guild_of(interaction), interaction.user.id
            await answer(proposal_card(await self.editing.bring_in(guild_id, by, file.filename, data)))

    @app_commands.command(name="export")
    @moderators_only
    async def export(self, interaction: Interaction) -> None:
        """Get this server's catalogue with the history of its changes, as a file."""
        async with answering(interaction) as answer:
            guild_id = guild_of(interaction)
            data = await self.editing.export(guild_id)
            await answer(export_card("catalogue.json", data, self.editions.stored(guild_id)))

    async def save(self, interaction: Interaction, proposal: str) -> None:
        """Make the changes; what somebody else changed meanwhile is shown first."""
        require_moderator(interaction, "Changing the catalogue")
        async with answering(interaction, update=True) as answer:
            decided = await self.editing.confirm(guild_of(interaction), interaction.user.id, proposal)
            await answer(saved_card(decided) if isinstance(decided, Saved) else proposal_card(decided))

    async def ask(self, interaction: Interaction, proposal: str) -> None:
        """Ask again, since a domain would become official."""
        require_moderator(interaction, "Changing the catalogue")
        async with answering(interaction, update=True) as answer:
            shown = await self.editing.proposed(guild_of(interaction), interaction.user.id, proposal)
            await answer(domain_card(shown))

    async def drop(self, interaction: Interaction, proposal: str) -> None:
        """Leave everything as it is."""
        async with answering(interaction, update=True) as answer:
            await self.editing.drop(guild_of(interaction), interaction.user.id, proposal)
            await answer(notice_card("Nothing was changed."))

    async def undo(self, interaction: Interaction, batch: str) -> None:
        """Take back what was saved."""
        require_moderator(interaction, "Changing the catalogue")
        async with answering(interaction, update=True) as answer:
            await answer(saved_card(await self.editing.undo(guild_of(interaction), interaction.user.id, batch)))


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(CatalogueCog(client))
