"""Polls in memory, and what a kind is asked about them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.announcements.kinds import Asked
from bot.announcements.model import NewSchedule
from bot.announcements.recurrence import event_recurrence
from bot.polls.model import Electorate, Poll, PollState
from bot.polls.ranking import ranking_of
from bot.polls.store import Brief
from bot.rankings.model import Ranking
from tests.polls.ballots import NOON, poll_of

GUILD, CHANNEL, BOARD = 7, 20, 70
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def poll(number: int = 17, runs_for: timedelta | None = 3 * DAY, **changes: Any) -> Poll:
    """Give an open poll that began at noon."""
    made = replace(poll_of(4, number=number), closes_at=NOON + runs_for if runs_for else None, ballots=9)
    return replace(made, **changes)


def closed(number: int = 17, at: datetime = NOON + 3 * DAY, **changes: Any) -> Poll:
    return poll(number, state=PollState.CLOSED, closed_at=at, **changes)


class FakePolls:
    """Polls that a test may change; counting is noted."""

    def __init__(self, *polls: Poll) -> None:
        self.polls = {each.id: each for each in polls}
        self.counted: list[int] = []
        self.visible = True

    def listing(self, guild_id: int) -> list[Brief]:
        return [
            Brief(each.id, each.guild_id, each.title, each.state, each.opens_at, each.closes_at, each.closed_at)
            for each in reversed(self.polls.values())
            if each.guild_id == guild_id
        ]

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        return self.polls[poll_id]

    async def ranking(self, guild_id: int, poll_id: int) -> Ranking:
        return ranking_of(self.polls[poll_id], NOON, visible=self.visible)

    async def count(self, poll_id: int) -> Poll:
        self.counted.append(poll_id)
        return self.polls[poll_id]


async def electorate(_poll: Poll) -> Electorate | None:
    return Electorate(50)


def schedule(kind: str, **changes: Any) -> NewSchedule:
    return replace(NewSchedule(GUILD, kind, CHANNEL, event_recurrence("UTC"), 40), **changes)


def asked(kind: str, due_at: datetime, event: str = "", now: datetime | None = None, **changes: Any) -> Asked:
    earlier = changes.pop("earlier", {})
    return Asked(schedule(kind, **changes), due_at, now or due_at, earlier, None, event)
