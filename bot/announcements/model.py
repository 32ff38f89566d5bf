"""Schedules and runs as plain values, and the rules about lateness, once-only and movement."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.announcements.recurrence import Recurrence
from bot.errors import MoonballotError
from bot.rankings.model import Ranking

# A post that is out within this time of its due time needs no excuse.
LATE_AFTER = timedelta(minutes=2)
NONCE_CHARS = 24


class Missed(StrEnum):
    """What becomes of due times that passed while the bot was away."""

    LATE = "late"
    SKIP = "skip"


class ScheduleState(StrEnum):
    """Where a schedule is in its life; it is never deleted."""

    ACTIVE = "active"
    PAUSED = "paused"
    REMOVED = "removed"


class RunState(StrEnum):
    """Where a run is: recorded before it is sent, closed after."""

    RECORDED = "recorded"
    SENT = "sent"
    SKIPPED = "skipped"
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


@dataclass(frozen=True, slots=True)
class Schedule:
    """When and where something is announced."""

    id: int
    guild_id: int
    kind: str
    channel_id: int
    recurrence: Recurrence
    role_id: int | None
    missed: Missed
    state: ScheduleState
    problem: str | None
    created_by: int
    created_at: datetime
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """One due time of a schedule and what became of it."""

    id: int
    schedule_id: int
    due_at: datetime
    state: RunState
    recorded_at: datetime
    finished_at: datetime | None = None
    message_id: int | None = None
    problem: str | None = None

    @property
    def nonce(self) -> str:
        """What tells Discord that a second try is the same message."""
        named = f"{self.schedule_id} {self.due_at.timestamp():.6f}"
        return hashlib.sha256(named.encode()).hexdigest()[:NONCE_CHARS]


@dataclass(frozen=True, slots=True)
class Claim:
    """A due time that is to become a run: `expected` is the schedule's next time before, `following` the one after."""

    schedule_id: int
    expected: datetime
    due_at: datetime
    following: datetime
    state: RunState


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    run_id: int
    schedule_id: int
    state: RunState
    finished_at: datetime
    message_id: int | None = None
    places: Mapping[str, int] | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A schedule with its newest run, as a list shows it."""

    schedule: Schedule
    last_run: Run | None


@dataclass(frozen=True, slots=True)
class Post:
    """What a run brings to its channel; `late_since` is the time it should have come at, when it is late."""

    schedule: Schedule
    ranking: Ranking
    nonce: str
    late_since: datetime | None = None


class Undeliverable(MoonballotError):
    """A post could not be sent; `problem` says in whole sentences what is wrong and what to do."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


def is_late(due_at: datetime, now: datetime) -> bool:
    """Say whether a post that goes out now has to own up to it."""
    return now - due_at > LATE_AFTER


def moved_since(ranking: Ranking, earlier: Mapping[str, int]) -> Ranking:
    """Return the ranking with the movement since the places that were posted earlier."""
    lines = tuple(
        replace(line, moved=earlier[line.label] - line.place)
        if line.place is not None and line.label in earlier
        else replace(line, moved=None)
        for line in ranking.standings
    )
    return replace(ranking, standings=lines)
