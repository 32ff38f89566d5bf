"""What is announced: a kind composes a content, `cards.py` shows it, the rest of this room brings it to its channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.announcements.content import Content
from bot.announcements.model import NewSchedule


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kind is to say something about.

    `earlier` is the memory of the schedule's last post and `since` the time when that was due; nothing before the
    first one. `event` names the event of a kind that has events, as its `events()` gave it.
    """

    schedule: NewSchedule
    due_at: datetime
    now: datetime
    earlier: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    event: str = ""


class Kind(Protocol):
    """One kind of announcement; it raises nothing but `StoreUnavailable` on purpose."""

    @property
    def name(self) -> str:
        """What moderators choose it by."""
        ...

    async def compose(self, asked: Asked) -> Content | None:
        """Return what to post; None when there is nothing to say."""
        ...


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is announced because it happens; `key` tells events of the same moment apart."""

    at: datetime
    key: str


@runtime_checkable
class EventKind(Protocol):
    """A kind that posts when something happens and not by the clock: its schedules' `every` is `event`."""

    def events(self, guild_id: int) -> Iterable[Event]:
        """Return what happened and what is foreseen on a server, from memory; each is announced once."""
        ...
