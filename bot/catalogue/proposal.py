"""What a moderator wants to change, before it is confirmed, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.catalogue.changes import Change, Edition, NewChange, present
from bot.catalogue.model import Project


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that a moderator was shown, each with the value that it would replace."""

    id: str
    guild_id: int
    by: int
    at: datetime
    changes: tuple[NewChange, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with the edition that it would make; `meanwhile` is what others changed under it."""

    proposal: Proposal
    after: Edition
    meanwhile: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """Changes that were made, with the edition that they made."""

    batch: str
    changes: tuple[NewChange, ...]
    edition: Edition
    undoing: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What was different in the last days: changes made on a server, and projects that were looked up anew."""

    days: int
    since: datetime
    made: tuple[Change, ...]
    anew: tuple[Project, ...]
    edition: Edition


def outdated(edition: Edition, changes: Sequence[NewChange]) -> bool:
    """Say whether a change would replace another value than the one that its moderator saw."""
    return any(
        change.action == "edit" and present(edition.projects[change.project_id], change.key or "") != change.old
        for change in changes
        if change.project_id in edition.projects
    )


def rebased(edition: Edition, changes: Sequence[NewChange]) -> tuple[NewChange, ...]:
    """Return the changes from the values that there are now, without those that are made already."""
    return tuple(
        change for each in changes if (change := _rebased(edition, each)).key is None or change.old != change.new
    )


def _rebased(edition: Edition, change: NewChange) -> NewChange:
    if change.key is None or change.project_id not in edition.projects:
        return change
    return replace(change, old=present(edition.projects[change.project_id], change.key))


def inverse(changes: Sequence[Change]) -> tuple[NewChange, ...]:
    """Return what takes changes back, the last one first."""
    return tuple(_inverse(change.new) for change in reversed(changes))


def _inverse(change: NewChange) -> NewChange:
    if change.action == "edit":
        return replace(change, old=change.new, new=change.old)
    # What was added is never deleted: polls may refer to it by now.
    return NewChange(change.project_id, "restore" if change.action == "retire" else "retire")


def official_domains(edition: Edition, changes: Sequence[NewChange]) -> Iterator[tuple[Project, str]]:
    """Give each domain that changes would make official, with the project in `edition`, the one after them."""
    for change in changes:
        if change.action == "add":
            new = change.new["facts"].get("official_domains")
        else:
            new = change.new if change.key == "official_domains" else None
        before = set(domains_in(change.old)) if change.action == "edit" else set()
        for domain in domains_in(new):
            if domain not in before:
                yield edition.projects[change.project_id], domain


def former_domains(edition: Edition, changes: Sequence[NewChange]) -> Iterator[tuple[Project, str]]:
    """Give each domain that changes would take from the official ones."""
    for change in changes:
        if change.key == "official_domains":
            kept = set(domains_in(change.new))
            yield from (
                (edition.projects[change.project_id], name) for name in domains_in(change.old) if name not in kept
            )


def domains_in(fact: object) -> list[str]:
    """Return the names that a fact holds, as JSON has it."""
    value = fact.get("value") if isinstance(fact, dict) else None
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
