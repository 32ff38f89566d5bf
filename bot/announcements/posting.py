"""Runs on their way to Discord: recorded before they are sent, closed after, and one message each."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot.announcements import store as sql
from bot.announcements.model import (
    Missed,
    Outcome,
    Post,
    Run,
    RunState,
    Schedule,
    ScheduleState,
    Undeliverable,
    is_late,
    moved_since,
)
from bot.announcements.recurrence import describe
from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.guilds.service import GuildService
from bot.rankings.model import Ranking, places
from bot.store.engine import Store

POSTS_AT_ONCE = 10
# A run that another process recorded is that one's to send, unless it has not come to an end after this time.
LEASE = timedelta(minutes=2)

_UNFORESEEN = "Something went wrong inside the bot; its operator finds it in the log."
_INTERRUPTED = "The bot was stopped while it was sending this."

log = structlog.get_logger(__name__)


class Rankings(Protocol):
    """Where standings come from."""

    async def ranking(self, guild_id: int) -> Ranking:
        """Return what everybody on the server may see."""
        ...


class Delivery(Protocol):
    """The way to Discord."""

    def has_guild(self, guild_id: int) -> bool:
        """Say whether this process looks after that server."""
        ...

    async def send(self, post: Post) -> int:
        """Send a post and return its message's id; raise `Undeliverable` when that cannot be."""
        ...

    async def tell(self, guild_id: int, channel_id: int, text: str) -> None:
        """Tell moderators something; never raises."""
        ...


class NotConnected:
    """Stand in until there is a client: no server is looked after, so nothing is due."""

    def has_guild(self, guild_id: int) -> bool:  # noqa: ARG002 - the protocol's
        """Say no."""
        return False

    async def send(self, post: Post) -> int:  # noqa: ARG002 - the protocol's
        """Refuse."""
        raise Undeliverable("The bot is not connected to Discord yet. Try again in a minute.")

    async def tell(self, guild_id: int, channel_id: int, text: str) -> None:  # noqa: ARG002 - the protocol's
        """Leave it in the log."""
        log.warning("moderators not told", text=text)


class Posting:
    """Send recorded runs and close them."""

    def __init__(self, store: Store, clock: Clock, rankings: Rankings, guilds: GuildService) -> None:
        self._store = store
        self._clock = clock
        self._rankings = rankings
        self._guilds = guilds
        self.delivery: Delivery = NotConnected()
        self._sending: set[int] = set()
        self._unwritten: dict[int, Outcome] = {}
        self._slots = asyncio.Semaphore(POSTS_AT_ONCE)
        self._started_at = clock.now()

    async def left_over(self) -> list[tuple[Schedule, Run]]:
        """Return runs that a crash left recorded: their nonce keeps a second try to one message."""
        await self._write(tuple(self._unwritten.values()))
        busy = self._sending | self._unwritten.keys()  # before the look, so that none slips from one to the other
        before = max(self._started_at, self._clock.now() - LEASE)
        async with self._store.read() as tx:
            left = await sql.unfinished(tx, before)
        return [
            (schedule, run)
            for schedule, run in left
            if run.id not in busy and self.delivery.has_guild(schedule.guild_id)
        ]

    def take(self, runs: Iterable[Run]) -> None:
        """Mark runs as being sent from now on."""
        self._sending.update(run.id for run in runs)

    async def post_all(self, work: Iterable[tuple[Schedule, Run]]) -> list[Outcome]:
        """Send runs side by side; return how they ended, without those that wait for the database."""
        outcomes = await asyncio.gather(*(self.post(schedule, run) for schedule, run in work))
        return [outcome for outcome in outcomes if outcome is not None]

    async def post(self, schedule: Schedule, run: Run) -> Outcome | None:
        """Send a run and close it; None when the database was away, which leaves the run to be sent later."""
        self.take((run,))
        try:
            async with self._slots:
                outcome = await self._send(schedule, run)
            await self._close(outcome)
        except StoreUnavailable as error:
            log.warning("run put off", schedule=schedule.id, reason=error.reason)
            return None
        finally:
            self._sending.discard(run.id)
        lag = (outcome.finished_at - run.due_at).total_seconds()
        log.info("run closed", schedule=schedule.id, state=str(outcome.state), lag_s=lag, problem=outcome.problem)
        if outcome.problem and outcome.state is RunState.FAILED and outcome.problem != schedule.problem:
            await self._tell(schedule, outcome.problem)
        return outcome

    async def _send(self, schedule: Schedule, run: Run) -> Outcome:
        late = is_late(run.due_at, self._clock.now())
        if late and (schedule.missed is Missed.SKIP or schedule.state is ScheduleState.REMOVED):
            return self._ended(run, RunState.SKIPPED, _INTERRUPTED)
        async with self._store.read() as tx:
            earlier = await sql.last_places(tx, schedule.id)
        try:
            ranking = moved_since(await self._rankings.ranking(schedule.guild_id), earlier)
            message_id = await self.delivery.send(Post(schedule, ranking, run.nonce, run.due_at if late else None))
        except Undeliverable as error:
            return self._ended(run, RunState.FAILED, error.problem)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("run failed", schedule=schedule.id)
            return self._ended(run, RunState.FAILED, _UNFORESEEN)
        return replace(self._ended(run, RunState.SENT), message_id=message_id, places=places(ranking.standings))

    def _ended(self, run: Run, state: RunState, problem: str | None = None) -> Outcome:
        return Outcome(run.id, run.schedule_id, state, self._clock.now(), problem=problem)

    async def _close(self, outcome: Outcome) -> None:
        # What became of a post is not forgotten while the database is away: that would send it a second time.
        self._unwritten[outcome.run_id] = outcome
        try:
            await self._write((outcome,))
        except StoreUnavailable as error:
            log.warning("run not closed, trying again", schedule=outcome.schedule_id, reason=error.reason)

    async def _write(self, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        async with self._store.begin() as tx:
            for outcome in outcomes:
                await sql.finish(tx, outcome)
        for outcome in outcomes:
            self._unwritten.pop(outcome.run_id, None)

    async def _tell(self, schedule: Schedule, problem: str) -> None:
        """Tell the moderators of a new problem, once."""
        log.warning("schedule has a problem", schedule=schedule.id, problem=problem)
        log_channel = self._guilds.get(schedule.guild_id).log_channel_id
        if log_channel is not None:
            what = f"{schedule.kind} in <#{schedule.channel_id}>, {describe(schedule.recurrence)}"
            text = f"**An announcement could not be posted:** {what}.\n{problem}"
            await self.delivery.tell(schedule.guild_id, log_channel, text)
