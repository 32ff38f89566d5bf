import asyncio
import time
from itertools import pairwise

from bot.polls.pace import Pace


async def test_turns_are_a_gap_apart_and_come_in_the_order_of_asking() -> None:
    pace, given = Pace(per_second=50), list[tuple[int, float]]()

    async def ask(number: int) -> None:
        await pace.turn()
        given.append((number, time.monotonic()))

    await asyncio.gather(*(ask(number) for number in range(5)))
    assert [number for number, _ in given] == [0, 1, 2, 3, 4]
    times = [at for _, at in given]
    assert all(later - earlier > 0.018 for earlier, later in pairwise(times))


async def test_after_a_rest_the_next_turn_comes_at_once() -> None:
    pace = Pace(per_second=10)
    await pace.turn()
    await asyncio.sleep(0.11)
    begun = time.monotonic()
    await asyncio.wait_for(pace.turn(), 0.05)
    assert time.monotonic() - begun < 0.05


async def test_turns_that_a_busy_loop_delayed_do_not_come_all_together() -> None:
    pace, given = Pace(per_second=50), list[float]()

    async def ask() -> None:
        await pace.turn()
        given.append(time.monotonic())

    asking = [asyncio.create_task(ask()) for _ in range(4)]
    await asyncio.sleep(0)
    time.sleep(0.1)  # noqa: ASYNC251 - the busy loop
    await asyncio.gather(*asking)
    assert given[3] - given[1] > 0.036


async def test_whoever_gives_up_does_not_keep_the_others_from_their_turn() -> None:
    pace = Pace(per_second=20)
    await pace.turn()
    gone, waiting = asyncio.create_task(pace.turn()), asyncio.create_task(pace.turn())
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.wait_for(waiting, 0.2)


async def test_turns_that_came_late_bring_only_so_many_forward() -> None:
    pace, given = Pace(per_second=50, ahead=2), list[float]()

    async def ask() -> None:
        await pace.turn()
        given.append(time.monotonic())

    asking = [asyncio.create_task(ask()) for _ in range(6)]
    await asyncio.sleep(0)
    time.sleep(0.3)  # noqa: ASYNC251 - the busy loop
    await asyncio.gather(*asking)
    # Four gaps of 20 ms lie between; two at most are left out.
    assert given[5] - given[1] > 0.036
