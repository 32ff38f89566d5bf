"""The SQL of schedules and runs. Every function works in the caller's transaction."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.announcements.model import (
    Claim,
    Missed,
    NewSchedule,
    Outcome,
    Overview,
    Run,
    RunState,
    Schedule,
    ScheduleState,
)
from bot.announcements.recurrence import Recurrence
from bot.store.engine import Tx
from bot.store.schema import runs, schedules

_RUN_COLUMNS = tuple(column for column in runs.c if column.name != "places")


async def insert(tx: Tx, new: NewSchedule, created_at: datetime, next_due_at: datetime) -> Schedule:
    """Write a new schedule."""
    names = ("guild_id", "kind", "channel_id", "role_id", "created_by")
    values = {
        **{name: getattr(new, name) for name in names},
        "cron": new.recurrence.cron,
        "every": new.recurrence.every,
        "timezone": new.recurrence.timezone,
        "missed": str(new.missed),
        "state": str(ScheduleState.ACTIVE),
        "created_at": created_at,
        "next_due_at": next_due_at,
    }
    written = await tx.execute(sa.insert(schedules).values(values).returning(*schedules.c))
    return _schedule(written.mappings().one())


async def get(tx: Tx, schedule_id: int) -> Schedule | None:
    """Read one schedule."""
    row = (await tx.execute(sa.select(schedules).where(schedules.c.id == schedule_id))).mappings().one_or_none()
    return _schedule(row) if row else None


async def kept(tx: Tx) -> list[Schedule]:
    """Read every schedule that was not removed, oldest first."""
    query = sa.select(schedules).where(schedules.c.state != ScheduleState.REMOVED.value).order_by(schedules.c.id)
    return [_schedule(row) for row in (await tx.execute(query)).mappings()]


async def due(tx: Tx, now: datetime) -> list[Schedule]:
    """Read the schedules whose time has come, the longest waiting first."""
    query = sa.select(schedules).where(schedules.c.next_due_at <= now).order_by(schedules.c.next_due_at, schedules.c.id)
    return [_schedule(row) for row in (await tx.execute(query)).mappings()]


async def next_times(tx: Tx) -> dict[int, datetime]:
    """Return the next due time of each server that has one."""
    query = (
        sa.select(schedules.c.guild_id, sa.func.min(schedules.c.next_due_at).label("at"))
        .where(schedules.c.next_due_at.is_not(None))
        .group_by(schedules.c.guild_id)
    )
    return {row.guild_id: row.at for row in await tx.execute(query)}


async def set_state(tx: Tx, schedule_id: int, state: ScheduleState, next_due_at: datetime | None) -> Schedule:
    """Change an existing schedule's state together with its next due time."""
    changed = await tx.execute(
        sa.update(schedules)
        .where(schedules.c.id == schedule_id)
        .values(state=state.value, next_due_at=next_due_at)
        .returning(*schedules.c)
    )
    return _schedule(changed.mappings().one())


async def pause(tx: Tx, schedule_id: int, problem: str) -> None:
    """Pause a schedule that cannot go on by itself."""
    await tx.execute(
        sa.update(schedules)
        .where(schedules.c.id == schedule_id, schedules.c.state == ScheduleState.ACTIVE.value)
        .values(state=ScheduleState.PAUSED.value, next_due_at=None, problem=problem)
    )


async def claim(tx: Tx, claims: Iterable[Claim], recorded_at: datetime) -> list[Run]:
    """Move schedules on and record their runs; return the runs won, for another process may have been quicker."""
    won: list[Run] = []
    # Always in the same order, so that two processes wait for each other instead of locking each other out.
    for wanted in sorted(claims, key=lambda wanted: wanted.schedule_id):
        moved = await tx.execute(
            sa.update(schedules)
            .where(schedules.c.id == wanted.schedule_id, schedules.c.next_due_at == wanted.expected)
            .values(next_due_at=wanted.following)
        )
        if moved.rowcount == 1:
            run = await record(tx, wanted.schedule_id, wanted.due_at, wanted.state, recorded_at)
            won += [run] if run else []
    return won


