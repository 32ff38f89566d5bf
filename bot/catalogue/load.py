"""What ships in data/: read, checked file by file and across files."""

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.catalogue.model import Project, Survey
from bot.catalogue.search import key_of, names_of
from bot.errors import BrokenData

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Content:
    """All projects and surveys, each in a fixed order: projects by name, surveys oldest first; at least one of each."""

    projects: tuple[Project, ...]
    surveys: tuple[Survey, ...]


def load(folder: Path) -> Content:
    """Read `folder`/projects and `folder`/surveys; raise BrokenData for the first thing that is wrong."""
    projects = [(path, _read(path, Project)) for path in toml_files(folder / "projects")]
    surveys = [(path, _read(path, Survey)) for path in toml_files(folder / "surveys")]
    _check_names(projects)
    _check_surveys(surveys, {project.id for _, project in projects})
    return Content(
        projects=tuple(sorted((project for _, project in projects), key=lambda project: project.name.casefold())),
        surveys=tuple(sorted((survey for _, survey in surveys), key=lambda survey: (survey.dated, survey.id))),
    )


def toml_files(folder: Path) -> list[Path]:
    """Return the .toml files in `folder` by name; raise BrokenData when there is none."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        raise BrokenData(str(folder), "", f"cannot be read: {error.strerror}") from error
    if not files:
        raise BrokenData(str(folder), "", "holds no .toml file")
    return files


def _read(path: Path, model: type[T]) -> T:
    value = parse(text_of(path), model, str(path))
    if (name := getattr(value, "id", path.stem)) != path.stem:
        raise BrokenData(str(path), "id", f"is {name!r}, but the file is called {path.name}")
    return value


def text_of(path: Path) -> str:
    """Return what a file holds; raise BrokenData when that is no text."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenData(str(path), "", f"is not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise BrokenData(str(path), "", f"cannot be read: {error.strerror}") from error


def parse(text: str, model: type[T], file: str) -> T:
    """Return the value that a TOML text holds; raise BrokenData with `file`, the field and the reason."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenData(file, "", f"is not TOML: {error}") from error
    try:
        # By way of JSON: there strict models take lists for tuples and texts for dates, but still no "7" for 7.
        return model.model_validate_json(json.dumps(document, default=_plain))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BrokenData(file, _field(first["loc"]), _reason(first["type"], first["msg"])) from error
    except ValueError as error:
        raise BrokenData(file, "", str(error)) from error


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise ValueError(f"holds a value of a kind that is not used here: {value!r}")


# Names that pydantic puts between the fields: the branches of a union.
_BRANCHES = frozenset({"text", "window", "figures", "rounds", "names"})


def _field(path: Sequence[int | str]) -> str:
    parts = [
        str(part) for index, part in enumerate(path) if not (part in _BRANCHES and index and path[index - 1] == "value")
    ]
    return ".".join(parts)


def _reason(kind: str, message: str) -> str:
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a field that is known here"
    return message.removeprefix("Value error, ")


def _check_names(projects: Sequence[tuple[Path, Project]]) -> None:
    owners: dict[str, tuple[Path, Project]] = {}
    for path, project in projects:
        for field, name in names_of(project):
            key = key_of(name)
            if not key:
                raise BrokenData(str(path), field, f"{name!r} has no letter or digit to find it by")
            other_path, other = owners.setdefault(key, (path, project))
            if other.id != project.id:
                raise BrokenData(str(path), field, f"{name!r} already means {other.name} ({other_path.name})")


def _check_surveys(surveys: Sequence[tuple[Path, Survey]], known: set[str]) -> None:
    for path, survey in surveys:
        if survey.organiser_project and survey.organiser_project not in known:
            raise BrokenData(str(path), "organiser_project", f"{survey.organiser_project!r} is no known project")
        seen: set[str] = set()
        for index, result in enumerate(survey.results):
            if result.project not in known:
                raise BrokenData(str(path), f"results.{index}.project", f"{result.project!r} is no known project")
            if result.project in seen:
                raise BrokenData(str(path), f"results.{index}.project", f"{result.project!r} stands twice")
            seen.add(result.project)
        for index, correction in enumerate(survey.corrections):
            if correction.project and correction.project not in seen:
                reason = f"{correction.project!r} is not among the results"
                raise BrokenData(str(path), f"corrections.{index}.project", reason)
