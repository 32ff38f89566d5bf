"""What follows from ballots and changes, judged one after the other: pure, without a database."""

import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.audit.model import NewEntry
from bot.errors import BadInput, NotFound, PollClosed, Refused
from bot.polls import eligibility
from bot.polls.counting import METHODS
from bot.polls.duration import LONGEST
from bot.polls.model import Ballot, Poll, PollState, Recorded, Voter

SALT_BYTES = 16
YOUNG_ACCOUNT = timedelta(days=30)
# Two bots that look after one server, as in a restart that overlaps, may hand in a member's clicks the wrong way round.
OVERTAKEN_WITHIN = timedelta(minutes=1)

Choices = tuple[int, ...] | Callable[[Poll], tuple[int, ...]]
"""The positions chosen; or how they are read from what the member sent, when it is the ballot's turn."""


NOTHING_CHOSEN = "Nothing was chosen, so nothing was changed."


class SpoiltBallot(Refused):
    """The ballot itself cannot be counted: filled in afresh, it can."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A member's choices; none at all withdraws the ballot. `arrived_at` is what it is judged by."""

    guild_id: int
    poll_id: int
    voter: Voter
    choices: Choices
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    """The end of voting; `at` is what members are told, `by` who ended it before its time.

    With `when_due` a poll whose end was put off beyond `at` meanwhile stays open.
    """

    poll_id: int
    at: datetime
    by: int | None = None
    when_due: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """The end of a poll without a result; the ballots are kept."""

    poll_id: int
    at: datetime
    by: int
    reason: str


@dataclass(frozen=True, slots=True)
class Extend:
    """A later end: what is added to the one that stands when it is this change's turn; to now where there is none."""

    poll_id: int
    at: datetime
    by: int
    longer: timedelta


Change = Close | Cancel | Extend
Item = Cast | Change


Outcome = Recorded | Poll | Exception


