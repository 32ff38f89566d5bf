"""Whoever holds the database can drop the triggers; the chain tells of what they do then.

All but one thing: entries removed at the very end leave a chain that holds, and no test here says otherwise. Against
that stand copies made earlier: the numbers that moderators saw, the posted roots, a backup.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.audit.model import BEGINNING, NewEntry, chained, first_break
from bot.clock import FixedClock
from bot.polls.records import PollRecords
from bot.store.engine import Store
from tests.audit.conftest import GUILD, NOON, OTHER, break_after, chain, disarm, entry, written

LOGGED = 6
COLUMNS = "guild_id, number, at, action, actor_id, poll_id, details, hash"


def renumbered(before: int, after: int) -> str:
    return f"UPDATE audit SET number = {after} WHERE number = {before}"


def inserted(like: int, **values: str) -> str:
    """Write a statement that puts in a copy of an entry with other values."""
    chosen = ", ".join(values.get(name, name) for name in COLUMNS.split(", "))
    return f"INSERT INTO audit ({COLUMNS}) SELECT {chosen} FROM audit WHERE number = {like}"


# What was done, and the first entry that no longer follows.
CHANGED = {
    "another action": ("UPDATE audit SET action = 'closed' WHERE number = 3", 3),
    "another actor": ("UPDATE audit SET actor_id = 1 WHERE number = 3", 3),
    "no actor": ("UPDATE audit SET actor_id = NULL WHERE number = 3", 3),
    "another poll": ("UPDATE audit SET poll_id = 1 WHERE number = 3", 3),
    "other details": ("""UPDATE audit SET details = '{"title": "x"}' WHERE number = 3""", 3),
    "another hash": (f"UPDATE audit SET hash = '{BEGINNING}' WHERE number = 3", 3),
    "the last one": (f"UPDATE audit SET action = 'closed' WHERE number = {LOGGED}", LOGGED),
    "the first one": ("UPDATE audit SET action = 'closed' WHERE number = 1", 1),
    "another server": (f"UPDATE audit SET guild_id = {OTHER} WHERE number = 3", 3),
}
REMOVED = {
    "the first one": ("DELETE FROM audit WHERE number = 1", 1),
    "one in the middle": ("DELETE FROM audit WHERE number = 3", 3),
    "two in the middle": ("DELETE FROM audit WHERE number IN (3, 4)", 3),
    "all but the last": (f"DELETE FROM audit WHERE number < {LOGGED}", 1),
}


async def test_a_changed_entry_is_noticed(store: Store) -> None:
    await written(store, LOGGED)
    await disarm(store)
    found = {what: await break_after(store, statement) for what, (statement, _) in CHANGED.items()}
    assert found == {what: number for what, (_, number) in CHANGED.items()}


async def test_another_time_is_noticed(store: Store) -> None:
    await written(store, LOGGED)
    await disarm(store)
    for moved_by in (timedelta(microseconds=1), timedelta(hours=-1), timedelta(days=365)):
        statement = f"UPDATE audit SET at = '{as_stored(store, NOON + moved_by)}' WHERE number = 3"
        assert await break_after(store, statement) == 3


def as_stored(store: Store, moment: datetime) -> str:
    text = moment.replace(tzinfo=None).isoformat(" ", "microseconds")
    return text if store.dialect == "sqlite" else f"{text}+00"


async def test_a_removed_entry_is_noticed_unless_it_is_the_last(store: Store) -> None:
    await written(store, LOGGED)
    await disarm(store)
    found = {what: await break_after(store, statement) for what, (statement, _) in REMOVED.items()}
    assert found == {what: number for what, (_, number) in REMOVED.items()}
    closing_ranks = (renumbered(number, number - 1) for number in range(4, LOGGED + 1))
    assert await break_after(store, REMOVED["one in the middle"][0], *closing_ranks) == 3


async def test_two_that_changed_places_are_noticed(store: Store) -> None:
    await written(store, LOGGED)
    await disarm(store)
    assert await break_after(store, renumbered(3, 1000), renumbered(4, 3), renumbered(1000, 4)) == 3


async def test_an_inserted_entry_is_noticed_wherever_it_stands(store: Store) -> None:
    before = await written(store, LOGGED)
    behind = inserted(LOGGED, number=str(LOGGED + 1))
    assert await break_after(store, behind) == LOGGED + 1
    await disarm(store)
    making_room = [renumbered(number, number + 1) for number in range(LOGGED, 3, -1)]
    assert await break_after(store, *making_room, inserted(3, number="4")) == 4
    # With a hash that fits the entry before it, the one after it tells.
    forged = chained(4, replace(entry(3), action="forged"), before[2].hash)
    fitting = inserted(3, number="4", action="'forged'", hash=f"'{forged.hash}'")
    assert await break_after(store, *making_room, fitting) == 5


async def test_one_that_is_changed_along_with_its_hash_breaks_the_next(store: Store) -> None:
    before = await written(store, LOGGED)
    await disarm(store)
    forged = chained(3, replace(entry(3), action="closed"), before[1].hash)
    assert await break_after(store, f"UPDATE audit SET action = 'closed', hash = '{forged.hash}' WHERE number = 3") == 4


async def test_replacing_an_entry_is_refused_as_well(store: Store) -> None:
    if store.dialect == "postgresql":
        pytest.skip("PostgreSQL knows no REPLACE")
    await written(store, LOGGED)
    values = f"id, {COLUMNS.replace('action', repr('closed'))}"
    replacement = sa.text(f"INSERT OR REPLACE INTO audit SELECT {values} FROM audit WHERE number = 3")

    async def replace_it() -> None:
        async with store.begin() as tx:
            await tx.execute(replacement)

    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        await replace_it()
    assert first_break(await chain(store)) is None


async def test_a_chain_cannot_be_passed_off_as_another_server_s(store: Store) -> None:
    await written(store, LOGGED)
    await disarm(store)
    assert await break_after(store, f"UPDATE audit SET guild_id = {OTHER}", guild_id=OTHER) == 1


async def test_broken_chains_are_found_by_their_server(store: Store, clock: FixedClock) -> None:
    await written(store, LOGGED)
    await written(store, 2, OTHER)
    records = PollRecords(store, clock)
    assert await records.broken_chains() == {}
    await disarm(store)
    async with store.begin() as tx:
        await tx.execute(sa.text(f"UPDATE audit SET action = 'closed' WHERE number = 5 AND guild_id = {GUILD}"))
    assert await records.broken_chains() == {GUILD: 5}


def test_no_two_different_entries_have_the_same_hash_at_the_same_place() -> None:
    base = entry(1)
    variants = [
        base,
        replace(base, guild_id=OTHER),
        replace(base, at=base.at + timedelta(microseconds=1)),
        replace(base, action="closed"),
        replace(base, actor_id=None),
        replace(base, actor_id=1),
        replace(base, poll_id=None),
        replace(base, poll_id=2),
        replace(base, details={}),
        replace(base, details={"title": "other"}),
    ]
    hashes = {chained(1, each, BEGINNING).hash for each in variants}
    hashes |= {chained(2, base, BEGINNING).hash, chained(1, base, "1" * 64).hash}
    assert len(hashes) == len(variants) + 2


def test_the_order_of_details_does_not_matter_to_the_hash() -> None:
    one = NewEntry(GUILD, NOON, "opened", details={"a": 1, "b": 2})
    other = NewEntry(GUILD, NOON, "opened", details={"b": 2, "a": 1})
    assert chained(1, one, BEGINNING).hash == chained(1, other, BEGINNING).hash
