"""Notices on their way to members: recorded before they are sent, closed after, and one message each."""

import asyncio
from datetime import timedelta
from typing import Protocol

import structlog

from bot.catalogue.editions import Editions
from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.guilds.service import GuildService
from bot.store.engine import Store
from bot.watches import store as sql
from bot.watches.model import (
    Letter,
    MemberGone,
    NoDirectMessages,
    Notice,
    NoticeState,
    NotNow,
    Posted,
    Undeliverable,
    is_late,
)

# Opening many conversations at once makes a bot look like a spammer.
SECONDS_BETWEEN = 0.3
# After this time nobody tries any more to send: the notice waits to be asked for.
TRY_FOR = timedelta(days=1)

log = structlog.get_logger(__name__)


class Delivery(Protocol):
    """The way to Discord."""

    def has_guild(self, guild_id: int) -> bool:
        """Say whether this process looks after that server."""
        ...

    async def direct(self, letter: Letter, *, maybe_sent: bool) -> Posted:
        """Send a direct message, unless it was sent already when that may be.

        Raises `NoDirectMessages`, `MemberGone`, `NotNow` or `Undeliverable`.
        """
        ...

    async def post(self, letter: Letter, channel_id: int, *, maybe_sent: bool) -> Posted:
        """Send to a channel instead, mentioning the member; raises `NotNow` or `Undeliverable`."""
        ...


class NotConnected:
    """Stand in until there is a client: no server is looked after, so nothing is due."""

    def has_guild(self, *_: object) -> bool:
        """Say no."""
        return False

    async def direct(self, *_: object, **__: object) -> Posted:
        """Refuse."""
        raise NotNow

    async def post(self, *_: object, **__: object) -> Posted:
        """Refuse."""
        raise NotNow


class Sending:
    """Send recorded notices, one after the other, and close them."""

    def __init__(self, store: Store, clock: Clock, editions: Editions, guilds: GuildService) -> None:
        self._store = store
        self._clock = clock
        self._editions = editions
        self._guilds = guilds
        self.delivery: Delivery = NotConnected()
        self.seconds_between = SECONDS_BETWEEN
        self.stopping = False

    async def send_all(self) -> set[int]:
        """Send what is recorded; return the members who turned out to be gone."""
        async with self._store.read() as tx:
            pending = [notice for notice in await sql.pending(tx) if self.delivery.has_guild(notice.new.guild_id)]
        gone: set[int] = set()
        for number, notice in enumerate(pending):
            if self.stopping:
                break
            if number:
                await asyncio.sleep(self.seconds_between)
            try:
                await self._send(notice)
            except MemberGone:
                gone.add(notice.new.member_id)
                await self._forget(notice)
            except NotNow:
                break  # Discord is away, or the wire is: the rest would fare no better
            except StoreUnavailable:
                raise
            except Exception:  # one that cannot be sent must not keep the others
                log.exception("notice failed", notice=notice.id)
                await self._finish(notice, NoticeState.WAITING)
        return gone

    async def _send(self, notice: Notice) -> None:
        letter = self._letter(notice)
        async with self._store.begin() as tx:
            if not await sql.take(tx, notice.id):
                return
        if letter is None:
            await self._finish(notice, NoticeState.DROPPED)
            return
        try:
            posted = await self._delivered(letter)
        except NotNow:
            if self._clock.now() - notice.recorded_at > TRY_FOR:
                await self._finish(notice, NoticeState.WAITING)
            raise
        await self._finish(notice, NoticeState.SENT if posted else NoticeState.WAITING, posted)

    async def _delivered(self, letter: Letter) -> Posted | None:
        """Send a letter by the first way that is open; None when there is none."""
        maybe_sent = letter.notice.state is NoticeState.SENDING
        try:
            return await self.delivery.direct(letter, maybe_sent=maybe_sent)
        except NoDirectMessages:
            channel_id = self._guilds.get(letter.notice.new.guild_id).notices_channel_id
            if channel_id is None:
                return None
        except Undeliverable:
            return None
        try:
            return await self.delivery.post(letter, channel_id, maybe_sent=maybe_sent)
        except Undeliverable:
            return None

    def _letter(self, notice: Notice) -> Letter | None:
        """Return what is sent; None when it is of no use any more: the claims are over, or the project is gone."""
        new, now = notice.new, self._clock.now()
        project = self._editions.of(new.guild_id).by_id(new.project_id)
        moot = not new.changed and new.closes_at is not None and new.closes_at <= now
        if project is None or moot:
            return None
        retired = new.project_id in self._editions.stored(new.guild_id).retired
        return Letter(notice, project, retired, is_late(new.due_at, now))

    async def _finish(self, notice: Notice, state: NoticeState, posted: Posted | None = None) -> None:
        async with self._store.begin() as tx:
            await sql.finish(tx, notice.id, state, self._clock.now(), posted)
        log.info("notice closed", notice=notice.id, state=str(state))

    async def _forget(self, notice: Notice) -> None:
        async with self._store.begin() as tx:
            await sql.remove_all(tx, notice.new.member_id, notice.new.guild_id)
        log.info("watches of a member who left removed", guild=notice.new.guild_id)
