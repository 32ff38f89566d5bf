"""Claims that open or close soon, as this server's edition of the catalogue has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.announcements.kinds import Asked
from bot.announcements.kinds.news import memory_of
from bot.catalogue.calendar import Event as Day
from bot.catalogue.calendar import events, upcoming
from bot.catalogue.days import earliest
from bot.catalogue.editions import Editions
from bot.rankings.model import Ranking

DAYS_AHEAD = 14

_CLAIMS = ("claim_window-opens", "claim_window-closes")


@dataclass(frozen=True, slots=True)
class DeadlinesContent:
    """The days on which claims open or close, the next first."""

    days: int
    coming: tuple[Day, ...]
    as_of: datetime
    memory: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Name it after what it looks ahead to."""
        return f"Claim deadlines of the next {self.days} days"

    @property
    def ranking(self) -> Ranking | None:
        """Have no picture."""
        return None


class DeadlinesKind:
    """What opens or closes within some days; nothing while there is none."""

    name = "deadlines"

    def __init__(self, catalogues: Editions) -> None:
        self._catalogues = catalogues

    async def compose(self, asked: Asked) -> DeadlinesContent | None:
        """Return the claims of the next days; a board also says that there are none left."""
        days = int(asked.schedule.options.get("days", DAYS_AHEAD))
        projects = self._catalogues.of(asked.schedule.guild_id).projects
        until = asked.now + timedelta(days=days)
        coming = tuple(
            day
            for day in upcoming(events(projects, asked.now), asked.now)
            if day.key in _CLAIMS and earliest(day.day) <= until
        )
        if not coming and not (asked.schedule.board and asked.earlier):
            return None
        lines = (f"{day.project.id} {day.key} {day.day} {day.fact.status}" for day in coming)
        return DeadlinesContent(days, coming, asked.now, memory_of(lines, asked))
