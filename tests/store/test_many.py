from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.store.engine import Store
from bot.store.many import Upsert
from bot.store.schema import ballot_minutes, candidates, polls

NAMES = ("poll_id", "position", "label", "project_id", "votes")
WRITE = Upsert(candidates, NAMES, keys=("poll_id", "position"), kept=("project_id",))
NOON = datetime(2026, 1, 2, 12, 0, 0, 123456, tzinfo=UTC)


def line(position: int, label: str, votes: int, project_id: str | None = None) -> dict[str, object]:
    return dict(zip(NAMES, (1, position, label, project_id, votes), strict=True))


@pytest.fixture
async def poll(store: Store) -> Store:
    new = {"id": 1, "guild_id": 2, "title": "t", "method": "single", "results": "live", "rules": {}, "state": "open"}
    rest = {"created_by": 3, "created_at": NOON, "opens_at": NOON, "channel_id": 4}
    async with store.begin() as tx:
        await tx.execute(sa.insert(polls).values(new | rest))
    return store


async def lines(store: Store) -> list[tuple[object, ...]]:
    async with store.read() as tx:
        query = sa.select(*(candidates.c[name] for name in NAMES[1:])).order_by(candidates.c.position)
        return [tuple(row) for row in await tx.execute(query)]


async def test_new_rows_are_added_and_older_ones_replaced_but_for_what_is_kept(poll: Store) -> None:
    await poll.write(lambda tx: WRITE(tx, [line(0, "a", 1, "first"), line(1, "b", 2)]))
    await poll.write(lambda tx: WRITE(tx, [line(1, "c", 7, "late"), line(2, "d", 3)]))
    assert await lines(poll) == [(0, "a", "first", 1), (1, "c", None, 7), (2, "d", None, 3)]


async def test_as_many_rows_as_a_commit_may_hold_are_written_at_once(poll: Store) -> None:
    await poll.write(lambda tx: WRITE(tx, [line(n, f"label {n}", n) for n in range(500)]))
    assert [row[3] for row in await lines(poll)] == list(range(500))


async def test_a_row_that_breaks_a_rule_leaves_none_of_them_written(poll: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        await poll.write(lambda tx: WRITE(tx, [line(0, "a", 1), line(1, "b", -1)]))
    assert await lines(poll) == []


async def test_values_go_through_the_types_of_their_columns(poll: Store) -> None:
    write = Upsert(ballot_minutes, ("poll_id", "minute", "cast"), keys=("poll_id", "minute"))
    there = NOON.astimezone(tz=None) + timedelta(hours=1)
    await poll.write(lambda tx: write(tx, [{"poll_id": 1, "minute": there, "cast": 5}]))
    async with poll.read() as tx:
        row = (await tx.execute(sa.select(ballot_minutes.c.minute, ballot_minutes.c.cast))).one()
    assert tuple(row) == (NOON + timedelta(hours=1), 5)
    naive = {"poll_id": 1, "minute": NOON.replace(tzinfo=None), "cast": 5}
    with pytest.raises((ValueError, sa.exc.StatementError), match="naive"):
        await poll.write(lambda tx: write(tx, [naive]))
