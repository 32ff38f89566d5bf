"""Announcements without Discord: a delivery that behaves as Discord does about nonces, and a ranking to announce."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.announcements.model import Missed, NewSchedule, Post, Undeliverable
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService
from bot.clock import FixedClock
from bot.guilds.service import GuildService
from bot.rankings.model import Entry, Ranking, ranked
from bot.store.engine import Store

GUILD, CHANNEL, LOG, MOD = 10, 20, 30, 40


class Killed(BaseException):
    """The process ends here: nothing that handles errors may handle this."""


class FakeDelivery:
    """Keep what was sent; a nonce that is known gives the message that it made, as Discord does."""

    def __init__(self) -> None:
        self.guilds = {GUILD}
        self.messages: dict[str, int] = {}
        self.posts: list[Post] = []
        self.calls = 0
        self.told: list[tuple[int, str]] = []
        self.problem: str | None = None
        self.die_before = False
        self.die_after = False
        self.on_send: Callable[[Post], None] = lambda post: None

    def has_guild(self, guild_id: int) -> bool:
        return guild_id in self.guilds

    async def send(self, post: Post) -> int:
        self.calls += 1
        if self.die_before:
            raise Killed
        await asyncio.sleep(0)
        self.on_send(post)
        if self.problem:
            raise Undeliverable(self.problem)
        if post.nonce not in self.messages:
            self.messages[post.nonce] = 1000 + len(self.messages)
            self.posts.append(post)
        if self.die_after:
            raise Killed
        return self.messages[post.nonce]

    async def tell(self, guild_id: int, channel_id: int, text: str) -> None:
        self.told.append((channel_id, text))


class FakeRankings:
    """Give standings that a test may change between posts."""

    def __init__(self) -> None:
        self.votes = {"Starknet": 3, "peaq": 2, "Movement": 1}
        self.error: Exception | None = None

    async def ranking(self, guild_id: int) -> Ranking:
        if self.error:
            raise self.error
        entries = [Entry(label, votes) for label, votes in self.votes.items()]
        return Ranking("Who leads?", "poll", "open", ranked(entries), sum(self.votes.values()), datetime.now(UTC))


class Lab:
    """A store, a clock, Discord's stand-in, and as many processes as a test starts."""

    def __init__(self, store: Store, clock: FixedClock, guilds: GuildService) -> None:
        self.store, self.clock, self.guilds = store, clock, guilds
        self.delivery = FakeDelivery()
        self.rankings = FakeRankings()

    async def start(self) -> AnnouncementService:
        """Start a process."""
        service = AnnouncementService(self.store, self.clock, self.rankings, self.guilds)
        service.delivery = self.delivery
        await service.load()
        return service


def daily(at: str = "18:00", missed: Missed = Missed.LATE, **changes: object) -> NewSchedule:
    new = NewSchedule(GUILD, "rankings", CHANNEL, parse("day", at, "Europe/Berlin"), MOD, missed=missed)
    return replace(new, **changes)  # type: ignore[arg-type]


@pytest.fixture
async def lab(store: Store, clock: FixedClock) -> Lab:
    guilds = GuildService(store, clock)
    await guilds.load()
    return Lab(store, clock, guilds)


@pytest.fixture
async def service(lab: Lab) -> AnnouncementService:
    return await lab.start()
