"""A poll's last day and its last hour, for those who have not looked."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot.announcements.kinds import Asked, Event
from bot.polls.model import Electorate, Poll, PollState
from bot.polls.store import Brief
from bot.rankings.model import Ranking

# How long before the close each reminder comes.
LEADS: Mapping[str, timedelta] = {"day": timedelta(days=1), "hour": timedelta(hours=1)}

_UNDER_WAY = (PollState.SCHEDULED, PollState.OPEN)
_SAME_MOMENT = timedelta(seconds=1)

# Says how many could vote in a poll; None where that is not known.
ElectorateOf = Callable[[Poll], Awaitable[Electorate | None]]


class Polls(Protocol):
    """Where polls come from."""

    def listing(self, guild_id: int) -> list[Brief]:
        """Return the polls of a server, newest first."""
        ...

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        """Return a poll of this server."""
        ...

    async def ranking(self, guild_id: int, poll_id: int) -> Ranking:
        """Return what everybody on the server may see of a poll's standings."""
        ...


@dataclass(frozen=True, slots=True)
class ClosingContent:
    """A poll that closes soon; hidden results are hidden in `standings`."""

    poll: Poll
    standings: Ranking
    electorate: Electorate | None = None
    # Which reminder this is: `day`, `hour`, or neither when a moderator asked for it.
    lead: str = ""

    @property
    def title(self) -> str:
        """Name it after the poll."""
        return f"Vote: {self.poll.title}"

    @property
    def memory(self) -> Mapping[str, Any]:
        """Each reminder is news, and so is one of another close."""
        closes_at = self.poll.closes_at
        return {"poll": self.poll.id, "lead": self.lead, "closes_at": closes_at.isoformat() if closes_at else None}

    @property
    def ranking(self) -> Ranking | None:
        """Have no picture: it is about voting, not about who leads."""
        return None


class ClosingKind:
    """A reminder one day and one hour before each poll closes."""

    name = "closing"

    def __init__(self, polls: Polls, electorate_of: ElectorateOf) -> None:
        self._polls = polls
        self._electorate_of = electorate_of

    def events(self, guild_id: int) -> Iterator[Event]:
        """Give the reminders of all polls under way; a poll that is shorter than the lead has none."""
        for brief in self._polls.listing(guild_id):
            if brief.state in _UNDER_WAY and brief.closes_at is not None:
                for lead, before in LEADS.items():
                    if (at := brief.closes_at - before) > brief.opens_at:
                        yield Event(at, f"poll {brief.id} {lead}")

    async def compose(self, asked: Asked) -> ClosingContent | None:
        """Return the reminder of an event, unless it fits no more; else of the open poll that closes next."""
        guild_id = asked.schedule.guild_id
        number, lead = _named(asked.event) or (self._next_to_close(guild_id), "")
        if number is None:
            return None
        poll = await self._polls.get(guild_id, number)
        foreseen = asked.due_at > asked.now
        if asked.event and not foreseen and not _fits(poll, lead, asked):
            return None
        ranking = await self._polls.ranking(guild_id, number)
        return ClosingContent(poll, ranking, await self._electorate_of(poll), lead)

    def _next_to_close(self, guild_id: int) -> int | None:
        open_ones = [brief for brief in self._polls.listing(guild_id) if brief.state is PollState.OPEN]
        closing = [(brief.closes_at, brief.id) for brief in open_ones if brief.closes_at is not None]
        return min(closing)[1] if closing else next((brief.id for brief in open_ones), None)


def _named(event: str) -> tuple[int, str] | None:
    """Read `poll 7 day`; a schedule that was of another kind has other keys."""
    match event.split():
        case ["poll", number, *lead]:
            return int(number), " ".join(lead)
        case _:
            return None


def _fits(poll: Poll, lead: str, asked: Asked) -> bool:
    """Say whether a reminder still says the truth: the poll may have been closed or extended, or the bot away."""
    if poll.stopped_at(asked.now) is not None or poll.state is not PollState.OPEN:
        return False
    if poll.closes_at is None or lead not in LEADS:
        return False
    next_reminder = poll.closes_at - LEADS["hour"] if lead == "day" else poll.closes_at
    return abs(poll.closes_at - LEADS[lead] - asked.due_at) < _SAME_MOMENT and asked.now < next_reminder
