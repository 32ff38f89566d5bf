"""The SQL of runs: recorded before they are sent, closed after. Every function works in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.announcements import store
from bot.announcements.model import (
    BY_HAND,
    Claim,
    Outcome,
    Overview,
    Publishing,
    Run,
    RunState,
    Schedule,
    ScheduleState,
    is_late,
)
from bot.store.engine import Tx
from bot.store.schema import runs, schedules

_RUN_COLUMNS = tuple(column for column in runs.c if column.name != "memory")
_OPEN = (RunState.RECORDED.value, RunState.WAITING.value)

# Recording


async def claim(tx: Tx, claims: Iterable[Claim], recorded_at: datetime) -> list[Run]:
    """Record runs and move their schedules on; return the runs won, for another process may have been quicker."""
    # Always in the same order, so that two processes wait for each other instead of locking each other out.
    ordered = sorted(claims, key=lambda wanted: wanted.schedule_id)
    if not ordered:
        return []
    rows = [_row(each.schedule_id, each.due_at, "", each.state, recorded_at, each.reason) for each in ordered]
    await _close_waiting(tx, [wanted.schedule_id for wanted in ordered], RunState.FAILED, recorded_at)
    won = await _record(tx, rows)
    await tx.execute(
        sa.update(schedules)
        .where(schedules.c.id == sa.bindparam("number"), schedules.c.next_due_at == sa.bindparam("expected"))
        .values(next_due_at=sa.bindparam("following"), state=sa.bindparam("then")),
        [
            {
                "number": wanted.schedule_id,
                "expected": wanted.expected,
                "following": wanted.following,
                "then": (ScheduleState.ACTIVE if wanted.following else ScheduleState.ENDED).value,
            }
            for wanted in ordered
        ],
    )
    return won


async def record(
    tx: Tx,
    schedule_id: int,
    due_at: datetime,
    event: str,
    state: RunState,
    recorded_at: datetime,
    reason: str | None = None,
) -> Run | None:
    """Record a run; return None when this due time or event has one already."""
    row = _row(schedule_id, due_at, event, state, recorded_at, reason)
    return next(iter(await _record(tx, [row])), None)


def _row(
    schedule_id: int, due_at: datetime, event: str, state: RunState, recorded_at: datetime, reason: str | None
) -> dict[str, Any]:
    return {
        "schedule_id": schedule_id,
        "due_at": due_at,
        "event": event,
        "state": state.value,
        "recorded_at": recorded_at,
        "problem": reason,
        "finished_at": None if state is RunState.RECORDED else recorded_at,
    }


async def _record(tx: Tx, rows: list[dict[str, Any]]) -> list[Run]:
    """Write runs that are not there yet; return those that were written."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    written = await tx.execute(
        dialect.insert(runs)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["schedule_id", "due_at", "event"])
        .returning(*_RUN_COLUMNS)
    )
    return [_run(row) for row in written.mappings()]


# Looking


async def unfinished(tx: Tx, recorded_before: datetime, retried_by: datetime) -> list[tuple[Schedule, Run]]:
    """Read the runs that are to be sent: recorded before one time and never closed, or waiting until the other."""
    left_over = (runs.c.state == RunState.RECORDED.value) & (runs.c.recorded_at < recorded_before)
    again = (runs.c.state == RunState.WAITING.value) & (runs.c.retry_at <= retried_by)
    query = sa.select(*_RUN_COLUMNS).where(left_over | again).order_by(runs.c.id)
    left = [_run(row) for row in (await tx.execute(query)).mappings()]
    found = {schedule.id: schedule for schedule in await store.read(tx, {run.schedule_id for run in left})}
    return [(found[run.schedule_id], run) for run in left]


async def next_times(tx: Tx, now: datetime) -> dict[int, datetime]:
    """Return the next moment at which something is to be done for each server that has one.

    Next tries that are due are left to whoever is having them.
    """
    planned = sa.select(schedules.c.guild_id, schedules.c.next_due_at.label("at")).where(
        schedules.c.next_due_at.is_not(None)
    )
    again = (
        sa.select(schedules.c.guild_id, runs.c.retry_at.label("at"))
        .join_from(runs, schedules)
        .where(runs.c.state == RunState.WAITING.value, runs.c.retry_at > now)
    )
    both = sa.union_all(planned, again).subquery()
    query = sa.select(both.c.guild_id, sa.func.min(both.c.at).label("at")).group_by(both.c.guild_id)
    return {row.guild_id: row.at for row in await tx.execute(query)}


