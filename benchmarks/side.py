"""One bot as a process with a loopback Discord of its own, and what a load on it costs."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.wire.bot_process import BotProcess
from tests.wire.discord_loopback import Discord, LoopbackProcess

BARE = ("-m", "tests.wire.bare_bot")
PRODUCT = ("run.py", "bot")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one load came to: per second, milliseconds of processor time each, milliseconds until acknowledged."""

    rate: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float


@dataclass
class Side:
    """A running bot, and the load that is put on it."""

    name: str
    discord: Discord
    bot: BotProcess
    load: Callable[[], Awaitable[dict[str, Any]]]

    async def measure(self, in_flight: int, total: int, first_member: int) -> Figures:
        """Fire `total` clicks by as many members, `in_flight` at once."""
        load = await self.load()
        before = self._cpu_ticks()
        done = await self.discord.load(
            **load, in_flight=in_flight, total=total, members=total, first_member=first_member, force=True
        )
        if done["unacknowledged"] or done["open"]:
            left = len(done["unacknowledged"])
            raise RuntimeError(
                f"{self.name} left {left} of {total} clicks without an answer; its log:\n{self.bot.log[-2000:]}"
            )
        cpu_ms = (self._cpu_ticks() - before) / TICKS_A_SECOND * 1000 / total
        return Figures(done["rate"], cpu_ms, done["ms"]["p50"], done["ms"]["p99"])

    def _cpu_ticks(self) -> int:
        fields = Path(f"/proc/{self.bot.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])


@asynccontextmanager
async def running(name: str, command: tuple[str, ...], folder: Path) -> AsyncIterator[tuple[Discord, BotProcess, Any]]:
    """Start a loopback and a bot on it, in a server with one channel and one moderator."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 - nothing is measured yet
    process = LoopbackProcess()
    try:
        async with Discord(process) as discord:
            guild = await discord.guild(
                name=name,
                roles=[{"name": "Mods", "permissions": ["manage_guild"]}],
                channels=[{"name": "general"}],
                members=[{"name": "mod", "roles": ["Mods"]}],
            )
            bot = BotProcess(discord, folder, command)
            try:
                await bot.start()
                await asyncio.sleep(2)  # its first seconds are not what is measured
                yield discord, bot, guild
            finally:
                bot.clean_up()
    finally:
        process.stop()
