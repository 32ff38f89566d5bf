"""What this server's polls say, as far as the asker may see it."""

from dataclasses import dataclass
from datetime import datetime

from bot.polls.model import PollState
from bot.polls.service import PollService
from bot.rankings.model import Standing

# Newest first; older ones are a matter for /rankings.
POLLS_READ = 5


@dataclass(frozen=True, slots=True)
class PollFacts:
    """One poll as it may be shown. Hidden results are not held: `standings` is empty, and `hidden` says until when."""

    id: int
    title: str
    state: PollState
    method: str
    # How many took part; the board shows that at all times.
    ballots: int
    opens_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    as_of: datetime
    standings: tuple[Standing, ...] = ()
    hidden: str = ""
    # Who can be voted for, in the order of the ballot.
    candidates: tuple[str, ...] = ()
    # Which project each of them is; None for what is in no catalogue.
    projects: tuple[str | None, ...] = ()
    # How many candidates a ballot may name; 0 when that is not known.
    max_choices: int = 0

    @property
    def open(self) -> bool:
        """Say whether ballots are taken."""
        return self.state is PollState.OPEN

    @property
    def closed(self) -> bool:
        """Say whether there is a final result."""
        return self.state is PollState.CLOSED


async def polls_here(polls: PollService, guild_id: int, viewer_id: int | None) -> tuple[PollFacts, ...]:
    """Return a server's newest polls, open ones first, with only those results that `viewer_id` may see."""
    briefs = [brief for brief in polls.listing(guild_id) if brief.state is not PollState.DRAFT]
    briefs.sort(key=lambda brief: brief.state is not PollState.OPEN)
    found = []
    for brief in briefs[:POLLS_READ]:
        poll = await polls.get(guild_id, brief.id)
        ranking = await polls.ranking(guild_id, brief.id, viewer_id)
        found.append(
            PollFacts(
                id=poll.id,
                title=poll.title,
                state=poll.state,
                method=poll.method,
                ballots=ranking.ballots or 0,
                opens_at=poll.opens_at,
                closes_at=poll.closes_at,
                closed_at=poll.closed_at,
                as_of=ranking.as_of,
                standings=() if ranking.hidden else ranking.standings,
                hidden=" ".join(ranking.remarks) if ranking.hidden else "",
                candidates=tuple(line.label for line in poll.candidates),
                projects=tuple(line.project_id for line in poll.candidates),
                max_choices=poll.max_choices,
            )
        )
    return tuple(found)
