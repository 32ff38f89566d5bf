"""Posts in one channel follow each other, five in a row; other channels do not wait."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.announcements.pace import POSTS_IN_A_ROW, ChannelTurns
from bot.clock import FixedClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Slept:
    """Let time pass by the clock instead of for real."""

    def __init__(self, clock: FixedClock, patch: pytest.MonkeyPatch) -> None:
        self.clock, self.waits = clock, list[float]()
        self._sleep = asyncio.sleep
        patch.setattr("bot.announcements.pace.asyncio.sleep", self)

    async def __call__(self, seconds: float) -> None:
        if seconds:
            self.waits.append(seconds)
            self.clock.advance(timedelta(seconds=seconds))
        await self._sleep(0)


@pytest.fixture
def slept(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Slept:
    return Slept(clock, monkeypatch)


async def post(turns: ChannelTurns, channel_id: int, clock: FixedClock, times: list[datetime]) -> None:
    async with turns.turn(channel_id):
        times.append(clock.now())
        await asyncio.sleep(0)


async def test_no_five_seconds_have_more_than_five_posts(slept: Slept) -> None:
    turns, times = ChannelTurns(slept.clock), list[datetime]()
    await asyncio.gather(*(post(turns, 1, slept.clock, times) for _ in range(23)))
    gaps = [later - earlier for earlier, later in zip(times, times[POSTS_IN_A_ROW:], strict=False)]
    assert len(times) == 23
    assert min(gaps) >= timedelta(seconds=5)
    assert len(slept.waits) == 4


async def test_another_channel_does_not_wait(slept: Slept) -> None:
    turns, times = ChannelTurns(slept.clock), list[datetime]()
    for channel_id in range(50):
        await post(turns, channel_id, slept.clock, times)
    assert slept.waits == []


async def test_two_posts_in_a_channel_do_not_overlap(clock: FixedClock) -> None:
    turns, inside, most = ChannelTurns(clock), 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with turns.turn(1):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(POSTS_IN_A_ROW)))
    assert most == 1


async def test_a_clock_that_is_put_back_holds_nobody_up(slept: Slept) -> None:
    turns, times = ChannelTurns(slept.clock), list[datetime]()
    for _ in range(POSTS_IN_A_ROW):
        await post(turns, 1, slept.clock, times)
    slept.clock.advance(-timedelta(days=1))
    await post(turns, 1, slept.clock, times)
    assert sum(slept.waits) <= 6


async def test_who_fails_gives_the_turn_away(clock: FixedClock) -> None:
    turns = ChannelTurns(clock)
    with pytest.raises(KeyError):
        async with turns.turn(1):
            raise KeyError
    async with asyncio.timeout(1), turns.turn(1):
        pass
