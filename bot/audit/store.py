"""The SQL of the audit log."""

from collections.abc import Iterable

import sqlalchemy as sa

from bot.audit.model import BEGINNING, Entry, NewEntry, chained
from bot.store.engine import Tx
from bot.store.schema import audit

_LAST = (
    sa.select(audit.c.number, audit.c.hash)
    .where(audit.c.guild_id == sa.bindparam("guild_id"))
    .order_by(audit.c.number.desc())
    .limit(1)
)


def append(connection: sa.Connection, new: NewEntry) -> Entry:
    """Write an entry at the end of its server's chain."""
    if connection.dialect.name == "postgresql":
        # One writer a chain; SQLite has one writer in all.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(new.guild_id)))
    last = connection.execute(_LAST, {"guild_id": new.guild_id}).one_or_none()
    number, before = (last.number + 1, last.hash) if last else (1, BEGINNING)
    entry = chained(number, new, before)
    connection.execute(
        sa.insert(audit),
        {
            "guild_id": new.guild_id,
            "number": number,
            "at": new.at,
            "action": new.action,
            "actor_id": new.actor_id,
            "poll_id": new.poll_id,
            "details": dict(new.details),
            "hash": entry.hash,
        },
    )
    return entry


async def append_in(tx: Tx, new: NewEntry) -> Entry:
    """Write an entry in the caller's transaction."""
    return await tx.run_sync(append, new)


async def of_poll(tx: Tx, guild_id: int, poll_id: int) -> list[Entry]:
    """Read what was done to one poll, oldest first."""
    rows = await tx.execute(
        sa.select(audit).where(audit.c.guild_id == guild_id, audit.c.poll_id == poll_id).order_by(audit.c.number)
    )
    return list(_entries(rows.mappings()))


async def of_guild(tx: Tx, guild_id: int) -> list[Entry]:
    """Read a server's whole chain, oldest first."""
    rows = await tx.execute(sa.select(audit).where(audit.c.guild_id == guild_id).order_by(audit.c.number))
    return list(_entries(rows.mappings()))


async def guilds(tx: Tx) -> list[int]:
    """Return the servers that have entries."""
    return list((await tx.execute(sa.select(audit.c.guild_id).distinct().order_by(audit.c.guild_id))).scalars())


def _entries(rows: Iterable[sa.RowMapping]) -> Iterable[Entry]:
    for row in rows:
        new = NewEntry(row["guild_id"], row["at"], row["action"], row["actor_id"], row["poll_id"], row["details"])
        yield Entry(row["number"], new, row["hash"])
