"""`/setup`: who moderates, where trouble is reported, which time zone."""

import zoneinfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Interaction, Moonballot
from bot.guilds.cards import remove_card, removed_card, settings_card
from bot.ui.channels import require_permissions
from bot.ui.reply import answering
from cogs.rights import guild_of, managers_only, require_manager


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SetupCog(commands.GroupCog, group_name="setup", group_description="Settings of this server"):
    """Change a server's settings; only for those who manage the server."""

    def __init__(self, client: Moonballot) -> None:
        self.guilds = client.services.guilds
        self.zones = sorted(zoneinfo.available_timezones())
        client.components.route("setup:v1:remove", self.do_remove)
        client.components.route("setup:v1:keep", self.keep)

    @app_commands.command(name="show")
    @managers_only
    async def show(self, interaction: Interaction) -> None:
        """See the settings of this server."""
        async with answering(interaction) as answer:
            await answer(settings_card(self.guilds.get(guild_of(interaction))))

    @app_commands.command(name="moderator_role")
    @managers_only
    @app_commands.describe(role="Its members may run polls and announcements; left out, asks to remove it")
    async def moderator_role(self, interaction: Interaction, role: discord.Role | None = None) -> None:
        """Choose a role whose members are moderators here."""
        if role is None:
            await self._ask_to_remove(interaction, "moderator_role")
            return
        async with answering(interaction) as answer:
            settings = await self.guilds.set_moderator_role(guild_of(interaction), role.id, interaction.user.id)
            await answer(settings_card(settings, "Saved"))

    @app_commands.command(name="log_channel")
    @managers_only
    @app_commands.describe(
        channel="Where moderators are told when something cannot be posted; left out, asks to remove it"
    )
    async def log_channel(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Choose where moderators are told of trouble."""
        if channel is None:
            await self._ask_to_remove(interaction, "log_channel")
            return
        async with answering(interaction) as answer:
            require_permissions(channel)
            settings = await self.guilds.set_log_channel(guild_of(interaction), channel.id, interaction.user.id)
            await answer(settings_card(settings, "Saved"))

    @app_commands.command(name="notices_channel")
    @managers_only
    @app_commands.describe(
        channel="Where members are mentioned who take no direct messages; left out, asks to remove it"
    )
    async def notices_channel(self, interaction: Interaction, channel: discord.TextChannel | None = None) -> None:
        """Choose where members are told of what they watch when they take no direct messages."""
        if channel is None:
            await self._ask_to_remove(interaction, "notices_channel")
            return
        async with answering(interaction) as answer:
            require_permissions(channel)
            settings = await self.guilds.set_notices_channel(guild_of(interaction), channel.id, interaction.user.id)
            await answer(settings_card(settings, "Saved"))

    @app_commands.command(name="timezone")
    @managers_only
    @app_commands.describe(name="Such as Europe/Berlin")
    async def timezone(self, interaction: Interaction, name: str) -> None:
        """Choose the time zone in which schedules are meant."""
        async with answering(interaction) as answer:
            settings = await self.guilds.set_timezone(guild_of(interaction), name, interaction.user.id)
            await answer(settings_card(settings, "Saved"))

    async def _ask_to_remove(self, interaction: Interaction, option: str) -> None:
        async with answering(interaction) as answer:
            value = self.guilds.value_of(guild_of(interaction), option)
            await answer(remove_card(option, value) if value else removed_card(option, None))

    async def do_remove(self, interaction: Interaction, option: str) -> None:
        """Take a setting away after the manager said so twice."""
        require_manager(interaction, f"`/setup {option}`")
        async with answering(interaction, update=True) as answer:
            await answer(
                removed_card(option, await self.guilds.remove(guild_of(interaction), option, interaction.user.id))
            )

    async def keep(self, interaction: Interaction) -> None:
        """Leave a setting as it is."""
        async with answering(interaction, update=True) as answer:
            await answer(settings_card(self.guilds.get(guild_of(interaction)), "Nothing was changed"))

    @timezone.autocomplete("name")
    async def zone_names(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest time zones."""
        needle = typed.strip().casefold().replace(" ", "_")
        names = [zone for zone in self.zones if needle in zone.casefold()][:25]
        return [app_commands.Choice(name=zone, value=zone) for zone in names]


async def setup(client: Moonballot) -> None:
    """Add the commands to the client."""
    await client.add_cog(SetupCog(client))
