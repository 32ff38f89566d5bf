"""A poll's standings as a ranking."""

from collections.abc import Mapping
from datetime import datetime

from bot.polls.model import Poll, PollState, Visibility
from bot.rankings.model import Entry, Ranking, State, concealed, ranked

_STATES: dict[PollState, State] = {
    PollState.OPEN: "open",
    PollState.CLOSED: "closed",
    PollState.CANCELLED: "cancelled",
    PollState.SCHEDULED: "open",
    PollState.DRAFT: "open",
}

_HIDDEN_UNTIL = {
    Visibility.LIVE: "",
    Visibility.AFTER_VOTE: "Results show once you have voted, and to all when the poll closes.",
    Visibility.AFTER_CLOSE: "Results show when the poll closes.",
}


def ranking_of(poll: Poll, now: datetime, *, visible: bool, earlier: Mapping[str, int] | None = None) -> Ranking:
    """Return the standings of a poll; without a single number about them where they are not `visible`."""
    entries = [Entry(line.label, line.votes, None, line.project_id) for line in poll.candidates]
    return Ranking(
        title=poll.title,
        kind="poll",
        state=_STATES[poll.state],
        standings=ranked(entries, earlier) if visible else concealed(entries),
        ballots=poll.ballots,
        as_of=poll.closed_at or now,
        closes_at=poll.closes_at,
        source="ballots cast on this server",
        remarks=() if visible else (_HIDDEN_UNTIL[poll.results],),
        hidden=not visible,
        poll_id=poll.id,
    )
