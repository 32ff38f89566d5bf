"""What changes on a server may repair an announcement, or take its channel away: `bot/announcements` hears of it."""

from typing import Any

import discord
from discord.ext import commands

from bot.client import Moonballot


class AnnounceWatch(commands.Cog):
    """Pass on what Discord tells of channels, roles and the bot's own membership."""

    def __init__(self, client: Moonballot) -> None:
        self.announcements = client.services.announcements

    @commands.Cog.listener("on_guild_channel_create")
    @commands.Cog.listener("on_thread_create")
    @commands.Cog.listener("on_guild_role_delete")
    async def appeared(self, there: Any) -> None:
        """Look again at the server where something came or went."""
        await self.announcements.look_again(there.guild.id)

    @commands.Cog.listener("on_guild_channel_update")
    @commands.Cog.listener("on_thread_update")
    @commands.Cog.listener("on_guild_role_update")
    async def changed(self, _before: Any, after: Any) -> None:
        """Look again at the server where something changed."""
        await self.announcements.look_again(after.guild.id)

    @commands.Cog.listener("on_member_update")
    async def member_changed(self, _before: discord.Member, after: discord.Member) -> None:
        """Look again when the bot itself was given a role, or lost one."""
        if after == after.guild.me:
            await self.announcements.look_again(after.guild.id)

    @commands.Cog.listener("on_guild_join")
    @commands.Cog.listener("on_guild_available")
    async def arrived(self, guild: discord.Guild) -> None:
        """Look again at a server that is there again; what fell due meanwhile is posted."""
        await self.announcements.look_again(guild.id)

    @commands.Cog.listener("on_guild_channel_delete")
    async def channel_deleted(self, channel: discord.abc.GuildChannel) -> None:
        """Note that a channel is gone."""
        await self.announcements.channel_deleted(channel.guild.id, channel.id)

    @commands.Cog.listener("on_raw_thread_delete")
    async def thread_deleted(self, event: discord.RawThreadDeleteEvent) -> None:
        """Note that a thread is gone."""
        await self.announcements.channel_deleted(event.guild_id, event.thread_id)


async def setup(client: Moonballot) -> None:
    """Add the listeners to the client."""
    await client.add_cog(AnnounceWatch(client))
