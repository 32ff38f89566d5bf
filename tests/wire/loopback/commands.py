"""Registered commands, and the data of a member who uses one."""

from collections.abc import Mapping

from .command_limits import CHAT, check_commands
from .errors import ControlError, Payload, unknown_command
from .world import World

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
VALUE_TYPES = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (float, int)}


class Commands:
    """The commands of the application, global and by guild."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sets: dict[int | None, list[Payload]] = {}
        self.syncs = 0

    def replace(self, commands: list[Payload], guild_id: int | None) -> list[Payload]:
        """Store a whole set, as a sync sends it; names that stay keep their ids."""
        check_commands(commands).refuse()
        known = {(old["type"], old["name"]): old["id"] for old in self._sets.get(guild_id, [])}
        self._sets[guild_id] = [self._stored(command, guild_id, known) for command in commands]
        self.syncs += 1
        return self._sets[guild_id]

    def add(self, command: Payload, guild_id: int | None) -> Payload:
        """Store one command more, or in the place of its namesake."""
        key = (command.get("type") or CHAT, command["name"])
        rest = [old for old in self._sets.get(guild_id, []) if (old["type"], old["name"]) != key]
        return self.replace([*rest, command], guild_id)[-1]

    def listed(self, guild_id: int | None) -> list[Payload]:
        """Give a set."""
        return self._sets.get(guild_id, [])

    def remove(self, command_id: str, guild_id: int | None) -> None:
        """Delete one command."""
        kept = [old for old in self.listed(guild_id) if old["id"] != command_id]
        if len(kept) == len(self.listed(guild_id)):
            raise unknown_command
        self._sets[guild_id] = kept

    def find(self, name: str, guild_id: int | None, kind: int = CHAT) -> Payload:
        """Give the command that a member of a guild sees under a name."""
        for command in [*self.listed(guild_id), *self.listed(None)]:
            if command["name"] == name and command["type"] == kind:
                return command
        names = sorted(each["name"] for each in [*self.listed(guild_id), *self.listed(None)])
        raise ControlError(f"no command is called {name!r}; registered: {', '.join(names) or 'none'}")

    def _stored(self, command: Payload, guild_id: int | None, known: Mapping[tuple[int, str], str]) -> Payload:
        kind = command.get("type") or CHAT
        stored = {
            "options": [],
            "default_member_permissions": None,
            "dm_permission": True,
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
            "description": "",
            "name_localizations": None,
            "description_localizations": None,
        } | {key: value for key, value in command.items() if value is not None}
        stored["id"] = known.get((kind, command["name"])) or str(self._world.ids.next())
        stored |= {"type": kind, "application_id": str(self._world.app_id), "version": stored["id"]}
        if guild_id is not None:
            stored["guild_id"] = str(guild_id)
        return stored
