"""Runs on their way to Discord: recorded before they are sent, closed after, and one message each."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.announcements import run_store as run_sql
from bot.announcements import store as sql
from bot.announcements.content import Content
from bot.announcements.gateway import CannotLook, Delivery, NotConnected
from bot.announcements.kinds import Asked, Kind
from bot.announcements.model import (
    BY_HAND,
    Outcome,
    Post,
    Run,
    RunState,
    Schedule,
    ScheduleState,
    Sent,
    is_late,
    is_too_late,
    last_try,
    says_the_same,
)
from bot.announcements.pace import ChannelTurns
from bot.announcements.register import Register
from bot.announcements.repair import Repair
from bot.announcements.telling import Telling
from bot.announcements.trouble import Trouble, Undeliverable, next_try
from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.guilds.service import GuildService
from bot.store.engine import Store

POSTS_AT_ONCE = 32
# A run that another process recorded is that one's to send, unless it has not come to an end after this time.
LEASE = timedelta(minutes=2)
# For so long, at least, Discord knows a nonce again.
NONCE_KNOWN = timedelta(minutes=2)
PROGRESS_AFTER = 100
PROGRESS_S = 5.0

_UNFORESEEN = "Something went wrong inside the bot; its operator finds it in the log."
_INTERRUPTED = "The bot was away when this was due."
_STOPPED = "It was paused or removed before this could be posted."
_NOTHING = "There was nothing to say."
_NO_NEWS = "There was nothing new since the last post."
_UNSURE = "I was stopped while I was posting it, and may not look whether it is there."

# What the last post of a schedule said, and when that was due.
Last = tuple[Mapping[str, Any], datetime | None]

log = structlog.get_logger(__name__)


class Posting:
    """Send recorded runs and close them."""

    def __init__(
        self, store: Store, clock: Clock, kinds: Mapping[str, Kind], guilds: GuildService, register: Register
    ) -> None:
        self._store = store
        self._clock = clock
        self._kinds = kinds
        self._register = register
        self.telling = Telling(store, guilds, register)
        self.repair = Repair(store, clock, register, self.telling)
        self.delivery: Delivery = NotConnected()
        self._sending: set[int] = set()
        self._unwritten: dict[int, Outcome] = {}
        self._writing = asyncio.Lock()
        self._beginning: set[int] = set()
        self._slots = asyncio.Semaphore(POSTS_AT_ONCE)
        self._turns = ChannelTurns(clock)
        self._started_at = clock.now()

    @property
    def under_way(self) -> int:
        """How many runs are being sent."""
        return len(self._sending)

    async def left_over(self) -> list[tuple[Schedule, Run]]:
        """Return runs that a crash left recorded, and those whose next try is due."""
        await self._write()
        busy = self._sending | self._unwritten.keys()  # before the look, so that none slips from one to the other
        now = self._clock.now()
        async with self._store.read() as tx:
            left = await run_sql.unfinished(tx, max(self._started_at, now - LEASE), now)
        return [
            (schedule, run)
            for schedule, run in left
            if run.id not in busy and self.delivery.has_guild(schedule.guild_id)
        ]

    def take(self, runs: Iterable[Run]) -> None:
        """Mark runs as being sent from now on."""
        self._sending.update(run.id for run in runs)

    async def post_all(self, work: Sequence[tuple[Schedule, Run]]) -> None:
        """Send runs side by side, and say in the log how far it is when there are many."""
        left = {asyncio.create_task(self.post(schedule, run)) for schedule, run in work}
        try:
            while left:
                done, left = await asyncio.wait(left, timeout=PROGRESS_S)
                for task in done:
                    task.result()
                if left and len(work) >= PROGRESS_AFTER:
                    log.info("announcements under way", posted=len(work) - len(left), of=len(work))
        finally:
            for task in left:
                task.cancel()

    async def post(self, schedule: Schedule, run: Run) -> Outcome | None:
        """Send a run and close it; None when the database was away, which leaves the run to be sent later."""
        self.take((run,))
        try:
            async with self._turns.turn(schedule.channel_id):
                async with self._slots:
                    # What it was when it was claimed may have changed while it waited for its turn.
                    schedule, last = await self._read(schedule)
                    outcome = await self._tried(schedule, run, last)
                await self._close(schedule, outcome)
            await self._tell(schedule, outcome)
        except StoreUnavailable as error:
            log.warning("run put off", schedule=schedule.id, reason=error.reason)
            return None
        except Exception:  # the others go on
            log.exception("run put off", schedule=schedule.id)
            return None
        finally:
            self._sending.discard(run.id)
        return outcome

    async def _read(self, schedule: Schedule) -> tuple[Schedule, Last]:
        async with self._store.read() as tx:
            return await sql.get(tx, schedule.id) or schedule, await run_sql.last_memory(tx, schedule.id)

    # Sending

    async def _tried(self, schedule: Schedule, run: Run, last: Last) -> Outcome:
        try:
            return await self._sent(schedule, run, last)
        except Undeliverable as error:
            return self._failed(schedule, run, error)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("run failed", schedule=schedule.id)
            in_doubt = run.begun_at is not None
            return self._failed(schedule, run, Undeliverable(_UNFORESEEN, Trouble.FAULT, in_doubt=in_doubt))

    async def _sent(self, schedule: Schedule, run: Run, last: Last) -> Outcome:
        found, (earlier, since) = None, last
        if run.begun_at is not None:
            try:
                found = await self._found(schedule, run)
            except CannotLook as error:
                known = error.knows_nonce and self._clock.now() - run.begun_at <= NONCE_KNOWN
                if not known and schedule.board_message_id is None:  # a board may be brought up to date twice
                    await self.telling.unsure(self.delivery, schedule, run)
                    return self._ended(run, RunState.UNSURE, _UNSURE)
        now, by_hand = self._clock.now(), run.event == BY_HAND
        paused = schedule.state is ScheduleState.PAUSED and not by_hand
        if found is None and (paused or schedule.state is ScheduleState.REMOVED):
            return self._ended(run, RunState.SKIPPED, _STOPPED)
        if found is None and is_too_late(run.due_at, now, schedule.missed):
            state = RunState.FAILED if run.tries else RunState.SKIPPED
            return self._ended(run, state, run.problem or _INTERRUPTED)
        asked = Asked(schedule, run.due_at, now, earlier, since, "" if by_hand else run.event)
        content = await self._kinds[schedule.kind].compose(asked)
        if found is None:
            if content is None:
                return self._ended(run, RunState.SKIPPED, _NOTHING)
            if schedule.only_news and not by_hand and since and says_the_same(content.memory, earlier):
                return self._ended(run, RunState.SKIPPED, _NO_NEWS)
            found = await self._out(schedule, run, content, now)
        memory = content.memory if content else earlier
        return replace(self._ended(run, RunState.SENT), sent=found, memory=memory)

    async def _found(self, schedule: Schedule, run: Run) -> Sent | None:
        try:
            return await self.delivery.find(schedule, run)
        except Undeliverable as error:  # as long as nobody has looked, it may be there
            raise Undeliverable(error.problem, error.trouble, in_doubt=True) from error

    async def _out(self, schedule: Schedule, run: Run, content: Content, now: datetime) -> Sent:
        await self._begin(run, now)
        late = run.due_at if is_late(run.due_at, now) else None
        try:
            return await self.delivery.send(Post(schedule, run, content, late))
        except Undeliverable:
            raise
        except Exception as error:
            log.exception("run failed", schedule=schedule.id)
            raise Undeliverable(_UNFORESEEN, Trouble.FAULT, in_doubt=True) from error

    async def _begin(self, run: Run, now: datetime) -> None:
        """Note that the message may stand in the channel from now on; those who come together write together."""
        self._beginning.add(run.id)
        try:
            async with self._writing:
                if run.id in self._beginning:
                    together = tuple(self._beginning)
                    async with self._store.begin() as tx:
                        await run_sql.begin(tx, together, now)
                    self._beginning.difference_update(together)
        finally:
            self._beginning.discard(run.id)

    def _failed(self, schedule: Schedule, run: Run, error: Undeliverable) -> Outcome:
        now = self._clock.now()
        again = None if run.event == BY_HAND else next_try(run.tries + 1, now, last_try(schedule, run))
        state = RunState.WAITING if again else RunState.UNSURE if error.in_doubt else RunState.FAILED
        begun = replace(run, begun_at=run.begun_at or now)
        return Outcome(
            begun, state, now, problem=error.problem, trouble=error.trouble, retry_at=again, in_doubt=error.in_doubt
        )

    def _ended(self, run: Run, state: RunState, problem: str | None = None) -> Outcome:
        return Outcome(run, state, self._clock.now(), problem=problem)

    # Closing

    async def _close(self, schedule: Schedule, outcome: Outcome) -> None:
        """Write how a try ended."""
        # What became of a post is not forgotten while the database is away: that would send it a second time.
        self._unwritten[outcome.run.id] = outcome
        try:
            await self._write()
        except StoreUnavailable as error:
            log.warning("run not closed, trying again", schedule=schedule.id, reason=error.reason)
        self._say(schedule, outcome)

    async def _tell(self, schedule: Schedule, outcome: Outcome) -> None:
        if outcome.state is RunState.SENT and schedule.told:
            await self.repair.works_again(self.delivery, schedule, schedule.told)
        elif outcome.trouble is not None and outcome.run.event != BY_HAND:
            closed = self._register.find(schedule.id)
            await self.telling.catch_up(self.delivery, [closed] if closed else [])

    def _say(self, schedule: Schedule, outcome: Outcome) -> None:
        log.info(
            "run closed" if outcome.state is not RunState.WAITING else "run waits",
            schedule=schedule.id,
            guild=schedule.guild_id,
            kind=schedule.kind,
            due_at=outcome.run.due_at.isoformat(),
            state=str(outcome.state),
            lag_s=round((outcome.at - outcome.run.due_at).total_seconds(), 3),
            tries=outcome.run.tries + 1,
            problem=outcome.problem,
        )

    async def _write(self) -> None:
        """Write what became of posts; those that end together are written together."""
        async with self._writing:
            together = tuple(self._unwritten.values())
            if not together:
                return
            try:
                await self._write_together(together)
            except StoreUnavailable:
                raise
            except Exception:
                log.exception("runs not closed together")
                await self._write_one_by_one(together)

    async def _write_together(self, outcomes: Sequence[Outcome]) -> None:
        async with self._store.begin() as tx:
            for outcome in outcomes:
                await run_sql.finish(tx, outcome)
            changed = await sql.read(tx, {outcome.run.schedule_id for outcome in outcomes})
        for outcome in outcomes:
            self._unwritten.pop(outcome.run.id, None)
        for schedule in changed:
            self._register.refresh(schedule)

    async def _write_one_by_one(self, outcomes: Sequence[Outcome]) -> None:
        """Leave out of each what cannot be written, so that it does not stand in the way of the others."""
        for outcome in outcomes:
            try:
                await self._write_together([outcome])
            except StoreUnavailable:
                raise
            except Exception:
                log.exception("what a post said is not remembered", schedule=outcome.run.schedule_id)
                await self._write_together([replace(outcome, memory=None)])
