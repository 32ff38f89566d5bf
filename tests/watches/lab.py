"""Watches without Discord: a delivery that behaves as Discord does about nonces, and a server that edits."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.catalogue.editing import CatalogueEditing
from bot.catalogue.editions import Editions
from bot.catalogue.load import load
from bot.catalogue.proposal import Saved
from bot.catalogue.service import Catalogue
from bot.catalogue.typed import Typed
from bot.clock import FixedClock
from bot.guilds.service import GuildService
from bot.store.engine import Store
from bot.store.schema import notices
from bot.watches.model import Letter, Posted
from bot.watches.service import WatchService

GUILD, OTHER, ANN, BOB, MOD, FALLBACK = 10, 11, 70, 80, 40, 30
PAGE = "https://example.org/page"
# The clock begins on 1 March 2026 at 12:00 UTC.
CLOSE = datetime(2026, 4, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DATA = Path(__file__).parents[2] / "data"


class Killed(BaseException):
    """The process ends here: nothing that handles errors may handle this."""


class FakeDelivery:
    """Keep what was sent; a message that is there already is not sent again when one looks."""

    def __init__(self) -> None:
        self.guilds = {GUILD, OTHER}
        self.letters: list[Letter] = []
        self.posts: list[tuple[int, Letter]] = []
        self.sent: dict[str, Posted] = {}
        self.calls = 0
        self.error: Exception | None = None
        self.channel_error: Exception | None = None
        self.die_before = self.die_after = False
        self.knows_nonces = True
        self.on_send: Callable[[Letter], None] = lambda letter: None

    def has_guild(self, guild_id: int) -> bool:
        return guild_id in self.guilds

    async def direct(self, letter: Letter, *, maybe_sent: bool) -> Posted:
        self.calls += 1
        if self.die_before:
            raise Killed
        await asyncio.sleep(0)
        self.on_send(letter)
        if self.error:
            raise self.error
        return self._send(letter, 1, maybe_sent=maybe_sent)

    async def post(self, letter: Letter, channel_id: int, *, maybe_sent: bool) -> Posted:
        if self.channel_error:
            raise self.channel_error
        self.posts.append((channel_id, letter))
        return self._send(letter, channel_id, maybe_sent=maybe_sent)

    def _send(self, letter: Letter, channel_id: int, *, maybe_sent: bool) -> Posted:
        known = letter.notice.nonce in self.sent and (maybe_sent or self.knows_nonces)
        if not known:
            self.letters.append(letter)
            self.sent[letter.notice.nonce] = Posted(channel_id, 1000 + len(self.letters))
        if self.die_after:
            raise Killed
        return self.sent[letter.notice.nonce]


class Lab:
    """A store, a clock, Discord's stand-in, and as many processes as a test starts."""

    def __init__(self, store: Store, clock: FixedClock, guilds: GuildService) -> None:
        self.store, self.clock, self.guilds = store, clock, guilds
        self.delivery = FakeDelivery()
        self.shipped = Catalogue(load(DATA))

    async def start(self) -> WatchService:
        """Start a process."""
        self.editions = Editions(self.shipped, self.clock)
        self.editing = CatalogueEditing(self.store, self.clock, self.editions)
        await self.editing.load()
        service = WatchService(self.store, self.clock, self.editions, self.guilds)
        service.delivery = self.delivery
        service.sending.seconds_between = 0
        await service.load()
        return service

    async def edit(self, key: str, value: str, name: str = "starknet", guild: int = GUILD) -> Saved:
        """Have a moderator change a fact."""
        shown = await self.editing.edit(guild, MOD, name, key, Typed(value, PAGE))
        done = await self.editing.confirm(guild, MOD, shown.proposal.id)
        assert isinstance(done, Saved)
        return done

    async def claims_until(self, day: str, name: str = "starknet") -> None:
        """Have a moderator announce claims that close on a day."""
        if self.editions.stored(GUILD).projects[name].airdrop.state != "claimable":
            await self.edit("project.state", "claimable", name)
        await self.edit("claim_window", f"2026-01-01..{day}", name)


def at(lab: Lab, when: datetime) -> None:
    lab.clock.advance(when - lab.clock.now())


async def rows(lab: Lab, table: sa.Table = notices) -> list[sa.RowMapping]:
    async with lab.store.read() as tx:
        return list((await tx.execute(sa.select(table).order_by(table.c.id))).mappings())


async def states(lab: Lab) -> list[str]:
    return [row["state"] for row in await rows(lab)]


def told(lab: Lab) -> list[tuple[int, str, tuple[str, ...], datetime | None]]:
    news = [letter.notice.new for letter in lab.delivery.letters]
    return [(new.member_id, new.project_id, new.changed, new.closes_at) for new in news]
