"""What there is: guilds, roles, members, channels, messages."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from .errors import Payload, unknown_channel, unknown_guild, unknown_message
from .snowflake import Snowflakes

TEXT, DM, ANNOUNCEMENT, THREAD, FORUM = 0, 1, 5, 11, 15
EPHEMERAL, LOADING, COMPONENTS_V2, CROSSPOSTED = 1 << 6, 1 << 7, 1 << 15, 1 << 0

# Pictures of many thousand answers would fill the memory; a test reads the newest ones.
KEPT_FILES = 400


@dataclass(slots=True)
class User:
    """One account."""

    id: int
    name: str
    bot: bool = False
    dms_closed: bool = False


@dataclass(slots=True)
class Role:
    """One role of a guild."""

    id: int
    name: str
    permissions: int
    position: int


@dataclass(slots=True)
class Member:
    """One account in one guild."""

    user: User
    joined_at: str
    role_ids: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass(slots=True)
class Overwrite:
    """What a channel allows or denies to one role (kind 0) or member (kind 1)."""

    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class StoredMessage:
    """A message as REST shows it, and who alone sees it when it is ephemeral."""

    payload: Payload
    viewer: int | None = None
    edits: int = 0

    @property
    def id(self) -> int:
        """Give the message's id."""
        return int(self.payload["id"])


@dataclass(slots=True)
class Channel:
    """A text, announcement or forum channel, a thread of one, or a direct-message channel with one recipient."""

    id: int
    name: str
    kind: int = TEXT
    guild_id: int | None = None
    recipient: User | None = None
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    nonces: dict[str, tuple[int, float]] = field(default_factory=dict)
    # Of a thread: where it belongs, who opened it, and whether it sleeps or is closed.
    parent_id: int | None = None
    owner_id: int | None = None
    archived: bool = False
    locked: bool = False


@dataclass(slots=True)
class Guild:
    """A server, as its members call it."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)


class World:
    """Everything that exists, in memory."""

    def __init__(self) -> None:
        self.ids = Snowflakes()
        self.app_id = self.ids.at(datetime.fromisoformat("2024-01-01T00:00:00+00:00"))
        self.me = User(self.app_id, "Moonballot", bot=True)
        self.users: dict[int, User] = {self.me.id: self.me}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.dms: dict[int, Channel] = {}
        self.messages: dict[int, StoredMessage] = {}
        self.files: OrderedDict[int, tuple[str, str, bytes]] = OrderedDict()

    def guild(self, guild_id: int) -> Guild:
        """Give a guild, or refuse as Discord does."""
        if guild_id not in self.guilds:
            raise unknown_guild
        return self.guilds[guild_id]

    def channel(self, channel_id: int) -> Channel:
        """Give a channel, or refuse as Discord does."""
        if channel_id not in self.channels:
            raise unknown_channel
        return self.channels[channel_id]

    def message(self, channel: Channel, message_id: int) -> StoredMessage:
        """Give a message of a channel, or refuse as Discord does."""
        if message_id not in channel.messages:
            raise unknown_message
        return channel.messages[message_id]

    def dm_with(self, user: User) -> Channel:
        """Give the direct-message channel with a user; open it if there is none."""
        channel = self.dms.get(user.id)
        if channel is None:
            channel = Channel(self.ids.next(), user.name, DM, recipient=user)
            self.dms[user.id] = self.channels[channel.id] = channel
        return channel

    def guild_of(self, channel: Channel) -> Guild | None:
        """Give the guild of a channel; none for direct messages."""
        return self.guilds.get(channel.guild_id) if channel.guild_id is not None else None

    def keep(self, channel: Channel, message: StoredMessage) -> None:
        """Add a message to what there is; an ephemeral one stands in no channel."""
        self.messages[message.id] = message
        if message.viewer is None:
            channel.messages[message.id] = message

    def forget_message(self, message: StoredMessage) -> None:
        """Remove a message wherever it stands."""
        self.messages.pop(message.id, None)
        channel = self.channels.get(int(message.payload["channel_id"]))
        if channel is not None:
            channel.messages.pop(message.id, None)

    def keep_file(self, filename: str, content_type: str, content: bytes) -> int:
        """Store an uploaded file and give its attachment id."""
        file_id = self.ids.next()
        self.files[file_id] = (filename, content_type, content)
        while len(self.files) > KEPT_FILES:
            self.files.popitem(last=False)
        return file_id
