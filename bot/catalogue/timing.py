"""What the clock makes of a project: an airdrop whose claims have closed is never shown as open."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.catalogue.days import after, earliest, in_words
from bot.catalogue.model import Airdrop, AirdropState, Project, Window

# States that a closed window contradicts; later phases may follow one.
_BEFORE_THE_CLOSE: frozenset[AirdropState] = frozenset({"upcoming", "claimable", "unclear"})
# How sure a window must be before its opening is believed. A close is believed in any case: it errs on the safe side.
_BELIEVED = frozenset({"confirmed", "single_source"})


def closes_at(project: Project) -> datetime | None:
    """Return the first moment at which claims are over; None when that is not known."""
    window = project.claim_window
    return after(window.closes) if window and window.closes else None


def opens_at(project: Project) -> datetime | None:
    """Return the first moment at which claims may be open; None when that is not known."""
    window = project.claim_window
    return earliest(window.opens) if window and window.opens else None


def as_of_now(project: Project, now: datetime) -> Project:
    """Return the project with the state of its airdrop that the clock allows."""
    window, end = project.claim_window, closes_at(project)
    if window is None or end is None or window.closes is None or project.airdrop.state not in _BEFORE_THE_CLOSE:
        return project
    if end <= now:
        line = f"Claims are over since {in_words(window.closes)}."
        return project.model_copy(update={"airdrop": Airdrop(state="missed", line=line)})
    if project.airdrop.state == "upcoming" and _has_opened(project, window, now):
        line = f"Claims were announced to run until {in_words(window.closes)}."
        return project.model_copy(update={"airdrop": Airdrop(state="claimable", line=line)})
    return project


def _has_opened(project: Project, window: Window, now: datetime) -> bool:
    return (
        window.opens is not None and project.facts["claim_window"].status in _BELIEVED and earliest(window.opens) <= now
    )


def next_turn(projects: Iterable[Project], now: datetime) -> datetime | None:
    """Return the next moment at which `as_of_now` may say something else."""
    return min((turn for project in projects for turn in _turns(project) if turn > now), default=None)


def _turns(project: Project) -> Iterator[datetime]:
    if project.airdrop.state in _BEFORE_THE_CLOSE:
        yield from (turn for turn in (opens_at(project), closes_at(project)) if turn)
