"""Chains of entries on both engines, and a way around the triggers that guard them."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.audit import store as sql
from bot.audit.model import Entry, NewEntry, first_break
from bot.store.engine import Store

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
GUILD, OTHER = 7, 2**63 - 1

DISARMED = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("ALTER TABLE audit DISABLE TRIGGER USER",),
}


def entry(number: int, guild_id: int = GUILD) -> NewEntry:
    details = {"title": f"Wer führt? ⭐ {number}", "candidates": ["peaq", 'a "b" \\ c'], "none": None, "many": 2**40}
    return NewEntry(guild_id, NOON, "opened", 2**63 - 1 - number, number, details)


async def written(store: Store, count: int, guild_id: int = GUILD) -> list[Entry]:
    async with store.begin() as tx:
        return [await sql.append_in(tx, entry(number, guild_id)) for number in range(1, count + 1)]


async def chain(store: Store, guild_id: int = GUILD) -> list[Entry]:
    async with store.read() as tx:
        return await sql.of_guild(tx, guild_id)


async def disarm(store: Store) -> None:
    """Take the triggers away, as whoever holds the database could."""
    async with store.begin() as tx:
        for statement in DISARMED[store.dialect]:
            await tx.execute(sa.text(statement))


async def break_after(store: Store, *statements: str, guild_id: int = GUILD) -> int | None:
    """Tell where the chain breaks after these statements, and take them back."""
    async with store.begin() as tx:
        tampering = await tx.begin_nested()
        for statement in statements:
            result = await tx.execute(sa.text(statement))
            assert result.rowcount >= 1, f"this changed nothing: {statement}"
        found = first_break(await sql.of_guild(tx, guild_id))
        await tampering.rollback()
    return found
