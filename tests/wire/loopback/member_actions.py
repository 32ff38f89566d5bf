"""What a member does: types a command, clicks, picks, submits. Refuses what a person could not do."""

from collections.abc import Iterator
from typing import Any

from .command_data import CHANNEL, MENTIONABLE, ROLE, USER, CommandUse
from .command_limits import MESSAGE
from .commands import Commands
from .component_limits import BUTTON, SELECTS, STRING_SELECT
from .errors import ControlError, Payload
from .interaction import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from .interactions import Interactions
from .permissions import permissions_of
from .world import Channel, StoredMessage, User, World

# User, role, mentionable and channel selects pick what the options of these types name.
OPTION_TYPE_OF_SELECT = {5: USER, 6: ROLE, 7: MENTIONABLE, 8: CHANNEL}


class MemberActions:
    """Turns a test's wish into an interaction."""

    def __init__(self, world: World, commands: Commands, interactions: Interactions) -> None:
        self._world = world
        self._commands = commands
        self._interactions = interactions

    def act(self, wish: Payload) -> Interaction:
        """Do what a control request asks."""
        user = self._world.users.get(int(wish["user"]))
        if user is None:
            raise ControlError(f"nobody has the id {wish['user']}")
        kind = wish["kind"]
        if kind in ("slash", "autocomplete"):
            return self._command(wish, user)
        if kind == "message_menu":
            return self._message_menu(wish, user)
        if kind in ("button", "select"):
            return self._component(wish, user)
        if kind == "modal":
            return self._modal(wish, user)
        raise ControlError(f"no interaction is of kind {kind!r}")

    def _channel(self, wish: Payload, user: User) -> Channel:
        channel = self._world.channel(int(wish["channel"])) if wish.get("channel") else self._world.dm_with(user)
        guild = self._world.guild_of(channel)
        if guild is not None and user.id not in guild.members:
            raise ControlError(f"{user.name} is not in {guild.name}")
        return channel

    def _command(self, wish: Payload, user: User) -> Interaction:
        channel = self._channel(wish, user)
        guild = self._world.guild_of(channel)
        name, *words = str(wish["command"]).lstrip("/").split()
        command = self._commands.find(name, channel.guild_id)
        self._visible(command, channel, user, force=bool(wish.get("force")))
        focused = wish.get("focused") if wish["kind"] == "autocomplete" else None
        use = CommandUse(self._world, guild, user.id)
        data = use.data(command, words, wish.get("options") or {}, focused)
        kind = AUTOCOMPLETE if wish["kind"] == "autocomplete" else COMMAND
        return self._interactions.fire(kind, channel, user, data)

    def _message_menu(self, wish: Payload, user: User) -> Interaction:
        channel = self._channel(wish, user)
        command = self._commands.find(str(wish["command"]), channel.guild_id, MESSAGE)
        self._visible(command, channel, user, force=bool(wish.get("force")))
        target = self._world.message(channel, int(wish["message"]))
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": MESSAGE,
            "target_id": target.payload["id"],
            "resolved": {"messages": {target.payload["id"]: target.payload}},
        }
        return self._interactions.fire(COMMAND, channel, user, data)

    def _visible(self, command: Payload, channel: Channel, user: User, *, force: bool) -> None:
        guild = self._world.guild_of(channel)
        if guild is None:
            contexts = command.get("contexts")
            if command["dm_permission"] is False or (contexts is not None and 1 not in contexts):
                raise ControlError(f"/{command['name']} is not shown in direct messages")
            return
        needed = command.get("default_member_permissions")
        if needed is None or force:
            return
        if permissions_of(guild, user.id) & int(needed) != int(needed):
            raise ControlError(f"/{command['name']} is hidden from {user.name}; `force` types it all the same")

    def _component(self, wish: Payload, user: User) -> Interaction:
        message = self._seen(int(wish["message"]), user)
        channel = self._world.channel(int(message.payload["channel_id"]))
        component = find_component(message.payload["components"], str(wish["custom_id"]))
        data: Payload = {"custom_id": wish["custom_id"], "id": 1}
        if component is None or component.get("disabled"):
            if not wish.get("force"):
                have = [each["custom_id"] for each in walk(message.payload["components"]) if "custom_id" in each]
                raise ControlError(f"nothing to press is {wish['custom_id']!r}; the message has {have}")
            component = {"type": STRING_SELECT if wish["kind"] == "select" else BUTTON}
        data["component_type"] = component["type"]
        data["id"] = component.get("id", 1)
        if wish["kind"] == "select":
            data["values"] = _values(component, [str(each) for each in wish.get("values") or []])
            if component["type"] != STRING_SELECT:
                data["resolved"] = self._picked(component["type"], data["values"], channel, user)
        elif component["type"] != BUTTON:
            raise ControlError(f"{wish['custom_id']!r} is no button")
        return self._interactions.fire(COMPONENT, channel, user, data, message)

    def _picked(self, kind: int, values: list[str], channel: Channel, user: User) -> Payload:
        resolved: Payload = {}
        use = CommandUse(self._world, self._world.guild_of(channel), user.id)
        for value in values:
            use.resolve(OPTION_TYPE_OF_SELECT[kind], int(value), resolved)
        return resolved

    def _seen(self, message_id: int, user: User) -> StoredMessage:
        message = self._world.messages.get(message_id)
        if message is None:
            raise ControlError(f"no message has the id {message_id}")
        if message.viewer not in (None, user.id):
            raise ControlError(f"{user.name} does not see the message {message_id}")
        return message

    def _modal(self, wish: Payload, user: User) -> Interaction:
        shown = self._interactions.find(int(wish["interaction"]))
        if shown is None or shown.modal is None:
            raise ControlError(f"interaction {wish['interaction']} has shown no modal")
        given = {str(key): value for key, value in (wish.get("fields") or {}).items()}
        components = [_filled(row, given) for row in shown.modal["components"]]
        data = {"custom_id": shown.modal["custom_id"], "components": components}
        return self._interactions.fire(MODAL_SUBMIT, shown.channel, user, data, shown.source)


