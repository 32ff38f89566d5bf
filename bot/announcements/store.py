"""The SQL of schedules. Every function works in the caller's transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.announcements.model import Missed, NewSchedule, Schedule, ScheduleState
from bot.announcements.recurrence import EVENT, Recurrence
from bot.announcements.trouble import Trouble
from bot.store.engine import Tx
from bot.store.schema import schedules

_WELL = {"problem": None, "trouble": None, "problem_since": None}


async def insert(tx: Tx, new: NewSchedule, created_at: datetime, next_due_at: datetime | None) -> Schedule:
    """Write a new schedule."""
    values = {
        **_plan(new),
        "state": str(ScheduleState.ACTIVE),
        "created_by": new.created_by,
        "created_at": created_at,
        "active_since": created_at,
        "next_due_at": next_due_at,
    }
    written = await tx.execute(sa.insert(schedules).values(values).returning(*schedules.c))
    return _schedule(written.mappings().one())


async def get(tx: Tx, schedule_id: int) -> Schedule | None:
    """Read one schedule."""
    row = (await tx.execute(sa.select(schedules).where(schedules.c.id == schedule_id))).mappings().one_or_none()
    return _schedule(row) if row else None


async def kept(tx: Tx, guild_id: int | None = None) -> list[Schedule]:
    """Read every schedule that was not removed, of one server or all, oldest first."""
    query = sa.select(schedules).where(schedules.c.state != ScheduleState.REMOVED.value).order_by(schedules.c.id)
    if guild_id is not None:
        query = query.where(schedules.c.guild_id == guild_id)
    return [_schedule(row) for row in (await tx.execute(query)).mappings()]


async def due(tx: Tx, now: datetime) -> list[tuple[int, int]]:
    """Return number and server of the schedules whose time has come, the longest waiting first."""
    query = (
        sa.select(schedules.c.id, schedules.c.guild_id)
        .where(schedules.c.next_due_at <= now, schedules.c.every != EVENT)
        .order_by(schedules.c.next_due_at, schedules.c.id)
    )
    return [(row.id, row.guild_id) for row in await tx.execute(query)]


async def read(tx: Tx, ids: Collection[int]) -> list[Schedule]:
    """Read schedules by their numbers."""
    query = sa.select(schedules).where(schedules.c.id.in_(sorted(ids))).order_by(schedules.c.id)
    return [_schedule(row) for row in (await tx.execute(query)).mappings()]


async def change(tx: Tx, schedule_id: int, **values: Any) -> Schedule:
    """Change columns of an existing schedule."""
    changed = await tx.execute(
        sa.update(schedules).where(schedules.c.id == schedule_id).values(values).returning(*schedules.c)
    )
    return _schedule(changed.mappings().one())


async def move(
    tx: Tx, schedule_id: int, next_due_at: datetime | None, state: ScheduleState = ScheduleState.ACTIVE, **values: Any
) -> Schedule | None:
    """Give an active schedule another next time, or another state; None when it is active no more."""
    changed = await tx.execute(
        sa.update(schedules)
        .where(schedules.c.id == schedule_id, schedules.c.state == ScheduleState.ACTIVE.value)
        .values(next_due_at=next_due_at, state=state.value, **values)
        .returning(*schedules.c)
    )
    row = changed.mappings().one_or_none()
    return _schedule(row) if row else None


async def change_plan(tx: Tx, schedule_id: int, plan: NewSchedule, **values: Any) -> Schedule:
    """Change what a moderator may change."""
    return await change(tx, schedule_id, **_plan(plan), **values)


async def forget_problem(tx: Tx, schedule_id: int) -> Schedule:
    """Note that nothing is in a schedule's way any more, as a moderator knows who has just changed it."""
    return await change(tx, schedule_id, **_WELL, told=None)


async def end_problems(tx: Tx, schedule_ids: Collection[int]) -> list[Schedule]:
    """Note that nothing is in the way of schedules any more; return those that had a problem until now."""
    return await _change_all(tx, schedules.c.id.in_(schedule_ids) & schedules.c.problem.is_not(None), _WELL)


async def end_told(tx: Tx, guild_id: int, told: str) -> list[Schedule]:
    """Do the same for those of a server whose moderators were told this problem."""
    return await _change_all(tx, _were_told(guild_id, told), _WELL)


async def forget_told(tx: Tx, guild_id: int, told: str) -> list[Schedule]:
    """Note that moderators know that this problem is over."""
    return await _change_all(tx, _were_told(guild_id, told) & schedules.c.problem.is_(None), {"told": None})


def _were_told(guild_id: int, told: str) -> sa.ColumnElement[bool]:
    return (schedules.c.guild_id == guild_id) & (schedules.c.told == told)


async def _change_all(tx: Tx, which: sa.ColumnElement[bool], values: Mapping[str, Any]) -> list[Schedule]:
    changed = await tx.execute(sa.update(schedules).where(which).values(values).returning(*schedules.c))
    return [_schedule(row) for row in changed.mappings()]


# Rows


def _plan(plan: NewSchedule) -> dict[str, Any]:
    names = ("guild_id", "kind", "channel_id", "role_id", "starts_on", "ends_on", "only_news", "board")
    return {
        **{name: getattr(plan, name) for name in names},
        "cron": plan.recurrence.cron,
        "every": plan.recurrence.every,
        "timezone": plan.recurrence.timezone,
        "missed": str(plan.missed),
        "options": dict(plan.options),
    }


def _schedule(row: sa.RowMapping) -> Schedule:
    values: dict[str, Any] = dict(row)
    values["recurrence"] = Recurrence(values.pop("every"), values.pop("cron"), values.pop("timezone"))
    values["missed"] = Missed(values["missed"])
    values["state"] = ScheduleState(values["state"])
    values["trouble"] = Trouble(values["trouble"]) if values["trouble"] else None
    return Schedule(**values)
