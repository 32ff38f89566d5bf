"""What is due: found, recorded, and handed over to be posted."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import structlog

from bot.announcements import run_store as run_sql
from bot.announcements import store as sql
from bot.announcements.gateway import Delivery
from bot.announcements.kinds import Event, EventKind, Kind
from bot.announcements.model import (
    GRACE,
    Claim,
    Run,
    RunState,
    Schedule,
    ScheduleState,
    is_too_late,
)
from bot.announcements.planning import NO_NEXT_TIME
from bot.announcements.recurrence import EVENT
from bot.announcements.register import Register
from bot.announcements.span import newest_due, next_due, span
from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.store.engine import Store

# A clock is set right by a little all the time; from here on it was wrong.
JUMP = timedelta(seconds=5)
CLAIMED_TOGETHER = 50

_AWAY = "I was away when this was due."

log = structlog.get_logger(__name__)


class Claiming:
    """Record runs whose time has come. One task at a time calls this."""

    def __init__(self, store: Store, clock: Clock, kinds: Mapping[str, Kind], register: Register) -> None:
        self._store = store
        self._clock = clock
        self._kinds = kinds
        self._register = register
        self._last_now: datetime | None = None

    async def claimed(self, delivery: Delivery, room: int) -> list[tuple[Schedule, Run]]:
        """Record events that happened, and up to `room` runs that are due, and move their schedules on."""
        now = self._clock.now()
        if self._last_now is None or now < self._last_now - JUMP:
            await self._set_back(now)
        self._last_now = now
        return [*await self._events(delivery, now), *await self._times(delivery, now, room)]

    # Due times

    async def _times(self, delivery: Delivery, now: datetime, room: int) -> list[tuple[Schedule, Run]]:
        async with self._store.read() as tx:
            numbers = [number for number, guild_id in await sql.due(tx, now) if delivery.has_guild(guild_id)]
        work: list[tuple[Schedule, Run]] = []
        # A few at a time: a vote that comes in meanwhile has its turn at the database in between.
        for first in range(0, min(room, len(numbers)), CLAIMED_TOGETHER):
            try:
                work += await self._claim(numbers[first : min(room, first + CLAIMED_TOGETHER)], now)
            except StoreUnavailable as error:
                if not work:
                    raise
                log.warning("announcements put off", reason=error.reason)  # what is recorded goes out
                break
        return work

    async def _claim(self, numbers: list[int], now: datetime) -> list[tuple[Schedule, Run]]:
        async with self._store.read() as tx:
            read = await sql.read(tx, numbers)
        # Another process may have been quicker.
        due = [schedule for schedule in read if schedule.next_due_at is not None and schedule.next_due_at <= now]
        claims = {schedule.id: _claim(schedule, now) for schedule in due}
        async with self._store.begin() as tx:
            for schedule_id in [number for number, wanted in claims.items() if wanted is None]:
                await sql.move(tx, schedule_id, None, ScheduleState.PAUSED, problem=NO_NEXT_TIME)
            won = await run_sql.claim(tx, [wanted for wanted in claims.values() if wanted], now)
            moved_on = await sql.read(tx, claims.keys())
        for schedule in moved_on:
            self._register.refresh(schedule)
        return self._to_post(due, won)

    def _to_post(self, due: Iterable[Schedule], won: Iterable[Run]) -> list[tuple[Schedule, Run]]:
        by_id = {schedule.id: schedule for schedule in due}
        for run in won:
            if run.state is RunState.SKIPPED:
                log.info("run skipped", schedule=run.schedule_id, due_at=run.due_at.isoformat())
        return [(by_id[run.schedule_id], run) for run in won if run.state is RunState.RECORDED]

    # Events

    async def _events(self, delivery: Delivery, now: datetime) -> list[tuple[Schedule, Run]]:
        schedules = [
            schedule
            for schedule in self._register
            if schedule.recurrence.every == EVENT
            and schedule.state is ScheduleState.ACTIVE
            and delivery.has_guild(schedule.guild_id)
        ]
        if not schedules:
            return []
        events = {schedule.id: self._events_of(schedule, now) for schedule in schedules}
        since = now - GRACE
        async with self._store.read() as tx:
            known = await run_sql.recorded_events(tx, events.keys(), since)
        fresh = [
            (schedule, event)
            for schedule in schedules
            for event in events[schedule.id]
            if event.at <= now and (schedule.id, event.at, event.key) not in known
        ]
        coming = {
            number: min((event.at for event in found if event.at > now), default=None)
            for number, found in events.items()
        }
        return await self._recorded(schedules, fresh, coming, now)

    def _events_of(self, schedule: Schedule, now: datetime) -> list[Event]:
        """Return the events that a schedule is to announce: not those before it was there, or too long ago."""
        kind = self._kinds.get(schedule.kind)
        if not isinstance(kind, EventKind):
            return []
        begins, ends = span(schedule)
        first = max(schedule.active_since or schedule.created_at, now - GRACE, begins or now - GRACE)
        return [
            event for event in kind.events(schedule.guild_id) if first <= event.at and (ends is None or event.at < ends)
        ]

    async def _recorded(
        self,
        schedules: list[Schedule],
        fresh: list[tuple[Schedule, Event]],
        coming: Mapping[int, datetime | None],
        now: datetime,
    ) -> list[tuple[Schedule, Run]]:
        over = {schedule.id for schedule in schedules if _is_over(schedule, now)}
        changed = [each for each in schedules if each.id in over or each.next_due_at != coming[each.id]]
        if not fresh and not changed:
            return []
        runs: list[Run] = []
        async with self._store.begin() as tx:
            for schedule, event in fresh:
                skip = is_too_late(event.at, now, schedule.missed)
                state, reason = (RunState.SKIPPED, _AWAY) if skip else (RunState.RECORDED, None)
                run = await run_sql.record(tx, schedule.id, event.at, event.key, state, now, reason)
                runs += [run] if run else []
            moved = [
                await sql.move(tx, each.id, None, ScheduleState.ENDED)
                if each.id in over
                else await sql.move(tx, each.id, coming[each.id])
                for each in changed
            ]
        for moved_on in moved:
            self._register.refresh(moved_on)
        return self._to_post(schedules, runs)

    # What a wrong clock did

    async def _set_back(self, now: datetime) -> None:
        """Bring schedules back that a clock which ran ahead has moved on into the future."""
        async with self._store.read() as tx:
            ahead = await sql.read(tx, await run_sql.ahead_of(tx, now))
        for schedule in ahead:
            if schedule.state is not ScheduleState.ACTIVE or schedule.recurrence.every == EVENT:
                continue
            following = _next_or_none(schedule, now)
            if following and schedule.next_due_at and following < schedule.next_due_at:
                log.warning("the clock went back", schedule=schedule.id, next_due_at=following.isoformat())
                async with self._store.begin() as tx:
                    self._register.refresh(await sql.move(tx, schedule.id, following))


def _claim(schedule: Schedule, now: datetime) -> Claim | None:
    """Choose the newest due time that has passed; older ones are never posted. None when the future has none."""
    first = schedule.next_due_at or now
    try:
        due_at = newest_due(schedule, first, now)
        following = next_due(schedule, due_at)
    except LookupError:  # the zone's data has changed under the schedule, or is gone
        log.exception("schedule paused", schedule=schedule.id)
        return None
    skip = is_too_late(due_at, now, schedule.missed)
    state, reason = (RunState.SKIPPED, _AWAY) if skip else (RunState.RECORDED, None)
    return Claim(schedule.id, first, due_at, following, state, reason)


def _next_or_none(schedule: Schedule, now: datetime) -> datetime | None:
    try:
        return next_due(schedule, now)
    except LookupError:
        return None


def _is_over(schedule: Schedule, now: datetime) -> bool:
    _, ends = span(schedule)
    return ends is not None and now >= ends
