"""`/help`: what the reader may do here."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.ui.card import STATE_COLOURS, Card
from bot.ui.reply import answering
from cogs.rights import is_moderator

MEMBERS = ("rankings", "project", "vote", "privacy", "help")


class HelpCog(commands.Cog):
    """Explain the commands."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client

    @app_commands.command(name="help")
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        """See what you may do here."""
        async with answering(interaction) as answer:
            card = Card("What I can do for you", colour=STATE_COLOURS["notice"])
            card.text("**For everybody**\n" + self._lines(moderator=False))
            if is_moderator(interaction):
                card.rule().text("**For moderators**\n" + self._lines(moderator=True))
            card.footer("I never ask for a wallet, a key or a seed phrase. Whoever does is not me.")
            await answer(card)

    def _lines(self, *, moderator: bool) -> str:
        tops = self.client.tree.get_commands(type=discord.AppCommandType.chat_input)
        here = [
            command
            for top in tops
            if (top.name not in MEMBERS) is moderator
            for command in (top.walk_commands() if isinstance(top, app_commands.Group) else (top,))
        ]
        here.sort(key=lambda command: command.qualified_name)
        return "\n".join(f"`/{command.qualified_name}` {command.description}" for command in here)


async def setup(client: Moonballot) -> None:
    """Add the command to the client."""
    await client.add_cog(HelpCog(client))