async def last_memory(tx: Tx, schedule_id: int) -> tuple[dict[str, Any], datetime | None]:
    """Return what the schedule's last post said, and when that was due."""
    query = (
        sa.select(runs.c.memory, runs.c.due_at)
        .where(runs.c.schedule_id == schedule_id, runs.c.state == RunState.SENT.value)
        .order_by(runs.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    return (dict(row.memory or {}), row.due_at) if row else ({}, None)


async def recorded_events(tx: Tx, schedule_ids: Collection[int], since: datetime) -> set[tuple[int, datetime, str]]:
    """Return schedule, moment and key of the events since then that have a run."""
    query = sa.select(runs.c.schedule_id, runs.c.due_at, runs.c.event).where(
        runs.c.schedule_id.in_(schedule_ids), runs.c.due_at >= since
    )
    return {(row.schedule_id, row.due_at, row.event) for row in await tx.execute(query)}


async def ahead_of(tx: Tx, now: datetime) -> list[int]:
    """Return the schedules with a run of a time still to come: a clock that ran ahead moved them on too far."""
    query = sa.select(runs.c.schedule_id).where(runs.c.due_at > now).distinct().order_by(runs.c.schedule_id)
    return list((await tx.execute(query)).scalars())


async def overview(tx: Tx, guild_id: int, now: datetime) -> list[Overview]:
    """Read a server's schedules that were not removed, each with its newest run."""
    found = await store.kept(tx, guild_id)
    inner = runs.alias()
    newest = (
        sa.select(inner.c.id).where(inner.c.schedule_id == schedules.c.id).order_by(inner.c.id.desc()).limit(1)
    ).scalar_subquery()
    of_these = sa.select(newest).where(schedules.c.id.in_([schedule.id for schedule in found]))
    rows = (await tx.execute(sa.select(*_RUN_COLUMNS).where(runs.c.id.in_(of_these)))).mappings()
    last = {run.schedule_id: run for run in map(_run, rows)}
    return [Overview(each, last.get(each.id), is_late(each.next_due_at or now, now)) for each in found]


async def last_failures(tx: Tx, schedule_ids: Collection[int]) -> dict[int, Run]:
    """Read the newest run of each schedule that met the problem it has now; not those which a moderator asked for."""
    met_it = (runs.c.problem == schedules.c.problem) & (runs.c.event != BY_HAND)
    is_of_now = (runs.c.state == RunState.WAITING.value) | (runs.c.finished_at >= schedules.c.problem_since)
    query = (
        sa.select(*_RUN_COLUMNS)
        .join_from(runs, schedules)
        .where(runs.c.schedule_id.in_(schedule_ids), met_it, is_of_now)
        .order_by(runs.c.id)
    )
    return {run.schedule_id: run for run in map(_run, (await tx.execute(query)).mappings())}


async def left_unsure(tx: Tx) -> list[tuple[Schedule, Run]]:
    """Read the schedules whose newest run nobody knows the outcome of, oldest first."""
    later = runs.alias()
    is_newest = ~sa.exists().where(later.c.schedule_id == runs.c.schedule_id, later.c.id > runs.c.id)
    query = sa.select(*_RUN_COLUMNS).where(runs.c.state == RunState.UNSURE.value, is_newest)
    left = {run.schedule_id: run for run in map(_run, (await tx.execute(query)).mappings())}
    kept = [each for each in await store.read(tx, left) if each.state is not ScheduleState.REMOVED]
    return [(each, left[each.id]) for each in kept]


# Trying


async def begin(tx: Tx, run_ids: Collection[int], at: datetime) -> None:
    """Note that the messages of these runs may stand in their channels from now on."""
    await tx.execute(sa.update(runs).where(runs.c.id.in_(run_ids)).values(begun_at=at))


async def finish(tx: Tx, outcome: Outcome) -> bool:
    """Note how a try ended, and what is in the schedule's way; return False when the run was closed already."""
    run, sent, waits = outcome.run, outcome.sent, outcome.state is RunState.WAITING
    closed = await tx.execute(
        sa.update(runs)
        .where(runs.c.id == run.id, runs.c.state.in_(_OPEN))
        .values(
            state=outcome.state.value,
            begun_at=run.begun_at if outcome.in_doubt or not waits else None,
            finished_at=None if waits else outcome.at,
            tries=run.tries + 1,
            retry_at=outcome.retry_at,
            channel_id=sent.channel_id if sent else None,
            message_id=sent.message_id if sent else None,
            memory=dict(outcome.memory) if outcome.memory is not None else None,
            problem=outcome.problem,
            publishing=Publishing.WAITING.value if sent and sent.publish else None,
        )
    )
    values = _after(outcome) if closed.rowcount == 1 else {}
    if values:
        await tx.execute(sa.update(schedules).where(schedules.c.id == run.schedule_id).values(values))
    return closed.rowcount == 1


def _after(outcome: Outcome) -> dict[str, Any]:
    if outcome.state is RunState.SENT:
        sent = outcome.sent
        place = {"board_message_id": sent.message_id, "board_channel_id": sent.channel_id} if sent else {}
        on_board = sent is not None and sent.board and sent.message_id is not None
        # What was told stays until the moderators know that it is over.
        return {"problem": None, "trouble": None, "problem_since": None} | (place if on_board else {})
    if outcome.trouble is None:
        return {}
    same = schedules.c.trouble == outcome.trouble.value
    return {
        "problem": outcome.problem,
        "trouble": outcome.trouble.value,
        "problem_since": sa.case((same, sa.func.coalesce(schedules.c.problem_since, outcome.at)), else_=outcome.at),
    }


async def close_waiting(tx: Tx, schedule_id: int, state: RunState, at: datetime, reason: str | None = None) -> None:
    """Give up the runs of a schedule that wait for another try."""
    await _close_waiting(tx, [schedule_id], state, at, {"problem": reason} if reason else {})


async def _close_waiting(
    tx: Tx, schedule_ids: Collection[int], state: RunState, at: datetime, more: Mapping[str, Any] | None = None
) -> None:
    await tx.execute(
        sa.update(runs)
        .where(runs.c.schedule_id.in_(schedule_ids), runs.c.state == RunState.WAITING.value)
        .values(state=state.value, finished_at=at, retry_at=None, **(more or {}))
    )


async def retry_now(tx: Tx, schedule_ids: Collection[int], now: datetime) -> set[int]:
    """Let waiting runs have their next try at once; return the schedules that have any."""
    changed = await tx.execute(
        sa.update(runs)
        .where(runs.c.schedule_id.in_(schedule_ids), runs.c.state == RunState.WAITING.value)
        .values(retry_at=now)
        .returning(runs.c.schedule_id)
    )
    return set(changed.scalars())


# Publishing


async def to_publish(tx: Tx) -> list[tuple[int, Run]]:
    """Read server and run of the posts that wait to be published, oldest first."""
    query = (
        sa.select(schedules.c.guild_id, *_RUN_COLUMNS)
        .join_from(runs, schedules)
        .where(runs.c.publishing == Publishing.WAITING.value)
        .order_by(runs.c.id)
    )
    found = []
    for row in (await tx.execute(query)).mappings():
        values = dict(row)
        found.append((values.pop("guild_id"), _run(values)))
    return found


async def published_since(tx: Tx, since: datetime) -> dict[int, int]:
    """Return how many posts of each channel were published since then."""
    query = (
        sa.select(runs.c.channel_id, sa.func.count().label("posts"))
        .where(runs.c.publishing == Publishing.DONE.value, runs.c.published_at > since)
        .group_by(runs.c.channel_id)
    )
    return {row.channel_id: row.posts for row in await tx.execute(query)}


async def set_published(tx: Tx, run_id: int, publishing: Publishing, at: datetime, problem: str | None) -> None:
    """Note what became of publishing a post."""
    values = {"publishing": publishing.value, "published_at": at, "problem": problem}
    await tx.execute(sa.update(runs).where(runs.c.id == run_id).values(values))


# Rows


def _run(row: Mapping[Any, Any]) -> Run:
    values: dict[str, Any] = dict(row)
    values["state"] = RunState(values["state"])
    values["publishing"] = Publishing(values["publishing"]) if values["publishing"] else None
    return Run(**values)
