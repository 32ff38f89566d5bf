"""Candidates as a moderator types them: what was typed stays, and a project is taken only where it is named."""

from collections import Counter
from collections.abc import Sequence

from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from bot.errors import BadInput, NotFound
from bot.polls.counting import CANDIDATES_MAX
from bot.polls.model import Candidate
from bot.ui.text import clip, escape

MAX_LABEL_CHARS = 80
# Discord takes no longer suggestion; a longer list is sent as it was typed, with nothing suggested.
MAX_SUGGESTION_CHARS = 100
MAX_SUGGESTIONS = 25
# Stands after a suggested project, and may be typed: what is chosen goes on in the text, so it must read back.
AS_PROJECT = " (project)"

_NAMED_IN_ERRORS = 5
_NAME_CHARS = 40


def nominated(catalogue: Catalogue, typed: str | None) -> tuple[Candidate, ...]:
    """Read `a, b, c`: projects of the catalogue or free text; nothing typed means the newest survey's projects.

    Raises `BadInput` for too few or too many, a name twice, or one that is too long, and says which.
    """
    if typed is None or not typed.strip():
        listed = {project.id for project in catalogue.projects}  # those that the server retired are left out
        found: list[tuple[str | None, str]] = [
            (project_id, name) for project_id, name in survey_names(catalogue).items() if project_id in listed
        ]
    else:
        found = [_nominee(catalogue, part) for part in _parts(typed)]
    _check([label for _, label in found])
    _check_projects(found)
    return tuple(Candidate(place, label, project) for place, (project, label) in enumerate(found))


def suggested(catalogue: Catalogue, typed: str) -> list[str]:
    """Return what a list may go on to: first what was typed, as it is, then projects, each named as one."""
    whole = typed.strip()
    if len(whole) > MAX_SUGGESTION_CHARS:
        return []
    before, _, last = whole.rpartition(",")
    earlier = {_plain(part) for part in _parts(before)}
    start = f"{before.strip()}, " if before.strip() else ""
    # Where nothing is typed, nothing can be taken for something else.
    mark = AS_PROJECT if last.strip() else ""
    names = [project.name for project in catalogue.suggest(last.strip()) if project.name.casefold() not in earlier]
    texts = [f"{start}{name}{mark}" for name in names if name.casefold() != _plain(last)]
    fitting = [text for text in texts if len(text) <= MAX_SUGGESTION_CHARS]
    return [*([whole] if whole else []), *fitting][:MAX_SUGGESTIONS]


def survey_names(catalogue: Catalogue) -> dict[str, str]:
    """Return the newest survey's projects, id to name, in its order."""
    return {line.project: catalogue.get(line.project).name for line in catalogue.newest_survey.results}


def _parts(typed: str) -> list[str]:
    return [" ".join(part.split()) for part in typed.replace("\n", ",").split(",") if part.strip()]


def _plain(label: str) -> str:
    return label.strip().removesuffix(AS_PROJECT).casefold()


def _nominee(catalogue: Catalogue, label: str) -> tuple[str | None, str]:
    """Return a candidate's project, if it names one, and its label: a moderator's words are never bent towards one."""
    if label.endswith(AS_PROJECT) and (chosen := _called(catalogue, label.removesuffix(AS_PROJECT))):
        return chosen.id, chosen.name
    project = _called(catalogue, label)
    if project is None:
        return None, label
    return project.id, project.name if label.casefold() == project.name.casefold() else label


def _called(catalogue: Catalogue, label: str) -> Project | None:
    """Return the project of this very name, id or alias; a ticker alone may be anybody's, or a plain word."""
    try:
        project = catalogue.get(label)
    except NotFound:
        return None
    names = {name.casefold() for name in (project.id, project.name, *project.aliases)}
    return project if label.casefold() in names else None


def _check(labels: Sequence[str]) -> None:
    if not 2 <= len(labels) <= CANDIDATES_MAX:
        raise BadInput(
            f"That makes {len(labels)} candidate{'' if len(labels) == 1 else 's'}.",
            f"A poll needs 2 to {CANDIDATES_MAX}.",
            f"Leave {len(labels) - CANDIDATES_MAX:,} out."
            if len(labels) > CANDIDATES_MAX
            else "Write them with commas between: `Starknet, peaq, Movement`.",
        )
    if long := [label for label in labels if len(label) > MAX_LABEL_CHARS]:
        lengths = ", ".join(f"{len(label):,}" for label in long[:_NAMED_IN_ERRORS])
        raise BadInput(
            f"{_listed(long)} {'is' if len(long) == 1 else 'are'} too long.",
            f"A candidate's name may have {MAX_LABEL_CHARS} characters, not {lengths}.",
            "Shorten it." if len(long) == 1 else "Shorten them.",
        )
    first = {label.casefold(): label for label in reversed(labels)}
    often = [first[plain] for plain, count in Counter(label.casefold() for label in labels).items() if count > 1]
    if often:
        raise BadInput(
            f"{_listed(often)} {'stands' if len(often) == 1 else 'stand'} there twice.",
            "Votes would be split.",
            "Leave one of them out." if len(often) == 1 else "Leave one of each out.",
        )


def _check_projects(found: Sequence[tuple[str | None, str]]) -> None:
    labels: dict[str, str] = {}
    for project, label in found:
        if project and (other := labels.setdefault(project, label)) != label:
            raise BadInput(f"{_listed([other, label])} are one project.", "Votes would be split.", "Leave one out.")


def _listed(labels: Sequence[str]) -> str:
    names = ", ".join(f"“{escape(clip(label, _NAME_CHARS))}”" for label in labels[:_NAMED_IN_ERRORS])
    more = len(labels) - _NAMED_IN_ERRORS
    return f"{names} and {more} more" if more > 0 else names
