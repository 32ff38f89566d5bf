"""`/help`: what the reader may do here."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.reply import answering
from cogs.rights import is_moderator

MEMBERS = ("rankings", "project", "ask", "vote", "watch", "link", "privacy", "help")


class HelpCog(commands.Cog):
    """Explain the commands."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client
        client.components.route("help:v1:show", self.turn)

    @app_commands.command(name="help")
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        """See what you may do here."""
        async with answering(interaction) as answer:
            await answer(self._card(moderator=False, turns=is_moderator(interaction)))

    async def turn(self, interaction: Interaction, whose: str) -> None:
        """Answer **For moderators** and **For everybody**."""
        async with answering(interaction, update=True) as answer:
            await answer(self._card(moderator=whose == "moderators", turns=True))

    def _card(self, *, moderator: bool, turns: bool) -> Card:
        # All commands together would be more than a card holds.
        card = Card("What I can do for you", colour=STATE_COLOURS["notice"])
        card.text(f"**For {'moderators' if moderator else 'everybody'}**\n{self._lines(moderator=moderator)}")
        card.footer("Ask me with /ask, by mentioning me, or in a direct message.")
        card.footer("I never ask for a wallet, a key or a seed phrase. Whoever does is not me.")
        if turns:
            other = "everybody" if moderator else "moderators"
            card.buttons(button(f"For {other}", f"help:v1:show:{other}"))
        return card

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
