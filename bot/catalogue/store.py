"""The SQL of changes and proposals. Every function works in the caller's transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from bot.catalogue.changes import Change, NewChange
from bot.catalogue.proposal import Proposal
from bot.store.engine import Tx
from bot.store.schema import catalogue_changes as changes
from bot.store.schema import catalogue_proposals as proposals

_NEW = ("project_id", "action", "key", "old", "new", "source")


async def lock(tx: Tx, guild_id: int) -> None:
    """Let nobody else change a server's catalogue until the transaction ends."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer in all
        await tx.execute(sa.select(sa.func.pg_advisory_xact_lock(guild_id)))


async def insert(tx: Tx, guild_id: int, batch: str, new: Sequence[NewChange], by: int, at: datetime) -> None:
    """Write changes that were made together."""
    common = {"guild_id": guild_id, "batch": batch, "by": by, "at": at}
    await tx.execute(sa.insert(changes), [{**asdict(change), **common} for change in new])


async def all_changes(tx: Tx) -> dict[int, list[Change]]:
    """Read every server's changes, oldest first."""
    found: dict[int, list[Change]] = defaultdict(list)
    for row in (await tx.execute(sa.select(changes).order_by(changes.c.id))).mappings():
        found[row["guild_id"]].append(_change(row))
    return found


async def changes_after(tx: Tx, guild_id: int, last_id: int) -> list[Change]:
    """Read a server's changes that came after one, oldest first."""
    query = sa.select(changes).where(changes.c.guild_id == guild_id, changes.c.id > last_id).order_by(changes.c.id)
    return [_change(row) for row in (await tx.execute(query)).mappings()]


async def changes_since(tx: Tx, guild_id: int, since: datetime) -> list[Change]:
    """Read a server's changes from a moment on, newest first."""
    query = (
        sa.select(changes).where(changes.c.guild_id == guild_id, changes.c.at >= since).order_by(changes.c.id.desc())
    )
    return [_change(row) for row in (await tx.execute(query)).mappings()]


async def batch(tx: Tx, guild_id: int, name: str) -> list[Change]:
    """Read the changes that were made together, oldest first."""
    query = sa.select(changes).where(changes.c.guild_id == guild_id, changes.c.batch == name).order_by(changes.c.id)
    return [_change(row) for row in (await tx.execute(query)).mappings()]


async def propose(tx: Tx, proposal: Proposal) -> None:
    """Keep what a moderator was shown until it is confirmed."""
    values = {
        "id": proposal.id,
        "guild_id": proposal.guild_id,
        "by": proposal.by,
        "at": proposal.at,
        "changes": [asdict(change) for change in proposal.changes],
    }
    await tx.execute(sa.insert(proposals).values(values))


async def proposal(tx: Tx, guild_id: int, by: int, name: str) -> Proposal | None:
    """Read what a moderator was shown and has not confirmed yet."""
    query = sa.select(proposals).where(proposals.c.id == name, proposals.c.guild_id == guild_id, proposals.c.by == by)
    row = (await tx.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    return Proposal(row["id"], guild_id, by, row["at"], tuple(NewChange(**change) for change in row["changes"]))


async def forget_proposal(tx: Tx, name: str) -> None:
    """Let go of a proposal."""
    await tx.execute(sa.delete(proposals).where(proposals.c.id == name))


async def forget_proposals_before(tx: Tx, when: datetime) -> None:
    """Let go of proposals that nobody confirmed."""
    await tx.execute(sa.delete(proposals).where(proposals.c.at < when))


def _change(row: sa.RowMapping) -> Change:
    new = NewChange(**{name: row[name] for name in _NEW})
    return Change(row["id"], row["batch"], new, row["by"], row["at"])
