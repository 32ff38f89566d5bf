"""A small discord.py bot: it proves the loopback, and is what a benchmark compares with."""

from __future__ import annotations

import asyncio
import io
import os
from typing import Any

import discord
from discord import app_commands

BUTTON_ID, SELECT_ID, PAGE_ID = "bare:press", "bare:pick", "bare:page"


class BareBot(discord.AutoShardedClient):
    """Answers commands, a button, a select and a modal, and nothing else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.1, **options)
        self.tree = app_commands.CommandTree(self)
        self.seen: list[str] = []
        self.is_there = asyncio.Event()
        commands: tuple[app_commands.Command[Any, ..., None], ...] = (board, slow, card, echo, form, long)
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        """Register what must outlive a restart."""
        self.add_view(Board())
        self.add_view(Page())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait the five seconds between identifies that the loopback does not ask for."""

    async def on_ready(self) -> None:
        """Let those go on who wait for the bot."""
        self.is_there.set()

    async def on_resumed(self) -> None:
        """Note a resume."""
        self.seen.append("resumed")

    async def on_message(self, message: discord.Message) -> None:
        """Note a message."""
        self.seen.append(f"message:{message.content}")


class Board(discord.ui.View):
    """A button and a select, known by their custom ids."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Press", custom_id=BUTTON_ID)
    async def press(self, interaction: discord.Interaction, button: discord.ui.Button[Board]) -> None:
        """Answer a press."""
        await interaction.response.send_message("pressed", ephemeral=True)

    @discord.ui.select(
        custom_id=SELECT_ID,
        options=[discord.SelectOption(label="A", value="a"), discord.SelectOption(label="B", value="b")],
    )
    async def pick(self, interaction: discord.Interaction, select: discord.ui.Select[Board]) -> None:
        """Answer a pick by changing the message."""
        await interaction.response.edit_message(content=f"picked {select.values[0]}")


class Page(discord.ui.LayoutView):
    """A card of components with a picture."""

    def __init__(self, text: str = "page 1") -> None:
        super().__init__(timeout=None)
        row: discord.ui.ActionRow[Page] = discord.ui.ActionRow()
        turn: discord.ui.Button[Page] = discord.ui.Button(label="Turn", custom_id=PAGE_ID)
        turn.callback = self.turn  # type: ignore[method-assign]
        row.add_item(turn)
        self.add_item(discord.ui.Container(discord.ui.TextDisplay(text), picture(), row))

    async def turn(self, interaction: discord.Interaction) -> None:
        """Show the next page; the picture stays."""
        await interaction.response.defer()
        await interaction.edit_original_response(view=Page("page 2"))


class Form(discord.ui.Modal, title="Form"):
    """One field."""

    name: discord.ui.TextInput[Form] = discord.ui.TextInput(label="Name", custom_id="name")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Answer with what was written."""
        await interaction.response.send_message(f"hello {self.name.value}")


def picture() -> discord.ui.MediaGallery[Any]:
    """Give a gallery that shows the uploaded file."""
    return discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://dot.png", description="a dot"))


@app_commands.command(description="Post the board")
async def board(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("board", view=Board())


@app_commands.command(description="Defer, then follow up")
async def slow(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.followup.send("first", ephemeral=True)
    await interaction.followup.send("second", ephemeral=True)


@app_commands.command(description="Post a card with a picture")
async def card(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=Page(), file=discord.File(io.BytesIO(b"\x89PNG dot"), "dot.png"))


@app_commands.command(description="Say it again")
@app_commands.describe(text="What to say", to="Whom to tell", times="How often")
async def echo(interaction: discord.Interaction, text: str, to: discord.Member | None = None, times: int = 1) -> None:
    whom = f" to {to.name}, who joined in {to.joined_at:%Y}" if to and to.joined_at else ""
    await interaction.response.send_message(text * times + whom)


@echo.autocomplete("text")
async def suggest(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}{ending}", value=f"{current}{ending}") for ending in "!?"]


@app_commands.command(description="Show a form")
async def form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(Form())


@app_commands.command(description="Say too much")
async def long(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("x" * 2001)


def main() -> None:
    """Run the bot against the REST root in MOONBALLOT_DISCORD_API until a signal ends it."""
    discord.http.Route.BASE = os.environ["MOONBALLOT_DISCORD_API"]
    BareBot().run("bare", log_handler=None)


if __name__ == "__main__":
    main()
