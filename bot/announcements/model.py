"""Schedules and runs as plain values, and the rules about lateness and once-only."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.announcements.content import Content
from bot.announcements.recurrence import Recurrence
from bot.announcements.trouble import Trouble

# A post that is out within this time of its due time needs no excuse.
LATE_AFTER = timedelta(minutes=2)
# A post that cannot go out within this time of its due time is left out.
GRACE = timedelta(hours=24)
NONCE_CHARS = 24
# The event that a post stands for which a moderator asked for, beside the due times.
BY_HAND = "by hand"


class Missed(StrEnum):
    """What becomes of due times that passed while the bot was away."""

    LATE = "late"
    SKIP = "skip"


class ScheduleState(StrEnum):
    """Where a schedule is in its life; it is never deleted."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"
    REMOVED = "removed"


class RunState(StrEnum):
    """Where a run is: recorded before it is sent, waiting for another try, or closed."""

    RECORDED = "recorded"
    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    # It may have been posted, and I may not look.
    UNSURE = "unsure"


class Publishing(StrEnum):
    """How far a post in an announcement channel is on its way to the channels that follow it."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """What a moderator asked for, before it has a number."""

    guild_id: int
    kind: str
    channel_id: int
    recurrence: Recurrence
    created_by: int
    role_id: int | None = None
    missed: Missed = Missed.LATE
    # The first and the last day on which it posts, in its zone.
    starts_on: date | None = None
    ends_on: date | None = None
    # Leave a post out that would say what the last one said.
    only_news: bool = False
    # Keep one message up to date instead of posting anew.
    board: bool = False
    # What only this kind knows, as JSON.
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(NewSchedule):
    """When and where something is announced."""

    id: int
    state: ScheduleState
    created_at: datetime
    next_due_at: datetime | None
    # Since when it has been active without a break; events before that are not announced.
    active_since: datetime | None = None
    # Where the board stands: in a forum, its thread.
    board_message_id: int | None = None
    board_channel_id: int | None = None
    # What is wrong, in whole sentences. `told` is what the moderators know of it: the two differ while they are still
    # to be told, be it that something is wrong or that it is over.
    problem: str | None = None
    trouble: Trouble | None = None
    problem_since: datetime | None = None
    told: str | None = None

    @property
    def plan(self) -> NewSchedule:
        """What a moderator may change."""
        return NewSchedule(**{each.name: getattr(self, each.name) for each in fields(NewSchedule)})


@dataclass(frozen=True, slots=True)
class Run:
    """One due time, or one event, of a schedule and what became of it."""

    id: int
    schedule_id: int
    due_at: datetime
    state: RunState
    recorded_at: datetime
    finished_at: datetime | None = None
    message_id: int | None = None
    # Why it was left out, or what is wrong.
    problem: str | None = None
    # Which event it stands for; empty for a due time.
    event: str = ""
    # Where the message stands: in a forum, its thread.
    channel_id: int | None = None
    # Since when it may stand in the channel; None while that cannot be.
    begun_at: datetime | None = None
    tries: int = 0
    retry_at: datetime | None = None
    publishing: Publishing | None = None
    published_at: datetime | None = None

    @property
    def nonce(self) -> str:
        """What tells Discord that a second try is the same message."""
        named = f"{self.schedule_id} {self.due_at.timestamp():.6f} {self.event}".rstrip()
        return hashlib.sha256(named.encode()).hexdigest()[:NONCE_CHARS]

    @property
    def mark(self) -> int:
        """What tells this run's message from others that stand in the channel: the number of its outer component."""
        return 1 << 30 | int(self.nonce[:7], 16)


@dataclass(frozen=True, slots=True)
class Claim:
    """A due time that is to become a run: `expected` is the schedule's next time before, `following` the one after."""

    schedule_id: int
    expected: datetime
    due_at: datetime
    following: datetime | None
    state: RunState
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a post stands now: None for one that somebody took away again."""

    message_id: int | None
    channel_id: int
    # Whether channels that follow this one are to get it too.
    publish: bool = False
    # Whether this is the one message that is kept up to date.
    board: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended."""

    run: Run
    state: RunState
    at: datetime
    sent: Sent | None = None
    memory: Mapping[str, Any] | None = None
    problem: str | None = None
    trouble: Trouble | None = None
    retry_at: datetime | None = None
    # Whether the message may stand in the channel all the same.
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """A schedule with its newest run, as a list shows it; `overdue` says that its time is over and nothing came."""

    schedule: Schedule
    last_run: Run | None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """What a run brings to its channel; `late_since` is the time it should have come at, when it is late."""

    schedule: Schedule
    run: Run
    content: Content
    late_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a schedule would post now, None where it would post nothing, and when it comes next."""

    schedule: NewSchedule
    content: Content | None
    upcoming: tuple[datetime, ...]


def is_late(due_at: datetime, now: datetime) -> bool:
    """Say whether a post that goes out now has to own up to it."""
    return now - due_at > LATE_AFTER


def is_too_late(due_at: datetime, now: datetime, missed: Missed) -> bool:
    """Say whether a post is not wanted any more."""
    return now - due_at > (GRACE if missed is Missed.LATE else LATE_AFTER)


def last_try(schedule: Schedule, run: Run) -> datetime:
    """Return from when on a post that failed is not tried again: too late, or the next one is due."""
    too_late = run.due_at + (GRACE if schedule.missed is Missed.LATE else LATE_AFTER)
    if run.event or schedule.next_due_at is None:
        return too_late
    return min(too_late, schedule.next_due_at)


def says_the_same(memory: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
    """Say whether two memories are the same once they have been through the database."""
    return json.dumps(memory, sort_keys=True) == json.dumps(earlier, sort_keys=True)
