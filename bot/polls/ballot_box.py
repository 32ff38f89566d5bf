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
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import NotFound, PollClosed, Refused, StoreUnavailable
from bot.polls import eligibility
from bot.polls.counting import METHODS
from bot.polls.model import Ballot, Poll, PollState, Recorded, Voter
from bot.polls.store import read_ballots, read_many
from bot.store.engine import Store
from bot.store.schema import ballots, candidates, polls

MOST_IN_ONE_COMMIT = 500
# Where votes come thick, a commit waits this long for more of them: fewer, larger commits. A lone vote never waits.
GATHER_S = 0.004
SALT_BYTES = 16

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
    """The end of voting; `at` is what members are told."""

    poll_id: int
    at: datetime


Outcome = Recorded | Poll | Exception


class BallotBox:
    """Take ballots and closings; commit them in groups."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: asyncio.Queue[tuple[Cast | Close, asyncio.Future[Any]]] = asyncio.Queue()
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

    async def close(self, poll_id: int, at: datetime) -> Poll:
        """End voting and return the final poll; closing a closed poll changes nothing."""
        poll: Poll = await self._enqueue(Close(poll_id, at))
        return poll

    async def _enqueue(self, item: Cast | Close) -> Any:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((item, future))
        return await future

    async def _work(self) -> None:
        group: list[tuple[Cast | Close, asyncio.Future[Any]]] = []
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

    async def _commit(self, items: list[Cast | Close]) -> list[Outcome]:
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
    closings: dict[int, datetime] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)


def _apply(connection: sa.Connection, items: list[Cast | Close]) -> list[Outcome]:
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
    closed_at = changes.closings.get(poll.id)
    lines = (replace(line, votes=line.votes + changes.votes[poll.id, line.position]) for line in poll.candidates)
    return replace(
        poll,
        candidates=tuple(lines),
        ballots=poll.ballots + changes.turnout[poll.id],
        revision=poll.revision + 1,
        state=PollState.CLOSED if closed_at else poll.state,
        closed_at=closed_at or poll.closed_at,
    )


def _current_ballots(connection: sa.Connection, items: list[Cast | Close]) -> dict[tuple[int, int], Ballot | None]:
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
    item: Cast | Close,
    poll: Poll | None,
    current: dict[tuple[int, int], Ballot | None],
    changes: _Changes,
) -> Outcome:
    if poll is None:
        return NotFound("poll", str(item.poll_id))
    if isinstance(item, Close):
        if poll.state is PollState.OPEN and poll.id not in changes.closings:
            changes.closings[poll.id] = item.at
            changes.touched.add(poll.id)
        return poll
    try:
        return _judge_cast(item, poll, current, changes)
    except (NotFound, PollClosed, Refused) as error:
        return error


def _judge_cast(cast: Cast, poll: Poll, current: dict[tuple[int, int], Ballot | None], changes: _Changes) -> Recorded:
    _refuse_unless_open(cast, poll, changes)
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
        if before is not None and before.choices == cast.choices:
            return Recorded(poll, before, before.choices)
        since = before.cast_at if before else cast.arrived_at
        salt = secrets.token_bytes(SALT_BYTES)
        after = Ballot(poll.id, cast.voter.id, cast.choices, 1, salt, since, cast.arrived_at)
    current[key] = changes.ballots[key] = after
    _count(poll, before, -1, changes)
    _count(poll, after, +1, changes)
    return Recorded(poll, after or _withdrawn(before), before.choices if before else None)


def _withdrawn(before: Ballot | None) -> Ballot:
    assert before is not None  # noqa: S101 - a withdrawal has something to withdraw
    return Ballot(before.poll_id, before.voter_id, (), before.weight, b"", before.cast_at, before.changed_at)


def _refuse_unless_open(cast: Cast, poll: Poll, changes: _Changes) -> None:
    if poll.guild_id != cast.guild_id:
        raise NotFound("poll", str(poll.id))
    stopped_at = changes.closings.get(poll.id) or poll.stopped_at(cast.arrived_at)
    if stopped_at is not None:
        raise PollClosed(poll.title, stopped_at)
    if poll.state is PollState.CANCELLED:
        raise Refused("This poll was cancelled, so nothing was recorded.")
    if poll.state is not PollState.OPEN:
        raise Refused(f"This poll opens <t:{int(poll.opens_at.timestamp())}:f>.", "Come back then.")


def _count(poll: Poll, ballot: Ballot | None, sign: int, changes: _Changes) -> None:
    if ballot is None:
        return
    changes.touched.add(poll.id)
    changes.turnout[poll.id] += sign
    for position, votes in METHODS[poll.method].votes(ballot.choices, ballot.weight).items():
        changes.votes[poll.id, position] += sign * votes


def _write(connection: sa.Connection, changes: _Changes) -> None:
    gone = [{"p": poll_id, "v": voter_id} for (poll_id, voter_id), b in changes.ballots.items() if b is None]
    kept = [ballot for ballot in changes.ballots.values() if ballot is not None]
    if gone:
        connection.execute(_DELETE, gone)
    if kept:
        upsert = _UPSERT_SQLITE if connection.dialect.name == "sqlite" else _UPSERT_POSTGRESQL
        connection.execute(upsert, [_row(ballot) for ballot in kept])
    tallies = [{"p": p, "c": position, "d": d} for (p, position), d in changes.votes.items() if d]
    if tallies:
        connection.execute(_TALLY, tallies)
    connection.execute(_TOUCH, [{"p": p, "d": changes.turnout[p]} for p in changes.touched])
    if changes.closings:
        connection.execute(_CLOSE, [{"p": p, "at": at} for p, at in changes.closings.items()])


def _row(ballot: Ballot) -> dict[str, Any]:
    return {
        "poll_id": ballot.poll_id,
        "voter_id": ballot.voter_id,
        "choices": list(ballot.choices),
        "weight": ballot.weight,
        "salt": ballot.salt,
        "cast_at": ballot.cast_at,
        "changed_at": ballot.changed_at,
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
    .values(ballots=polls.c.ballots + sa.bindparam("d"), revision=polls.c.revision + 1)
)
_CLOSE = (
    sa.update(polls)
    .where(polls.c.id == sa.bindparam("p"), polls.c.state == PollState.OPEN.value)
    .values(state=PollState.CLOSED.value, closed_at=sa.bindparam("at"))
)


def _upsert(dialect: Any) -> Any:
    insert = dialect.insert(ballots)
    kept = {name: insert.excluded[name] for name in ("choices", "weight", "salt", "changed_at")}
    return insert.on_conflict_do_update(index_elements=["poll_id", "voter_id"], set_=kept)


_UPSERT_SQLITE = _upsert(sqlite)
_UPSERT_POSTGRESQL = _upsert(postgresql)
