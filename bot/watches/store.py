"""The SQL of watches and notices. Every function works in the caller's transaction."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.engine import Tx
from bot.store.schema import notices, watches
from bot.watches.model import NewNotice, Notice, NoticeState, Posted, Watch

PENDING = (NoticeState.RECORDED.value, NoticeState.SENDING.value)

Seen = Mapping[str, str]


async def insert(
    tx: Tx, guild_id: int, member_id: int, project_id: str, seen: Seen, fingerprint: str, now: datetime
) -> bool:
    """Write a new watch; return whether there was none yet."""
    dialect = sqlite if tx.dialect.name == "sqlite" else postgresql
    values = {
        "guild_id": guild_id,
        "member_id": member_id,
        "project_id": project_id,
        "created_at": now,
        "seen": dict(seen),
        "fingerprint": fingerprint,
        "reminded_until": now,
    }
    written = await tx.execute(dialect.insert(watches).values(values).on_conflict_do_nothing().returning(watches.c.id))
    return written.one_or_none() is not None


async def lock_member(tx: Tx, member_id: int) -> None:
    """Let a member's other commands wait until the transaction ends, so that none slips past the limit."""
    if tx.dialect.name == "postgresql":
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(member_id)))


async def count(tx: Tx, guild_id: int, member_id: int) -> int:
    """Return how many projects a member watches on a server."""
    query = sa.select(sa.func.count()).where(watches.c.guild_id == guild_id, watches.c.member_id == member_id)
    return int((await tx.execute(query)).scalar_one())


async def remove(tx: Tx, guild_id: int, member_id: int, project_id: str) -> bool:
    """Delete a watch and what was still to be sent for it; return whether there was one."""
    mine = (watches.c.guild_id == guild_id, watches.c.member_id == member_id, watches.c.project_id == project_id)
    removed = await tx.execute(sa.delete(watches).where(*mine))
    await tx.execute(
        sa.delete(notices).where(
            notices.c.guild_id == guild_id,
            notices.c.member_id == member_id,
            notices.c.project_id == project_id,
            notices.c.state.in_([*PENDING, NoticeState.WAITING.value]),
        )
    )
    return removed.rowcount == 1


async def remove_all(tx: Tx, member_id: int, guild_id: int | None = None) -> int:
    """Delete all watches and notices of a member, on one server or everywhere; return how many watches there were."""
    removed = 0
    for table in (notices, watches):
        here = (table.c.guild_id == guild_id,) if guild_id is not None else ()
        removed = (await tx.execute(sa.delete(table).where(table.c.member_id == member_id, *here))).rowcount
    return removed


async def of_member(tx: Tx, member_id: int, guild_id: int | None = None) -> list[Watch]:
    """Read what a member watches, on one server or everywhere, oldest first."""
    here = (watches.c.guild_id == guild_id,) if guild_id is not None else ()
    query = sa.select(watches).where(watches.c.member_id == member_id, *here).order_by(watches.c.id)
    return [Watch(**row) for row in (await tx.execute(query)).mappings()]


async def names(tx: Tx) -> list[tuple[int, int, str]]:
    """Return server, member and project of every watch."""
    columns = (watches.c.guild_id, watches.c.member_id, watches.c.project_id)
    return [(row.guild_id, row.member_id, row.project_id) for row in await tx.execute(sa.select(*columns))]


async def watched(tx: Tx) -> list[tuple[int, str]]:
    """Return which projects are watched on which servers."""
    columns = (watches.c.guild_id, watches.c.project_id)
    return [(row.guild_id, row.project_id) for row in await tx.execute(sa.select(*columns).distinct())]


async def behind(tx: Tx, guild_id: int, project_id: str, fingerprint: str, reminder: datetime | None) -> list[Watch]:
    """Read the watches of a project whose members have not been told all that there is to tell."""
    conditions = [watches.c.fingerprint != fingerprint]
    if reminder is not None:
        conditions.append(watches.c.reminded_until < reminder)
    query = sa.select(watches).where(
        watches.c.guild_id == guild_id, watches.c.project_id == project_id, sa.or_(*conditions)
    )
    return [Watch(**row) for row in (await tx.execute(query.order_by(watches.c.id))).mappings()]


async def tell(tx: Tx, watch: Watch, seen: Seen, fingerprint: str, notice: NewNotice | None, now: datetime) -> bool:
    """Move a watch on and record its notice; return False when another process was quicker."""
    moved = await tx.execute(
        sa.update(watches)
        .where(
            watches.c.id == watch.id,
            watches.c.fingerprint == watch.fingerprint,
            watches.c.reminded_until == watch.reminded_until,
        )
        .values(seen=dict(seen), fingerprint=fingerprint, reminded_until=now)
    )
    if moved.rowcount == 1 and notice is not None:
        names = ("guild_id", "member_id", "project_id", "closes_at", "due_at")
        values = {name: getattr(notice, name) for name in names}
        values |= {"changed": list(notice.changed), "recorded_at": now, "state": NoticeState.RECORDED.value}
        await tx.execute(sa.insert(notices).values(values))
    return moved.rowcount == 1


async def pending(tx: Tx) -> list[Notice]:
    """Read the notices that are not out yet, oldest first."""
    query = sa.select(notices).where(notices.c.state.in_(PENDING)).order_by(notices.c.id)
    return [_notice(row) for row in (await tx.execute(query)).mappings()]


async def take(tx: Tx, notice_id: int) -> bool:
    """Mark a notice as being sent; return whether it is still to be sent."""
    taken = await tx.execute(
        sa.update(notices)
        .where(notices.c.id == notice_id, notices.c.state.in_(PENDING))
        .values(state=NoticeState.SENDING.value)
    )
    return taken.rowcount == 1


async def finish(tx: Tx, notice_id: int, state: NoticeState, at: datetime, posted: Posted | None = None) -> None:
    """Close a notice."""
    values: dict[str, Any] = {"state": state.value, "finished_at": at}
    if posted is not None:
        values |= {"channel_id": posted.channel_id, "message_id": posted.message_id}
    await tx.execute(sa.update(notices).where(notices.c.id == notice_id).values(values))


async def waiting(tx: Tx, guild_id: int, member_id: int) -> list[Notice]:
    """Read what could not be sent to a member, oldest first."""
    query = sa.select(notices).where(
        notices.c.guild_id == guild_id,
        notices.c.member_id == member_id,
        notices.c.state == NoticeState.WAITING.value,
    )
    return [_notice(row) for row in (await tx.execute(query.order_by(notices.c.id))).mappings()]


async def mark_read(tx: Tx, ids: Collection[int], at: datetime) -> None:
    """Close notices that their member has seen in a list."""
    query = sa.update(notices).where(notices.c.id.in_(sorted(ids)))
    await tx.execute(query.values(state=NoticeState.READ.value, finished_at=at))


async def notices_of(tx: Tx, member_id: int) -> list[Notice]:
    """Read all notices of a member that are still kept."""
    query = sa.select(notices).where(notices.c.member_id == member_id).order_by(notices.c.id)
    return [_notice(row) for row in (await tx.execute(query)).mappings()]


async def purge(tx: Tx, finished_before: datetime) -> None:
    """Delete notices that came to their end long ago."""
    await tx.execute(sa.delete(notices).where(notices.c.finished_at < finished_before))


def _notice(row: sa.RowMapping) -> Notice:
    names: Iterable[str] = ("guild_id", "member_id", "project_id", "closes_at", "due_at")
    new = NewNotice(**{name: row[name] for name in names}, changed=tuple(row["changed"]))
    return Notice(row["id"], new, row["recorded_at"], NoticeState(row["state"]))
