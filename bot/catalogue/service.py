"""The catalogue's use cases: find, list and compare projects, and read surveys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import get_args

from bot.catalogue.load import Content
from bot.catalogue.model import STATE_LABELS, AirdropState, Category, Project, Survey, SurveyResult
from bot.catalogue.search import Index
from bot.errors import BadInput, NotFound
from bot.ui.text import escape

_NONE: Mapping[str, datetime] = MappingProxyType({})
# What a list shows may be typed, too.
_STATES_BY_LABEL: Mapping[str, str] = {label: state for state, label in STATE_LABELS.items()}


@dataclass(frozen=True)
class Placement:
    """A project's result in a survey, with the survey."""

    survey: Survey
    result: SurveyResult


@dataclass(frozen=True)
class Profile:
    """A project with what the newest survey said about it."""

    project: Project
    placement: Placement | None
    # Since when the server's moderators have it out of the lists.
    retired_at: datetime | None = None


class Catalogue:
    """Projects, their facts, and the surveys that rank them, from memory.

    Retired projects are found by their very names alone, and stand in no list.
    """

    def __init__(self, content: Content, retired: Mapping[str, datetime] = _NONE) -> None:
        self.content = content
        self.surveys: tuple[Survey, ...] = content.surveys
        self._by_id = {project.id: project for project in content.projects}
        self._index = Index(self._in_order([each for each in content.projects if each.id not in retired]))
        self._retired_at = retired
        self._retired = Index([each for each in content.projects if each.id in retired])

    def _in_order(self, projects: Sequence[Project]) -> list[Project]:
        """Return the projects of the newest survey by place, then the others by name."""
        places = {result.project: place for place, result in enumerate(self.newest_survey.results)}
        return sorted(projects, key=lambda project: (places.get(project.id, len(places)), project.name.casefold()))

    @property
    def projects(self) -> tuple[Project, ...]:
        """Return every project that is not retired, those of the newest survey first."""
        return self._index.projects

    @property
    def retired(self) -> tuple[Project, ...]:
        """Return the projects that are in no list any more."""
        return self._retired.projects

    @property
    def newest_survey(self) -> Survey:
        """Return the survey of the latest date; there always is one."""
        return self.surveys[-1]

    @property
    def categories(self) -> list[Category]:
        """Return the categories that some project has, in a fixed order."""
        used = {project.category for project in self.projects}
        return [category for category in get_args(Category) if category in used]

    @property
    def statuses(self) -> list[AirdropState]:
        """Return the airdrop states that some project has, in a fixed order."""
        used = {project.airdrop.state for project in self.projects}
        return [state for state in STATE_LABELS if state in used]

    def by_id(self, project_id: str) -> Project | None:
        """Return the project with this very id, retired or not."""
        return self._by_id.get(project_id)

    def get(self, name: str) -> Project:
        """Return the project that `name` means; raise NotFound, with suggestions, when that is not clear."""
        if project := self._index.named(name) or self._retired.named(name) or self._index.meant(name):
            return project
        raise NotFound("project", name.strip(), [project.name for project in self._index.near(name)])

    def retired_as(self, name: str) -> Project | None:
        """Return the retired project that has this very name."""
        return self._retired.named(name)

    def profile(self, name: str) -> Profile:
        """Return the project that `name` means, with its place in the newest survey."""
        return self._profile(self.get(name))

    def compare(self, first: str, second: str) -> tuple[Profile, Profile]:
        """Return two different projects to be set side by side."""
        one, other = self.profile(first), self.profile(second)
        if one.project.id == other.project.id:
            raise BadInput("second:", f"Both names mean {escape(one.project.name)}.", "Choose two different projects.")
        return one, other

    def suggest(self, text: str, limit: int = 25) -> list[Project]:
        """Return up to `limit` projects that somebody who types `text` may want."""
        return self._index.complete(text, limit)

    def listing(self, status: str | None = None, category: str | None = None) -> list[Project]:
        """Return the projects of a state and a category, those of the newest survey first."""
        status = _STATES_BY_LABEL.get(status.casefold().strip(), status) if status else None
        _refuse_unless_known("status:", status, list(STATE_LABELS))
        _refuse_unless_known("category:", category, list(get_args(Category)))
        return [
            project
            for project in self.projects
            if status in (None, project.airdrop.state) and category in (None, project.category)
        ]

    def _profile(self, project: Project) -> Profile:
        survey = self.newest_survey
        result = survey.result_of(project.id)
        placement = Placement(survey, result) if result else None
        return Profile(project, placement, self._retired_at.get(project.id))


def _refuse_unless_known(option: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        raise BadInput(option, f"“{escape(value)}” is none that I know.", f"Choose one of: {', '.join(known)}.")
