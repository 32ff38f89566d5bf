"""One writer, many readers, visible transactions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StoreUnavailable
from bot.store import migrate

T = TypeVar("T")

Tx = AsyncConnection
"""A transaction in progress, handed on as an argument."""

BUSY_TIMEOUT_MS = 5_000
READERS = 4


class Store:
    """Own the engines; give out transactions. `await open()` first, `await close()` last."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        if self._sqlite:
            self._writer = self._sqlite_engine(1, _WRITER_PRAGMAS, "BEGIN IMMEDIATE")
            self._reader = self._sqlite_engine(READERS, _READER_PRAGMAS, "BEGIN")
        else:
            self._writer = create_async_engine(
                self._url, pool_size=5, max_overflow=READERS, pool_pre_ping=True, hide_parameters=True
            )
            self._reader = self._writer
        # SQLite has one writer: a queue here is fair and quick, its own busy handler is neither.
        self._turn: asyncio.Lock | None = asyncio.Lock() if self._sqlite else None
        self._direct = self._direct_engine() if self._sqlite else None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ballot writer")

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._url.get_backend_name()

    @property
    def where(self) -> str:
        """Where the database is, without its password."""
        return self._url.render_as_string(hide_password=True)

    async def open(self) -> None:
        """Create the database where it is missing and bring its schema up to date.

        Raises `StoreUnavailable` where that is impossible and `StoreTooNew` for a newer version's database.
        """
        if self._sqlite and self._url.database:
            try:
                Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreUnavailable(f"cannot make the folder of {self.where}: {error.strerror}") from error
        await self.write(lambda _: None)  # where this fails, aiosqlite would fail too, and leave its thread behind
        async with self.begin() as tx:
            await tx.run_sync(migrate.upgrade)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._writer.dispose()
        await self._reader.dispose()
        self._thread.shutdown()
        if self._direct is not None:
            self._direct.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Open a transaction that commits when the block ends well and rolls back otherwise."""
        turn: AbstractAsyncContextManager[Any] = self._turn or nullcontext()
        async with turn, _translated(self.where), self._writer.begin() as tx:
            yield tx

    async def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a whole transaction's `work` in one go: it commits when it returns and rolls back when it raises.

        For the path of a vote, where a change of threads for each statement would cost more than the statements.
        """
        if self._turn is None or self._direct is None:
            async with self.begin() as tx:
                return await tx.run_sync(work)
        async with self._turn, _translated(self.where):
            return await asyncio.get_running_loop().run_in_executor(self._thread, _transact, self._direct, work)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Open a consistent view that cannot write."""
        async with _translated(self.where), self._reader.connect() as tx:
            if not self._sqlite:  # there, every statement would see a state of its own
                await tx.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield tx

    def _sqlite_engine(self, size: int, pragmas: tuple[str, ...], begin: str) -> AsyncEngine:
        engine = create_async_engine(
            self._url,
            hide_parameters=True,  # an error must not say who voted what
            poolclass=AsyncAdaptedQueuePool,
            pool_size=size,
            max_overflow=0,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": None},
        )
        _prepare(engine.sync_engine, pragmas, begin)
        return engine

    def _direct_engine(self) -> sa.Engine:
        engine = sa.create_engine(
            self._url.set(drivername="sqlite"),
            hide_parameters=True,
            poolclass=sa.StaticPool,
            connect_args={
                "timeout": BUSY_TIMEOUT_MS / 1000,
                "isolation_level": None,
                "check_same_thread": False,  # made in the writer's thread, closed by whoever closes the store
            },
        )
        _prepare(engine, _WRITER_PRAGMAS, "BEGIN IMMEDIATE")
        return engine


def _transact(engine: sa.Engine, work: Callable[[sa.Connection], T]) -> T:
    with engine.begin() as tx:
        return work(tx)


def _prepare(engine: sa.Engine, pragmas: tuple[str, ...], begin: str) -> None:
    """Have every connection set up alike, and every transaction begun in the same way."""

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def start(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)


# Recursive triggers: an INSERT OR REPLACE then fires those that refuse a DELETE.
_WRITER_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON")
_READER_PRAGMAS = ("query_only = ON",)


@asynccontextmanager
async def _translated(where: str) -> AsyncIterator[None]:
    """Turn a database's failure into ours; broken constraints and our own mistakes pass."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError):
        raise
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise StoreUnavailable(f"{where}: {getattr(error, 'orig', None) or error}") from error
    except OSError as error:
        raise StoreUnavailable(f"{where}: {error}") from error
