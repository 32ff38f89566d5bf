"""The load generator: writes the interactions of a run beforehand, so that firing them costs little."""

from datetime import UTC, datetime, timedelta
from typing import Any

from .command_data import CommandUse
from .commands import Commands
from .component_limits import BUTTON, STRING_SELECT
from .errors import ControlError, Payload
from .interaction import AUTOCOMPLETE, COMMAND, COMPONENT
from .interactions import Interactions
from .load_run import LoadRun
from .member_actions import walk
from .payloads import dump, interaction_place, member_json
from .permissions import permissions_of
from .settings import Settings
from .world import Channel, Guild, Member, StoredMessage, User, World


class Load:
    """Prepares runs from a control request and remembers them."""

    def __init__(self, world: World, interactions: Interactions, commands: Commands, settings: Settings) -> None:
        self._world = world
        self._interactions = interactions
        self._commands = commands
        self._settings = settings
        self.runs: list[LoadRun] = []

    def start(self, spec: Payload) -> LoadRun:
        """Begin a run."""
        source = self._world.messages.get(int(spec["message"])) if spec.get("message") else None
        if spec.get("message") and source is None:
            raise ControlError(f"no message has the id {spec['message']}")
        place = spec.get("channel") or (source.payload["channel_id"] if source else None)
        if place is None:
            raise ControlError("a load needs a channel or a message")
        channel = self._world.channel(int(place))
        guild = self._world.guild_of(channel)
        if guild is None:
            raise ControlError("a load needs a channel of a guild")
        kind, data = self._data(spec, guild, source)
        templates = [self._template(channel, kind, each, source, spec) for each in data]
        run = LoadRun(
            spec,
            interactions=self._interactions,
            channel=channel,
            source=source,
            kind=kind,
            templates=templates,
            members=list(self._members(guild, spec)),
            give_up_s=self._settings.acknowledge_within_s,
        )
        self.runs.append(run)
        run.start()
        return run

    def _data(self, spec: Payload, guild: Guild, source: StoredMessage | None) -> tuple[int, list[Payload]]:
        kind = spec["kind"]
        if kind in ("slash", "autocomplete"):
            name, *words = str(spec["command"]).lstrip("/").split()
            command = self._commands.find(name, guild.id)
            focused = spec.get("focused") if kind == "autocomplete" else None
            options = spec.get("options") or {}
            use = CommandUse(self._world, guild, user_id=0)
            sets = options if isinstance(options, list) else [options]
            data = [use.data(command, words, each, focused) for each in sets]
            return (AUTOCOMPLETE if kind == "autocomplete" else COMMAND), data
        ids = spec.get("custom_ids") or [spec["custom_id"]]
        if source is not None and source.payload["components"] and not spec.get("force"):
            there = {each.get("custom_id") for each in walk(source.payload["components"])}
            if not there.issuperset(ids):
                raise ControlError(f"the message has {sorted(str(each) for each in there if each)}, not {ids}")
        if kind == "button":
            return COMPONENT, [{"custom_id": each, "component_type": BUTTON, "id": 1} for each in ids]
        if kind != "select":
            raise ControlError(f"no load is of kind {kind!r}")
        values = spec.get("values") or []
        sets = [each if isinstance(each, list) else [each] for each in values]
        return COMPONENT, [
            {"custom_id": custom_id, "component_type": STRING_SELECT, "id": 1, "values": picked}
            for custom_id in ids
            for picked in sets
        ]

    def _template(self, channel: Channel, kind: int, data: Payload, source: StoredMessage | None, spec: Payload) -> str:
        event = interaction_place(self._world, channel, user_id=0) | {"type": kind, "data": data}
        if source is not None:
            event["message"] = source.payload
        elif kind == COMPONENT:
            event["message"] = self._unseen(channel)
        return dump(event)[1:]

    def _unseen(self, channel: Channel) -> Payload:
        """Give an ephemeral message that was not sent by this run: the one a click is said to be on."""
        number = self._world.ids.next()
        return {
            "id": str(number),
            "channel_id": str(channel.id),
            "author": {"id": str(self._world.me.id), "username": self._world.me.name, "discriminator": "0000",
                       "avatar": None, "bot": True},
            "type": 19, "content": "", "timestamp": datetime.now(UTC).isoformat(), "edited_timestamp": None,
            "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
            "embeds": [], "components": [], "pinned": False, "flags": 64,
        }  # fmt: skip

    def _members(self, guild: Guild, spec: Payload) -> Any:
        """Give the distinct members of a run: the same ones for the same `first_member` and age."""
        age = timedelta(days=float(spec.get("account_age_days", 400)))
        made = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - age
        joined = (made + age / 2).isoformat()
        base = ((int(made.timestamp() * 1000) - 1_420_070_400_000) << 22) + int(spec.get("first_member", 0))
        for number in range(int(spec.get("members", 1_000))):
            user = User(base + number, f"voter{number}")
            rights = {"permissions": str(permissions_of(guild, user.id))}
            yield user.id, dump(member_json(Member(user, joined)) | rights)
