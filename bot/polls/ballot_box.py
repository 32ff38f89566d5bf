"""The one place where ballots are written.

Casts, withdrawals and closings stand in one queue. Whatever waits there shares one transaction, and nobody gets an
answer before it is committed. A closing keeps its place in the queue: ballots that came before it count, later ones
do not.
"""

import asyncio
import contextlib
import secrets
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from bot.audit import store as audit
from bot.audit.model import NewEntry
from bot.errors import NotFound, PollClosed, Refused, StoreUnavailable
from bot.polls import eligibility
from bot.polls.counting import METHODS
from bot.polls.model import Ballot, Poll, PollState, Recorded, Voter
from bot.polls.store import read_ballots, read_many
from bot.store.engine import Store
from bot.store.schema import ballot_minutes, ballots, candidates, polls

MOST_IN_ONE_COMMIT = 500
# Where votes come thick, a commit waits this long for more of them: fewer, larger commits. A lone vote never waits.
GATHER_S = 0.004
SALT_BYTES = 16
YOUNG_ACCOUNT = timedelta(days=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Cast:
    """A member's choices; none at all withdraws the ballot. `arrived_at` is what it is judged by."""

    guild_id: int
    poll_id: int
    voter: Voter
    choices: tuple[int, ...]
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    """The end of voting; `at` is what members are told, `by` who ended it before its time."""

    poll_id: int
    at: datetime
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """The end of a poll without a result; the ballots are kept."""

    poll_id: int
    at: datetime
    by: int
    reason: str


@dataclass(frozen=True, slots=True)
class Extend:
    """A later end."""

    poll_id: int
    at: datetime
    by: int
    closes_at: datetime


Change = Close | Cancel | Extend
Item = Cast | Change


Outcome = Recorded | Poll | Exception


class BallotBox:
    """Take ballots and closings; commit them in groups."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: asyncio.Queue[tuple[Item, asyncio.Future[Any]]] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work through the queue."""
        self._worker = asyncio.create_task(self._work(), name="ballot box")

    async def stop(self) -> None:
        """Commit what is in the queue, then stop."""
        if self._worker is None:
            return
        await self._queue.join()
        self._worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._worker
        self._worker = None

    async def cast(self, cast: Cast) -> Recorded:
        """Record a ballot, or withdraw it; return once it is committed.

        Raises `NotFound`, `PollClosed` or `Refused` when a rule says no, `StoreUnavailable` when nothing was written.
        """
        recorded: Recorded = await self._enqueue(cast)
        return recorded

    async def change(self, change: Change) -> Poll:
        """Close, cancel or extend a poll, in its turn among the ballots; return the poll as it is then.

        Closing a poll that is not open any more changes nothing; the others raise `Refused`.
        """
        poll: Poll = await self._enqueue(change)
        return poll

    async def _enqueue(self, item: Item) -> Any:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((item, future))
        return await future

    async def _work(self) -> None:
        group: list[tuple[Item, asyncio.Future[Any]]] = []
        while True:
            busy = len(group) > 1
            group = [await self._queue.get()]
            if busy:
                await asyncio.sleep(GATHER_S)
            while len(group) < MOST_IN_ONE_COMMIT and not self._queue.empty():
                group.append(self._queue.get_nowait())
            outcomes = await self._commit([item for item, _ in group])
            for (_, future), outcome in zip(group, outcomes, strict=True):
                self._queue.task_done()
                if future.cancelled():
                    continue  # whoever asked is gone; what was in the queue is written all the same
                if isinstance(outcome, Exception):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

    async def _commit(self, items: list[Item]) -> list[Outcome]:
        try:
            return await self._store.write(partial(_apply, items=items))
        except StoreUnavailable as error:
            log.error("ballots not written", count=len(items), reason=error.reason)
            return [error] * len(items)
        except Exception as error:
            log.exception("ballots not written", count=len(items))
            return [error] * len(items)


@dataclass(slots=True)
class _Changes:
    """What one group adds up to."""

    ballots: dict[tuple[int, int], Ballot | None] = field(default_factory=dict)
    votes: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    turnout: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    weight: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    minutes: dict[tuple[int, datetime], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    polls: dict[int, Poll] = field(default_factory=dict)
    entries: list[NewEntry] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)


def _apply(connection: sa.Connection, items: list[Item]) -> list[Outcome]:
    """Judge the items in their order, write what follows, and answer each with the poll as it is afterwards."""
    known = read_many(connection, list({item.poll_id for item in items}), lock=True)
    current = _current_ballots(connection, items)
    changes = _Changes()
    judged = [_judge(item, known.get(item.poll_id), current, changes) for item in items]
    if changes.touched:
        _write(connection, changes)
        known |= {poll_id: _after(known[poll_id], changes) for poll_id in changes.touched}
    return [
        Recorded(known[outcome.poll.id], outcome.ballot, outcome.before)
        if isinstance(outcome, Recorded)
        else known[outcome.id]
        if isinstance(outcome, Poll)
        else outcome
        for outcome in judged
    ]


def _after(poll: Poll, changes: _Changes) -> Poll:
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


def _current_ballots(connection: sa.Connection, items: list[Item]) -> dict[tuple[int, int], Ballot | None]:
    voters: dict[int, set[int]] = defaultdict(set)
    for item in items:
        if isinstance(item, Cast):
            voters[item.poll_id].add(item.voter.id)
    return {
        (poll_id, voter_id): ballot
        for poll_id, ids in voters.items()
        for voter_id, ballot in read_ballots(connection, poll_id, ids).items()
    }


def _judge(
    item: Item,
    poll: Poll | None,
    current: dict[tuple[int, int], Ballot | None],
    changes: _Changes,
) -> Outcome:
    if poll is None:
        return NotFound("poll", str(item.poll_id))
    poll = changes.polls.get(poll.id, poll)
    try:
        if isinstance(item, Cast):
            return _judge_cast(item, poll, current, changes)
        return _judge_change(item, poll, changes)
    except (NotFound, PollClosed, Refused) as error:
        return error


def _judge_change(change: Change, poll: Poll, changes: _Changes) -> Poll:
    if poll.state is not PollState.OPEN:
        if isinstance(change, Close):
            return poll
        raise Refused(f"This poll is {poll.state}, so there is nothing to change any more.")
    match change:
        case Close():
            after = replace(poll, state=PollState.CLOSED, closed_at=change.at)
            _remember(changes, after, change, "closed", {"ballots": poll.ballots + changes.turnout[poll.id]})
        case Cancel():
            after = replace(poll, state=PollState.CANCELLED, cancel_reason=change.reason)
            _remember(changes, after, change, "cancelled", {"reason": change.reason})
        case Extend():
            if poll.stopped_at(change.at) is not None:
                raise PollClosed(poll.title, poll.stopped_at(change.at) or change.at)
            after = replace(poll, closes_at=change.closes_at)
            times = {"before": poll.closes_at and poll.closes_at.isoformat(), "after": change.closes_at.isoformat()}
            _remember(changes, after, change, "extended", times)
    return after


def _remember(changes: _Changes, after: Poll, change: Change, action: str, details: dict[str, Any]) -> None:
    changes.polls[after.id] = after
    changes.touched.add(after.id)
    changes.entries.append(NewEntry(after.guild_id, change.at, action, change.by, after.id, details))


def _judge_cast(cast: Cast, poll: Poll, current: dict[tuple[int, int], Ballot | None], changes: _Changes) -> Recorded:
    _refuse_unless_open(cast, poll)
    key = (poll.id, cast.voter.id)
    before = current.get(key)
    if not cast.choices:
        if before is None:
            raise Refused("You have no ballot in this poll, so there is nothing to withdraw.")
        after = None
    else:
        eligibility.check(poll.rules, cast.voter, cast.arrived_at)
        problem = METHODS[poll.method].problem(cast.choices, len(poll.candidates), poll.max_choices)
        if problem:
            raise Refused(problem, "Open the ballot again with `/vote cast`.")
        weight = eligibility.weight_of(poll.rules, cast.voter)
        if before is not None and (before.choices, before.weight) == (cast.choices, weight):
            return Recorded(poll, before, before.choices)
        after = _new_ballot(cast, poll, before)
    _count_minute(cast, before, after, changes)
    current[key] = changes.ballots[key] = after
    _count(poll, before, -1, changes)
    _count(poll, after, +1, changes)
    return Recorded(poll, after or _withdrawn(before), before.choices if before else None)


def _new_ballot(cast: Cast, poll: Poll, before: Ballot | None) -> Ballot:
    voter, joined_at = cast.voter, cast.voter.joined_at
    return Ballot(
        poll.id,
        voter.id,
        cast.choices,
        eligibility.weight_of(poll.rules, voter),
        secrets.token_bytes(SALT_BYTES),
        before.cast_at if before else cast.arrived_at,
        cast.arrived_at,
        cast.arrived_at - voter.account_created_at < YOUNG_ACCOUNT,
        joined_at is not None and joined_at > poll.opens_at,
    )


def _count_minute(cast: Cast, before: Ballot | None, after: Ballot | None, changes: _Changes) -> None:
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


def _count(poll: Poll, ballot: Ballot | None, sign: int, changes: _Changes) -> None:
    if ballot is None:
        return
    changes.touched.add(poll.id)
    changes.turnout[poll.id] += sign
    changes.weight[poll.id] += sign * ballot.weight
    for position, votes in METHODS[poll.method].votes(ballot.choices, ballot.weight).items():
        changes.votes[poll.id, position] += sign * votes


def _write(connection: sa.Connection, changes: _Changes) -> None:
    gone = [{"p": poll_id, "v": voter_id} for (poll_id, voter_id), b in changes.ballots.items() if b is None]
    kept = [ballot for ballot in changes.ballots.values() if ballot is not None]
    if gone:
        connection.execute(_DELETE, gone)
    if kept:
        connection.execute(_UPSERT[connection.dialect.name], [_row(ballot) for ballot in kept])
    tallies = [{"p": p, "c": position, "d": d} for (p, position), d in changes.votes.items() if d]
    if tallies:
        connection.execute(_TALLY, tallies)
    connection.execute(_TOUCH, [{"p": p, "d": changes.turnout[p], "w": changes.weight[p]} for p in changes.touched])
    if changes.minutes:
        rows = [
            {"poll_id": p, "minute": minute, "cast": c[0], "changed": c[1], "withdrawn": c[2]}
            for (p, minute), c in changes.minutes.items()
        ]
        connection.execute(_MINUTES[connection.dialect.name], rows)
    if changes.polls:
        connection.execute(_CHANGE, [_life(poll) for poll in changes.polls.values()])
    for entry in changes.entries:
        audit.append(connection, entry)


def _row(ballot: Ballot) -> dict[str, Any]:
    return {
        "poll_id": ballot.poll_id,
        "voter_id": ballot.voter_id,
        "choices": list(ballot.choices),
        "weight": ballot.weight,
        "salt": ballot.salt,
        "cast_at": ballot.cast_at,
        "changed_at": ballot.changed_at,
        "young_account": ballot.young_account,
        "joined_late": ballot.joined_late,
    }


def _life(poll: Poll) -> dict[str, Any]:
    return {
        "p": poll.id,
        "s": poll.state.value,
        "at": poll.closed_at,
        "until": poll.closes_at,
        "why": poll.cancel_reason,
    }


_DELETE = sa.delete(ballots).where(ballots.c.poll_id == sa.bindparam("p"), ballots.c.voter_id == sa.bindparam("v"))
_TALLY = (
    sa.update(candidates)
    .where(candidates.c.poll_id == sa.bindparam("p"), candidates.c.position == sa.bindparam("c"))
    .values(votes=candidates.c.votes + sa.bindparam("d"))
)
_TOUCH = (
    sa.update(polls)
    .where(polls.c.id == sa.bindparam("p"))
    .values(
        ballots=polls.c.ballots + sa.bindparam("d"),
        weight=polls.c.weight + sa.bindparam("w"),
        revision=polls.c.revision + 1,
    )
)
_CHANGE = (
    sa.update(polls)
    .where(polls.c.id == sa.bindparam("p"))
    .values(
        state=sa.bindparam("s"),
        closed_at=sa.bindparam("at"),
        closes_at=sa.bindparam("until"),
        cancel_reason=sa.bindparam("why"),
    )
)


def _upsert(dialect: Any) -> Any:
    insert = dialect.insert(ballots)
    names = ("choices", "weight", "salt", "changed_at", "young_account", "joined_late")
    kept = {name: insert.excluded[name] for name in names}
    return insert.on_conflict_do_update(index_elements=["poll_id", "voter_id"], set_=kept)


def _add_minute(dialect: Any) -> Any:
    insert = dialect.insert(ballot_minutes)
    sums = {name: ballot_minutes.c[name] + insert.excluded[name] for name in ("cast", "changed", "withdrawn")}
    return insert.on_conflict_do_update(index_elements=["poll_id", "minute"], set_=sums)


_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
_UPSERT = {name: _upsert(dialect) for name, dialect in _DIALECTS.items()}
_MINUTES = {name: _add_minute(dialect) for name, dialect in _DIALECTS.items()}