@dataclass(slots=True)
class Changes:
    """What one group adds up to."""

    ballots: dict[tuple[int, int], Ballot | None] = field(default_factory=dict)
    votes: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    turnout: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    weight: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    minutes: dict[tuple[int, datetime], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    polls: dict[int, Poll] = field(default_factory=dict)
    entries: list[NewEntry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


def poll_after(poll: Poll, changes: Changes) -> Poll:
    """Return the poll as it is once the changes are written; nobody else writes it meanwhile."""
    poll = changes.polls.get(poll.id, poll)
    lines = (replace(line, votes=line.votes + changes.votes[poll.id, line.position]) for line in poll.candidates)
    return replace(
        poll,
        candidates=tuple(lines),
        ballots=poll.ballots + changes.turnout[poll.id],
        weight=poll.weight + changes.weight[poll.id],
        revision=poll.revision + 1,
    )


def judge(
    item: Item,
    poll: Poll | None,
    current: dict[tuple[int, int], Ballot | None],
    changes: Changes,
) -> Outcome:
    """Judge one item against the poll and the ballots as those before it left them; add to `changes` what follows."""
    if poll is None:
        return NotFound("poll", str(item.poll_id))
    poll = changes.polls.get(poll.id, poll)
    try:
        if isinstance(item, Cast):
            return _judge_cast(item, poll, current, changes)
        return _judge_change(item, poll, changes)
    except (BadInput, NotFound, PollClosed, Refused) as error:
        return error


def _judge_change(change: Change, poll: Poll, changes: Changes) -> Poll:
    if poll.state is not PollState.OPEN:
        if isinstance(change, Close):
            return poll
        raise Refused(f"This poll is {poll.state}, so there is nothing to change any more.")
    match change:
        case Close():
            if change.when_due and poll.stopped_at(change.at) is None:
                return poll
            after = replace(poll, state=PollState.CLOSED, closed_at=change.at)
            _remember(changes, after, change, "closed", {"ballots": poll.ballots + changes.turnout[poll.id]})
        case Cancel():
            after = replace(poll, state=PollState.CANCELLED, cancel_reason=change.reason)
            _remember(changes, after, change, "cancelled", {"reason": change.reason})
        case Extend():
            if poll.stopped_at(change.at) is not None:
                raise PollClosed(poll.title, poll.stopped_at(change.at) or change.at)
            before, closes_at = poll.closes_at, _later_end(poll, change)
            after = replace(poll, closes_at=closes_at)
            times = {"before": before and before.isoformat(), "after": closes_at.isoformat()}
            _remember(changes, after, change, "extended", times)
    return after


def _later_end(poll: Poll, change: Extend) -> datetime:
    if poll.closes_at is None:
        return change.at + change.longer
    closes_at = poll.closes_at + change.longer
    if closes_at - poll.opens_at > LONGEST:
        raise BadInput("That is too long.", "A poll may run for a year.", "Choose an earlier end.")
    return closes_at


def _remember(changes: Changes, after: Poll, change: Change, action: str, details: dict[str, Any]) -> None:
    changes.polls[after.id] = after
    changes.touched.add(after.id)
    changes.entries.append(NewEntry(after.guild_id, change.at, action, change.by, after.id, details))


def _judge_cast(cast: Cast, poll: Poll, current: dict[tuple[int, int], Ballot | None], changes: Changes) -> Recorded:
    _refuse_unless_open(cast, poll)
    key = (poll.id, cast.voter.id)
    before = current.get(key)
    if not cast.choices:
        if before is None:
            raise Refused("You have no ballot in this poll, so there is nothing to withdraw.")
        after = None
    else:
        eligibility.check(poll.rules, cast.voter, cast.arrived_at)
        after = _new_ballot(cast, poll, before)
        if before is not None and (before.choices, before.weight) == (after.choices, after.weight):
            return Recorded(poll, before, before.choices, changed=False)
    _refuse_if_overtaken(cast, before)
    _count_minute(cast, before, after, changes)
    current[key] = changes.ballots[key] = after
    _count(poll, before, -1, changes)
    _count(poll, after, +1, changes)
    return Recorded(poll, after or _withdrawn(before), before.choices if before else None)


def _refuse_if_overtaken(cast: Cast, before: Ballot | None) -> None:
    # Only within a moment: after a clock was put back, members must be able to go on changing their ballots.
    if before is not None and timedelta() < before.changed_at - cast.arrived_at < OVERTAKEN_WITHIN:
        raise Refused("A later choice of yours is recorded already, and the last one counts.", "See `/vote mine`.")


def _new_ballot(cast: Cast, poll: Poll, before: Ballot | None) -> Ballot:
    voter, joined_at = cast.voter, cast.voter.joined_at
    return Ballot(
        poll.id,
        voter.id,
        _read(cast.choices, poll),
        eligibility.weight_of(poll.rules, voter),
        secrets.token_bytes(SALT_BYTES),
        before.cast_at if before else cast.arrived_at,
        cast.arrived_at,
        cast.arrived_at - voter.account_created_at < YOUNG_ACCOUNT,
        joined_at is not None and joined_at > poll.opens_at,
    )


def _read(choices: Choices, poll: Poll) -> tuple[int, ...]:
    """Return the positions chosen, as the method keeps them; raise `SpoiltBallot` for what it does not take."""
    method = METHODS[poll.method]
    positions = choices if isinstance(choices, tuple) else choices(poll)
    if not positions:
        raise SpoiltBallot(NOTHING_CHOSEN)
    if problem := method.problem(positions, len(poll.candidates), poll.max_choices):
        raise SpoiltBallot(problem, "Open the ballot again with `/vote cast`.")
    # Only a ranking has an order; elsewhere it is that of the clicks and means nothing.
    return positions if poll.method == "ranked" else tuple(sorted(positions))


def _count_minute(cast: Cast, before: Ballot | None, after: Ballot | None, changes: Changes) -> None:
    counts = changes.minutes[cast.poll_id, cast.arrived_at.replace(second=0, microsecond=0)]
    counts[2 if after is None else 1 if before is not None else 0] += 1


def _withdrawn(before: Ballot | None) -> Ballot:
    assert before is not None  # noqa: S101 - a withdrawal has something to withdraw
    return Ballot(before.poll_id, before.voter_id, (), before.weight, b"", before.cast_at, before.changed_at)


def _refuse_unless_open(cast: Cast, poll: Poll) -> None:
    if poll.guild_id != cast.guild_id:
        raise NotFound("poll", str(poll.id))
    stopped_at = poll.stopped_at(cast.arrived_at)
    if stopped_at is not None:
        raise PollClosed(poll.title, stopped_at)
    if poll.state is PollState.CANCELLED:
        raise Refused("This poll was cancelled, so nothing was recorded.", "The board says why.")
    if poll.state is not PollState.OPEN:
        raise Refused(f"This poll opens <t:{int(poll.opens_at.timestamp())}:f>.", "Come back then.")


def _count(poll: Poll, ballot: Ballot | None, sign: int, changes: Changes) -> None:
    if ballot is None:
        return
    changes.touched.add(poll.id)
    changes.turnout[poll.id] += sign
    changes.weight[poll.id] += sign * ballot.weight
    for position, votes in METHODS[poll.method].votes(ballot.choices, ballot.weight).items():
        changes.votes[poll.id, position] += sign * votes
