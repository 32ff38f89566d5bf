"""The standings, with the movement since the last post."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.announcements.kinds import Asked
from bot.rankings.model import Ranking, moved, places


class Rankings(Protocol):
    """Where standings come from."""

    async def ranking(self, guild_id: int) -> Ranking:
        """Return what everybody on the server may see."""
        ...


@dataclass(frozen=True, slots=True)
class RankingsContent:
    """A ranking as it is posted."""

    ranking: Ranking

    @property
    def title(self) -> str:
        """Name it after the poll or the survey."""
        return self.ranking.title

    @property
    def memory(self) -> Mapping[str, Any]:
        """Remember what was shown and in which places; hidden results leave nothing behind."""
        return {
            "title": self.ranking.title,
            "state": self.ranking.state,
            "ballots": self.ranking.ballots,
            "places": places(self.ranking.standings),
        }


class RankingsKind:
    """The open poll's standings, else the last closed one's, else the newest survey's."""

    name = "rankings"

    def __init__(self, polls: Rankings) -> None:
        self._polls = polls

    async def compose(self, asked: Asked) -> RankingsContent | None:
        """Return the standings with the movement since the last post about the same thing."""
        ranking = await self._polls.ranking(asked.schedule.guild_id)
        earlier = asked.earlier if asked.earlier.get("title", ranking.title) == ranking.title else {}
        return RankingsContent(moved_since(ranking, earlier.get("places", {})))


def moved_since(ranking: Ranking, earlier: Mapping[str, int]) -> Ranking:
    """Return the ranking with the movement since the places that were posted earlier."""
    lines = tuple(replace(line, moved=moved(line.place, earlier.get(line.label))) for line in ranking.standings)
    return replace(ranking, standings=lines)
