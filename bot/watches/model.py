"""Watches and notices as plain values, and the rules about what is news and when a reminder is due."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.catalogue.changes import plain
from bot.catalogue.model import Project
from bot.errors import MoonballotError

REMIND_BEFORE = (timedelta(days=7), timedelta(days=1))
# A reminder that comes within this time of its due time needs no excuse.
LATE_AFTER = timedelta(hours=1)
HASH_CHARS = 8
NONCE_CHARS = 24
MARK_CHARS = 12
# What stands beside the facts in what a member has seen.
AIRDROP, RETIRED = "airdrop", "retired"


class NoticeState(StrEnum):
    """Where a notice is: recorded, on its way, out, waiting to be asked for, read, or of no use any more."""

    RECORDED = "recorded"
    SENDING = "sending"
    SENT = "sent"
    WAITING = "waiting"
    READ = "read"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Watch:
    """A member who wants to hear of a project, as a server has it; `seen` is what they were last told."""

    id: int
    guild_id: int
    member_id: int
    project_id: str
    created_at: datetime
    seen: Mapping[str, str]
    fingerprint: str
    reminded_until: datetime


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What a member is to be told: which facts changed, when claims close, or both."""

    guild_id: int
    member_id: int
    project_id: str
    changed: tuple[str, ...]
    closes_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A recorded notice."""

    id: int
    new: NewNotice
    recorded_at: datetime
    state: NoticeState

    @property
    def nonce(self) -> str:
        """What tells Discord that a second try is the same message."""
        # The number alone would not do: SQLite gives the number of a deleted row again.
        named = f"{self.id} {self.new.member_id} {self.recorded_at.timestamp():.6f}"
        return hashlib.sha256(named.encode()).hexdigest()[:NONCE_CHARS]

    @property
    def mark(self) -> str:
        """What its message carries, to be found again."""
        return self.nonce[:MARK_CHARS]


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice with the project that it is about, as the server has it now."""

    notice: Notice
    project: Project
    retired: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a notice went."""

    channel_id: int
    message_id: int


class NoDirectMessages(MoonballotError):
    """The member takes no direct messages from here."""


class MemberGone(MoonballotError):
    """The member has left the server, or Discord."""


class NotNow(MoonballotError):
    """Discord did not answer; whether the message is out is not known."""


class Undeliverable(MoonballotError):
    """Discord says no for good, for another reason."""


def seen_of(project: Project, *, retired: bool) -> dict[str, str]:
    """Return a short hash of each thing whose change is news; sources and dates alone are none."""
    document = plain(project)
    facts = {key: [fact.get(part) for part in ("value", "text", "status")] for key, fact in document["facts"].items()}
    seen = {key: _hashed(fact) for key, fact in facts.items()}
    return {**seen, AIRDROP: _hashed(document["airdrop"]), **({RETIRED: "yes"} if retired else {})}


def fingerprint(seen: Mapping[str, str]) -> str:
    """Return one hash of all that was seen."""
    return _hashed(dict(seen))


def _hashed(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARS]


def news(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Return what changed between two looks, in the order of the project's facts."""
    return tuple(key for key in dict.fromkeys((*now, *before)) if before.get(key) != now.get(key))


def due_reminder(closes_at: datetime | None, now: datetime) -> datetime | None:
    """Return the newest time at which members should have been reminded of a close that is still to come."""
    if closes_at is None or closes_at <= now:
        return None
    return max((mark for before in REMIND_BEFORE if (mark := closes_at - before) <= now), default=None)


def reminders_left(closes_at: datetime | None, now: datetime) -> tuple[int, ...]:
    """Return how many days before a close members will still be reminded."""
    return tuple(before.days for before in REMIND_BEFORE if closes_at is not None and now < closes_at - before)


def is_late(due_at: datetime, now: datetime) -> bool:
    """Say whether a notice that goes out now has to own up to it."""
    return now - due_at > LATE_AFTER
