"""The one place where ballots are written.

Casts, withdrawals, closings and their like stand in one queue. Whatever waits there shares one transaction, and nobody
gets an answer before it is committed. A closing keeps its place in the queue: ballots that came before it count, later
ones do not.
"""

import asyncio
import contextlib
import traceback
from collections import defaultdict
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite

from bot.audit import store as audit
from bot.errors import StoreUnavailable
from bot.polls.judging import Cast, Change, Changes, Item, Outcome, judge, poll_after
from bot.polls.model import Ballot, Poll, Recorded
from bot.polls.store import read_ballots, read_many
from bot.store.engine import Store
from bot.store.many import Upsert
from bot.store.schema import ballot_minutes, ballots, candidates, polls

MOST_IN_ONE_COMMIT = 500
# Where votes come thick, a commit waits until no more of them come, and a moment at most: fewer, larger commits cost
# the votes less than they wait. A lone vote never waits.
QUIET_S = 0.001
GATHER_MOST_S = 0.008

log = structlog.get_logger(__name__)


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
                await self._gathered()
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

    async def _gathered(self) -> None:
        """Wait while more comes into the queue."""
        loop = asyncio.get_running_loop()
        end, seen = loop.time() + GATHER_MOST_S, -1
        while seen < self._queue.qsize() < MOST_IN_ONE_COMMIT and loop.time() < end:
            seen = self._queue.qsize()
            await asyncio.sleep(QUIET_S)

    async def _commit(self, items: list[Item]) -> list[Outcome]:
        try:
            return await self._store.write(partial(_apply, items=items))
        except StoreUnavailable as error:
            log.error("ballots not written", count=len(items), reason=error.reason)
            return [error] * len(items)
        except Exception as error:
            # A database says the row along with what is wrong with it, and so who voted what: only the kind of the
            # failure and its place go on, to the log and to those who wait.
            kind, place = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
            log.error("ballots not written", count=len(items), kind=kind, place=place)
            return [RuntimeError(f"ballots not written: {kind}")] * len(items)


def _apply(connection: sa.Connection, items: list[Item]) -> list[Outcome]:
    """Judge the items in their order, write what follows, and answer each with the poll as it is afterwards."""
    known = read_many(connection, list({item.poll_id for item in items}), lock=True)
    current = _current_ballots(connection, items)
    changes = Changes()
    judged = [judge(item, known.get(item.poll_id), current, changes) for item in items]
    if changes.touched:
        _write(connection, changes)
        known |= {poll_id: poll_after(known[poll_id], changes) for poll_id in changes.touched}
    return [
        Recorded(known[outcome.poll.id], outcome.ballot, outcome.before, outcome.changed)
        if isinstance(outcome, Recorded)
        else known[outcome.id]
        if isinstance(outcome, Poll)
        else outcome
        for outcome in judged
    ]


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


def _write(connection: sa.Connection, changes: Changes) -> None:
    gone = [{"p": poll_id, "v": voter_id} for (poll_id, voter_id), b in changes.ballots.items() if b is None]
    kept = [ballot for ballot in changes.ballots.values() if ballot is not None]
    if gone:
        connection.execute(_DELETE, gone)
    if kept:
        _UPSERT(connection, [_row(ballot) for ballot in kept])
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
    # In one order everywhere: a server's chain is locked until the commit, and two processes must not wait in a ring.
    for entry in sorted(changes.entries, key=lambda entry: entry.guild_id):
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


def _add_minute(dialect: Any) -> Any:
    insert = dialect.insert(ballot_minutes)
    sums = {name: ballot_minutes.c[name] + insert.excluded[name] for name in ("cast", "changed", "withdrawn")}
    return insert.on_conflict_do_update(index_elements=["poll_id", "minute"], set_=sums)


_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
_UPSERT = Upsert(
    ballots,
    ("poll_id", "voter_id", "choices", "weight", "salt", "cast_at", "changed_at", "young_account", "joined_late"),
    keys=("poll_id", "voter_id"),
    kept=("cast_at",),
)
_MINUTES = {name: _add_minute(dialect) for name, dialect in _DIALECTS.items()}
