"""The server that the playground plays in: the same ids in every run, so that a kept database still fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import discord
from simcord.actors import MemberActor
from simcord.backend.cdn import CDN_BASE
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle

from bot.playground.emblem import draw_emblem
from bot.playground.live import LiveEnv

GUILD_NAME = "Moonballot Playground"
BOT_NAME = "Moonballot"
FOUNDED = datetime(2023, 3, 1, tzinfo=UTC)
MODERATOR_COLOUR = 0x2ECC71

# name: when the account was made; all are old enough for any rule about age that one would try
MEMBER, MODERATOR = ("alice", datetime(2020, 5, 4, tzinfo=UTC)), ("mod", datetime(2018, 2, 11, tzinfo=UTC))
VOTERS: Mapping[str, datetime] = {
    "bela": datetime(2019, 7, 21, tzinfo=UTC),
    "chidi": datetime(2021, 1, 9, tzinfo=UTC),
    "dafne": datetime(2017, 11, 30, tzinfo=UTC),
    "emre": datetime(2022, 6, 15, tzinfo=UTC),
    "farah": datetime(2020, 10, 2, tzinfo=UTC),
    "goro": datetime(2016, 4, 18, tzinfo=UTC),
    "hana": datetime(2021, 8, 27, tzinfo=UTC),
    "ivo": datetime(2022, 12, 5, tzinfo=UTC),
    "june": datetime(2019, 3, 14, tzinfo=UTC),
    "kofi": datetime(2018, 9, 8, tzinfo=UTC),
    "lena": datetime(2020, 1, 25, tzinfo=UTC),
}

# Who has the role @Holder, for trying polls that ask for one; the member has it not, so as to see the refusal.
HOLDERS: Final = frozenset({"bela", "dafne", "goro", "kofi"})


@dataclass(frozen=True)
class World:
    """The guild and who and what is in it, by name."""

    guild: GuildHandle
    channels: Mapping[str, ChannelHandle]
    member: MemberActor
    moderator: MemberActor
    voters: tuple[MemberActor, ...]
    assets: Mapping[str, tuple[str, bytes]]

    @property
    def people(self) -> Mapping[str, MemberActor]:
        """Return those through whose eyes the page can look."""
        return {"member": self.member, "moderator": self.moderator}


def build_world(env: LiveEnv) -> World:
    """Make the guild, before the bot connects."""
    bot_user = env.backend.bot_user
    bot_user.name, bot_user.avatar = BOT_NAME, "moonballot"
    with env.clock.held_at(FOUNDED):
        guild = env.create_guild(GUILD_NAME, owner=env.create_user("owner"))
        moderators = guild.create_role(
            "Moderators",
            permissions=discord.Permissions(manage_guild=True, manage_messages=True),
            color=MODERATOR_COLOUR,
            position=2,
        )
        channels = _create_channels(guild, moderators)
        holders = guild.create_role("Holder", position=1)
    member = _join(env, guild, *MEMBER)
    moderator = _join(env, guild, *MODERATOR, roles=(moderators,))
    voters = tuple(
        _join(env, guild, name, born, roles=(holders,) if name in HOLDERS else ()) for name, born in VOTERS.items()
    )
    avatar = f"{CDN_BASE}/avatars/{bot_user.id}/{bot_user.avatar}.png"
    return World(guild, channels, member, moderator, voters, {avatar: ("moonballot.png", draw_emblem(128))})


def _create_channels(guild: GuildHandle, moderators: RoleHandle) -> dict[str, ChannelHandle]:
    everyone, bot = guild.default_role, guild.roles[BOT_NAME]
    read_only = discord.PermissionOverwrite(send_messages=False)
    hidden = discord.PermissionOverwrite(view_channel=False)
    allowed = discord.PermissionOverwrite(view_channel=True, send_messages=True)
    return {
        "general": guild.create_text_channel("general", topic="Ask, look up, vote"),
        "announcements": guild.create_text_channel(
            "announcements",
            topic="Rankings, posted by the schedule",
            overwrites={everyone: read_only, bot: allowed, moderators: allowed},
        ),
        "mod-log": guild.create_text_channel(
            "mod-log",
            topic="For moderators only",
            overwrites={everyone: hidden, bot: allowed, moderators: allowed},
        ),
    }


def _join(
    env: LiveEnv, guild: GuildHandle, name: str, born: datetime, roles: tuple[RoleHandle, ...] = ()
) -> MemberActor:
    with env.clock.held_at(born):
        user = env.create_user(name)
    with env.clock.held_at(max(born, FOUNDED)):
        return guild.add_member(user, roles=roles)
