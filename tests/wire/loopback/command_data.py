"""The data of an interaction, as a member's client fills it in, with everything that its ids stand for."""

from typing import Any

from .command_limits import GROUP, SUBCOMMAND
from .errors import ControlError, Payload
from .payloads import channel_json, member_json, role_json, user_json
from .permissions import EVERYTHING, permissions_of
from .world import Guild, World

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
VALUE_TYPES = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (float, int)}


class CommandUse:
    """One member's use of commands and selects in a guild, or in direct messages."""

    def __init__(self, world: World, guild: Guild | None, user_id: int) -> None:
        self._world = world
        self._guild = guild
        self._user_id = user_id

    def data(self, command: Payload, words: list[str], given: Payload, focused: str | None) -> Payload:
        """Build the data of a slash command, or of an autocomplete when an option is focused."""
        steps, declared = path_of(command, words)
        by_name = {option["name"]: option for option in declared}
        called = " ".join((f"/{command['name']}", *words))
        unknown = [name for name in given if name not in by_name]
        if unknown:
            raise ControlError(f"{called} has no option {unknown[0]!r}: {sorted(by_name)}")
        missing = [option["name"] for option in declared if option.get("required") and option["name"] not in given]
        if missing and focused is None:
            raise ControlError(f"{called} needs {', '.join(missing)}")
        resolved: Payload = {}
        options = [self._option(by_name[name], value, focused, resolved) for name, value in given.items()]
        for step in reversed(steps):
            options = [{"name": step["name"], "type": step["type"], "options": options}]
        data: Payload = {"id": command["id"], "name": command["name"], "type": command["type"], "options": options}
        if resolved:
            data["resolved"] = resolved
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        return data

    def resolve(self, kind: int, target: int, resolved: Payload) -> None:
        """Add the user, member, channel or role behind an id."""
        guild, key = self._guild, str(target)
        if kind in (USER, MENTIONABLE) and target in self._world.users:
            resolved.setdefault("users", {})[key] = user_json(self._world.users[target])
            if guild is not None and target in guild.members:
                rights = {"permissions": str(permissions_of(guild, target))}
                shown = member_json(guild.members[target], with_user=False) | rights
                resolved.setdefault("members", {})[key] = shown
        elif kind in (ROLE, MENTIONABLE) and guild is not None and target in guild.roles:
            resolved.setdefault("roles", {})[key] = role_json(guild.roles[target])
        elif kind == CHANNEL and target in self._world.channels:
            channel = self._world.channels[target]
            mine = EVERYTHING if guild is None else permissions_of(guild, self._user_id, channel)
            resolved.setdefault("channels", {})[key] = channel_json(channel) | {"permissions": str(mine)}
        else:
            raise ControlError(f"nothing of option type {kind} has the id {target}")

    def _option(self, declared: Payload, value: Any, focused: str | None, resolved: Payload) -> Payload:
        kind, name = declared["type"], declared["name"]
        option: Payload = {"name": name, "type": kind, "value": value}
        if name == focused:
            if not declared.get("autocomplete"):
                raise ControlError(f"option {name!r} has no autocomplete")
            return option | {"focused": True}
        _fits(declared, value)
        if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
            option["value"] = str(value)
            self.resolve(kind, int(value), resolved)
        return option


def _fits(declared: Payload, value: Any) -> None:
    """Refuse a value that Discord's client would not let a member send."""
    kind, name = declared["type"], declared["name"]
    expected = VALUE_TYPES.get(kind)
    if expected is not None and type(value) not in expected:
        raise ControlError(f"option {name!r} takes {expected[0].__name__}, not {value!r}")
    choices = [choice["value"] for choice in declared.get("choices") or []]
    if choices and value not in choices:
        raise ControlError(f"option {name!r} has no choice {value!r}: {choices}")
    if kind in (INTEGER, NUMBER):
        least, most = declared.get("min_value", value), declared.get("max_value", value)
        if not least <= value <= most:
            raise ControlError(f"option {name!r} takes {least} to {most}, not {value}")
    if kind == STRING and not declared.get("min_length", 0) <= len(value) <= declared.get("max_length", 6_000):
        raise ControlError(f"option {name!r} is {len(value)} characters long")


def path_of(command: Payload, words: list[str]) -> tuple[list[Payload], list[Payload]]:
    """Walk the subcommand words; give the options on the way and those of the last one."""
    options = command.get("options") or []
    steps: list[Payload] = []
    for word in words:
        step = next((o for o in options if o["name"] == word and o["type"] in (SUBCOMMAND, GROUP)), None)
        if step is None:
            raise ControlError(f"/{command['name']} has no {word!r}")
        steps.append(step)
        options = step.get("options") or []
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
        raise ControlError(f"/{command['name']} {' '.join(words)} needs a subcommand")
    return steps, options