def walk(components: list[Payload]) -> Iterator[Payload]:
    """Give every component of a tree."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        if component.get("accessory"):
            yield from walk([component["accessory"]])


def find_component(components: list[Payload], custom_id: str) -> Payload | None:
    """Give the component with a custom id."""
    return next((each for each in walk(components) if each.get("custom_id") == custom_id), None)


def _values(select: Payload, values: list[str]) -> list[str]:
    if select["type"] not in SELECTS:
        raise ControlError("this is no select")
    options = [option["value"] for option in select.get("options") or []]
    if options:
        wrong = [value for value in values if value not in options]
        if wrong:
            raise ControlError(f"{wrong[0]!r} is not among the options {options}")
        least, most = select.get("min_values"), select.get("max_values")
        if not (1 if least is None else least) <= len(values) <= (most or 1):
            raise ControlError(f"{len(values)} values cannot be picked here")
    return values


def _filled(row: Payload, given: dict[str, Any]) -> Payload:
    """Give one row or label of a modal as a member submits it."""
    if row["type"] == 1:
        return {"type": 1, "id": 1, "components": [_field(field, given) for field in row["components"]]}
    if row["type"] == 18:
        return {"type": 18, "id": 1, "component": _field(row["component"], given)}
    return {"type": row["type"], "id": 1}


def _field(field: Payload, given: dict[str, Any]) -> Payload:
    custom_id = field["custom_id"]
    filled: Payload = {"type": field["type"], "id": 1, "custom_id": custom_id}
    if field["type"] in SELECTS:
        return filled | {"values": [str(each) for each in given.get(custom_id) or []]}
    if custom_id not in given and field.get("required", True) and not field.get("value"):
        raise ControlError(f"the modal needs {custom_id!r}")
    return filled | {"value": given.get(custom_id, field.get("value") or "")}
