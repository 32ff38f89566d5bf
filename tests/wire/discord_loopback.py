"""The test's side of the loopback: its process, and its control routes as methods."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
Payload = dict[str, Any]


class LoopbackProcess:
    """A loopback Discord in a process of its own, which ends with the test."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.wire.loopback", "--port", "0", "--until-stdin-closes"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline() or b"{}")
        self.port: int = said["port"]
        self.api: str = said["api"]
        self.control: str = said["control"]

    @property
    def pid(self) -> int:
        """Give the process's id."""
        return self._process.pid

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)
        self._process.stdout.close()


class Discord:
    """Asks the loopback's control routes; `async with Discord(process) as discord`."""

    def __init__(self, process: LoopbackProcess) -> None:
        self.api = process.api
        self._root = process.control
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=180))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def ask(self, method: str, path: str, data: Any = None, /, **query: Any) -> Any:
        """Ask one control route; a refusal fails the test with its reason."""
        assert self._session is not None
        url = f"{self._root}/{path}"
        async with self._session.request(method, url, json=data, params=query or None) as response:
            text = await response.text()
            if response.status == 204:
                return None
            assert response.status == 200, f"{method} {path}: {response.status} {text}"
            return json.loads(text)

    async def guild(self, **wish: Any) -> Payload:
        """Make a guild; give the ids of what is in it, by name."""
        made: Payload = await self.ask("POST", "guilds", wish)
        return made

    async def slash(self, user: str, channel: str | None, command: str, /, **options: Any) -> Payload:
        """Type a slash command as a member and wait for its answer."""
        return await self.interact("slash", user=user, channel=channel, command=command, options=options)

    async def autocomplete(
        self, user: str, channel: str, command: str, focused: str, text: str, /, **options: Any
    ) -> list[Payload]:
        """Type into an option and give the choices that appear."""
        given = {**options, focused: text}
        shown = await self.interact(
            "autocomplete", user=user, channel=channel, command=command, options=given, focused=focused
        )
        choices: list[Payload] = shown["choices"]
        return choices

    async def press(self, user: str, message: Payload, custom_id: str, /, **wish: Any) -> Payload:
        """Press a button as a member and wait for what comes of it."""
        return await self.interact("button", user=user, message=message["id"], custom_id=custom_id, **wish)

    async def pick(self, user: str, message: Payload, custom_id: str, /, *values: str, **wish: Any) -> Payload:
        """Pick options of a select as a member and wait for what comes of it."""
        wish |= {"message": message["id"], "custom_id": custom_id, "values": list(values)}
        return await self.interact("select", user=user, **wish)

    async def submit(self, user: str, shown: Payload, /, **fields: Any) -> Payload:
        """Submit the modal that an interaction showed."""
        return await self.interact("modal", user=user, interaction=shown["id"], fields=fields)

    async def interact(self, kind: str, **wish: Any) -> Payload:
        """Do anything that a member can do."""
        answer: Payload = await self.ask("POST", "interactions", {"kind": kind, **wish})
        return answer

    async def answer(self, interaction: Payload, *, wait: float = 0, until: str = "answer") -> Payload:
        """Look at an interaction again."""
        again: Payload = await self.ask("GET", f"interactions/{interaction['id']}", wait=wait, until=until)
        return again

    async def messages(self, channel: str) -> list[Payload]:
        """Read a channel, oldest first."""
        found: list[Payload] = await self.ask("GET", f"channels/{channel}/messages")
        return found

    async def direct_messages(self, user: str) -> list[Payload]:
        """Read what the bot and a user wrote to each other."""
        found: list[Payload] = await self.ask("GET", f"users/{user}/messages")
        return found

    async def requests(self, **query: Any) -> list[Payload]:
        """Read the log of the bot's requests: `method`, `path` (a regex), `since`."""
        found: list[Payload] = await self.ask("GET", "log", **query)
        return found

    async def violations(self) -> list[Payload]:
        """Read what broke Discord's rules."""
        found: list[Payload] = await self.ask("GET", "violations")
        return found

    async def status(self) -> Payload:
        """Read the counters of the gateway and of command syncs."""
        found: Payload = await self.ask("GET", "status")
        return found

    async def fault(self, **spec: Any) -> Payload:
        """Arm a fault."""
        armed: Payload = await self.ask("POST", "faults", spec)
        return armed

    async def upset(self, action: str, **more: Any) -> Payload:
        """Drop, reconnect, invalidate, silence or speak on the gateway."""
        status: Payload = await self.ask("POST", "gateway", {"action": action, **more})
        return status

    async def settings(self, **values: Any) -> Payload:
        """Change the loopback's own settings."""
        changed: Payload = await self.ask("PATCH", "settings", values)
        return changed

    async def load(self, **spec: Any) -> Payload:
        """Run a load, or begin one in the background."""
        figures: Payload = await self.ask("POST", "load", spec)
        return figures

    async def load_figures(self, number: int, *, wait: float = 0) -> Payload:
        """Read a background load's figures."""
        figures: Payload = await self.ask("GET", f"load/{number}", wait=wait)
        return figures

    async def until(self, met: Callable[[Payload], bool], *, seconds: float = 10, what: str = "it") -> Payload:
        """Wait until the status meets a condition."""
        deadline = time.monotonic() + seconds
        while True:
            status = await self.status()
            if met(status):
                return status
            assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s: {status}"
            await asyncio.sleep(0.02)
