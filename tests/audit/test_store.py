"""The log takes entries and gives none back: not changed, not removed, not emptied."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.audit import store as sql
from bot.audit.model import first_break
from bot.store.engine import Store
from tests.audit.conftest import GUILD, OTHER, chain, entry, written

REFUSED = [
    "UPDATE audit SET action = 'closed'",
    "UPDATE audit SET hash = hash WHERE number = 2",
    "UPDATE audit SET number = number + 10",
    "DELETE FROM audit WHERE number = 3",
    "DELETE FROM audit",
]


async def test_entries_are_neither_changed_nor_removed(store: Store) -> None:
    before = await written(store, 3)
    for statement in REFUSED:
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            async with store.begin() as tx:
                await tx.execute(sa.text(statement))
    assert await chain(store) == before


async def test_postgresql_does_not_truncate_the_log(store: Store) -> None:
    if store.dialect == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    before = await written(store, 3)
    for statement in ("TRUNCATE audit", "TRUNCATE audit CASCADE"):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            async with store.begin() as tx:
                await tx.execute(sa.text(statement))
    assert await chain(store) == before


async def test_what_is_read_again_is_what_was_written_and_its_chain_holds(store: Store) -> None:
    entries = await written(store, 4)
    assert await chain(store) == entries
    assert [each.new for each in entries] == [entry(number) for number in range(1, 5)]
    assert first_break(await chain(store)) is None


async def test_each_server_has_a_chain_of_its_own(store: Store) -> None:
    ours, theirs = await written(store, 2), await written(store, 3, OTHER)
    assert [each.number for each in theirs] == [1, 2, 3]
    assert await chain(store) == ours
    assert first_break(await chain(store, OTHER)) is None
    async with store.read() as tx:
        assert await sql.guilds(tx) == [GUILD, OTHER]


async def test_an_entry_of_a_transaction_that_fails_leaves_no_gap(store: Store) -> None:
    await written(store, 1)
    async with store.begin() as tx:
        await sql.append_in(tx, entry(2))
        await tx.rollback()
    await written(store, 1)
    assert [each.number for each in await chain(store)] == [1, 2]
    assert first_break(await chain(store)) is None


async def test_a_hundred_writers_of_two_processes_make_one_chain(store: Store, database_url: str) -> None:
    other = Store(database_url)

    async def write(number: int) -> None:
        async with (store, other)[number % 2].begin() as tx:
            await sql.append_in(tx, entry(number))

    try:
        await asyncio.gather(*(write(number) for number in range(100)))
    finally:
        await other.close()
    entries = await chain(store)
    assert [each.number for each in entries] == list(range(1, 101))
    assert sorted(each.new.poll_id or 0 for each in entries) == list(range(100))
    assert first_break(entries) is None
