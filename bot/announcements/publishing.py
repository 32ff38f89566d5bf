"""Posts in announcement channels on their way to the channels that follow: a queue that outlives a restart."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import structlog

from bot.announcements import run_store as run_sql
from bot.announcements.gateway import Delivery
from bot.announcements.model import GRACE, Publishing, Run
from bot.announcements.trouble import Trouble, Undeliverable
from bot.clock import Clock
from bot.store.engine import Store

# Discord lets ten through in an hour and channel; a moderator may publish one by hand.
MOST_AN_HOUR = 9
HOUR = timedelta(hours=1)
# After an answer that may be another one later.
REST = timedelta(minutes=10)

_TOO_OLD = "It waited a day to be published, behind newer ones, and was left unpublished."

log = structlog.get_logger(__name__)


class Publisher:
    """Publish posts, the oldest first, so many an hour and channel; the rest waits."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._rests_until: dict[int, datetime] = {}

    async def work(self, delivery: Delivery) -> None:
        """Publish what may be published now; safe to call at any time."""
        async with self._one_at_a_time:
            now = self._clock.now()
            async with self._store.read() as tx:
                waiting = await run_sql.to_publish(tx)
                published = Counter(await run_sql.published_since(tx, now - HOUR)) if waiting else Counter[int]()
            for guild_id, run in waiting:
                channel_id = run.channel_id
                if channel_id is None or run.message_id is None or not delivery.has_guild(guild_id):
                    continue
                if now - run.due_at > GRACE:
                    await self._note(run, Publishing.FAILED, _TOO_OLD)
                elif published[channel_id] < MOST_AN_HOUR and self._rests_until.get(channel_id, now) <= now:
                    published[channel_id] += await self._publish(delivery, guild_id, channel_id, run, run.message_id)

    async def _publish(self, delivery: Delivery, guild_id: int, channel_id: int, run: Run, message_id: int) -> bool:
        """Publish one post; say whether it is published."""
        try:
            await delivery.publish(guild_id, channel_id, message_id)
        except Undeliverable as error:
            if error.trouble is Trouble.PASSING:
                self._rests_until[channel_id] = self._clock.now() + REST
                log.warning("publishing waits", schedule=run.schedule_id, problem=error.problem)
            else:
                await self._note(run, Publishing.FAILED, error.problem)
            return False
        self._rests_until.pop(channel_id, None)
        await self._note(run, Publishing.DONE, None)
        return True

    async def _note(self, run: Run, publishing: Publishing, problem: str | None) -> None:
        async with self._store.begin() as tx:
            await run_sql.set_published(tx, run.id, publishing, self._clock.now(), problem)
        log.info(
            "post published" if problem is None else "post not published", schedule=run.schedule_id, problem=problem
        )
