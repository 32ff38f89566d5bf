"""Entries of the audit log, and the chain that ties them together."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

BEGINNING = "0" * 64
"""What stands in the place of an earlier hash before a server's first entry."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Something to be remembered: what, by whom, on which poll. `details` never tell who voted what."""

    guild_id: int
    at: datetime
    action: str
    actor_id: int | None = None
    poll_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in its place; `number` counts from 1 on each server, `hash` covers all before it."""

    number: int
    new: NewEntry
    hash: str


def chained(number: int, new: NewEntry, before: str) -> Entry:
    """Return the entry that follows one whose hash is `before`."""
    values = {
        "number": number,
        "guild": str(new.guild_id),
        "at": new.at.astimezone(UTC).isoformat(),
        "action": new.action,
        "actor": None if new.actor_id is None else str(new.actor_id),
        "poll": new.poll_id,
        "details": new.details,
        "before": before,
    }
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Entry(number, new, sha256(text.encode()).hexdigest())


def first_break(entries: Iterable[Entry]) -> int | None:
    """Return the number of the first entry that does not follow from those before it; None when the chain holds."""
    before, expected = BEGINNING, 1
    for entry in entries:
        if entry.number != expected or chained(entry.number, entry.new, before).hash != entry.hash:
            return expected
        before, expected = entry.hash, expected + 1
    return None
