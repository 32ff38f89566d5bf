"""The standings, with the movement since the last post."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.announcements.kinds import Asked
from bot.announcements.kinds.closing import ElectorateOf
from bot.polls.model import Electorate, Poll
from bot.rankings.model import Ranking, moved, places


class Rankings(Protocol):
    """Where standings come from."""

    async def ranking(self, guild_id: int) -> Ranking:
        """Return what everybody on the server may see."""
        ...

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        """Return a poll of this server."""
        ...


@dataclass(frozen=True, slots=True)
class RankingsContent:
    """A ranking as it is posted."""

    ranking: Ranking
    electorate: Electorate | None = None

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

    def __init__(self, polls: Rankings, electorate_of: ElectorateOf) -> None:
        self._polls = polls
        self._electorate_of = electorate_of

    async def compose(self, asked: Asked) -> RankingsContent | None:
        """Return the standings with the movement since the last post about the same thing."""
        guild_id = asked.schedule.guild_id
        ranking, electorate = await self._polls.ranking(guild_id), None
        if ranking.poll_id is not None:
            electorate = await self._electorate_of(await self._polls.get(guild_id, ranking.poll_id))
        earlier = asked.earlier if asked.earlier.get("title", ranking.title) == ranking.title else {}
        return RankingsContent(moved_since(ranking, earlier.get("places", {})), electorate)


def moved_since(ranking: Ranking, earlier: Mapping[str, int]) -> Ranking:
    """Return the ranking with the movement since the places that were posted earlier."""
    lines = tuple(replace(line, moved=moved(line.place, earlier.get(line.label))) for line in ranking.standings)
    return replace(ranking, standings=lines)
