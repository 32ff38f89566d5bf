"""How many members could vote in a poll, for the turnout on its board."""

import discord

from bot.polls.model import Poll


def electorate(client: discord.Client, poll: Poll) -> int | None:
    """Return how many members the poll's server has; None where that is not known, or not all of them may vote."""
    guild = client.get_guild(poll.guild_id)
    return guild.member_count if guild is not None and not poll.rules.role_ids else None
