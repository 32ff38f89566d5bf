"""What moderators do with schedules, and what happens when one is due."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from bot.announcements import store as sql
from bot.announcements.model import (
    Claim,
    Missed,
    NewSchedule,
    Outcome,
    Overview,
    Run,
    RunState,
    Schedule,
    ScheduleState,
    is_late,
)
from bot.announcements.posting import Delivery, Posting, Rankings
from bot.announcements.recurrence import describe, latest_due, next_after
from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.guilds.service import GuildService
from bot.store.engine import Store

KINDS = ("rankings",)

_NO_NEXT_TIME = "Its next time cannot be worked out any more. Remove it and add it anew."

log = structlog.get_logger(__name__)


class AnnouncementService:
    """The use cases of announcements.

    `delivery` is set once there is a client. `on_change` is called whenever `next_instant()` may have changed.
    """

    def __init__(self, store: Store, clock: Clock, polls: Rankings, guilds: GuildService) -> None:
        self._store = store
        self._clock = clock
        self._posting = Posting(store, clock, polls, guilds)
        self._one_at_a_time = asyncio.Lock()
        self._schedules: dict[int, Schedule] = {}
        self.on_change: Callable[[], None] = lambda: None

    @property
    def delivery(self) -> Delivery:
        """The way to Discord."""
        return self._posting.delivery

    @delivery.setter
    def delivery(self, delivery: Delivery) -> None:
        self._posting.delivery = delivery

    async def load(self) -> None:
        """Read what autocomplete answers from."""
        async with self._store.read() as tx:
            self._schedules = {schedule.id: schedule for schedule in await sql.kept(tx)}

    # Planning

    async def add(self, new: NewSchedule) -> Schedule:
        """Plan an announcement; raise `Refused` when the very same one is planned already."""
        if new.kind not in KINDS:
            raise Refused(f"I cannot announce {new.kind} yet.", f"Choose one of: {', '.join(KINDS)}.")
        if any(_same(new, schedule) for schedule in self.listing(new.guild_id)):
            raise Refused(
                f"<#{new.channel_id}> gets {new.kind} {describe(new.recurrence)} already.", "See `/announce list`."
            )
        now = self._clock.now()
        async with self._store.begin() as tx:
            schedule = await sql.insert(tx, new, now, next_after(new.recurrence, now))
        return self._changed(schedule)

    async def remove(self, guild_id: int, schedule_id: int) -> Schedule:
        """Stop an announcement; it is kept and can be restored."""
        await self._read(guild_id, schedule_id)
        return await self._set_state(schedule_id, ScheduleState.REMOVED, None)

    async def restore(self, guild_id: int, schedule_id: int) -> Schedule:
        """Take a removal back; the next post comes at the next due time."""
        schedule = await self._read(guild_id, schedule_id)
        if schedule.state is ScheduleState.ACTIVE:
            return schedule
        following = next_after(schedule.recurrence, self._clock.now())
        return await self._set_state(schedule_id, ScheduleState.ACTIVE, following)

    async def _read(self, guild_id: int, schedule_id: int) -> Schedule:
        async with self._store.read() as tx:
            schedule = await sql.get(tx, schedule_id)
        if schedule is None or schedule.guild_id != guild_id:
            raise NotFound("announcement", str(schedule_id))
        return schedule

    async def _set_state(self, schedule_id: int, state: ScheduleState, next_due_at: datetime | None) -> Schedule:
        async with self._store.begin() as tx:
            schedule = await sql.set_state(tx, schedule_id, state, next_due_at)
        return self._changed(schedule)

    def _changed(self, schedule: Schedule) -> Schedule:
        self._remember(schedule)
        self.on_change()
        return schedule

    def _remember(self, schedule: Schedule) -> None:
        if schedule.state is ScheduleState.REMOVED:
            self._schedules.pop(schedule.id, None)
        else:
            self._schedules[schedule.id] = schedule

    # Looking

    def listing(self, guild_id: int) -> list[Schedule]:
        """Return a server's schedules from memory, oldest first."""
        return [schedule for schedule in self._schedules.values() if schedule.guild_id == guild_id]

    async def overview(self, guild_id: int) -> list[Overview]:
        """Return a server's schedules, each with its newest run."""
        async with self._store.read() as tx:
            return await sql.overview(tx, guild_id)

    def get(self, guild_id: int, typed: str) -> Schedule:
        """Return the schedule with the number that was typed; raise `NotFound` when this server has none such."""
        number = typed.strip().lstrip("#")
        return self._known(guild_id, int(number) if number.isdecimal() and len(number) < 10 else -1, typed)

    def _known(self, guild_id: int, schedule_id: int, typed: str | None = None) -> Schedule:
        schedule = self._schedules.get(schedule_id)
        if schedule is None or schedule.guild_id != guild_id:
            raise NotFound("announcement", typed or str(schedule_id))
        return schedule

    async def next_instant(self) -> datetime | None:
        """Return when something is due next on the servers that this process looks after."""
        async with self._store.read() as tx:
            times = await sql.next_times(tx)
        return min((at for guild_id, at in times.items() if self.delivery.has_guild(guild_id)), default=None)

    # Posting

    async def run_now(self, guild_id: int, schedule_id: int) -> tuple[Schedule, int]:
        """Post at once, beside the due times; return the message's id, or raise `Refused` saying why not."""
        schedule = self._known(guild_id, schedule_id)
        now = self._clock.now()
        async with self._store.begin() as tx:
            run = await sql.record(tx, schedule_id, now, RunState.RECORDED, now)
        if run is None:
            raise Refused("This announcement is being posted at this very moment.", "Look in its channel.")
        outcome = await self._posting.post(schedule, run)
        if outcome is None:
            raise Refused("My storage is not answering, so this is put off.", "It is posted as soon as it answers.")
        self._note(outcome)
        if outcome.message_id is None:
            raise Refused("Nothing was posted.", outcome.problem or "")
        return schedule, outcome.message_id

    async def resume(self) -> None:
        """Finish what a stop or a crash interrupted, and post what fell due meanwhile."""
        await self.due()

    async def due(self) -> None:
        """Post what the clock says is due; safe at any time, from many tasks and processes, after downtime too."""
        async with self._one_at_a_time:
            work = [*await self._posting.left_over(), *await self._claimed()]
            self._posting.take(run for _, run in work)
        self.on_change()
        for outcome in await self._posting.post_all(work):
            self._note(outcome)

    def _note(self, outcome: Outcome) -> None:
        schedule = self._schedules.get(outcome.schedule_id)
        if schedule is not None and outcome.state is not RunState.SKIPPED:
            self._remember(replace(schedule, problem=outcome.problem))

    async def _claimed(self) -> list[tuple[Schedule, Run]]:
        """Record the runs that are due and move their schedules on, all in one transaction."""
        now = self._clock.now()
        async with self._store.read() as tx:
            due = [schedule for schedule in await sql.due(tx, now) if self.delivery.has_guild(schedule.guild_id)]
        if not due:
            return []
        claims = {schedule.id: _claim(schedule, now) for schedule in due}
        async with self._store.begin() as tx:
            for schedule_id in [number for number, wanted in claims.items() if wanted is None]:
                await sql.pause(tx, schedule_id, _NO_NEXT_TIME)
            won = await sql.claim(tx, [wanted for wanted in claims.values() if wanted], now)
        by_id = {schedule.id: schedule for schedule in due}
        for run in won:
            self._moved_on(by_id[run.schedule_id], run, claims[run.schedule_id])
        return [(by_id[run.schedule_id], run) for run in won if run.state is RunState.RECORDED]

    def _moved_on(self, schedule: Schedule, run: Run, claim: Claim | None) -> None:
        if claim and schedule.id in self._schedules:
            self._remember(replace(schedule, next_due_at=claim.following))
        if run.state is RunState.SKIPPED:
            log.info("run skipped", schedule=run.schedule_id, due_at=run.due_at.isoformat())


def _same(new: NewSchedule, schedule: Schedule) -> bool:
    ours = (new.kind, new.channel_id, new.recurrence.cron, new.recurrence.timezone)
    theirs = schedule.recurrence
    return ours == (schedule.kind, schedule.channel_id, theirs.cron, theirs.timezone)


def _claim(schedule: Schedule, now: datetime) -> Claim | None:
    """Choose the newest due time that has passed; older ones are never posted. None when the future has none."""
    first = schedule.next_due_at or now
    try:
        due_at = latest_due(schedule.recurrence, first, now)
        following = next_after(schedule.recurrence, due_at)
    except LookupError:  # the zone's data has changed under the schedule, or is gone
        log.exception("schedule paused", schedule=schedule.id)
        return None
    skip = schedule.missed is Missed.SKIP and is_late(due_at, now)
    state = RunState.SKIPPED if skip else RunState.RECORDED
    return Claim(schedule.id, first, due_at, following, state)


async def troubled(store: Store) -> list[str]:
    """Return a line for each announcement whose last post did not go out, for the operator."""
    async with store.read() as tx:
        kept = await sql.kept(tx)
    return [f"#{each.id} on server {each.guild_id}: {each.problem}" for each in kept if each.problem]
