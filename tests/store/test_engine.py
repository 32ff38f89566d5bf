import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.errors import StoreTooNew, StoreUnavailable
from bot.store.engine import Store
from bot.store.schema import guilds, metadata, schedules

A_GUILD = {"guild_id": 2**63 - 1, "timezone": "Europe/Berlin"}


async def names(store: Store) -> list[str]:
    async with store.read() as tx:
        return list((await tx.execute(sa.select(guilds.c.timezone))).scalars())


async def test_a_block_that_ends_well_is_committed(store: Store) -> None:
    async with store.begin() as tx:
        await tx.execute(sa.insert(guilds).values(A_GUILD))
    assert await names(store) == ["Europe/Berlin"]


async def test_a_block_that_raises_is_rolled_back(store: Store) -> None:
    async def fail() -> None:
        async with store.begin() as tx:
            await tx.execute(sa.insert(guilds).values(A_GUILD))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await names(store) == []


async def test_a_cancelled_block_is_rolled_back_and_frees_the_writer(store: Store) -> None:
    entered = asyncio.Event()

    async def hang() -> None:
        async with store.begin() as tx:
            await tx.execute(sa.insert(guilds).values(A_GUILD))
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5), store.begin() as tx:
        await tx.execute(sa.insert(guilds).values(A_GUILD))
    assert await names(store) == ["Europe/Berlin"]


async def test_a_reader_sees_the_state_before_an_open_transaction(store: Store) -> None:
    async with store.begin() as tx:
        await tx.execute(sa.insert(guilds).values(A_GUILD))
        assert await names(store) == []


async def test_a_hundred_writers_at_once_all_get_through(store: Store) -> None:
    async def write(number: int) -> None:
        async with store.begin() as tx:
            await tx.execute(sa.insert(guilds).values(guild_id=number))

    await asyncio.gather(*(write(number) for number in range(100)))
    assert len(await names(store)) == 100


async def test_times_come_back_aware_and_in_utc(store: Store) -> None:
    when = datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
    async with store.begin() as tx:
        await tx.execute(sa.insert(schedules).values(_schedule(next_due_at=when)))
    async with store.read() as tx:
        assert (await tx.execute(sa.select(schedules.c.next_due_at))).scalar_one() == when


async def test_naive_times_are_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="naive"):
        async with store.begin() as tx:
            await tx.execute(sa.insert(schedules).values(_schedule(next_due_at=datetime(2026, 1, 1))))  # noqa: DTZ001


async def test_the_schema_refuses_an_active_schedule_without_a_next_time(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        async with store.begin() as tx:
            await tx.execute(sa.insert(schedules).values(_schedule(next_due_at=None)))


def _schedule(**changes: object) -> dict[str, object]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    values = {"guild_id": 1, "kind": "rankings", "channel_id": 2, "cron": "* * * * *", "every": "minute"}
    return {
        **values,
        "timezone": "UTC",
        "missed": "late",
        "state": "active",
        "created_by": 3,
        "created_at": now,
        **changes,
    }


async def test_migrations_end_at_the_schema_of_the_code(store: Store) -> None:
    async with store.read() as tx:
        differences = await tx.run_sync(
            lambda connection: compare_metadata(MigrationContext.configure(connection), metadata)
        )
    assert differences == []


async def test_opening_a_second_time_changes_nothing(store: Store, database_url: str) -> None:
    async with store.begin() as tx:
        await tx.execute(sa.insert(guilds).values(A_GUILD))
    again = Store(database_url)
    await again.open()
    assert await names(again) == ["Europe/Berlin"]
    await again.close()


async def test_a_newer_database_refuses_to_open(store: Store, database_url: str) -> None:
    async with store.begin() as tx:
        await tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    newer = Store(database_url)
    with pytest.raises(StoreTooNew, match="9999"):
        await newer.open()
    await newer.close()


async def test_sqlite_writes_ahead_and_syncs_fully(tmp_path: Path) -> None:
    store = Store(f"sqlite+aiosqlite:///{tmp_path}/deep/er/test.db")
    await store.open()
    async with store.begin() as tx:
        pragmas = {
            name: (await tx.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    await store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_sqlite_readers_cannot_write(tmp_path: Path) -> None:
    store = Store(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    await store.open()
    with pytest.raises(StoreUnavailable, match="readonly"):
        async with store.read() as tx:
            await tx.execute(sa.insert(guilds).values(A_GUILD))
    await store.close()


async def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "test.db").write_text("this is not a database, but long enough to be looked at as one" * 10)
    store = Store(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    with pytest.raises(StoreUnavailable, match="not a database"):
        await store.open()
    await store.close()


async def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(f"sqlite+aiosqlite:///{tmp_path}/file/test.db")
    with pytest.raises(StoreUnavailable, match="cannot make the folder"):
        await store.open()
    await store.close()


async def test_a_server_that_is_not_there_says_so() -> None:
    store = Store("postgresql+asyncpg://nobody:secret@127.0.0.1:9/none")
    with pytest.raises(StoreUnavailable) as caught:
        await store.open()
    assert "secret" not in str(caught.value)
    await store.close()


async def test_a_database_error_does_not_say_the_values(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught:
        async with store.begin() as tx:
            await tx.execute(sa.insert(schedules).values(_schedule(next_due_at=None, every="a secret value")))
    assert "a secret value" not in str(caught.value).partition("DETAIL")[0]
