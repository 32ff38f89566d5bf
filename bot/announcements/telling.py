"""What moderators are told of an announcement that has trouble: once, and once more when it is over."""

import asyncio
import hashlib
from collections.abc import Iterable
from weakref import WeakValueDictionary

import structlog

from bot.announcements import run_store as run_sql
from bot.announcements import store as sql
from bot.announcements.gateway import Delivery
from bot.announcements.model import NONCE_CHARS, Run, RunState, Schedule, ScheduleState
from bot.announcements.register import Register
from bot.announcements.trouble import TOLD_AFTER, Trouble
from bot.announcements.wording import named
from bot.guilds.service import GuildService
from bot.store.engine import Store
from bot.ui.text import moment

log = structlog.get_logger(__name__)


class Telling:
    """Tell the log channel of a server, or else the moderator who planned the announcement.

    What was told is noted after it was, so that a kill in between leaves it to be told.
    """

    def __init__(self, store: Store, guilds: GuildService, register: Register) -> None:
        self._store = store
        self._guilds = guilds
        self._register = register
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def catch_up(self, delivery: Delivery, schedules: Iterable[Schedule]) -> None:
        """Tell what moderators are still to be told of schedules; safe at any time, from many tasks."""
        behind = [each for each in schedules if _is_behind(each) and delivery.has_guild(each.guild_id)]
        if not behind:
            return
        async with self._store.read() as tx:
            failed = await run_sql.last_failures(tx, [each.id for each in behind])
        for schedule in behind:
            if schedule.problem is None:
                await self._repaired(delivery, schedule)
            elif _is_to_be_told(schedule, failed.get(schedule.id)):
                await self._problem(delivery, schedule)

    async def _problem(self, delivery: Delivery, schedule: Schedule) -> None:
        """Tell what is in the way; what a neighbour in trouble has told already is only left in the log."""
        async with self._turn(schedule):
            if self._is_settled(schedule):
                return
            log.warning("schedule has a problem", schedule=schedule.id, problem=schedule.problem)
            neighbours = [each for each in self._register.of(schedule.guild_id) if each.id != schedule.id]
            if not any(each.told == schedule.problem for each in neighbours):
                text = f"**An announcement could not be posted:** {named(schedule)}.\n{schedule.problem}"
                await self._tell(delivery, schedule, text, nonce=_nonce(schedule))
            async with self._store.begin() as tx:
                told = await sql.change(tx, schedule.id, told=schedule.problem)
            self._register.refresh(told)

    async def _repaired(self, delivery: Delivery, schedule: Schedule) -> None:
        """Tell that an announcement works again; those that had the same problem go without saying."""
        async with self._turn(schedule):
            if schedule.told is None or self._is_settled(schedule):
                return
            log.info("schedule works again", schedule=schedule.id)
            await self._tell(delivery, schedule, f"**An announcement works again:** {named(schedule)}.", good=True)
            async with self._store.begin() as tx:
                known = await sql.forget_told(tx, schedule.guild_id, schedule.told)
            for each in known:
                self._register.refresh(each)

    def _turn(self, schedule: Schedule) -> asyncio.Lock:
        """Return what lets one task at a time tell a server something: the next one sees what was told."""
        return self._turns.setdefault(schedule.guild_id, asyncio.Lock())

    def _is_settled(self, schedule: Schedule) -> bool:
        """Say whether there is nothing to tell any more: another task did, or it has changed meanwhile."""
        now = self._register.find(schedule.id)
        return now is None or (now.problem, now.told) != (schedule.problem, schedule.told)

    async def unsure(self, delivery: Delivery, schedule: Schedule, run: Run) -> None:
        """Tell of a post of which nobody knows whether it came through; before its run is closed, and with a nonce."""
        log.warning("run left unsure", schedule=schedule.id, due_at=run.due_at.isoformat())
        at, where = run.begun_at or run.due_at, f"<#{schedule.channel_id}>"
        await self._tell(
            delivery,
            schedule,
            f"**An announcement may be missing:** {named(schedule)}.\nI was stopped while I was posting it, and may "
            f"not read {where} to see whether it is there. So that nothing comes twice, I leave it. Look in {where}, "
            f"at about {moment(at)}: if it is missing, post it with `/announce run`. With **Read Message History** "
            "there, I can look for myself next time.",
            nonce=f"{run.id} unsure",
        )

    async def _tell(
        self, delivery: Delivery, schedule: Schedule, text: str, *, good: bool = False, nonce: str | None = None
    ) -> None:
        channel_id = self._guilds.get(schedule.guild_id).log_channel_id
        if channel_id is not None and await delivery.tell(schedule.guild_id, channel_id, text, good=good, nonce=nonce):
            return
        if not await delivery.tell_member(schedule.created_by, text, good=good, nonce=nonce):
            log.warning("moderators not told", schedule=schedule.id, text=text)


def _is_behind(schedule: Schedule) -> bool:
    """Say whether moderators know something else than what is."""
    if schedule.problem is None:
        return schedule.told is not None
    if schedule.problem == schedule.told or schedule.state not in (ScheduleState.ACTIVE, ScheduleState.ENDED):
        return False
    # Each failed answer of Discord's reads differently, and is the same trouble all the same.
    return schedule.told is None or schedule.trouble is not Trouble.PASSING


def _is_to_be_told(schedule: Schedule, run: Run | None) -> bool:
    """Say whether a problem that moderators do not know is for them: not at once when it may pass by itself."""
    if schedule.trouble is Trouble.GONE:
        return True  # which is seen before a run meets it
    if schedule.trouble is None or run is None:
        return False
    return run.tries >= TOLD_AFTER[schedule.trouble] or run.state is not RunState.WAITING


def _nonce(schedule: Schedule) -> str:
    """Return what tells Discord that a message is the one which a kill kept me from noting."""
    named = f"{schedule.id} {schedule.problem_since} {schedule.told} {schedule.problem}"
    return hashlib.sha256(named.encode()).hexdigest()[:NONCE_CHARS]
