"""Who may do what: only the permissions that a test takes away or a command asks for."""

from collections.abc import Iterable

from .errors import ControlError
from .world import Channel, Guild

BITS = {
    "kick_members": 1 << 1,
    "ban_members": 1 << 2,
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "manage_roles": 1 << 28,
    "manage_threads": 1 << 34,
    "use_application_commands": 1 << 31,
    "send_messages_in_threads": 1 << 38,
}
EVERYTHING = (1 << 53) - 1
MEMBER_DEFAULT = (
    "add_reactions",
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
    "read_message_history",
    "use_application_commands",
    "send_messages_in_threads",
)


def bits(names: Iterable[str]) -> int:
    """Turn permission names into Discord's bit set."""
    total = 0
    for name in names:
        if name not in BITS:
            raise ControlError(f"no permission is called {name!r}; known: {', '.join(BITS)}")
        total |= BITS[name]
    return total


def permissions_of(guild: Guild, user_id: int, channel: Channel | None = None) -> int:
    """Give what a member may do in a guild, or in one of its channels."""
    if guild.owner_id == user_id:
        return EVERYTHING
    member = guild.members.get(user_id)
    roles = [guild.id, *(member.role_ids if member else [])]
    allowed = 0
    for role_id in roles:
        allowed |= guild.roles[role_id].permissions
    if allowed & BITS["administrator"]:
        return EVERYTHING
    if channel is not None:
        # A thread has its parent's rights.
        channel = guild.channels.get(channel.parent_id or channel.id, channel)
        for targets in ([guild.id], roles[1:], [user_id]):
            writes = [channel.overwrites[target] for target in targets if target in channel.overwrites]
            for write in writes:
                allowed &= ~write.deny
            for write in writes:
                allowed |= write.allow
    return allowed


def may(guild: Guild, user_id: int, channel: Channel, name: str) -> bool:
    """Tell whether a member holds one permission in a channel."""
    return bool(permissions_of(guild, user_id, channel) & BITS[name])
