"""A poll's standings as a ranking."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.polls.model import Poll, PollState, Visibility
from bot.rankings.model import Entry, Ranking, Standing, State, concealed, moved, ranked

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
    return Ranking(
        title=poll.title,
        kind="poll",
        state=_STATES[poll.state],
        standings=_standings(poll, earlier) if visible else concealed(_entries(poll)),
        ballots=poll.ballots,
        as_of=poll.closed_at or now,
        closes_at=poll.closes_at,
        source="ballots cast on this server",
        remarks=_remarks(poll) if visible else (_why_hidden(poll),),
        hidden=not visible,
        poll_id=poll.id,
    )


def _why_hidden(poll: Poll) -> str:
    if poll.state is PollState.CANCELLED:
        return "The poll was cancelled while its standings were hidden, and they stay so."
    return _HIDDEN_UNTIL[poll.results]


def _entries(poll: Poll) -> list[Entry]:
    # Who approves of several is counted with each: a share is then a part of the voters, and shares do not add up.
    return [
        Entry(line.label, line.votes, _part(line.votes, poll) if poll.method == "approval" else None, line.project_id)
        for line in poll.candidates
    ]


def _part(votes: int, poll: Poll) -> Decimal:
    return (Decimal(votes * 100) / max(poll.weight, 1)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _standings(poll: Poll, earlier: Mapping[str, int] | None) -> tuple[Standing, ...]:
    if poll.method != "ranked" or poll.count is None:
        return ranked(_entries(poll), earlier)
    places, last = poll.count["places"], _last_round_votes(poll.count["rounds"], len(poll.candidates))
    lines = [
        Standing(
            places[line.position],
            line.label,
            line.project_id,
            last[line.position],
            _part(last[line.position], poll),
            moved(places[line.position], (earlier or {}).get(line.label)),
            places.count(places[line.position]) > 1,
        )
        for line in poll.candidates
    ]
    return tuple(sorted(lines, key=lambda line: line.place or 0))


def _last_round_votes(rounds: Sequence[Mapping[str, Any]], candidates: int) -> list[int]:
    """Return what each candidate had in the last round in which it stood."""
    votes = [0] * candidates
    for each in rounds:
        votes = [before if now is None else now for before, now in zip(votes, each["votes"], strict=True)]
    return votes


def _remarks(poll: Poll) -> tuple[str, ...]:
    if poll.method == "approval":
        return ("Shares are parts of the voters, who may choose several: they do not add up to 100.",)
    if poll.method == "ranked" and poll.count is None:
        runoff = " The winner is found by instant runoff when the poll closes."
        return (f"These are first choices.{runoff if poll.state is not PollState.CANCELLED else ''}",)
    if poll.method == "ranked":
        return tuple(round_lines(poll))
    return ()


def round_lines(poll: Poll) -> list[str]:
    """Say what happened in each round of a counted runoff, and how each tie was settled."""
    if poll.count is None:
        return []
    labels = [line.label for line in poll.candidates]
    lines = []
    for number, each in enumerate(poll.count["rounds"], start=1):
        standing = sorted(
            ((votes, labels[position]) for position, votes in enumerate(each["votes"]) if votes),
            key=lambda held: -held[0],
        )
        out = ", ".join(labels[position] for position in each["eliminated"])
        held = ", ".join(f"{label} {votes}" for votes, label in standing)
        exhausted = f"; exhausted {each['exhausted']}" if each["exhausted"] else ""
        lines.append(f"Round {number}: {held or 'no votes'}{exhausted}{f'; out: {out}' if out else ''}")
    return lines
