"""A simulated Discord that runs by the wall clock.

simcord is a test tool: it owns the time, tracks every task that the bot starts and lets nothing happen by itself.
`LiveEnv` keeps its Discord and leaves that out: the bot runs as it does in production, and a change sets `changed`.

Pinned to simcord 3.2.1, since it relies on private parts: `Env._bot_scope`, `_settle_internal`, `_capture_errors`,
`_record_error`, `_webhook_adapter`; `_dpy_internals.set_webhook_adapter` and `reset_webhook_adapter`; of the backend,
`clock`, `transcript`, `http_requests`, `subscribers`, `interactions`, `interaction_tokens`, `messages`, `cdn._blobs`.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from time import monotonic
from typing import Any, cast

import discord
from simcord import _dpy_internals
from simcord.components import walk_components
from simcord.env import Env

from bot.playground.role_counts import teach_role_counts

SIMCORD_VERSION = "3.2.1"
ACKNOWLEDGE_SECONDS = 3.0
"""How long Discord waits for the first answer to an interaction."""
FOLLOW_UP_SECONDS = 0.03
SUBCOMMANDS = (discord.AppCommandOptionType.subcommand.value, discord.AppCommandOptionType.subcommand_group.value)
MESSAGES_KEPT = 40
"""In each channel: showing a channel reads every message that it holds."""
JOURNAL_KEPT = 200
INTERACTIONS_KEPT_FOR = timedelta(minutes=16)
"""A little longer than an interaction's token is good for."""


class LiveClock:
    """The machine's clock in the shape that simcord's backend wants, or a fixed moment while the world is built."""

    def __init__(self) -> None:
        self._started = monotonic()
        self._fixed: datetime | None = None

    @property
    def elapsed(self) -> float:
        """Return the seconds since the simulation began."""
        return monotonic() - self._started

    def now(self) -> datetime:
        """Return the present moment, or the one that is held."""
        return self._fixed or datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Do nothing: real time passes by itself."""

    @contextmanager
    def held_at(self, moment: datetime) -> Iterator[None]:
        """Hold the clock at `moment`, so that what is made gets the same id in every run."""
        self._fixed = moment
        try:
            yield
        finally:
            self._fixed = None


class Journal(list[Any]):
    """A record that forgets its beginning and tells when something was added."""

    def __init__(self, changed: asyncio.Event) -> None:
        super().__init__()
        self._changed = changed

    def append(self, entry: Any) -> None:
        """Add an entry and wake whoever waits for a change."""
        super().append(entry)
        self._changed.set()
        if len(self) > 2 * JOURNAL_KEPT:
            del self[:-JOURNAL_KEPT]


class LiveEnv(Env):
    """One bot in a simulated Discord, in real time."""

    def __init__(self, client: discord.Client) -> None:
        if version("simcord") != SIMCORD_VERSION:
            raise RuntimeError(f"the playground needs simcord {SIMCORD_VERSION}, found {version('simcord')}")
        teach_role_counts()
        sharded = isinstance(client, discord.AutoShardedClient) and client.shard_count is None
        super().__init__(client, check_errors=False, shard_count=1 if sharded else None)
        self.clock = LiveClock()
        self.changed = asyncio.Event()
        self.posted: Counter[int] = Counter()
        self.backend.clock = cast(Any, self.clock)
        self.backend.transcript = Journal(self.changed)
        self.backend.http_requests = Journal(self.changed)
        self.backend.subscribers += [self._count, self._name_in_full]

    def _count(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "MESSAGE_CREATE":
            self.posted[int(payload["channel_id"])] += 1

    def _name_in_full(self, event: str, payload: Mapping[str, Any]) -> None:
        # Discord says which subcommand was used, the simulator only the name before it.
        if event == "INTERACTION_CREATE" and (data := payload.get("data", {})).get("name"):
            self.backend.interactions[int(payload["id"])].command_name = " ".join(_path(data))

    @contextmanager
    def _bot_scope(self) -> Iterator[None]:
        # Without an owner simcord neither tracks the bot's tasks nor holds its timers.
        adapter = self._webhook_adapter
        previous = _dpy_internals.set_webhook_adapter(adapter) if adapter is not None else None
        try:
            yield
        finally:
            if adapter is not None:
                _dpy_internals.reset_webhook_adapter(previous)

    def _capture_errors(self) -> None:
        """Leave errors to the bot's own error path."""

    def _record_error(self, error: BaseException) -> None:
        """Leave errors to the bot's own error path."""

    async def _settle_internal(self, *, dispatch: str | None = None, **_limits: Any) -> None:
        # Nothing settles in real time: an action is over when its interaction has an answer, the rest follows live.
        if dispatch and "INTERACTION" in dispatch and self.backend.interactions:
            await self._answer(next(reversed(self.backend.interactions.values())))
        await asyncio.sleep(FOLLOW_UP_SECONDS)

    async def _answer(self, interaction: Any) -> None:
        end = monotonic() + ACKNOWLEDGE_SECONDS
        while not interaction.responded and monotonic() < end:  # noqa: ASYNC110 - the flag belongs to simcord
            await asyncio.sleep(0.005)

    def tidy(self) -> None:
        """Forget old messages, files and interactions, so that a long session stays quick."""
        for held in self.backend.messages.values():
            for message_id in _surplus(held):
                del held[message_id]
        self._drop_files()
        horizon = discord.utils.time_snowflake(self.clock.now() - INTERACTIONS_KEPT_FOR)
        for interaction_id in [key for key in self.backend.interactions if key < horizon]:
            token = self.backend.interactions.pop(interaction_id).token
            self.backend.interaction_tokens.pop(token, None)

    def _drop_files(self) -> None:
        blobs = self.backend.cdn._blobs
        kept = {
            attachment["url"]
            for held in self.backend.messages.values()
            for message in held.values()
            for attachment in message.attachments
        }
        # A file is stored a moment before its message, so the youngest are left alone.
        recent = discord.utils.time_snowflake(self.clock.now() - timedelta(minutes=1))
        for url in [url for url in blobs if "/attachments/" in url and url not in kept]:
            if int(url.split("/")[-2]) < recent:
                del blobs[url]


def _path(data: Mapping[str, Any]) -> Iterator[str]:
    """Give the name of a command and of the groups and subcommand below it."""
    yield str(data["name"])
    for option in data.get("options", ()):
        if option["type"] in SUBCOMMANDS:
            yield from _path(option)


def _surplus(held: Mapping[int, Any]) -> list[int]:
    """Name the oldest messages beyond what is kept, sparing those that the bot may still edit: boards."""
    beyond = sorted(held)[: max(0, len(held) - MESSAGES_KEPT)]
    return [key for key in beyond if held[key].is_ephemeral or not _has_controls(held[key])]


def _has_controls(message: Any) -> bool:
    return any(part.get("custom_id") for part in walk_components(message.components))
