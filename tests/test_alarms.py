"""Alarms ring at the clock's moments, outlive faults, and stop in order."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from bot.alarms import Alarms
from bot.clock import FixedClock

START = datetime(2030, 1, 1, tzinfo=UTC)
SOON = START + timedelta(milliseconds=40)
LONG_ENOUGH_S = 5.0


class Bell:
    """Count rings, and let a test wait for one."""

    def __init__(self) -> None:
        self.rings = 0
        self._rung = asyncio.Event()

    async def __call__(self) -> None:
        self.rings += 1
        self._rung.set()

    async def wait(self) -> None:
        await asyncio.wait_for(self._rung.wait(), LONG_ENOUGH_S)
        self._rung.clear()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(START)


@pytest.fixture
async def alarms(clock: FixedClock) -> AsyncIterator[Alarms]:
    alarms = Alarms(clock)
    await alarms.start()
    yield alarms
    await alarms.stop()


async def test_an_alarm_rings_once_at_its_moment_of_the_injected_clock(alarms: Alarms) -> None:
    bell = Bell()
    alarms.set("poll", SOON, bell)
    await asyncio.sleep(0.01)
    assert bell.rings == 0
    await bell.wait()
    await asyncio.sleep(0.06)
    assert bell.rings == 1


async def test_a_moment_that_has_passed_rings_at_once_however_long_ago(alarms: Alarms) -> None:
    bell = Bell()
    alarms.set("poll", START - timedelta(days=400), bell)
    await bell.wait()


async def test_a_moment_in_years_is_taken(alarms: Alarms) -> None:
    bell = Bell()
    alarms.set("poll", START + timedelta(days=4000), bell)
    await asyncio.sleep(0.02)
    assert bell.rings == 0


async def test_setting_again_replaces_the_alarm(alarms: Alarms) -> None:
    early, late = Bell(), Bell()
    alarms.set("poll", SOON, early)
    alarms.set("poll", SOON, late)
    await late.wait()
    assert early.rings == 0


async def test_none_takes_the_alarm_away(alarms: Alarms) -> None:
    gone, other = Bell(), Bell()
    alarms.set("poll", SOON, gone)
    alarms.set("other", SOON + timedelta(milliseconds=40), other)
    alarms.set("poll", None, gone)
    alarms.set("never set", None, gone)
    await other.wait()
    assert gone.rings == 0


async def test_an_alarm_set_anew_by_its_own_ring_rings_again(alarms: Alarms) -> None:
    bell = Bell()

    async def ring() -> None:
        if bell.rings < 4:
            alarms.set("poll", START, ring)
        # Still ringing when the next one is due: that one must not be lost.
        await asyncio.sleep(0.02)
        await bell()

    alarms.set("poll", START, ring)
    for _ in range(5):
        await bell.wait()


async def test_a_ring_that_fails_is_logged_and_harms_no_other(alarms: Alarms) -> None:
    bell = Bell()

    async def broken() -> None:
        raise ValueError("no luck")

    with structlog.testing.capture_logs() as logs:
        alarms.set("broken", START, broken)
        alarms.set("poll", SOON, bell)
        await bell.wait()
    assert [(line["event"], line["alarm"]) for line in logs] == [("alarm failed", "broken")]


async def test_every_rings_again_and_again_even_after_a_fault(alarms: Alarms) -> None:
    bell = Bell()

    async def ring() -> None:
        await bell()
        raise ValueError("no luck")

    with structlog.testing.capture_logs():
        alarms.every("sweep", 0.03, ring)
        for _ in range(3):
            await bell.wait()


async def test_a_sweep_and_an_alarm_of_other_names_do_not_disturb_each_other(alarms: Alarms) -> None:
    sweep, bell = Bell(), Bell()
    alarms.every("sweep", 0.03, sweep)
    alarms.set("poll", SOON, bell)
    await bell.wait()
    await sweep.wait()
    await sweep.wait()


async def test_what_is_set_before_the_start_rings_after_it(clock: FixedClock) -> None:
    alarms, bell = Alarms(clock), Bell()
    alarms.set("poll", START, bell)
    alarms.set("poll", START, bell)
    await asyncio.sleep(0.02)
    assert bell.rings == 0
    await alarms.start()
    await bell.wait()
    await alarms.stop()
    assert bell.rings == 1


async def test_stopping_lets_a_ring_come_to_its_end_and_begins_no_other(clock: FixedClock) -> None:
    alarms, late = Alarms(clock), Bell()
    ended: list[str] = []
    begun = asyncio.Event()

    async def slow() -> None:
        begun.set()
        await asyncio.sleep(0.05)
        ended.append("whole")

    await alarms.start()
    alarms.set("poll", START, slow)
    alarms.set("late", START + timedelta(milliseconds=80), late)
    await asyncio.wait_for(begun.wait(), LONG_ENOUGH_S)
    await alarms.stop()
    assert ended == ["whole"]
    await asyncio.sleep(0.1)
    assert late.rings == 0


async def test_stopping_twice_or_without_a_start_is_harmless(clock: FixedClock) -> None:
    alarms = Alarms(clock)
    await alarms.stop()
    await alarms.start()
    await alarms.stop()
    await alarms.stop()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []
