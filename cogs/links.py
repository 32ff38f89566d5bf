"""`/link check` and the message menu **Check links**: is this link official?"""

from collections.abc import Iterator
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.links.cards import verdict_card, verdicts_card
from bot.ui.notice import notice_card
from bot.ui.reply import answering

MAX_URL_CHARS = 2_000
NO_LINKS = (
    "I find no link in that message. One may still hide in a picture, a file or a profile: never connect a wallet or "
    "type a seed phrase because of a message."
)


class LinksCog(commands.GroupCog, group_name="link", group_description="See whether a link is official"):
    """Check links."""

    def __init__(self, client: Moonballot) -> None:
        self.client = client
        self.links = client.services.links
        self.menu = app_commands.ContextMenu(name="Check links", callback=self.check_links)

    async def cog_load(self) -> None:
        """Add the message menu, which a group of commands cannot hold."""
        self.client.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        """Take the message menu away."""
        self.client.tree.remove_command(self.menu.name, type=self.menu.type)

    @app_commands.command(name="check")
    @app_commands.describe(url="The link, as you got it", share="Show it to the whole channel")
    async def check(
        self, interaction: Interaction, url: app_commands.Range[str, 1, MAX_URL_CHARS], share: bool = False
    ) -> None:
        """See whether a link is official, imitates a project, is a known scam, or is unknown."""
        async with answering(interaction, ephemeral=not share) as answer:
            await answer(verdict_card(self.links.check(url, interaction.guild_id)))

    async def check_links(self, interaction: Interaction, message: discord.Message) -> None:
        """Check every link in a message."""
        async with answering(interaction) as answer:
            verdicts = self.links.check_all("\n".join(_texts(message)), interaction.guild_id)
            await answer(verdicts_card(verdicts) if verdicts else notice_card(NO_LINKS))


def _texts(message: discord.Message | discord.MessageSnapshot) -> Iterator[str]:
    """Give all that a message says and links to, also where it was forwarded, embedded, or stands on a button."""
    yield message.content
    for embed in message.embeds:
        yield from _strings(embed.to_dict())
    for component in message.components:
        yield from _strings(component.to_dict())
    for snapshot in getattr(message, "message_snapshots", ()):
        yield from _texts(snapshot)


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                if key not in ("proxy_url", "proxy_icon_url", "custom_id"):
                    yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(LinksCog(client))
