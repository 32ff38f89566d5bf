"""The bot as its operator runs it: `python run.py bot`, in a process of its own."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .discord_loopback import ROOT, Discord

TOKEN = "loopback.token.for-tests"
STOP_WITHIN_S = 15.0


def full_disk(at_bytes: int) -> tuple[str, str]:
    """Return a command that runs the bot with files that cannot grow: as good as a full disk, also for root."""
    return (
        "-c",
        "import resource, runpy, sys; sys.argv = ['run.py', 'bot']; sys.path.insert(0, '.'); "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({at_bytes}, {at_bytes})); "
        "runpy.run_path('run.py', run_name='__main__')",
    )


class BotProcess:
    """Starts, kills and restarts the bot on one database, against one loopback."""

    def __init__(
        self, discord: Discord, folder: Path, command: Sequence[str] = ("run.py", "bot"), **environment: str
    ) -> None:
        self.discord = discord
        self._command = [sys.executable, *command]
        self._log_path = folder / "bot.log"
        self.database = folder / "moonballot.db"
        # Nothing of the developer's own set-up may leak in.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MOONBALLOT_", "DISCORD_"))}
        self.environment = kept | {
            "DISCORD_TOKEN": TOKEN,
            "MOONBALLOT_DISCORD_API": discord.api,
            "MOONBALLOT_DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Give the running process's id."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """Give all that the bot has said, over restarts too."""
        return self._log_path.read_text("utf-8", "replace") if self._log_path.exists() else ""

    async def start(self, *command: str, ready_within: float = 20.0) -> float:
        """Start the bot, or another command in its place; give the seconds until Discord knew it and its commands."""
        before = await self.discord.status()
        began = time.monotonic()
        self.launch(*command)
        while True:
            status = await self.discord.status()
            # A bot that starts again need not sync what Discord knows already.
            if status["identifies"] > before["identifies"] and status["syncs"]:
                return time.monotonic() - began
            assert self.running, f"the bot ended with {self.exit_code}:\n{self.log[-4000:]}"
            assert time.monotonic() - began < ready_within, f"not ready: {status}\n{self.log[-4000:]}"
            await asyncio.sleep(0.05)

    def launch(self, *command: str) -> None:
        """Start the bot, or another command in its place, and wait for nothing."""
        assert not self.running, "the bot runs already"
        started = [sys.executable, *command] if command else self._command
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(started, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    @property
    def running(self) -> bool:
        """Tell whether the process is there."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Give the code the process ended with."""
        return None if self._process is None else self._process.poll()

    async def kill(self) -> None:
        """End the bot as a power cut would."""
        self._signal(signal.SIGKILL)
        await self.ended()

    async def terminate(self) -> int:
        """Ask the bot to end in order; give its exit code."""
        self._signal(signal.SIGTERM)
        return await self.ended()

    async def restart(self) -> float:
        """Kill the bot and start it again."""
        await self.kill()
        return await self.start()

    async def ended(self, within: float = STOP_WITHIN_S) -> int:
        """Wait for the end; give the exit code."""
        assert self._process is not None
        deadline = time.monotonic() + within
        while (code := self._process.poll()) is None:
            assert time.monotonic() < deadline, f"the bot did not end within {within} s:\n{self.log[-4000:]}"
            await asyncio.sleep(0.02)
        return code

    def clean_up(self) -> None:
        """Leave no process behind."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(5)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
