"""Discord's JSON shapes of what there is."""

import json
from datetime import UTC, datetime
from typing import Any

from .errors import Payload
from .permissions import permissions_of
from .snowflake import made_at
from .world import DM, FORUM, THREAD, Channel, Guild, Member, Role, User, World

ATTACHMENT_LIMIT_BYTES = 10 * 1024 * 1024
LOCALE = "en-US"
FORUM_ONLY: Payload = {
    "available_tags": [],
    "default_reaction_emoji": None,
    "default_sort_order": None,
    "default_forum_layout": 0,
    "default_thread_rate_limit_per_user": 0,
    "template": "",
}


def now_text() -> str:
    """Give the present moment as Discord writes it."""
    return datetime.now(UTC).isoformat()


def dump(value: Any) -> str:
    """Write compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def user_json(user: User) -> Payload:
    """Show an account."""
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": None if user.bot else user.name.title(),
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def member_json(member: Member, *, with_user: bool = True) -> Payload:
    """Show a member of a guild."""
    shown: Payload = {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "deaf": False,
        "flags": 0,
        "joined_at": member.joined_at,
        "mute": False,
        "nick": member.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role_id) for role_id in member.role_ids],
    }
    if with_user:
        shown["user"] = user_json(member.user)
    return shown


def role_json(role: Role) -> Payload:
    """Show a role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel_json(channel: Channel) -> Payload:
    """Show a channel."""
    last = max(channel.messages, default=None)
    shown: Payload = {
        "id": str(channel.id),
        "type": channel.kind,
        "flags": 0,
        "last_message_id": None if last is None else str(last),
    }
    if channel.kind == DM:
        assert channel.recipient is not None
        return shown | {"recipients": [user_json(channel.recipient)]}
    if channel.kind == THREAD:
        return shown | thread_json(channel)
    overwrites = [
        {"id": str(target), "type": write.kind, "allow": str(write.allow), "deny": str(write.deny)}
        for target, write in channel.overwrites.items()
    ]
    return shown | {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": channel.position,
        "permission_overwrites": overwrites,
        "nsfw": False,
        "topic": None,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "last_pin_timestamp": None,
        **(FORUM_ONLY if channel.kind == FORUM else {}),
    }


def thread_json(thread: Channel) -> Payload:
    """Show what a thread has that other channels have not."""
    made = made_at(thread.id).isoformat()
    return {
        "guild_id": str(thread.guild_id),
        "name": thread.name,
        "parent_id": str(thread.parent_id),
        "owner_id": str(thread.owner_id),
        "message_count": max(0, len(thread.messages) - 1),
        "total_message_sent": max(0, len(thread.messages) - 1),
        "member_count": 1,
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": thread.archived,
            "auto_archive_duration": 1440,
            "archive_timestamp": made,
            "create_timestamp": made,
            "locked": thread.locked,
        },
    }


def blank_message(world: World, channel: Channel, author: User) -> Payload:
    """Give a message with nothing in it yet."""
    return {
        "id": str(world.ids.next()),
        "channel_id": str(channel.id),
        "author": user_json(author),
        "type": 0,
        "content": "",
        "timestamp": now_text(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": 0,
    }


def guild_json(guild: Guild) -> Payload:
    """Show a guild as REST does."""
    absent = (
        "icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id",
        "afk_channel_id", "system_channel_id", "widget_channel_id", "vanity_url_code", "rules_channel_id",
        "safety_alerts_channel_id", "public_updates_channel_id", "max_presences", "incidents_data",
    )  # fmt: skip
    zero = (
        "system_channel_flags", "verification_level", "default_message_notifications", "mfa_level",
        "explicit_content_filter", "premium_tier", "premium_subscription_count", "nsfw_level",
    )  # fmt: skip
    return {
        **dict.fromkeys(absent),
        **dict.fromkeys(zero, 0),
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "widget_enabled": False,
        "roles": [role_json(role) for role in guild.roles.values()],
        "max_members": 500_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "preferred_locale": LOCALE,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "emojis": [],
        "stickers": [],
    }


def guild_create_json(guild: Guild, me: int, *, all_members: bool) -> Payload:
    """Show a guild as the gateway does; without the members intent only the bot stands among the members."""
    members = guild.members.values() if all_members else [guild.members[me]]
    return guild_json(guild) | {
        "joined_at": guild.members[me].joined_at,
        "large": len(guild.members) > 250,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [member_json(member) for member in members],
        "channels": [channel_json(channel) for channel in guild.channels.values()],
        "voice_states": [],
        "threads": [channel_json(thread) for thread in guild.threads.values() if not thread.archived],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def rights(guild: Guild, user_id: int, channel: Channel | None = None) -> str:
    """Show what a member may do."""
    return str(permissions_of(guild, user_id, channel))


def interaction_place(world: World, channel: Channel, user_id: int) -> Payload:
    """Show what an interaction says about where it happened."""
    guild = world.guild_of(channel)
    place: Payload = {
        "application_id": str(world.app_id),
        "version": 1,
        "channel_id": str(channel.id),
        "channel": channel_json(channel) | {"permissions": "0" if guild is None else rights(guild, user_id, channel)},
        "locale": LOCALE,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": ATTACHMENT_LIMIT_BYTES,
    }
    if guild is None:
        return place | {"context": 1, "authorizing_integration_owners": {"0": "0"}, "app_permissions": "0"}
    return place | {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": LOCALE, "features": []},
        "guild_locale": LOCALE,
        "context": 0,
        "authorizing_integration_owners": {"0": str(guild.id)},
        "app_permissions": rights(guild, world.me.id, channel),
    }


def application_json(world: World) -> Payload:
    """Show the application."""
    owner = User(world.app_id + 1, "operator")
    return {
        "id": str(world.app_id),
        "name": world.me.name,
        "description": "",
        "icon": None,
        "bot": user_json(world.me),
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user_json(owner),
        "team": None,
        "verify_key": "0" * 64,
        "type": None,
        "flags": 0,
        "flags_new": "0",
        "role_connections_verification_url": None,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "interactions_endpoint_url": None,
        "redirect_uris": [],
        "approximate_guild_count": len(world.guilds),
    }
