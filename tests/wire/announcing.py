"""A club that plans announcements, and lets them fall due."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from .bed import Club, text_of

# Far from now on every day that tests run, so that only the due time which a test sets comes to pass.
RARELY = "0 0 29 2 *"
STATES = "SELECT state FROM runs WHERE schedule_id = ? ORDER BY id"


class Announcing:
    """A club with a log channel, and channels of its own for a test."""

    def __init__(self, club: Club) -> None:
        self.club = club
        self.discord = club.discord

    async def channel(self, **wish: Any) -> str:
        made = await self.discord.ask("POST", f"guilds/{self.club.id}/channels", {"name": "place", **wish})
        return str(made["id"])

    async def plan(self, channel: str, **options: Any) -> int:
        """Plan an announcement; return its number."""
        answer = await self.club.do("announce add", kind="rankings", channel=channel, every=RARELY, **options)
        query = "SELECT max(id) FROM schedules WHERE channel_id = ?"
        [(number,)] = self.club.rows(query, int(channel))
        assert number is not None, text_of(answer["message"])
        return int(number)

    def make_due(self, number: int, ago: timedelta = timedelta(seconds=1)) -> None:
        """Let a schedule fall due; the bot must not run, for its alarm is set."""
        at = (datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f")
        self.club.write("UPDATE schedules SET next_due_at = ? WHERE id = ?", at, number)

    def states(self, number: int) -> list[str]:
        return [state for (state,) in self.club.rows(STATES, number)]

    async def until(self, met: Callable[[], Any], seconds: float = 20) -> None:
        for _ in range(int(seconds * 10)):
            if met():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"it did not happen\n{self.club.process.log[-3000:]}")

    async def posted(self, channel: str) -> list[str]:
        return [text_of(message) for message in await self.discord.messages(channel)]

    async def told(self, count: int) -> list[str]:
        """Wait until moderators were told so many things; give all of them."""
        for _ in range(100):
            if len(texts := await self.posted(self.club.log)) >= count:
                break
            await asyncio.sleep(0.1)
        return texts
