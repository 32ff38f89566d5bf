"""The routes below `/control`, by which a test makes things happen and reads what happened."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

from .commands import Commands
from .errors import ControlError, Payload
from .faults import Faults
from .gateway import Gateway
from .interaction import Interaction
from .interactions import Interactions
from .load import Load
from .making import Making
from .member_actions import MemberActions
from .messages import Messages
from .payloads import channel_json
from .rates import Rates
from .record import RequestLog
from .settings import Settings
from .world import Channel, World

LONGEST_WAIT_S = 120.0


@dataclass(slots=True)
class Wish:
    """One control request: the ids in its path, its query, its JSON."""

    ids: list[int]
    query: dict[str, str]
    data: Payload


Handler = Callable[[Wish], Any]
AsyncHandler = Callable[[Wish], Awaitable[Any]]


class Control:
    """Routes control requests to what they are about."""

    def __init__(
        self,
        *,
        world: World,
        gateway: Gateway,
        messages: Messages,
        commands: Commands,
        interactions: Interactions,
        actions: MemberActions,
        load: Load,
        faults: Faults,
        log: RequestLog,
        rates: Rates,
        settings: Settings,
    ) -> None:
        self._world = world
        self._gateway = gateway
        self._messages = messages
        self._commands = commands
        self._interactions = interactions
        self._actions = actions
        self._load = load
        self._faults = faults
        self._log = log
        self._rates = rates
        self._settings = settings
        make = Making(world, gateway)
        table: list[tuple[str, str, Handler | AsyncHandler]] = [
            ("GET", "status", self._status),
            ("GET", "settings", lambda wish: asdict(self._settings)),
            ("PATCH", "settings", self._change_settings),
            ("POST", "guilds", lambda wish: make.guild(wish.data)),
            ("PATCH", "guilds/#", lambda wish: make.rename_guild(wish.ids[0], wish.data)),
            ("DELETE", "guilds/#", lambda wish: make.leave(wish.ids[0])),
            ("POST", "guilds/#/roles", lambda wish: make.role(wish.ids[0], wish.data)),
            ("PATCH", "guilds/#/roles/#", lambda wish: make.role_permissions(wish.ids[0], wish.ids[1], wish.data)),
            ("POST", "guilds/#/channels", lambda wish: make.channel(wish.ids[0], wish.data)),
            ("POST", "guilds/#/members", lambda wish: make.member(wish.ids[0], wish.data)),
            ("PATCH", "guilds/#/members/#", lambda wish: make.member_roles(wish.ids[0], wish.ids[1], wish.data)),
            ("PATCH", "users/#", lambda wish: make.user(wish.ids[0], wish.data)),
            ("DELETE", "channels/#", lambda wish: make.delete_channel(wish.ids[0])),
            ("PATCH", "channels/#", lambda wish: make.change_thread(wish.ids[0], wish.data)),
            ("POST", "channels/#/threads", lambda wish: make.thread(wish.ids[0], wish.data)),
            ("GET", "channels/#/threads", lambda wish: self._threads(wish.ids[0])),
            ("PATCH", "channels/#/permissions", lambda wish: make.channel_permissions(wish.ids[0], wish.data)),
            ("GET", "channels/#/messages", lambda wish: self._shown(self._world.channel(wish.ids[0]))),
            ("GET", "users/#/messages", self._direct_messages),
            ("POST", "messages", self._member_says),
            ("GET", "messages/#", lambda wish: self._message(wish.ids[0]).payload),
            ("DELETE", "messages/#", lambda wish: self._messages.remove(self._message(wish.ids[0]))),
            ("POST", "interactions", self._interact),
            ("GET", "interactions/#", self._interaction),
            ("GET", "commands", self._registered),
            ("POST", "gateway", self._upset_gateway),
            ("POST", "faults", lambda wish: self._faults.add(wish.data).shown()),
            ("GET", "faults", lambda wish: [fault.shown() for fault in self._faults.armed]),
            ("DELETE", "faults", lambda wish: self._faults.clear()),
            ("GET", "log", self._requests),
            ("DELETE", "log", lambda wish: self._log.requests.clear()),
            ("GET", "violations", lambda wish: self._log.violations),
            ("DELETE", "violations", lambda wish: self._log.violations.clear()),
            ("POST", "load", self._start_load),
            ("GET", "load/#", self._load_figures),
            ("DELETE", "load/#", self._stop_load),
        ]
        self._routes = [
            (method, re.compile("/" + path.replace("#", r"(\d+)")), handler) for method, path, handler in table
        ]

    async def answer(self, method: str, path: str, query: str, data: Payload) -> Any:
        """Answer one control request."""
        wanted = {name: values[-1] for name, values in parse_qs(query).items()}
        for known, pattern, handler in self._routes:
            match = pattern.fullmatch(path)
            if match is not None and known == method:
                result = handler(Wish([int(each) for each in match.groups()], wanted, data))
                return await result if asyncio.iscoroutine(result) else result
        raise ControlError(f"no control is called {method} {path}")

    def _status(self, wish: Wish) -> Payload:
        sessions = self._gateway.sessions.values()
        return {
            **self._gateway.counts,
            "app_id": str(self._world.app_id),
            "syncs": self._commands.syncs,
            "connections": len(self._gateway.connections),
            "connected_shards": sorted(each.shard[0] for each in sessions if each.connection is not None),
            "sessions": [
                {"id": each.id, "shard": list(each.shard), "intents": each.intents, "seq": each.seq,
                 "connected": each.connection is not None}
                for each in sessions
            ],
            "violations": len(self._log.violations),
            "too_many": dict(self._rates.refused),
        }  # fmt: skip

    def _change_settings(self, wish: Wish) -> Payload:
        self._settings.change(wish.data)
        return asdict(self._settings)

    def _shown(self, channel: Channel) -> list[Payload]:
        return [message.payload | {"edits": message.edits} for message in channel.messages.values()]

    def _threads(self, channel_id: int) -> list[Payload]:
        threads = [each for each in self._world.channels.values() if each.parent_id == channel_id]
        return [channel_json(each) | {"messages": self._shown(each)} for each in threads]

    def _direct_messages(self, wish: Wish) -> list[Payload]:
        channel = self._world.dms.get(wish.ids[0])
        return self._shown(channel) if channel is not None else []

    def _message(self, message_id: int) -> Any:
        message = self._world.messages.get(message_id)
        if message is None:
            raise ControlError(f"no message has the id {message_id}")
        return message

    def _member_says(self, wish: Wish) -> Payload:
        user = self._world.users[int(wish.data["user"])]
        place = wish.data.get("channel")
        channel = self._world.channel(int(place)) if place else self._world.dm_with(user)
        return self._messages.member_says(channel, user, wish.data["content"]).payload

    async def _interact(self, wish: Wish) -> Payload:
        interaction = self._actions.act(wish.data)
        return await self._settled(interaction, wish.data.get("until", "answer"), wish.data.get("wait", 4.0))

    async def _interaction(self, wish: Wish) -> Payload:
        interaction = self._interactions.find(wish.ids[0])
        if interaction is None:
            raise ControlError(f"no interaction has the id {wish.ids[0]}")
        return await self._settled(interaction, wish.query.get("until", "answer"), wish.query.get("wait", 0))

    async def _settled(self, interaction: Interaction, until: str, wait: Any) -> Payload:
        seconds = min(float(wait), LONGEST_WAIT_S)
        if seconds > 0:
            await self._interactions.settled(interaction, until=until, seconds=seconds)
        return interaction.shown()

    def _registered(self, wish: Wish) -> list[Payload]:
        return self._commands.listed(int(wish.query["guild"]) if "guild" in wish.query else None)

    async def _upset_gateway(self, wish: Wish) -> Payload:
        action = wish.data["action"]
        if action == "drop":
            await self._gateway.drop(wish.data.get("code"))
        elif action == "reconnect":
            self._gateway.ask_reconnect()
        elif action == "invalidate":
            self._gateway.invalidate(resumable=bool(wish.data.get("resumable")))
        elif action in ("silence", "speak"):
            self._gateway.hush(silent=action == "silence")
        else:
            raise ControlError(f"the gateway knows no {action!r}")
        return self._status(wish)

    def _requests(self, wish: Wish) -> list[Payload]:
        pattern = re.compile(wish.query.get("path", ""))
        method, since = wish.query.get("method"), int(wish.query.get("since", 0))
        return [
            each
            for each in self._log.requests
            if each["n"] > since and method in (None, each["method"]) and pattern.search(each["path"])
        ]

    async def _start_load(self, wish: Wish) -> Payload:
        run = self._load.start(wish.data)
        number = len(self._load.runs) - 1
        if not wish.data.get("background"):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(run.done.wait(), float(wish.data.get("wait", LONGEST_WAIT_S)))
        return run.shown(latencies=bool(wish.data.get("latencies"))) | {"id": number}

    async def _load_figures(self, wish: Wish) -> Payload:
        run = self._load.runs[wish.ids[0]]
        seconds = min(float(wish.query.get("wait", 0)), LONGEST_WAIT_S)
        if seconds > 0 and not run.done.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(run.done.wait(), seconds)
        return run.shown(latencies="latencies" in wish.query) | {"id": wish.ids[0]}

    def _stop_load(self, wish: Wish) -> Payload:
        self._load.runs[wish.ids[0]].stop()
        return self._load.runs[wish.ids[0]].shown() | {"id": wish.ids[0]}
