"""Polls that were closed with the older schema can be proved with the newer one."""

import pytest
import sqlalchemy as sa
from alembic import command

from bot.clock import FixedClock
from bot.polls import store as sql
from bot.polls.model import NewPoll, PollState
from bot.polls.proof.leaf import ballot_leaf, poll_fingerprint
from bot.polls.proof.receipt import receipt_text
from bot.polls.proof.tree import root
from bot.polls.records import PollRecords, Verified
from bot.store import migrate
from bot.store.engine import Store
from bot.store.schema import ballots, polls, trees
from tests.polls.ballots import poll_of
from tests.polls.conftest import CHANNEL, GUILD, MODERATOR
from tests.polls.proof.exports import some_ballots

BALLOTS = 300


def up_to_0005(connection: sa.Connection) -> None:
    command.upgrade(migrate.config(connection), "0005")


async def test_a_poll_that_was_closed_with_the_older_schema_is_proved(
    database_url: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(database_url)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "upgrade", up_to_0005)
        await store.open()
    now, lines = clock.now(), poll_of(3).candidates
    async with store.begin() as tx:
        poll_id = await sql.insert(tx, NewPoll(GUILD, CHANNEL, MODERATOR, "Who leads?", lines, now, None), now)
        poll = await sql.get(tx, poll_id)
        assert poll is not None
        cast, digest = list(some_ballots(poll, BALLOTS)), poll_fingerprint(poll).digest
        await tx.execute(
            sa.insert(ballots),
            [
                # The first member asked to be forgotten.
                {"poll_id": poll_id, "voter_id": number or None, "choices": list(choices), "weight": weight}
                | {"salt": salt, "cast_at": now, "changed_at": now}
                for number, (salt, choices, weight) in enumerate(cast)
            ],
        )
        posted = root(sorted(ballot_leaf(digest, *ballot).hash for ballot in cast)).hex()
        closed = {"state": PollState.CLOSED.value, "closed_at": now, "ballots": BALLOTS, "root": posted}
        await tx.execute(sa.update(polls).where(polls.c.id == poll_id).values(closed))
    await store.close()

    store = Store(database_url)
    await store.open()
    records = PollRecords(store, clock)
    for salt, choices, weight in (cast[0], cast[1], cast[-1]):
        found = await records.verify(GUILD, receipt_text(poll_id, salt))
        assert isinstance(found, Verified)
        assert (found.ballot.choices, found.ballot.weight, found.root_holds) == (choices, weight, True)
        assert found.poll.root == posted
    async with store.read() as tx:
        assert (await tx.execute(sa.select(trees.c.poll_id, trees.c.size))).all() == [(poll_id, BALLOTS)]
    await store.close()
