"""Alarms that ring at a moment or again and again; they live in memory, the rows that they stand for do not."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

Ring = Callable[[], Awaitable[None]]

# How long a stop waits for rings that have begun.
STOP_WITHIN_S = 10.0

log = structlog.get_logger(__name__)


class Alarms:
    """Ring at the moments that it is told. A ring may overlap with the one before it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # A ring that comes late still rings, however late; one that was missed several times rings once.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._jobs: dict[str, str] = {}
        self._count = 0
        self._ringing: set[asyncio.Task[None]] = set()
        self._beats: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def set(self, name: str, when: datetime | None, ring: Ring) -> None:
        """Set the alarm of that name to a moment of the clock, at once when it has passed; None takes it away."""
        self._drop(name)
        if when is None:
            return
        # APScheduler reads the machine's clock, which need not be ours. Ours is read first: never a moment too early.
        away = when - self._clock.now()
        real = datetime.now(UTC) + away
        self._scheduler.add_job(self._ring, "date", run_date=real, args=(name, ring), id=self._next_id(name))

    def every(self, name: str, seconds: float, ring: Ring) -> None:
        """Ring again and again, first after that many seconds; a ring that is still going is not joined by another."""
        # Not by the machine's clock, as APScheduler would: one that is put back would stop the ringing for as long.
        self._stop_beat(name)
        self._beats[name] = asyncio.create_task(self._beat(name, seconds, ring), name=f"alarm {name}")

    async def _beat(self, name: str, seconds: float, ring: Ring) -> None:
        loop = asyncio.get_running_loop()
        next_at = loop.time() + seconds
        while True:
            await asyncio.sleep(next_at - loop.time())
            ringing = asyncio.create_task(self._ring(name, ring))
            await asyncio.wait({ringing})
            next_at = max(next_at + seconds, loop.time())

    def _stop_beat(self, name: str) -> None:
        beat = self._beats.pop(name, None)
        if beat is not None:
            beat.cancel()

    async def stop(self) -> None:
        """Ring no more, and let the rings that have begun come to their end. Not to be called by a ring."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        for name in tuple(self._beats):
            self._stop_beat(name)
        if self._ringing:
            await asyncio.wait(self._ringing, timeout=STOP_WITHIN_S)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the scheduler shuts down in the loop's next turn

    def _next_id(self, name: str) -> str:
        # A new id each time: APScheduler would leave out an alarm whose namesake is still ringing.
        self._count += 1
        self._jobs[name] = f"{name} {self._count}"
        return self._jobs[name]

    def _drop(self, name: str) -> None:
        job = self._jobs.pop(name, None)
        if job is not None:
            with contextlib.suppress(JobLookupError):  # it has rung already
                self._scheduler.remove_job(job)

    async def _ring(self, name: str, ring: Ring) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - coroutines run in tasks
        self._ringing.add(task)
        try:
            await ring()
        except Exception:
            log.exception("alarm failed", alarm=name)
        finally:
            self._ringing.discard(task)
