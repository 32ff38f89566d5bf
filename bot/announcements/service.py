"""What moderators do with schedules, and what happens when one is due."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog

from bot.announcements import run_store as run_sql
from bot.announcements import store as sql
from bot.announcements.claiming import Claiming
from bot.announcements.gateway import Delivery
from bot.announcements.kinds import Asked, Event, Kind
from bot.announcements.model import (
    BY_HAND,
    NewSchedule,
    Overview,
    Preview,
    RunState,
    Schedule,
    ScheduleState,
    Sent,
)
from bot.announcements.planning import check, events_of, following
from bot.announcements.posting import Posting
from bot.announcements.publishing import Publisher
from bot.announcements.recurrence import EVENT
from bot.announcements.register import Register
from bot.announcements.span import span, upcoming_due
from bot.clock import Clock
from bot.errors import NotFound, Refused, StoreUnavailable
from bot.guilds.service import GuildService
from bot.store.engine import Store

POSTS_FORETOLD = 5
# So many runs are under way at most; what else is due waits in the database.
MOST_UNDER_WAY = 2_000

_PAUSED = "It was paused before it could be posted."
_REMOVED = "It was removed before it could be posted."

log = structlog.get_logger(__name__)


class AnnouncementService:
    """The use cases of announcements.

    `delivery` is set once there is a client. `on_change` is called whenever `next_instant()` may have changed.
    """

    def __init__(self, store: Store, clock: Clock, kinds: Mapping[str, Kind], guilds: GuildService) -> None:
        self.kinds = kinds
        self._store = store
        self._clock = clock
        self._register = Register()
        self._posting = Posting(store, clock, kinds, guilds, self._register)
        self._claiming = Claiming(store, clock, kinds, self._register)
        self._publisher = Publisher(store, clock)
        self._one_at_a_time = asyncio.Lock()
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
            self._register.fill(await sql.kept(tx))

    # Planning

    async def add(self, new: NewSchedule) -> Schedule:
        """Plan an announcement; raise `Refused` when the very same one is planned already."""
        self._check(new)
        now = self._clock.now()
        following = self._following(new, now)
        async with self._store.begin() as tx:
            schedule = await sql.insert(tx, new, now, following)
        return self._changed(schedule)

    async def edit(self, guild_id: int, schedule_id: int, wanted: NewSchedule) -> Schedule:
        """Change what is posted, where or when; a post that waits for another try has it at once."""
        schedule = await self._read(guild_id, schedule_id)
        self._check(wanted, schedule)
        now = self._clock.now()
        values = self._planned(wanted, schedule, now)
        if (wanted.channel_id, wanted.board, wanted.kind) != (schedule.channel_id, schedule.board, schedule.kind):
            values |= {"board_message_id": None, "board_channel_id": None}
        async with self._store.begin() as tx:
            await sql.change_plan(tx, schedule_id, wanted, **values)
            await run_sql.retry_now(tx, [schedule_id], now)
            edited = await sql.forget_problem(tx, schedule_id)
        return self._changed(edited)

    def _planned(self, wanted: NewSchedule, schedule: Schedule, now: datetime) -> dict[str, object]:
        """Return state and next time after an edit: what was over may go on, what is paused stays paused."""
        if schedule.state is ScheduleState.PAUSED:
            return {}
        following = self._following(wanted, now)
        began = {} if schedule.state is ScheduleState.ACTIVE else {"active_since": now}
        return {"state": ScheduleState.ACTIVE.value, "next_due_at": following, **began}

    async def pause(self, guild_id: int, schedule_id: int) -> Schedule:
        """Post nothing until it is resumed."""
        schedule = await self._read(guild_id, schedule_id)
        if schedule.state is ScheduleState.ENDED:
            raise Refused("This announcement is over already.", "Give it another last day with `/announce edit`.")
        return await self._stop(schedule_id, ScheduleState.PAUSED, _PAUSED)

    async def resume(self, guild_id: int, schedule_id: int) -> Schedule:
        """Go on after a pause; the next post comes at the next due time."""
        return await self._go_on(await self._read(guild_id, schedule_id))

    async def remove(self, guild_id: int, schedule_id: int) -> Schedule:
        """Stop an announcement; it is kept and can be restored."""
        await self._any(guild_id, schedule_id)
        return await self._stop(schedule_id, ScheduleState.REMOVED, _REMOVED)

    async def restore(self, guild_id: int, schedule_id: int) -> Schedule:
        """Take a removal back; the next post comes at the next due time."""
        return await self._go_on(await self._any(guild_id, schedule_id))

    async def _go_on(self, schedule: Schedule) -> Schedule:
        if schedule.state is ScheduleState.ACTIVE:
            return schedule
        now = self._clock.now()
        values = {"state": ScheduleState.ACTIVE.value, "next_due_at": self._following(schedule, now)}
        async with self._store.begin() as tx:
            await sql.forget_problem(tx, schedule.id)
            went_on = await sql.change(tx, schedule.id, active_since=now, **values)
        return self._changed(went_on)

    async def _stop(self, schedule_id: int, state: ScheduleState, reason: str) -> Schedule:
        async with self._store.begin() as tx:
            await run_sql.close_waiting(tx, schedule_id, RunState.SKIPPED, self._clock.now(), reason)
            schedule = await sql.change(tx, schedule_id, state=state.value, next_due_at=None)
        return self._changed(schedule)

    def _check(self, plan: NewSchedule, schedule: Schedule | None = None) -> None:
        others = [each for each in self._register.of(plan.guild_id) if schedule is None or each.id != schedule.id]
        check(plan, self.kinds, others)

    def _following(self, plan: NewSchedule, now: datetime) -> datetime | None:
        return following(plan, self.kinds, now)

    async def _read(self, guild_id: int, schedule_id: int) -> Schedule:
        schedule = await self._any(guild_id, schedule_id)
        if schedule.state is ScheduleState.REMOVED:
            raise NotFound("announcement", str(schedule_id))
        return schedule

    async def _any(self, guild_id: int, schedule_id: int) -> Schedule:
        """Return a schedule of this server, even one that was removed."""
        async with self._store.read() as tx:
            schedule = await sql.get(tx, schedule_id)
        if schedule is None or schedule.guild_id != guild_id:
            raise NotFound("announcement", str(schedule_id))
        return schedule

    def _changed(self, schedule: Schedule) -> Schedule:
        self._register.enter(schedule)
        self.on_change()
        return schedule

    # Looking

    def listing(self, guild_id: int) -> list[Schedule]:
        """Return a server's schedules from memory, oldest first."""
        return self._register.of(guild_id)

    async def overview(self, guild_id: int) -> list[Overview]:
        """Return a server's schedules, each with its newest run."""
        async with self._store.read() as tx:
            return await run_sql.overview(tx, guild_id, self._clock.now())

    def get(self, guild_id: int, typed: str) -> Schedule:
        """Return the schedule with the number that was typed; raise `NotFound` when this server has none such."""
        number = typed.strip().lstrip("#")
        return self._known(guild_id, int(number) if number.isdecimal() and len(number) < 10 else -1, typed)

    def _known(self, guild_id: int, schedule_id: int, typed: str | None = None) -> Schedule:
        schedule = self._register.find(schedule_id)
        if schedule is None or schedule.guild_id != guild_id:
            raise NotFound("announcement", typed or str(schedule_id))
        return schedule

    async def preview(self, plan: NewSchedule) -> Preview:
        """Return what would be posted now, and when it comes next; nothing is sent and nothing is noted."""
        now = self._clock.now()
        earlier: Mapping[str, Any] = {}
        since = None
        if isinstance(plan, Schedule):
            async with self._store.read() as tx:
                earlier, since = await run_sql.last_memory(tx, plan.id)
        event = next((event for event in events_of(plan, self.kinds) if event.at > now), Event(now, ""))
        asked = Asked(plan, event.at, now, earlier, since, event.key)
        return Preview(plan, await self.kinds[plan.kind].compose(asked), self.upcoming(plan))

    def upcoming(self, plan: NewSchedule) -> tuple[datetime, ...]:
        """Return when a plan that is not paused comes next, as far as that is foreseen."""
        now = self._clock.now()
        if plan.recurrence.every == EVENT:
            begins, ends = span(plan)
            after = now if begins is None else max(now, begins)
            found = (
                event.at
                for event in events_of(plan, self.kinds)
                if event.at > after and (ends is None or event.at < ends)
            )
            return tuple(found)[:POSTS_FORETOLD]
        return upcoming_due(plan, now, POSTS_FORETOLD)

    async def next_instant(self) -> datetime | None:
        """Return when something is due next on the servers that this process looks after."""
        async with self._store.read() as tx:
            times = await run_sql.next_times(tx, self._clock.now())
        return min((at for guild_id, at in times.items() if self.delivery.has_guild(guild_id)), default=None)

    # Posting

    async def run_now(self, guild_id: int, schedule_id: int) -> tuple[Schedule, Sent]:
        """Post at once, beside the due times; return where it stands, or raise `Refused` saying why not."""
        schedule = self._known(guild_id, schedule_id)
        now = self._clock.now()
        async with self._store.begin() as tx:
            run = await run_sql.record(tx, schedule_id, now, BY_HAND, RunState.RECORDED, now)
        if run is None:
            raise Refused("This announcement is being posted at this very moment.", "Look in its channel.")
        outcome = await self._posting.post(schedule, run)
        if outcome is None:
            raise Refused("My storage is not answering, so this is put off.", "It is posted as soon as it answers.")
        if outcome.state is RunState.UNSURE:
            raise Refused("It may have been posted, or not.", f"Look in <#{schedule.channel_id}>. {outcome.problem}")
        if outcome.sent is None:
            raise Refused("Nothing was posted.", outcome.problem or "")
        return schedule, outcome.sent

    async def catch_up(self) -> None:
        """Finish what a stop or a crash interrupted, and post what fell due meanwhile."""
        await self.due()

    async def due(self) -> None:
        """Post what the clock says is due; safe at any time, from many tasks and processes, after downtime too."""
        async with self._one_at_a_time:
            room = MOST_UNDER_WAY - self._posting.under_way
            if room <= 0:
                return
            # In this order: what is due anew takes the place of what still waits for another try.
            work = await self._claiming.claimed(self.delivery, room)
            work += await self._posting.left_over()
            self._posting.take(run for _, run in work)
        self.on_change()
        await self._posting.post_all(work)
        with self._database_may_be_away():
            await self._posting.telling.catch_up(self.delivery, self._register)
        await self._posting.repair.pause_gone(self.delivery)
        await self._publisher.work(self.delivery)
        if len(work) >= room:
            self.on_change()  # what there was no room for

    async def polls_changed(self) -> None:
        """Post what polls have brought about, and foresee what they will."""
        if any(schedule.recurrence.every == EVENT for schedule in self._register):
            await self.due()

    async def look_again(self, guild_id: int) -> None:
        """Look at a server's channels and rights after they changed: what was repaired works again by itself."""
        with self._database_may_be_away():
            if await self._posting.repair.look_again(self.delivery, guild_id):
                await self.due()

    async def channel_deleted(self, guild_id: int, channel_id: int) -> None:
        """Tell moderators at once that a channel which announcements go to was deleted."""
        with self._database_may_be_away():
            await self._posting.repair.channel_deleted(self.delivery, guild_id, channel_id)

    @contextmanager
    def _database_may_be_away(self) -> Iterator[None]:
        """Leave it to the next try what cannot be written now."""
        try:
            yield
        except StoreUnavailable as error:
            log.warning("announcements not looked at", reason=error.reason)


async def troubled(store: Store) -> list[str]:
    """Return a line for each announcement that could not run and why, for the operator."""
    async with store.read() as tx:
        kept, unsure = await sql.kept(tx), await run_sql.left_unsure(tx)
    in_trouble = [
        f"{_named(each)}{_since(each.problem_since)}: {each.problem}" for each in kept if each.problem is not None
    ]
    return in_trouble + [
        f"{_named(each)}, due {run.due_at:%Y-%m-%d %H:%M} UTC: it may have been posted, or not: {run.problem}"
        for each, run in unsure
    ]


def _named(schedule: Schedule) -> str:
    where = f"server {schedule.guild_id}, channel {schedule.channel_id}"
    return f"#{schedule.id} ({schedule.kind}, {schedule.state}) on {where}"


def _since(moment: datetime | None) -> str:
    return f", since {moment:%Y-%m-%d %H:%M} UTC" if moment else ""
