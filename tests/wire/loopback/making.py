"""Making and changing guilds, channels, roles and members, on a test's word."""

from datetime import UTC, datetime, timedelta
from typing import Any

from .errors import ControlError, Payload
from .gateway import Gateway
from .payloads import channel_json, guild_create_json, guild_json, member_json, role_json
from .permissions import MEMBER_DEFAULT, bits
from .world import ANNOUNCEMENT, FORUM, TEXT, THREAD, Channel, Guild, Member, Overwrite, Role, User, World

KINDS = {"text": TEXT, "announcement": ANNOUNCEMENT, "forum": FORUM}


class Making:
    """Changes the world and tells the gateway, as Discord does."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def guild(self, wish: Payload) -> Payload:
        """Make a guild with its roles, channels and members; give all their ids by name."""
        ids = self._world.ids
        owner = self._user({"name": wish.get("owner", "owner")})
        guild = Guild(ids.next(), wish.get("name", "Moon Club"), owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", bits(wish.get("everyone", MEMBER_DEFAULT)), 0)
        joined = datetime.now(UTC) - timedelta(days=300)
        guild.members[owner.id] = Member(owner, joined.isoformat())
        guild.members[self._world.me.id] = Member(self._world.me, joined.isoformat())
        self._world.guilds[guild.id] = guild
        roles = {each["name"]: self._role(guild, each).id for each in wish.get("roles", [])}
        names = wish.get("channels") or [{"name": "general"}]
        channels = {each["name"]: self._channel(guild, each).id for each in names}
        members = {each["name"]: self._member(guild, each, roles).user.id for each in wish.get("members", [])}
        bot_roles = [roles[name] for name in wish.get("bot_roles", [])]
        guild.members[self._world.me.id].role_ids = bot_roles
        self._tell("GUILD_CREATE", guild_create_json(guild, self._world.me.id, all_members=False), guild)
        return {
            "id": str(guild.id),
            "owner": str(owner.id),
            "roles": {name: str(number) for name, number in roles.items()},
            "channels": {name: str(number) for name, number in channels.items()},
            "members": {name: str(number) for name, number in members.items()},
        }

    def leave(self, guild_id: int) -> None:
        """Remove the bot from a guild, or the guild itself: the bot cannot tell."""
        guild = self._world.guild(guild_id)
        for channel_id in (*guild.channels, *guild.threads):
            self._world.channels.pop(channel_id, None)
        del self._world.guilds[guild_id]
        self._gateway.dispatch("GUILD_DELETE", {"id": str(guild_id), "unavailable": False}, guild_id)

    def role(self, guild_id: int, wish: Payload) -> Payload:
        """Make a role."""
        guild = self._world.guild(guild_id)
        role = self._role(guild, wish)
        self._tell("GUILD_ROLE_CREATE", {"guild_id": str(guild_id), "role": role_json(role)}, guild)
        return role_json(role)

    def role_permissions(self, guild_id: int, role_id: int, wish: Payload) -> Payload:
        """Change what a role allows; the role with the guild's id is @everyone."""
        guild = self._world.guild(guild_id)
        role = guild.roles[role_id]
        role.permissions = bits(wish["permissions"])
        self._tell("GUILD_ROLE_UPDATE", {"guild_id": str(guild_id), "role": role_json(role)}, guild)
        return role_json(role)

    def channel(self, guild_id: int, wish: Payload) -> Payload:
        """Make a channel."""
        guild = self._world.guild(guild_id)
        channel = self._channel(guild, wish)
        self._tell("CHANNEL_CREATE", channel_json(channel), guild)
        return channel_json(channel)

    def delete_channel(self, channel_id: int) -> None:
        """Delete a channel with all its messages."""
        channel = self._world.channel(channel_id)
        guild = self._world.guild_of(channel)
        if guild is None:
            raise ControlError("a direct-message channel is not deleted")
        del self._world.channels[channel_id]
        if channel.kind == THREAD:
            del guild.threads[channel_id]
            gone = {
                "id": str(channel_id),
                "guild_id": str(guild.id),
                "parent_id": str(channel.parent_id),
                "type": THREAD,
            }
            self._tell("THREAD_DELETE", gone, guild)
            return
        del guild.channels[channel_id]
        for message_id in channel.messages:
            self._world.messages.pop(message_id, None)
        self._tell("CHANNEL_DELETE", channel_json(channel), guild)

    def thread(self, channel_id: int, wish: Payload) -> Payload:
        """Open a thread in a channel, by the owner of the server."""
        parent = self._world.channel(channel_id)
        guild = self._world.guild(parent.guild_id or 0)
        thread = Channel(self._world.ids.next(), wish["name"], THREAD, guild.id, parent_id=channel_id)
        thread.owner_id = guild.owner_id
        self._world.channels[thread.id] = guild.threads[thread.id] = thread
        self._tell("THREAD_CREATE", channel_json(thread), guild)
        return channel_json(thread)

    def change_thread(self, channel_id: int, wish: Payload) -> Payload:
        """Let a thread go to sleep, wake it, lock or unlock it."""
        thread = self._world.channel(channel_id)
        guild = self._world.guild(thread.guild_id or 0)
        thread.archived = bool(wish.get("archived", thread.archived))
        thread.locked = bool(wish.get("locked", thread.locked))
        self._tell("THREAD_UPDATE", channel_json(thread), guild)
        return channel_json(thread)

    def channel_permissions(self, channel_id: int, wish: Payload) -> Payload:
        """Set a channel's overwrite for the bot, or for another role or member."""
        channel = self._world.channel(channel_id)
        guild = self._world.guild_of(channel)
        if guild is None:
            raise ControlError("a direct-message channel has no permissions")
        target = int(wish.get("target") or self._world.me.id)
        write = Overwrite(
            0 if target in guild.roles else 1, bits(wish.get("allow") or ()), bits(wish.get("deny") or ())
        )
        channel.overwrites[target] = write
        if not write.allow and not write.deny:
            del channel.overwrites[target]
        self._tell("CHANNEL_UPDATE", channel_json(channel), guild)
        return channel_json(channel)

    def member(self, guild_id: int, wish: Payload) -> Payload:
        """Let somebody join."""
        guild = self._world.guild(guild_id)
        names = {role.name: role.id for role in guild.roles.values()}
        return member_json(self._member(guild, wish, names))

    def member_roles(self, guild_id: int, user_id: int, wish: Payload) -> Payload:
        """Change a member's roles, by id."""
        guild = self._world.guild(guild_id)
        member = guild.members[user_id]
        member.role_ids = [int(each) for each in wish.get("roles", [])]
        if user_id == self._world.me.id:
            self._tell("GUILD_MEMBER_UPDATE", member_json(member) | {"guild_id": str(guild_id)}, guild)
        return member_json(member)

    def rename_guild(self, guild_id: int, wish: Payload) -> Payload:
        """Rename a guild."""
        guild = self._world.guild(guild_id)
        guild.name = wish["name"]
        self._tell("GUILD_UPDATE", guild_json(guild), guild)
        return guild_json(guild)

    def user(self, user_id: int, wish: Payload) -> Payload:
        """Open or close a user's direct messages."""
        self._world.users[user_id].dms_closed = bool(wish["dms_closed"])
        return {"id": str(user_id), "dms_closed": self._world.users[user_id].dms_closed}

    def _tell(self, event: str, data: Payload, guild: Guild) -> None:
        self._gateway.dispatch(event, data, guild.id)

    def _user(self, wish: Payload) -> User:
        age = timedelta(days=float(wish.get("account_age_days", 400)))
        user = User(self._world.ids.at(datetime.now(UTC) - age), wish["name"])
        user.dms_closed = bool(wish.get("dms_closed"))
        self._world.users[user.id] = user
        return user

    def _role(self, guild: Guild, wish: Payload) -> Role:
        role = Role(self._world.ids.next(), wish["name"], bits(wish.get("permissions", ())), len(guild.roles))
        guild.roles[role.id] = role
        return role

    def _channel(self, guild: Guild, wish: Payload) -> Channel:
        kind = KINDS[wish.get("type", "text")]
        channel = Channel(self._world.ids.next(), wish["name"], kind, guild.id, position=len(guild.channels))
        if wish.get("deny"):
            channel.overwrites[self._world.me.id] = Overwrite(1, 0, bits(wish["deny"]))
        guild.channels[channel.id] = self._world.channels[channel.id] = channel
        return channel

    def _member(self, guild: Guild, wish: dict[str, Any], roles: dict[str, int]) -> Member:
        user = self._world.users[int(wish["id"])] if wish.get("id") else self._user(wish)
        joined = datetime.now(UTC) - timedelta(days=float(wish.get("member_days", 200)))
        member = Member(user, joined.isoformat(), [roles[name] for name in wish.get("roles", [])])
        guild.members[user.id] = member
        return member
