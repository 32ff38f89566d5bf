"""Projects as files: what `/catalogue import` takes and `/catalogue export` gives."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from bot.catalogue.changes import FIELDS, Change, Edition, NewChange, parsed, plain, present
from bot.catalogue.model import Project
from bot.errors import BadInput
from bot.ui.text import escape

FORMAT = "moonballot-catalogue-1"
MAX_FILE_BYTES = 1_000_000
MAX_PROJECTS = 500

_FIX = "Nothing was changed; docs/data.md shows what a file looks like."


def require_size(count: int) -> None:
    """Raise `BadInput` for a file that is too large to be read at all."""
    if count > MAX_FILE_BYTES:
        raise BadInput("file:", f"is larger than {MAX_FILE_BYTES:,} bytes.", "Split it.")


def read(filename: str, data: bytes) -> tuple[list[Project], list[str]]:
    """Return the projects of a TOML or JSON file, and the ids that it calls retired; raise `BadInput`."""
    document = _document(filename, data)
    if isinstance(document, dict) and "projects" in document:
        projects, retired = document["projects"], document.get("retired", [])
    else:
        projects, retired = document if isinstance(document, list) else [document], []
    if not isinstance(projects, list) or not projects or len(projects) > MAX_PROJECTS:
        raise BadInput("file:", f"holds no list of 1 to {MAX_PROJECTS} projects.", _FIX)
    if not isinstance(retired, list):
        raise BadInput("file:", "has something else than a list as `retired`.", _FIX)
    found = [_project(number, each) for number, each in enumerate(projects, 1)]
    ids = [project.id for project in found]
    if twice := next((name for name in ids if ids.count(name) > 1), None):
        raise BadInput("file:", f"has `{twice}` twice.", _FIX)
    return found, [str(name) for name in retired]


def _document(filename: str, data: bytes) -> Any:
    require_size(len(data))
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text) if filename.lower().endswith(".json") else tomllib.loads(text)
    except (UnicodeDecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        kind = "JSON" if filename.lower().endswith(".json") else "TOML"
        reason = "it is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else escape(str(error))
        raise BadInput("file:", f"cannot be read as {kind}: {reason}.", _FIX) from error


def _project(number: int, document: Any) -> Project:
    try:
        # Once through text: TOML's dates become what JSON has for them.
        project = parsed(Project, json.loads(json.dumps(document, default=_day)))
    except BadInput as error:
        name = document.get("id", f"number {number}") if isinstance(document, dict) else f"number {number}"
        raise BadInput(f"Project {escape(str(name))[:80]}, {error.what}", error.why, _FIX) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise BadInput(f"Project number {number}", "holds a value of a kind that is not used here.", _FIX) from error
    return project


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError


def differences(edition: Edition, projects: Sequence[Project], retired: Sequence[str]) -> Iterator[NewChange]:
    """Give the changes that bring a file's projects into an edition; what the file leaves out stays as it is."""
    for project in projects:
        known = edition.projects.get(project.id)
        if known is None:
            yield NewChange(project.id, "add", new=plain(project))
        else:
            yield from _edits(known, project)
    ids = edition.projects.keys() | {project.id for project in projects}
    for name in dict.fromkeys(retired):
        if name not in ids:
            raise BadInput("retired:", f"`{escape(name)}` is no project here.", _FIX)
        if name not in edition.retired:
            yield NewChange(name, "retire")


def _edits(known: Project, wanted: Project) -> Iterator[NewChange]:
    for key in (*FIELDS, *wanted.facts):
        old, new = present(known, key), present(wanted, key)
        if old != new:
            yield NewChange(known.id, "edit", key, old, new)


def write(edition: Edition, history: Sequence[Change], at: datetime) -> bytes:
    """Return an edition with its history as a file that can be imported again."""
    document = {
        "format": FORMAT,
        "exported_at": at.isoformat(),
        "projects": [plain(project) for project in edition.projects.values()],
        "retired": list(edition.retired),
        "history": [_entry(change) for change in history],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _entry(change: Change) -> dict[str, Any]:
    new = {name: value for name, value in asdict(change.new).items() if value is not None}
    return {"at": change.at.isoformat(), "by": str(change.by), "batch": change.batch, **new}
