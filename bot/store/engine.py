"""One writer, many readers, visible transactions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import StoreUnavailable
from bot.store import migrate

Tx = AsyncConnection
"""A transaction in progress, handed on as an argument."""

BUSY_TIMEOUT_MS = 5_000
READERS = 4


class Store:
    """Own the engines; give out transactions. `await open()` first, `await close()` last."""

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._writer: AsyncEngine = self._engine(size=1 if self._sqlite else 5, pragmas=_WRITER_PRAGMAS)
        self._reader: AsyncEngine = (
            self._engine(size=READERS, pragmas=_READER_PRAGMAS) if self._sqlite else self._writer
        )
        # SQLite has one writer: a queue here is fair and quick, its own busy handler is neither.
        self._turn: asyncio.Lock | None = asyncio.Lock() if self._sqlite else None

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
        async with self.begin() as tx:
            await tx.run_sync(migrate.upgrade)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._writer.dispose()
        await self._reader.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """Open a transaction that commits when the block ends well and rolls back otherwise."""
        turn: AbstractAsyncContextManager[Any] = self._turn or nullcontext()
        async with turn, _translated(self.where), self._writer.begin() as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Open a consistent view that cannot write."""
        async with _translated(self.where), self._reader.connect() as tx:
            yield tx

    def _engine(self, *, size: int, pragmas: tuple[str, ...]) -> AsyncEngine:
        if not self._sqlite:
            return create_async_engine(self._url, pool_size=size, max_overflow=READERS, pool_pre_ping=True)
        engine = create_async_engine(
            self._url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=size,
            max_overflow=0,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "isolation_level": None},
        )
        begin = "BEGIN IMMEDIATE" if pragmas is _WRITER_PRAGMAS else "BEGIN"

        @sa.event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            for pragma in pragmas:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @sa.event.listens_for(engine.sync_engine, "begin")
        def start(connection: sa.Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine


_WRITER_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
_READER_PRAGMAS = ("query_only = ON",)


@asynccontextmanager
async def _translated(where: str) -> AsyncIterator[None]:
    """Turn a database's failure into ours; broken constraints and our own mistakes pass."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError):
        raise
    except (sa.exc.DatabaseError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise StoreUnavailable(f"{where}: {getattr(error, 'orig', None) or error}") from error
    except OSError as error:
        raise StoreUnavailable(f"{where}: {error}") from error
