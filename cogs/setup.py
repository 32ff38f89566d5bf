"""`/setup`: who moderates, where trouble is reported, which time zone."""

import zoneinfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.guilds.cards import settings_card
from bot.ui.channels import require_permissions
from bot.ui.reply import answering
from cogs.rights import guild_of, managers_only


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SetupCog(commands.GroupCog, group_name="setup", group_description="Settings of this server"):
    """Change a server's settings; only for those who manage the server."""

    def __init__(self, client: Moonballot) -> None:
        self.guilds = client.services.guilds
        self.zones = sorted(zoneinfo.available_timezones())

    @app_commands.command(name="show")
    @managers_only
    async def show(self, interaction: Interaction) -> None:
        """See the settings of this server."""
        async with answering(interaction) as answer:
            await answer(settings_card(self.guilds.get(guild_of(interaction))))

    @app_commands.command(name="moderator_role")
    @managers_only
    @app_commands.describe(role="Its members may run polls and announcements; left out, only Manage Server")
    async def moderator_role(self, interaction: Interaction, role: discord.Role | None = None) -> None:
        """Choose a role whose members are moderators here."""
        async with answering(interaction) as answer:
            settings = await self.guilds.set_moderator_role(
                guild_of(interaction), role.id if role else None, interaction.user.id
            )
            await answer(settings_card(settings, "Saved"))

    @app_commands.command(name="log_channel")
    @managers_only
    @app_commands.describe(channel="Where moderators are told when something cannot be posted; left out, nowhere")
    async def log_channel(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Choose where moderators are told of trouble."""
        async with answering(interaction) as answer:
            if channel is not None:
                require_permissions(channel)
            settings = await self.guilds.set_log_channel(
                guild_of(interaction), channel.id if channel else None, interaction.user.id
            )
            await answer(settings_card(settings, "Saved"))

    @app_commands.command(name="notices_channel")
    @managers_only
    @app_commands.describe(channel="Where members are mentioned who take no direct messages; left out, nowhere")
    async def notices_channel(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Choose where members are told of what they watch when they take no direct messages."""
        async with answering(interaction) as answer:
            if channel is not None:
                require_permissions(channel)
            settings = await self.guilds.set_notices_channel(
                guild_of(interaction), channel.id if channel else None, interaction.user.id
            )
            await answer(settings_card(settings, "Saved"))

    @app_commands.command(name="timezone")
    @managers_only
    @app_commands.describe(name="Such as Europe/Berlin")
    async def timezone(self, interaction: Interaction, name: str) -> None:
        """Choose the time zone in which schedules are meant."""
        async with answering(interaction) as answer:
            settings = await self.guilds.set_timezone(guild_of(interaction), name, interaction.user.id)
            await answer(settings_card(settings, "Saved"))

    @timezone.autocomplete("name")
    async def zone_names(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest time zones."""
        needle = typed.strip().casefold().replace(" ", "_")
        names = [zone for zone in self.zones if needle in zone.casefold()][:25]
        return [app_commands.Choice(name=zone, value=zone) for zone in names]


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(SetupCog(client))
