"""A database with polls beside polls on paper, and what has to be the same at every moment."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from hypothesis.stateful import RuleBasedStateMachine, invariant

from bot.audit import store as audit
from bot.audit.model import first_break
from bot.clock import FixedClock
from bot.errors import Refused
from bot.polls import store as sql
from bot.polls.ballot_box import BallotBox
from bot.polls.model import PollState
from bot.polls.proof.receipt import receipt_text
from bot.polls.records import PollRecords, Verified
from bot.polls.service import PollService
from bot.store.engine import Store
from bot.store.schema import ballots
from tests.polls.conftest import GUILD
from tests.polls.crashing import CATALOGUE
from tests.polls.plain_poll import PlainPoll, Stored, check_ballots, check_course, check_result

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

T = TypeVar("T")
Databases = Callable[[], AbstractContextManager[str]]


class BesidePaper(RuleBasedStateMachine):
    """The real thing and the plain one, side by side: what happens to the one is noted in the other."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        self.database = databases()
        self.url = self.database.__enter__()
        self.runner = asyncio.Runner()
        self.clock = FixedClock(NOON)
        self.plain: list[PlainPoll] = []
        self.run(self.start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def start(self) -> None:
        self.store = Store(self.url)  # migrated already: each life begins with a copy
        self.box = BallotBox(self.store)
        self.service = PollService(self.store, self.clock, self.box, CATALOGUE)
        self.records = PollRecords(self.store, self.clock)
        self.outdated_boards = set[int]()
        self.service.on_change = self.outdated_boards.add
        await self.service.load()
        self.box.start()

    async def kill(self) -> None:
        """Stop working where it stands: what is not committed is lost, and nobody hears of it."""
        assert self.box._worker is not None
        self.box._worker.cancel()
        await asyncio.gather(self.box._worker, return_exceptions=True)
        self.store._thread.shutdown()
        await self.store.close()

    def teardown(self) -> None:
        self.run(self.check_receipts())
        self.run(self.box.stop())
        self.run(self.store.close())
        self.runner.close()
        self.database.__exit__(None, None, None)

    # What holds at every moment

    @invariant()
    def all_is_as_on_paper(self) -> None:
        self.run(self.compare())

    async def compare(self) -> None:
        async with self.store.read() as tx:
            entries = await audit.of_guild(tx, GUILD)
            assert first_break(entries) is None
            for plain in self.plain:
                poll = await sql.get(tx, plain.id)
                assert poll is not None
                rows = (await tx.execute(sa.select(ballots).where(ballots.c.poll_id == plain.id))).all()
                minutes = await sql.minutes(tx, plain.id)
                check_course(poll, plain)
                check_ballots(poll, plain, rows)
                check_result(poll, plain, rows)
                assert [each.new.action for each in entries if each.new.poll_id == plain.id] == plain.log
                assert sum(each.cast - each.withdrawn for each in minutes) == len(plain.kept)

    async def stored(self, poll_id: int) -> Stored:
        """Read the ballots that are tied to somebody."""
        async with self.store.read() as tx:
            rows = await tx.execute(
                sa.select(ballots).where(ballots.c.poll_id == poll_id, ballots.c.voter_id.is_not(None))
            )
            return {row.voter_id: (tuple(row.choices), row.weight, receipt_text(poll_id, row.salt)) for row in rows}

    async def check_receipts(self) -> None:
        for poll in self.plain:
            await self.receipts_of(poll)

    async def receipts_of(self, poll: PlainPoll) -> None:
        """Every receipt that still stands is found with its choices, no other is."""
        for ballot in poll.kept:
            found = await self.records.verify(GUILD, ballot.receipt)
            assert isinstance(found, Verified)
            assert (found.ballot.choices, found.ballot.weight) == (ballot.choices, ballot.weight)
            assert found.root_holds is (True if poll.state is PollState.CLOSED else None)
        for receipt in sorted(poll.dead_receipts):
            with pytest.raises(Refused, match="No ballot"):
                await self.records.verify(GUILD, receipt)
