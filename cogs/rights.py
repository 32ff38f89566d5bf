"""Who typed: rights and the facts about a voter that come with the interaction."""

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.client import Interaction
from bot.errors import MoonballotError, Refused
from bot.polls.model import Voter

T = TypeVar("T")


def moderators_only(command: T) -> T:
    """Let only moderators run a command: Manage Server, or the role chosen in `/setup`."""
    return _checked(command, lambda interaction: require_moderator(interaction, _name_of(interaction)))


def managers_only(command: T) -> T:
    """Let only members with Manage Server run a command, whatever `/setup` says."""

    return _checked(command, lambda interaction: require_manager(interaction, _name_of(interaction)))


def require_manager(interaction: discord.Interaction[Any], what: str) -> None:
    """Raise `Refused` unless the member who typed or clicked has Manage Server."""
    if not interaction.permissions.manage_guild:
        raise Refused(f"{what} is for members with **Manage Server**.", "Ask one of them.")


def _checked(command: T, require: Callable[[discord.Interaction[Any]], None]) -> T:
    async def check(interaction: discord.Interaction[Any]) -> bool:
        try:
            require(interaction)
        except MoonballotError as refusal:
            # discord.py hands only its own errors to the error handler; ours travels as the cause.
            raise app_commands.CheckFailure(str(refusal)) from refusal
        return True

    add: Callable[[T], T] = app_commands.check(check)
    return add(command)


def _name_of(interaction: discord.Interaction[Any]) -> str:
    return f"`/{interaction.command.qualified_name}`" if interaction.command else "This"


def require_moderator(interaction: discord.Interaction[Any], what: str) -> None:
    """Raise `NeedsModerator` unless the member who typed or clicked is one."""
    client: Any = interaction.client
    client.services.guilds.require_moderator(
        guild_of(interaction),
        what,
        manage_guild=interaction.permissions.manage_guild,
        role_ids=_role_ids(interaction.user),
    )


def is_moderator(interaction: Interaction) -> bool:
    """Say whether the member who typed is a moderator."""
    return interaction.client.services.guilds.is_moderator(
        guild_of(interaction),
        manage_guild=interaction.permissions.manage_guild,
        role_ids=_role_ids(interaction.user),
    )


def guild_of(interaction: discord.Interaction[Any]) -> int:
    """Return the server's id; raise `Refused` in a direct message."""
    if interaction.guild_id is None:
        raise Refused("This works on a server, not in a direct message.", "Type it in one of the server's channels.")
    return interaction.guild_id


def voter_of(interaction: discord.Interaction[Any]) -> Voter:
    """Return what the interaction says about the member: account age, join date, roles."""
    user = interaction.user
    joined_at = user.joined_at if isinstance(user, discord.Member) else None
    return Voter(user.id, user.created_at, joined_at, _role_ids(user))


def _role_ids(user: discord.abc.User) -> frozenset[int]:
    return frozenset(role.id for role in user.roles) if isinstance(user, discord.Member) else frozenset()
