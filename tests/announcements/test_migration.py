"""What was planned and posted with the older schema is still there with the newer one."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command

from bot.announcements import run_store as run_sql
from bot.announcements.model import RunState
from bot.store import migrate
from bot.store.engine import Store

AT = datetime(2026, 3, 1, 17, tzinfo=UTC)

_SCHEDULE = sa.text(
    "INSERT INTO schedules (guild_id, kind, channel_id, cron, every, timezone, missed, state, problem, created_by,"
    " created_at, next_due_at) VALUES (10, 'rankings', 20, '0 18 * * *', 'day', 'UTC', 'late', 'active', :problem, 40,"
    " :at, :at)"
)
_RUN = sa.text(
    "INSERT INTO runs (schedule_id, due_at, state, recorded_at, message_id, places)"
    " VALUES (1, :due_at, :state, :due_at, :message_id, :places)"
)


def up_to_0004(connection: sa.Connection) -> None:
    command.upgrade(migrate.config(connection), "0004")


async def test_schedules_and_runs_survive(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(database_url)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "upgrade", up_to_0004)
        await store.open()
    at = AT if store.dialect == "postgresql" else AT.strftime("%Y-%m-%d %H:%M:%S.%f")
    places = '{"peaq": 1}'
    async with store.begin() as tx:
        await tx.execute(_SCHEDULE, {"problem": "no right", "at": at})
        sent = {"due_at": at, "state": "sent", "message_id": 99, "places": places}
        await tx.execute(_RUN, sent)
    await store.close()

    store = Store(database_url)
    await store.open()
    async with store.read() as tx:
        [entry] = await run_sql.overview(tx, 10, AT)
        earlier, since = await run_sql.last_memory(tx, 1)
    assert entry.schedule.next_due_at == AT
    assert (entry.schedule.problem, entry.schedule.told) == ("no right", "no right")
    assert entry.last_run is not None
    assert (entry.last_run.state, entry.last_run.message_id, entry.last_run.channel_id) == (RunState.SENT, 99, 20)
    assert (earlier, since) == ({"places": {"peaq": 1}}, AT)
    async with store.begin() as tx:  # a new row gets a number of its own
        run = await run_sql.record(tx, 1, AT.replace(year=2027), "", RunState.RECORDED, AT)
    assert run is not None
    await store.close()
