"""What happened in some days: new facts, polls, and what many asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.announcements.kinds import Asked
from bot.announcements.kinds.closing import Polls
from bot.announcements.kinds.news import memory_of
from bot.catalogue.proposal import Changed
from bot.polls.model import PollState
from bot.polls.store import Brief
from bot.rankings.model import Ranking

DAYS_BACK = 7
MOST_POLLS = 5
MOST_QUESTIONS = 5


class Facts(Protocol):
    """Where changes of the catalogue come from."""

    async def changed(self, guild_id: int | None, days: int) -> Changed:
        """Return what was changed on a server in the last days, and what was looked up anew."""
        ...


class Questions(Protocol):
    """Where questions come from; they name nobody."""

    async def most_asked(self, guild_id: int, within: timedelta, most: int) -> list[tuple[str, int]]:
        """Return what several members had answered, with how many they were."""
        ...


@dataclass(frozen=True, slots=True)
class PollNews:
    """A poll that was opened, is open, or was closed; `ranking` is what everybody may see of it."""

    brief: Brief
    ranking: Ranking
    new: bool


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Some days in short; parts with nothing in them are empty."""

    days: int
    changed: Changed
    polls: tuple[PollNews, ...]
    questions: tuple[tuple[str, int], ...]
    as_of: datetime
    memory: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Name it after the days."""
        return "This week" if self.days == DAYS_BACK else f"The last {self.days} days"

    @property
    def ranking(self) -> Ranking | None:
        """Have no picture."""
        return None


class DigestKind:
    """What is worth knowing for those who were away."""

    name = "digest"

    def __init__(self, facts: Facts, polls: Polls, questions: Questions) -> None:
        self._facts = facts
        self._polls = polls
        self._questions = questions

    async def compose(self, asked: Asked) -> DigestContent | None:
        """Return what there is to tell; None when nothing happened."""
        guild_id = asked.schedule.guild_id
        days = int(asked.schedule.options.get("days", DAYS_BACK))
        changed = await self._facts.changed(guild_id, days)
        polls = await self._poll_news(guild_id, asked.now - timedelta(days=days))
        questions = await self._questions.most_asked(guild_id, timedelta(days=days), MOST_QUESTIONS)
        lines = list(_lines(changed, polls, questions))
        if not lines:
            return None
        return DigestContent(days, changed, tuple(polls), tuple(questions), asked.now, memory_of(lines, asked))

    async def _poll_news(self, guild_id: int, since: datetime) -> list[PollNews]:
        shown = [brief for brief in self._polls.listing(guild_id) if _is_shown(brief, since)][:MOST_POLLS]
        return [
            PollNews(brief, await self._polls.ranking(guild_id, brief.id), brief.opens_at >= since) for brief in shown
        ]


def _is_shown(brief: Brief, since: datetime) -> bool:
    if brief.state is PollState.CLOSED:
        return brief.closed_at is not None and brief.closed_at >= since
    return brief.state is PollState.OPEN


def _lines(changed: Changed, polls: list[PollNews], questions: list[tuple[str, int]]) -> Iterator[str]:
    """Name each piece of news, always the same way for the same."""
    yield from (f"change {change.id}" for change in changed.made)
    for project in changed.anew:
        newest = max(fact.as_of for fact in project.facts.values())
        yield f"looked up {project.id} {newest.isoformat()}"
    yield from (f"poll {news.brief.id} {news.brief.state}" for news in polls)
    yield from (f"asked {question}" for question, _ in questions)
