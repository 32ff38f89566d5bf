"""Changes of a catalogue as plain values, and the edition that they make of what ships."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from bot.catalogue.fields import Value
from bot.catalogue.model import Fact, Project, Source
from bot.catalogue.search import key_of, names_of
from bot.errors import BadInput, MoonballotError
from bot.ui.text import escape

T = TypeVar("T", bound=Value)

Action = Literal["add", "edit", "retire", "restore"]

# What can be edited beside facts. The dot keeps a field apart from a fact of the same name.
FIELDS = tuple(f"project.{name}" for name in ("name", "symbol", "aliases", "category", "about", "state", "line"))

Json = Any
"""What JSON can hold: a fact, a project or a field as `data/` has them."""


@dataclass(frozen=True, slots=True)
class NewChange:
    """One change that is to be made: of which project, what, from which value to which."""

    project_id: str
    action: Action
    key: str | None = None
    old: Json = None
    new: Json = None
    source: Json = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change that was made, by whom and when; those of one batch were made together."""

    id: int
    batch: str
    new: NewChange
    by: int
    at: datetime


@dataclass(frozen=True)
class Edition:
    """A server's projects with all its changes, and since when which of them are retired."""

    projects: Mapping[str, Project]
    retired: Mapping[str, datetime]
    last_id: int = 0


class Misfit(MoonballotError):
    """A change that does not go with the edition that it is made to."""


def applied(edition: Edition, change: NewChange, at: datetime) -> Edition:
    """Return the edition after a change; raise `Misfit` when the change does not go with it."""
    known = edition.projects.get(change.project_id)
    if (known is None) != (change.action == "add"):
        raise Misfit(f"{change.project_id} is {'not there' if known is None else 'there already'}")
    if change.action in ("retire", "restore"):
        if (change.project_id in edition.retired) == (change.action == "retire"):
            raise Misfit(f"{change.project_id} cannot be made to {change.action}")
        retired = {name: since for name, since in edition.retired.items() if name != change.project_id}
        return replace(edition, retired=retired | ({change.project_id: at} if change.action == "retire" else {}))
    project = parsed(Project, change.new) if known is None else edited(known, change.key or "", change.new)
    return replace(edition, projects={**edition.projects, change.project_id: project})


def fold(edition: Edition, changes: Iterable[Change]) -> tuple[Edition, list[Change]]:
    """Return the edition after changes that were made, and those that do not go with it any more."""
    misfits = []
    for change in changes:
        try:
            edition = applied(edition, change.new, change.at)
        except MoonballotError:  # what ships has changed under it
            misfits.append(change)
        edition = replace(edition, last_id=change.id)
    return edition, misfits


def edited(project: Project, key: str, new: Json) -> Project:
    """Return the project with a field or a fact changed; nothing new takes the fact away."""
    document = plain(project)
    if key in FIELDS:
        name = key.removeprefix("project.")
        (document["airdrop"] if name in ("state", "line") else document)[name] = new
    elif new is None:
        document["facts"].pop(key, None)
    else:
        document["facts"][key] = new
    return parsed(Project, document)


def present(project: Project, key: str) -> Json:
    """Return what a field or a fact holds now; None for a fact that is not there."""
    document = plain(project)
    if key not in FIELDS:
        return document["facts"].get(key)
    name = key.removeprefix("project.")
    return document["airdrop"][name] if name in ("state", "line") else document.get(name, [])


def plain(value: Project | Fact | Source) -> Json:
    """Return a value as JSON holds it, always the same way for the same value."""
    return value.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def parsed(model: type[T], document: Json) -> T:
    """Return the value that a JSON document holds; raise `BadInput` saying what is wrong with it."""
    try:
        return model.model_validate_json(json.dumps(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "The value"
        reason = first["msg"].removeprefix("Value error, ")
        raise BadInput(
            f"{escape(place)}:", f"{escape(reason)}.", "Put it right and try again; docs/data.md explains each field."
        ) from error


def check_names(edition: Edition, touched: Sequence[str]) -> None:
    """Raise `BadInput` when a touched project shares a name with another, or cannot be found by one."""
    owners: dict[str, Project] = {}
    here = [project for project in edition.projects.values() if project.id not in edition.retired]
    for project in sorted(here, key=lambda project: project.id in touched):
        for _, name in names_of(project):
            key = key_of(name)
            if not key:
                raise BadInput("name:", f"“{escape(name)}” has no letter or digit to find it by.", "Add some.")
            owner = owners.setdefault(key, project)
            if owner.id != project.id:
                raise BadInput(
                    "name:",
                    f"“{escape(name)}” already means {escape(owner.name)}.",
                    "Choose another name, or change that project with `/catalogue edit`.",
                )