async def record(tx: Tx, schedule_id: int, due_at: datetime, state: RunState, recorded_at: datetime) -> Run | None:
    """Record a run; return None when this due time has one already."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    values = {"schedule_id": schedule_id, "due_at": due_at, "state": state.value, "recorded_at": recorded_at}
    if state is not RunState.RECORDED:
        values["finished_at"] = recorded_at
    written = await tx.execute(
        dialect.insert(runs)
        .values(values)
        .on_conflict_do_nothing(index_elements=["schedule_id", "due_at"])
        .returning(*_RUN_COLUMNS)
    )
    row = written.mappings().one_or_none()
    return _run(row) if row else None


async def unfinished(tx: Tx, recorded_before: datetime) -> list[tuple[Schedule, Run]]:
    """Read the runs that were recorded before that time and never closed, with their schedules."""
    query = (
        sa.select(*_RUN_COLUMNS)
        .where(runs.c.state == RunState.RECORDED.value, runs.c.recorded_at < recorded_before)
        .order_by(runs.c.id)
    )
    left = [_run(row) for row in (await tx.execute(query)).mappings()]
    found = await _schedules(tx, {run.schedule_id for run in left})
    return [(found[run.schedule_id], run) for run in left]


async def finish(tx: Tx, outcome: Outcome) -> bool:
    """Close a run that is still open and note the schedule's problem, or that it has none; return whether it was."""
    closed = await tx.execute(
        sa.update(runs)
        .where(runs.c.id == outcome.run_id, runs.c.state == RunState.RECORDED.value)
        .values(
            state=outcome.state.value,
            finished_at=outcome.finished_at,
            message_id=outcome.message_id,
            places=dict(outcome.places) if outcome.places is not None else None,
            problem=outcome.problem,
        )
    )
    if closed.rowcount == 1 and outcome.state is not RunState.SKIPPED:
        await tx.execute(
            sa.update(schedules).where(schedules.c.id == outcome.schedule_id).values(problem=outcome.problem)
        )
    return closed.rowcount == 1


async def last_places(tx: Tx, schedule_id: int) -> dict[str, int]:
    """Return the places that the schedule's last sent run posted."""
    query = (
        sa.select(runs.c.places)
        .where(runs.c.schedule_id == schedule_id, runs.c.state == RunState.SENT.value)
        .order_by(runs.c.id.desc())
        .limit(1)
    )
    return dict((await tx.execute(query)).scalar_one_or_none() or {})


async def overview(tx: Tx, guild_id: int) -> list[Overview]:
    """Read a server's schedules that were not removed, each with its newest run."""
    query = (
        sa.select(schedules)
        .where(schedules.c.guild_id == guild_id, schedules.c.state != ScheduleState.REMOVED.value)
        .order_by(schedules.c.id)
    )
    found = [_schedule(row) for row in (await tx.execute(query)).mappings()]
    newest = (
        sa.select(sa.func.max(runs.c.id))
        .where(runs.c.schedule_id.in_([schedule.id for schedule in found]))
        .group_by(runs.c.schedule_id)
    )
    rows = (await tx.execute(sa.select(*_RUN_COLUMNS).where(runs.c.id.in_(newest)))).mappings()
    last = {run.schedule_id: run for run in map(_run, rows)}
    return [Overview(schedule, last.get(schedule.id)) for schedule in found]


async def _schedules(tx: Tx, ids: Collection[int]) -> dict[int, Schedule]:
    rows = (await tx.execute(sa.select(schedules).where(schedules.c.id.in_(sorted(ids))))).mappings()
    return {row["id"]: _schedule(row) for row in rows}


def _schedule(row: sa.RowMapping) -> Schedule:
    values: dict[str, Any] = dict(row)
    values["recurrence"] = Recurrence(values.pop("every"), values.pop("cron"), values.pop("timezone"))
    values["missed"] = Missed(values["missed"])
    values["state"] = ScheduleState(values["state"])
    return Schedule(**values)


def _run(row: sa.RowMapping) -> Run:
    values: dict[str, Any] = dict(row)
    values["state"] = RunState(values["state"])
    return Run(**values)
