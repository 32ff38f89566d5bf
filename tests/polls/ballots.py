"""Polls and ballots as values, for tests of what is shown of them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.polls.model import Ballot, Candidate, Poll, PollState, Rules, Visibility

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def poll_of(
    labels: Sequence[str] | int,
    method: str = "single",
    most: int = 100,
    *,
    state: PollState = PollState.OPEN,
    number: int = 17,
    title: str = "Who leads?",
) -> Poll:
    names = [f"Project {place:03}" for place in range(labels)] if isinstance(labels, int) else labels
    lines = tuple(Candidate(place, label) for place, label in enumerate(names))
    ended = NOON if state is PollState.CLOSED else None
    return Poll(
        id=number,
        guild_id=7,
        channel_id=70,
        message_id=None,
        created_by=700,
        title=title,
        method=method,
        max_choices=1 if method == "single" else most,
        results=Visibility.LIVE,
        rules=Rules(),
        state=state,
        created_at=NOON,
        opens_at=NOON,
        closes_at=None,
        closed_at=ended,
        result_posted_at=None,
        cancel_reason=None,
        count=None,
        root=None,
        ballots=0,
        weight=0,
        revision=0,
        shown_revision=0,
        candidates=lines,
    )


def ballot_of(poll: Poll, *choices: int) -> Ballot:
    return Ballot(poll.id, 1, choices, 1, b"s" * 16, NOON, NOON)
