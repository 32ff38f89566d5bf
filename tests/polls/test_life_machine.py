"""Any course of a poll's life, with crashes in it, leaves what paper and pencil would."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.polls.counting import METHODS
from bot.store.engine import Store
from tests.polls.beside_paper import Databases
from tests.polls.poll_life import PollLife

# Of each method.
SQLITE_LIVES, POSTGRESQL_LIVES = 7, 4

LIFE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    stateful_step_count=50,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("method", METHODS)
def test_any_life_of_a_poll_is_as_on_paper_on_sqlite(tmp_path: Path, method: str) -> None:
    migrated = tmp_path / "migrated.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{migrated}"))

    @contextmanager
    def copies() -> Iterator[str]:
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            shutil.copy(migrated, Path(folder) / "test.db")
            yield f"sqlite+aiosqlite:///{folder}/test.db"

    live(copies, method, SQLITE_LIVES)


@pytest.mark.parametrize("method", METHODS)
def test_any_life_of_a_poll_is_as_on_paper_on_postgresql(postgres_server: str, method: str) -> None:
    def url_of(name: str) -> str:
        return postgres_server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+asyncpg://")

    async def admin(*statements: str) -> None:
        connection = await asyncpg.connect(postgres_server)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    template = f"lives_{uuid.uuid4().hex}"
    asyncio.run(admin(f"CREATE DATABASE {template}"))
    asyncio.run(migrate(url_of(template)))

    @contextmanager
    def copies() -> Iterator[str]:
        name = f"life_{uuid.uuid4().hex}"
        asyncio.run(admin(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield url_of(name)
        asyncio.run(admin(f"DROP DATABASE {name} WITH (FORCE)"))

    try:
        live(copies, method, POSTGRESQL_LIVES)
    finally:
        asyncio.run(admin(f"DROP DATABASE {template} WITH (FORCE)"))


def live(databases: Databases, method: str, lives: int) -> None:
    """Let so many polls live, each on a database of its own."""

    class Here(PollLife):
        def __init__(self) -> None:
            super().__init__(databases, method)

    run_state_machine_as_test(Here, settings=settings(LIFE, max_examples=lives))


async def migrate(url: str) -> None:
    store = Store(url)
    await store.open()
    await store.close()
