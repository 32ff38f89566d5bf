"""Read and change a server's settings; say who is a moderator."""

import zoneinfo
from collections.abc import Collection
from dataclasses import asdict, replace

from bot.audit.model import NewEntry
from bot.audit.store import append_in
from bot.clock import Clock
from bot.errors import BadInput, NeedsModerator
from bot.guilds.store import GuildSettings, read_all, write
from bot.store.engine import Store

# What may be taken away, and how Discord marks a mention of its kind.
_SIGNS = {"moderator_role": "@&", "log_channel": "#", "notices_channel": "#"}


class GuildService:
    """Hold every server's settings in memory, written through to the store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._settings: dict[int, GuildSettings] = {}

    async def load(self) -> None:
        """Read the settings of all servers."""
        async with self._store.read() as tx:
            self._settings = {settings.guild_id: settings for settings in await read_all(tx)}

    def get(self, guild_id: int) -> GuildSettings:
        """Return a server's settings, the defaults where nothing was set."""
        return self._settings.get(guild_id) or GuildSettings(guild_id)

    async def set_moderator_role(self, guild_id: int, role_id: int, by: int) -> GuildSettings:
        """Choose the role whose members are moderators."""
        return await self._write(replace(self.get(guild_id), moderator_role_id=role_id), by)

    async def set_log_channel(self, guild_id: int, channel_id: int, by: int) -> GuildSettings:
        """Choose where moderators are told of trouble."""
        return await self._write(replace(self.get(guild_id), log_channel_id=channel_id), by)

    async def set_notices_channel(self, guild_id: int, channel_id: int, by: int) -> GuildSettings:
        """Choose where members are told who take no direct messages."""
        return await self._write(replace(self.get(guild_id), notices_channel_id=channel_id), by)

    def value_of(self, guild_id: int, option: str) -> str | None:
        """Return a role or channel that is set, as Discord shows it by name."""
        number = getattr(self.get(guild_id), f"{option}_id")
        return f"<{_SIGNS[option]}{number}>" if number else None

    async def remove(self, guild_id: int, option: str, by: int) -> str | None:
        """Take a role or channel away; return what it was."""
        before = self.value_of(guild_id, option)
        if before:
            await self._write(replace(self.get(guild_id), **{f"{option}_id": None}), by)  # type: ignore[arg-type]
        return before

    async def set_timezone(self, guild_id: int, name: str, by: int) -> GuildSettings:
        """Choose the zone in which schedules are meant; raise `BadInput` for one that does not exist."""
        if name not in zoneinfo.available_timezones():
            raise BadInput(
                "That time zone is not known.", "Zones are named Region/City.", "Try `Europe/Berlin` or `UTC`."
            )
        return await self._write(replace(self.get(guild_id), timezone=name), by)

    async def _write(self, settings: GuildSettings, by: int) -> GuildSettings:
        before, after = asdict(self.get(settings.guild_id)), asdict(settings)
        # Ids are text, since not every reader of JSON keeps numbers of their length.
        details = {name: str(value) for name, value in after.items() if value != before[name]}
        async with self._store.begin() as tx:
            await write(tx, settings)
            await append_in(tx, NewEntry(settings.guild_id, self._clock.now(), "settings", by, details=details))
        self._settings[settings.guild_id] = settings
        return settings

    def is_moderator(self, guild_id: int, *, manage_guild: bool, role_ids: Collection[int]) -> bool:
        """Say whether a member with these rights and roles may open and close polls."""
        return manage_guild or self.get(guild_id).moderator_role_id in role_ids

    def require_moderator(self, guild_id: int, what: str, *, manage_guild: bool, role_ids: Collection[int]) -> None:
        """Raise `NeedsModerator` unless the member is one; `what` names the command."""
        if not self.is_moderator(guild_id, manage_guild=manage_guild, role_ids=role_ids):
            raise NeedsModerator(what)
