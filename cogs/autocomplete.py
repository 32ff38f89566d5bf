"""Suggestions while typing, answered from memory."""

from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.polls.model import PollState
from bot.ui.text import clip

MAX_NAME_CHARS = 100

Suggest = Callable[[discord.Interaction[Any], str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def poll_choices(*states: PollState) -> Suggest:
    """Return the suggestions for a `poll` option: this server's polls in these states, newest first."""

    async def suggest(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        polls = interaction.client.services.polls.suggest(interaction.guild_id or 0, typed, states or PollState)
        return [
            app_commands.Choice(
                name=clip(f"{poll.title} · {poll.state} · #{poll.id}", MAX_NAME_CHARS), value=str(poll.id)
            )
            for poll in polls
        ]

    return suggest
