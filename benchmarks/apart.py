"""Run work in a process of its own, and measure what it costs there."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

_TICK_S = 0.005


@dataclass(slots=True)
class Cost:
    """What work took: seconds, the peak of memory above where it began, the longest time the loop stood still."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    mebibytes: float = 0.0
    pause_ms: float = 0.0


def apart(work: Callable[..., Awaitable[T]], *arguments: Any) -> T:
    """Run a coroutine function in a new process and return its result."""
    context = multiprocessing.get_context("spawn")
    result = context.SimpleQueue()
    process = context.Process(target=_run, args=(result, work, arguments))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{work.__name__} failed")
    found: T = result.get()
    return found


def _run(result: Any, work: Callable[..., Awaitable[Any]], arguments: tuple[Any, ...]) -> None:
    async def main() -> None:
        result.put(await work(*arguments))

    asyncio.run(main())


@contextmanager
def costs() -> Iterator[Cost]:
    """Measure what happens in the block."""
    cost = Cost()
    # The kernel's own mark of the highest memory; it is set back to where memory is now.
    Path("/proc/self/clear_refs").write_text("5")
    before = _memory_kib("VmHWM")
    watch = asyncio.create_task(_watch(cost))
    begun, used = time.perf_counter(), time.process_time()
    try:
        yield cost
    finally:
        cost.seconds, cost.cpu_seconds = time.perf_counter() - begun, time.process_time() - used
        cost.mebibytes = (_memory_kib("VmHWM") - before) / 1024
        watch.cancel()


async def _watch(cost: Cost) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(_TICK_S)
        cost.pause_ms = max(cost.pause_ms, (time.perf_counter() - begun - _TICK_S) * 1000)


def _memory_kib(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
