"""Announcements without Discord: a delivery that behaves as Discord does about nonces, and a ranking to announce."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.announcements.gateway import CannotLook
from bot.announcements.kinds import Asked, Kind
from bot.announcements.kinds.rankings import RankingsContent, RankingsKind
from bot.announcements.model import Missed, NewSchedule, Post, Run, Schedule, Sent
from bot.announcements.recurrence import parse
from bot.announcements.service import AnnouncementService
from bot.announcements.trouble import Trouble, Undeliverable
from bot.clock import FixedClock
from bot.errors import StoreUnavailable
from bot.guilds.service import GuildService
from bot.polls.model import Electorate, Poll
from bot.rankings.model import Entry, Ranking, ranked
from bot.store.engine import Store
from bot.store.schema import runs, schedules

GUILD, CHANNEL, LOG, MOD = 10, 20, 30, 40
# The clock begins on 1 March 2026 at 12:00 UTC; 18:00 in Berlin is 17:00 UTC.
DUE = datetime(2026, 3, 1, 17, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


class Killed(BaseException):
    """The process ends here: nothing that handles errors may handle this."""


class FakeDelivery:
    """Keep what was sent; a nonce that is known gives the message that it made, as Discord does."""

    def __init__(self) -> None:
        self.guilds = {GUILD}
        self.messages: dict[str, int] = {}
        self.posts: list[Post] = []
        self.edits: list[Post] = []
        self.calls = 0
        self.looks = 0
        self.told: list[tuple[int, str]] = []
        self.problem: str | None = None
        self.trouble = Trouble.ACCESS
        self.in_doubt = False
        self.die_before = False
        self.die_after = False
        self.nonces_forgotten = False
        self.may_look = True
        self.knows_nonce = True
        self.looking_problem: Undeliverable | None = None
        self.news = False
        self.published: list[int] = []
        self.publishing_problem: Undeliverable | None = None
        self.deaf: set[int] = set()
        self.told_members: list[int] = []
        self.told_nonces: set[str | None] = set()
        self.nonces: list[str] = []
        self.on_send: Callable[[Post], None] = lambda post: None

    def has_guild(self, guild_id: int) -> bool:
        return guild_id in self.guilds

    async def send(self, post: Post) -> Sent:
        self.calls += 1
        if self.die_before:
            raise Killed
        await asyncio.sleep(0)
        self.nonces.append(post.run.nonce)
        self.on_send(post)
        if self.problem:
            raise Undeliverable(self.problem, self.trouble, in_doubt=self.in_doubt)
        where = post.schedule.channel_id
        if post.schedule.board and post.schedule.board_message_id in self.messages.values():
            self.edits.append(post)
            return Sent(post.schedule.board_message_id, where, board=True)
        nonce = post.run.nonce
        if nonce not in self.messages or self.nonces_forgotten:
            self.messages[nonce] = 1000 + len(self.posts)
            self.posts.append(post)
        if self.die_after:
            raise Killed
        return Sent(self.messages[nonce], where, self.news, post.schedule.board)

    async def find(self, schedule: Schedule, run: Run) -> Sent | None:
        self.looks += 1
        if self.looking_problem:
            raise self.looking_problem
        if not self.may_look:
            raise CannotLook(knows_nonce=self.knows_nonce)
        found = self.messages.get(run.nonce)
        return Sent(found, schedule.channel_id, self.news, schedule.board) if found else None

    async def publish(self, guild_id: int, channel_id: int, message_id: int) -> None:
        if self.publishing_problem:
            raise self.publishing_problem
        self.published.append(message_id)

    def obstacle(self, schedule: Schedule) -> Undeliverable | None:
        return Undeliverable(self.problem, self.trouble) if self.problem else None

    async def is_gone(self, schedule: Schedule) -> bool:
        return self.problem is not None and self.trouble is Trouble.GONE

    async def tell(
        self, guild_id: int, channel_id: int, text: str, *, good: bool = False, nonce: str | None = None
    ) -> bool:
        if channel_id in self.deaf:
            return False
        if nonce is None or nonce not in self.told_nonces:
            self.told.append((channel_id, text))
        self.told_nonces.add(nonce)
        return True

    async def tell_member(self, user_id: int, text: str, *, good: bool = False, nonce: str | None = None) -> bool:
        self.told.append((0, text))
        self.told_members.append(user_id)
        return True


class FakeRankings:
    """Give standings that a test may change between posts; they belong to no poll."""

    def __init__(self) -> None:
        self.votes = {"Starknet": 3, "peaq": 2, "Movement": 1}
        self.error: Exception | None = None
        self.silent = False

    async def ranking(self, guild_id: int) -> Ranking:
        if self.error:
            raise self.error
        entries = [Entry(label, votes) for label, votes in self.votes.items()]
        return Ranking("Who leads?", "poll", "open", ranked(entries), sum(self.votes.values()), datetime.now(UTC))

    async def get(self, guild_id: int, poll_id: int) -> Poll:
        raise AssertionError("these standings belong to no poll")


async def nobody_knows(_poll: Poll) -> Electorate | None:
    """Say how many could vote: not known."""
    return None


class MaybeRankings(RankingsKind):
    """Say nothing while the test wants that."""

    def __init__(self, rankings: FakeRankings) -> None:
        super().__init__(rankings, nobody_knows)
        self._from = rankings

    async def compose(self, asked: Asked) -> RankingsContent | None:
        return None if self._from.silent else await super().compose(asked)


class Lab:
    """A store, a clock, Discord's stand-in, and as many processes as a test starts."""

    def __init__(self, store: Store, clock: FixedClock, guilds: GuildService) -> None:
        self.store, self.clock, self.guilds = store, clock, guilds
        self.delivery = FakeDelivery()
        self.rankings = FakeRankings()
        self.kinds: dict[str, Kind] = {"rankings": MaybeRankings(self.rankings)}

    async def start(self) -> AnnouncementService:
        """Start a process."""
        service = AnnouncementService(self.store, self.clock, self.kinds, self.guilds)
        service.delivery = self.delivery
        await service.load()
        return service


