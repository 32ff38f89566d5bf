"""Run the bot in the simulated Discord and serve the page to try it with."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any

from bot.app import App
from bot.errors import MoonballotError
from bot.playground.demo import Demo
from bot.playground.frame import LivePreview
from bot.playground.live import LiveEnv
from bot.playground.page import PlaygroundPage, open_socket
from bot.playground.world import build_world
from bot.settings import Settings

DATABASE = Path("var/playground.db")


class PortTaken(MoonballotError):
    """Something else listens on the page's port."""

    def __init__(self, port: int, reason: str) -> None:
        super().__init__(
            f"the playground's page cannot have port {port} ({reason}); "
            "end what uses it, or choose another one with --port"
        )


async def run_playground(settings: Settings, port: int, fresh: bool) -> None:
    """Serve the playground until SIGINT or SIGTERM; raise `PortTaken` when the port is not free."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with _listener(port) as listener:
        async with playground(settings, listener, fresh=fresh) as address:
            print(f"The playground is at {address} (Ctrl+C ends it).", flush=True)  # noqa: T201 - for the terminal
            await stop.wait()


@contextlib.asynccontextmanager
async def playground(settings: Settings, listener: socket.socket, *, fresh: bool) -> AsyncIterator[str]:
    """Run everything; the value is the page's address."""
    if fresh:
        _forget(DATABASE)
    # Nothing leaves this machine: no market is asked either.
    secrets = dict.fromkeys(("discord_token", "coingecko_key", "token_metrics_key"))
    app = App(settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{DATABASE}", **secrets}))
    env = LiveEnv(app.client)
    world = build_world(env)
    preview = LivePreview(env, world.channels, world.people, world.assets)
    page, demo = PlaygroundPage(preview), Demo(app, world)
    try:
        await app.open()
        await env.start()
        await app.start_work()
        await demo.set_the_scene()
        async with preview, _running(preview.keep_fresh(), preview.keep_tidy(), demo.keep_voting()):
            address = await page.start(listener)
            try:
                yield address
            finally:
                await page.close()
    finally:
        await app.close()
        await env.shutdown()


@contextlib.asynccontextmanager
async def _running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    try:
        listener = open_socket(port)
    except OSError as error:
        raise PortTaken(port, os.strerror(error.errno or 0).lower()) from None
    with listener:
        yield listener


def _forget(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
