"""The final result of a poll, when it closes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.announcements.kinds import Asked, Event
from bot.announcements.kinds.closing import ElectorateOf, Polls
from bot.clock import Clock
from bot.polls.model import Electorate, Poll, PollState
from bot.polls.store import Brief
from bot.rankings.model import Ranking


class CountedPolls(Polls, Protocol):
    """Where polls come from that are counted once they are closed."""

    async def count(self, poll_id: int) -> Poll:
        """Count a closed poll, once, and return it."""
        ...


@dataclass(frozen=True, slots=True)
class ResultsContent:
    """A closed poll with its final standings."""

    poll: Poll
    ranking: Ranking
    electorate: Electorate | None = None

    @property
    def title(self) -> str:
        """Name it after the poll."""
        return f"Result: {self.poll.title}"

    @property
    def memory(self) -> Mapping[str, Any]:
        """Remember which poll it was: its result is final."""
        return {"poll": self.poll.id}


class ResultsKind:
    """Each poll's result, once it is closed and counted."""

    name = "results"

    def __init__(self, polls: CountedPolls, electorate_of: ElectorateOf, clock: Clock) -> None:
        self._polls = polls
        self._electorate_of = electorate_of
        self._clock = clock

    def events(self, guild_id: int) -> Iterator[Event]:
        """Give the closes that were, and those that are foreseen."""
        now = self._clock.now()
        for brief in self._polls.listing(guild_id):
            if brief.state is PollState.CLOSED and brief.closed_at is not None:
                yield Event(brief.closed_at, _key(brief))
            # Between the time of its close and the close itself, there is no result to announce yet.
            elif brief.state in (PollState.SCHEDULED, PollState.OPEN) and brief.closes_at and brief.closes_at > now:
                yield Event(brief.closes_at, _key(brief))

    async def compose(self, asked: Asked) -> ResultsContent | None:
        """Return the result of the poll whose close this is; foreseen or by hand, of the one that closed last."""
        guild_id = asked.schedule.guild_id
        happened = bool(asked.event) and asked.due_at <= asked.now
        number = int(asked.event.split()[1]) if happened else self._last_closed(guild_id)
        if number is None:
            return None
        poll = await self._polls.get(guild_id, number)
        # Every poll's result is posted in the poll's own channel, without any schedule.
        if poll.state is not PollState.CLOSED or (happened and poll.channel_id == asked.schedule.channel_id):
            return None
        poll = await self._polls.count(number)
        ranking = await self._polls.ranking(guild_id, number)
        return ResultsContent(poll, ranking, await self._electorate_of(poll))

    def _last_closed(self, guild_id: int) -> int | None:
        closed = [
            (brief.closed_at, brief.id)
            for brief in self._polls.listing(guild_id)
            if brief.state is PollState.CLOSED and brief.closed_at is not None
        ]
        return max(closed)[1] if closed else None


def _key(brief: Brief) -> str:
    return f"poll {brief.id}"
