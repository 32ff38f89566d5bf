"""What was in the way and is no more, and channels that are gone for good."""

import structlog

from bot.announcements import run_store as run_sql
from bot.announcements import store as sql
from bot.announcements.gateway import Delivery
from bot.announcements.model import RunState, Schedule, ScheduleState
from bot.announcements.register import Register
from bot.announcements.telling import Telling
from bot.announcements.trouble import GONE_FOR, Trouble
from bot.clock import Clock
from bot.store.engine import Store

# What a moderator repairs, and Discord tells us of.
_SEEN = (Trouble.ACCESS, Trouble.GONE)

_PAUSED = (
    "Its channel was deleted, so it is paused. Give it another one with `/announce edit`, then `/announce resume`; "
    "or remove it."
)

log = structlog.get_logger(__name__)


class Repair:
    """Let schedules go on that were in trouble, and pause those whose channel does not come back."""

    def __init__(self, store: Store, clock: Clock, register: Register, telling: Telling) -> None:
        self._store = store
        self._clock = clock
        self._register = register
        self._telling = telling

    async def works_again(self, delivery: Delivery, schedule: Schedule, told: str) -> None:
        """After a post that came through: take the same problem from the neighbours, too, and tell once."""
        async with self._store.begin() as tx:
            well = await sql.end_told(tx, schedule.guild_id, told)
            await run_sql.retry_now(tx, [each.id for each in well], self._clock.now())
        for each in well:
            self._register.refresh(each)
        await self._telling.catch_up(delivery, [each for each in well if each.id == schedule.id])

    async def look_again(self, delivery: Delivery, guild_id: int) -> bool:
        """Look at a server after something changed there; say whether anything has its next try now."""
        well = [
            each.id
            for each in self._register.of(guild_id)
            if each.state is ScheduleState.ACTIVE and each.trouble in _SEEN and delivery.obstacle(each) is None
        ]
        if not well:
            return False
        async with self._store.begin() as tx:
            mended = await sql.end_problems(tx, well)
            again = await run_sql.retry_now(tx, [each.id for each in mended], self._clock.now())
        for schedule in mended:
            self._register.refresh(schedule)
        await self._telling.catch_up(delivery, mended)
        return bool(again)

    async def channel_deleted(self, delivery: Delivery, guild_id: int, channel_id: int) -> None:
        """Note that the channel of schedules is gone, before anything is due there."""
        for schedule in self._register.of(guild_id):
            if schedule.channel_id != channel_id or schedule.state is not ScheduleState.ACTIVE:
                continue
            obstacle = delivery.obstacle(schedule)
            if obstacle is not None and schedule.trouble is not Trouble.GONE:
                await self._note_gone(delivery, schedule, obstacle.problem)

    async def _note_gone(self, delivery: Delivery, schedule: Schedule, problem: str) -> None:
        values = {"problem": problem, "trouble": Trouble.GONE.value}
        async with self._store.begin() as tx:
            noted = await sql.change(tx, schedule.id, problem_since=self._clock.now(), **values)
        self._register.refresh(noted)
        await self._telling.catch_up(delivery, [noted])

    async def pause_gone(self, delivery: Delivery) -> None:
        """Pause the schedules whose channel has been gone for half an hour."""
        for schedule in self._register:
            if (
                self._is_overdue(schedule)
                and delivery.has_guild(schedule.guild_id)
                and await delivery.is_gone(schedule)
            ):
                await self._pause(schedule)

    def _is_overdue(self, schedule: Schedule) -> bool:
        since = schedule.problem_since
        gone = schedule.trouble is Trouble.GONE and schedule.state is ScheduleState.ACTIVE
        return gone and since is not None and self._clock.now() - since >= GONE_FOR

    async def _pause(self, schedule: Schedule) -> None:
        async with self._store.begin() as tx:
            await run_sql.close_waiting(tx, schedule.id, RunState.FAILED, self._clock.now())
            paused = await sql.move(tx, schedule.id, None, ScheduleState.PAUSED, problem=_PAUSED)
        self._register.refresh(paused)
        log.warning("schedule paused", schedule=schedule.id, problem=_PAUSED)
