"""Any course of a poll's life, with crashes in it, leaves what paper and pencil would."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.audit import store as audit
from bot.audit.model import first_break
from bot.clock import FixedClock
from bot.errors import Refused
from bot.polls import store as sql
from bot.polls.ballot_box import BallotBox
from bot.polls.counting import METHODS
from bot.polls.judging import Cast, Close
from bot.polls.model import Candidate, NewPoll, Poll, PollState, Recorded, Rules, Visibility
from bot.polls.proof.receipt import receipt_text
from bot.polls.proof.verify import verify
from bot.polls.records import PollRecords, Verified
from bot.polls.service import PollService
from bot.store.engine import Store
from bot.store.schema import ballots
from tests.polls.conftest import CHANNEL, GUILD, MODERATOR
from tests.polls.crashing import CATALOGUE
from tests.polls.plain_poll import (
    BANNED,
    FOUNDER,
    HOLDER,
    UNHEARD,
    WEIGHTS,
    PlainBallot,
    PlainPoll,
    Refusal,
    Slip,
    Stored,
    check_ballots,
    check_course,
    check_result,
    fits,
    voter,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VOTERS, POLLS = 5, 3
# Of each method.
SQLITE_LIVES, POSTGRESQL_LIVES = 7, 4
ROOM = 10_000_000

ROLES = st.sampled_from([frozenset[int](), frozenset({HOLDER}), frozenset({HOLDER, FOUNDER}), frozenset({BANNED})])
RULES = st.sampled_from(
    [
        Rules(weights=WEIGHTS),
        Rules(),
        Rules(role_ids=(HOLDER, FOUNDER), weights=WEIGHTS),
        Rules(excluded_role_ids=(BANNED,), min_account_age_days=30),
    ]
)
# Mostly what a ballot offers; now and then what it never should: twice the same, a place that is not there, too many.
ORDERS = st.permutations(range(3)).flatmap(lambda order: st.integers(0, 3).map(lambda most: tuple(order[:most])))
CHOICES = st.one_of(ORDERS, ORDERS, ORDERS, st.lists(st.integers(-1, 4), max_size=4).map(tuple))
CAREFUL = st.sampled_from([True, True, True, False])
SLIPS = st.lists(
    st.builds(Slip, st.builds(voter, st.integers(0, VOTERS - 1), ROLES), CHOICES, CAREFUL), min_size=3, max_size=8
)
SPANS = st.sampled_from([timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=1), timedelta(days=200)])
SHORT = st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=20), timedelta(days=1)])
WHICH = st.integers(0, POLLS - 1)

T = TypeVar("T")
Databases = Callable[[], AbstractContextManager[str]]


class PollLife(RuleBasedStateMachine):
    """The real thing and the plain one, side by side."""

    def __init__(self, databases: Databases, method: str) -> None:
        super().__init__()
        self.method = method
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

    # What people do

    @initialize(rules=RULES, slips=SLIPS)
    def first_poll(self, rules: Rules, slips: list[Slip]) -> None:
        self.open(self.method, 3, rules, timedelta(), timedelta(days=2), Visibility.LIVE)
        self.hand_in(self.plain[0], slips)

    @rule(
        method=st.sampled_from(sorted(METHODS)),
        limit=st.integers(1, 3),
        rules=RULES,
        opens_in=st.sampled_from([timedelta(), timedelta(), timedelta(minutes=20)]),
        closes_in=st.one_of(st.none(), SPANS),
        results=st.sampled_from(list(Visibility)),
    )
    def open(
        self,
        method: str,
        limit: int,
        rules: Rules,
        opens_in: timedelta,
        closes_in: timedelta | None,
        results: Visibility,
    ) -> None:
        if len(self.plain) == POLLS:
            return
        limit = 1 if method == "single" else limit
        now = self.clock.now()
        opens_at, lines = now + opens_in, tuple(Candidate(place, f"Candidate {place}") for place in range(3))
        closes_at = opens_at + closes_in if closes_in else None
        new = NewPoll(
            GUILD, CHANNEL, MODERATOR, "Who?", lines, opens_at, closes_at, method, limit, results=results, rules=rules
        )
        poll = self.run(self.service.open(new))
        state = PollState.SCHEDULED if opens_in else PollState.OPEN
        self.plain.append(PlainPoll(poll.id, method, 3, limit, rules, opens_at, closes_at, state))

    def poll(self, which: int) -> PlainPoll:
        return self.plain[which % len(self.plain)]

    @rule(which=WHICH, slips=SLIPS)
    def vote(self, which: int, slips: list[Slip]) -> None:
        self.hand_in(self.poll(which), slips)

    @rule(which=WHICH, slips=SLIPS)
    def vote_on_two_devices(self, which: int, slips: list[Slip]) -> None:
        self.hand_in(self.poll(which), [*slips, *slips])

    @rule(slips=SLIPS)
    def vote_in_every_poll(self, slips: list[Slip]) -> None:
        for poll in self.plain:
            self.hand_in(poll, slips)

    def hand_in(self, poll: PlainPoll, slips: list[Slip]) -> None:
        """Hand in slips all at once; they are judged in their order."""
        now, slips = self.clock.now(), [slip.cut_to(poll) for slip in slips]

        async def cast() -> list[Recorded | BaseException]:
            return await asyncio.gather(
                *(self.service.cast(GUILD, poll.id, slip.voter, slip.choices, now) for slip in slips),
                return_exceptions=True,
            )

        self.outdated_boards.clear()
        for slip, outcome in zip(slips, self.run(cast()), strict=True):
            expected = poll.refusal(slip, now)
            if expected is not None:
                assert isinstance(outcome, expected), (slip, outcome)
                continue
            assert isinstance(outcome, Recorded), (slip, outcome)
            before = poll.ballots.get(slip.voter.id)
            assert outcome.before == (before.choices if before else None)
            assert outcome.ballot.choices == poll.as_recorded(slip.choices)
            if before is not None and poll.keeps(slip):
                assert outcome.ballot.receipt == before.receipt
            assert poll.keeps(slip) or poll.id in self.outdated_boards
            poll.take(slip, outcome.ballot.receipt)

    @rule(which=WHICH, longer=SPANS)
    def extend(self, which: int, longer: timedelta) -> None:
        poll = self.poll(which)
        expected = poll.extension_refusal(longer, self.clock.now())
        if self.done(self.service.extend(GUILD, poll.id, MODERATOR, longer), expected):
            poll.extend(longer, self.clock.now())

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        poll = self.poll(which)
        expected = None if poll.state in (PollState.SCHEDULED, PollState.OPEN) else Refused
        if self.done(self.service.cancel(GUILD, poll.id, MODERATOR, "a mistake"), expected):
            poll.cancel()

    @rule(which=WHICH)
    def close(self, which: int) -> None:
        poll = self.poll(which)
        expected = Refused if poll.state in (PollState.SCHEDULED, PollState.CANCELLED) else None
        if self.done(self.service.close(GUILD, poll.id, MODERATOR), expected):
            poll.close(self.clock.now())

    def done(self, work: Coroutine[Any, Any, Poll], expected: Refusal) -> bool:
        if expected is None:
            self.run(work)
            return True
        with pytest.raises(expected) as caught:
            self.run(work)
        assert type(caught.value) is expected
        return False

    @rule(number=st.integers(0, VOTERS - 1))
    def forget(self, number: int) -> None:
        voter_id = voter(number, frozenset()).id
        untied = sum(poll.forget(voter_id) for poll in self.plain)
        left = sum(voter_id in poll.ballots for poll in self.plain)
        assert self.run(self.records.forget(voter_id)) == (untied, left)

    # What happens

    @rule(span=SHORT)
    def time_passes(self, span: timedelta) -> None:
        self.clock.advance(span)

    @rule()
    def due(self) -> None:
        self.run(self.service.due())
        for poll in self.plain:
            poll.due(self.clock.now())

    @rule()
    def restart(self) -> None:
        self.run(self.box.stop())
        self.run(self.store.close())
        self.run(self.start())
        self.due()

    @rule(which=WHICH, slips=SLIPS, turns=st.integers(0, 40))
    def crash_while_voting(self, which: int, slips: list[Slip], turns: int) -> None:
        """Crash somewhere in the middle of taking slips: each counts wholly or not at all, in their order."""
        poll, now = self.poll(which), self.clock.now()
        slips = [slip.cut_to(poll) for slip in slips]

        async def crash() -> list[bool]:
            tasks = [
                asyncio.create_task(self.box.cast(Cast(GUILD, poll.id, slip.voter, slip.choices, now)))
                for slip in slips
            ]
            for _ in range(turns):
                await asyncio.sleep(0)
            await self.kill()
            heard = [task.done() and task.exception() is None for task in tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return heard

        heard = self.run(crash())
        self.run(self.start())
        stored = self.run(self.stored(poll.id))
        tried, taken, found = deepcopy(poll), 0, poll if fits(poll, stored) else None
        for number, slip in enumerate(slips, start=1):
            if tried.refusal(slip, now) is None:
                tried.take(slip, receipt=UNHEARD)
            if fits(tried, stored):
                taken, found = number, deepcopy(tried)
        assert found is not None, "what is stored is no beginning of what was handed in"
        assert not any(heard[taken:]), "a ballot was acknowledged and is gone"
        for voter_id, (choices, weight, receipt) in stored.items():
            found.ballots[voter_id] = PlainBallot(choices, weight, receipt)
        found.dead_receipts.discard(UNHEARD)
        self.plain[self.plain.index(poll)] = found
        self.due()

    @rule(which=WHICH)
    def crash_while_closing(self, which: int) -> None:
        """Crash after voting was ended and before the ballots are counted."""
        poll, now = self.poll(which), self.clock.now()
        if poll.state is PollState.OPEN:
            at = poll.closes_at if poll.closes_at is not None and poll.is_over(now) else now
            self.run(self.box.change(Close(poll.id, at, MODERATOR)))
            poll.close(now)
        self.run(self.kill())
        self.run(self.start())
        self.due()

    # What can be looked at afterwards

    @rule(which=WHICH, number=st.integers(0, 50))
    def export(self, which: int, number: int) -> None:
        poll = self.poll(which)
        if poll.state is not PollState.CLOSED:
            with pytest.raises(Refused):
                self.run(self.records.export(GUILD, poll.id, MODERATOR, ROOM))
            return
        exported = self.run(self.records.export(GUILD, poll.id, MODERATOR, ROOM))
        poll.log.append("exported")
        (_, exported_json), (_, exported_csv) = exported.files
        voters = [str(voter(each, frozenset()).id).encode() for each in range(VOTERS)]
        assert not any(voter_id in exported_json + exported_csv for voter_id in voters)
        receipt = poll.kept[number % len(poll.kept)].receipt if poll.kept else None
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(exported_json)
            file.flush()
            report = verify(Path(file.name), receipt=receipt, root=exported.poll.root)
        assert report.holds, report.problem
        assert report.count is not None
        assert [report.count.ballots, *report.count.votes] == [len(poll.kept), *poll.tally()]

    @rule(which=WHICH)
    def check_receipts_of(self, which: int) -> None:
        self.run(self.receipts_of(self.poll(which)))

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


# The two engines

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