def daily(at: str = "18:00", missed: Missed = Missed.LATE, **changes: object) -> NewSchedule:
    new = NewSchedule(GUILD, "rankings", CHANNEL, parse("day", at, "Europe/Berlin"), MOD, missed=missed)
    return replace(new, **changes)  # type: ignore[arg-type]


def at(lab: Lab, when: datetime) -> None:
    """Set the clock."""
    lab.clock.advance(when - lab.clock.now())


async def crash(lab: Lab, plan: NewSchedule | None = None, *, sent: bool) -> None:
    """Have a process plan an announcement, and killed when it falls due: before it is sent, or after."""
    service = await lab.start()
    await service.add(plan or daily())
    at(lab, DUE)
    lab.delivery.die_before, lab.delivery.die_after = not sent, sent
    with pytest.raises(Killed):
        await service.due()
    lab.delivery.die_before = lab.delivery.die_after = False


async def killed(*_: object, **__: object) -> None:
    """Stand in for a piece of work during which the process is killed."""
    raise Killed


async def locked(*_: object, **__: object) -> None:
    """Stand in for a piece of work for which the database is not there."""
    raise StoreUnavailable("database is locked")


async def all_runs(lab: Lab) -> list[sa.RowMapping]:
    """Read every run, oldest first."""
    async with lab.store.read() as tx:
        return list((await tx.execute(sa.select(runs).order_by(runs.c.id))).mappings())


async def states(lab: Lab) -> list[str]:
    """Read the state of every run, oldest first."""
    return [run["state"] for run in await all_runs(lab)]


async def row_of(lab: Lab, schedule: Schedule) -> sa.RowMapping:
    """Read a schedule's row."""
    async with lab.store.read() as tx:
        return (await tx.execute(sa.select(schedules).where(schedules.c.id == schedule.id))).mappings().one()


def texts(lab: Lab) -> list[str]:
    """Give what moderators were told."""
    return [text for _, text in lab.delivery.told]
