"""The composition root: what there is, in which order it starts and stops."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import aiohttp
import discord
import discord.gateway
import discord.http
import structlog
import yarl

from bot.alarms import Alarms
from bot.announcements.delivery import DiscordDelivery
from bot.announcements.kinds import Kind
from bot.announcements.kinds.closing import ClosingKind
from bot.announcements.kinds.deadlines import DeadlinesKind
from bot.announcements.kinds.digest import DigestKind
from bot.announcements.kinds.rankings import RankingsKind
from bot.announcements.kinds.results import ResultsKind
from bot.announcements.service import AnnouncementService
from bot.answers.library import Library, read_engine
from bot.answers.service import AnswerService
from bot.answers.teaching import TeachingService
from bot.catalogue.editing import CatalogueEditing
from bot.catalogue.editions import Editions
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.client import Moonballot, Services
from bot.clock import Clock, SystemClock
from bot.errors import BadSetting
from bot.guilds.service import GuildService
from bot.links.block_list import load_block_list
from bot.links.doubt import doubt
from bot.links.service import Links
from bot.polls.ballot_box import BallotBox
from bot.polls.board import BoardKeeper
from bot.polls.model import Electorate, Poll
from bot.polls.pace import Pace
from bot.polls.records import PollRecords
from bot.polls.service import PollService
from bot.prices.fetching import Fetcher
from bot.prices.model import Market
from bot.prices.service import Prices
from bot.prices.sources import sources_of
from bot.rankings.chart import Charts
from bot.settings import Settings
from bot.store.engine import Store
from bot.ui.terse import answer_tersely
from bot.watches.delivery import DiscordDelivery as NoticeDelivery
from bot.watches.service import WatchService

SWEEP_SECONDS = 60
# Discord takes 50 requests a second of one bot. Boards and announcements share these; what is left is for those that
# somebody waits for. Answers to clicks and commands do not count.
UNASKED_REQUESTS_A_SECOND = 46.5
ANSWERS_SWEEP_SECONDS = 3_600
# At the end, those who have clicked are answered; Discord itself waits 3 s for that.
ANSWERED_WITHIN_S = 3.0
# The gateway's word for a token that is not good.
AUTHENTICATION_FAILED = 4004
DATA = Path(__file__).parents[1] / "data"

log = structlog.get_logger(__name__)


class App:
    """Everything of one running bot. `open`, connect `client`, `start_work`; `close` at the end."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.store = Store(settings.database_url)
        self.alarms = Alarms(self.clock)
        self.charts = Charts()
        self.box = BallotBox(self.store)
        self.catalogues = Editions(Catalogue(load(DATA)), self.clock)
        self.editing = CatalogueEditing(self.store, self.clock, self.catalogues)
        self.guilds = GuildService(self.store, self.clock)
        self.watches = WatchService(self.store, self.clock, self.catalogues, self.guilds)
        self.polls = PollService(self.store, self.clock, self.box, self.catalogues)
        self.records = PollRecords(self.store, self.clock)
        self.links = Links(self.catalogues, load_block_list(settings.block_list))
        self.library = Library(lambda: read_engine(DATA), self.catalogues, self.clock)
        self.prices = Prices(sources_of(settings), self.clock, Fetcher(self.clock))
        self.answers = AnswerService(self.store, self.clock, self.library, self._polls_of, self._market_of)
        self.teaching = TeachingService(self.store, self.clock, self.library, self.links)
        self.announcements = AnnouncementService(self.store, self.clock, self._kinds(), self.guilds)
        self.client = Moonballot(
            settings,
            Services(
                self.clock,
                self.catalogues,
                self.guilds,
                self.polls,
                self.records,
                self.announcements,
                self.charts,
                self.answers,
                self.teaching,
                self.editing,
                self.watches,
                self.links,
                self.prices,
            ),
        )
        pace = Pace(UNASKED_REQUESTS_A_SECOND, ahead=1)
        self.client.boards = BoardKeeper(self.client, self.polls, self.charts, pace)
        self.announcements.delivery = DiscordDelivery(self.client, self.charts, pace)
        self.watches.delivery = NoticeDelivery(self.client)
        self.editing.tell = self._tell_moderators
        self.editing.doubt = lambda guild_id, project, address: doubt(self.links, guild_id, project, address)
        self.polls.on_change = self.client.boards.mark
        self.client.boards.tell = self._tell_moderators
        self._background: set[asyncio.Task[None]] = set()
        self._setting = asyncio.Lock()

    def _kinds(self) -> dict[str, Kind]:
        """Return all that can be announced."""
        kinds: tuple[Kind, ...] = (
            RankingsKind(self.polls, self._electorate_of),
            ClosingKind(self.polls, self._electorate_of),
            ResultsKind(self.polls, self._electorate_of, self.clock),
            DeadlinesKind(self.catalogues),
            DigestKind(self.editing, self.polls, self.answers),
        )
        return {kind.name: kind for kind in kinds}

    async def _electorate_of(self, poll: Poll) -> Electorate | None:
        return await self.client.boards.electorates.of(poll)

    async def open(self) -> None:
        """Open and migrate the store; read what is answered from memory; begin to take ballots."""
        await self.store.open()
        await self.editing.load()
        await self.guilds.load()
        await self.watches.load()
        await self.polls.load()
        await self.announcements.load()
        await self.answers.load()
        await self.prices.open()
        self.prices.expect(project.token for project in self.catalogues.shipped.projects)
        self.box.start()

    async def start_work(self) -> None:
        """Begin what happens by itself: closing polls, refreshing boards, posting announcements."""
        await self.alarms.start()
        self.polls.on_times = self._poll_times_changed
        self.announcements.on_change = lambda: self._soon(self._set_announcement_alarm())
        self.alarms.every("polls sweep", SWEEP_SECONDS, self.polls.due)
        self.alarms.every("announcements sweep", SWEEP_SECONDS, self.announcements.due)
        self.alarms.every("catalogue sweep", ANSWERS_SWEEP_SECONDS, self.editing.sweep)
        self.alarms.every("watches sweep", SWEEP_SECONDS, self.watches.due)
        self.editing.on_change = lambda _: self._soon(self.watches.due())
        self.alarms.every("answers sweep", ANSWERS_SWEEP_SECONDS, self.answers.sweep)
        self.library.start()
        await self.polls.due()
        await self.client.boards.start()
        self._soon(self.announcements.catch_up())
        self._soon(self.watches.due())

    async def _polls_of(self, guild_id: int, viewer_id: int | None) -> tuple[Any, ...]:
        # Imported with the engine, in the background: questions are only asked once that is there.
        from bot.answers.facts.polls import polls_here

        return await polls_here(self.polls, guild_id, viewer_id)

    async def _market_of(self, guild_id: int | None, project_id: str) -> Market | None:
        project = self.catalogues.of(guild_id).by_id(project_id)
        return await self.prices.of(project.token) if project else None

    def _poll_times_changed(self) -> None:
        self._soon(self._set_poll_alarm())
        self._soon(self.announcements.polls_changed())

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _tell_moderators(self, guild_id: int, text: str) -> None:
        channel_id = self.guilds.get(guild_id).log_channel_id
        if channel_id is not None:
            await self.announcements.delivery.tell(guild_id, channel_id, text)

    async def _set_poll_alarm(self) -> None:
        async with self._setting:  # or an older time might be set last
            self.alarms.set("polls", await self.polls.next_instant(), self.polls.due)

    async def _set_announcement_alarm(self) -> None:
        async with self._setting:
            self.alarms.set("announcements", await self.announcements.next_instant(), self.announcements.due)

    async def close(self) -> None:
        """Stop in order: no new work, ballots in the queue committed, the gateway closed, the store closed."""
        self.watches.stop()
        await self.alarms.stop()
        await self._background_ended()
        await self.box.stop()
        await self.client.boards.stop()
        await self.client.close()
        self.charts.close()
        self.library.close()
        await self.prices.close()
        await self.store.close()

    async def _background_ended(self) -> None:
        # Whoever uses the store comes to an end before it is closed: a connection that is cut off waits for ever.
        if self._background:
            _, late = await asyncio.wait(self._background, timeout=ANSWERED_WITHIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def run_bot(settings: Settings) -> None:
    """Run the bot until SIGINT or SIGTERM; raise `BadSetting` when there is no usable token."""
    if settings.discord_token is None:
        raise BadSetting("DISCORD_TOKEN", "it is not set; without it only `python run.py playground` works")
    discord.http.Route.BASE = settings.discord_api
    answer_tersely()
    app = App(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await app.open()
        if await _done_before(stop, _login(app.client, settings)):
            await _serve(app, stop)
    finally:
        await app.close()
        log.info("stopped")


async def _done_before(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do some work unless `stop` is set meanwhile; return whether it was done."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
        return doing.done() and not stop.is_set()
    finally:
        doing.cancel()
        stopping.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)


async def _login(client: Moonballot, settings: Settings) -> None:
    assert settings.discord_token is not None  # noqa: S101 - the caller looked
    try:
        await client.login(settings.discord_token.get_secret_value())
        # After a lost session discord.py goes to the one gateway it knows by heart: let it be the one that was named.
        _, gateway, _ = await client.http.get_bot_gateway()
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    except discord.LoginFailure:
        raise _bad_token() from None
    except (discord.HTTPException, discord.GatewayNotFound) as error:
        raise BadSetting(
            "MOONBALLOT_DISCORD_API", f"{settings.discord_api} does not answer as Discord does ({error})"
        ) from None
    except (aiohttp.ClientError, OSError) as error:
        raise BadSetting("MOONBALLOT_DISCORD_API", f"{settings.discord_api} cannot be reached ({error})") from None


def _bad_token() -> BadSetting:
    return BadSetting("DISCORD_TOKEN", "Discord does not accept it; copy it anew from the developer portal")


async def _serve(app: App, stop: asyncio.Event) -> None:
    """Stay connected until `stop` is set; raise when the connection ends for good."""
    connection = asyncio.create_task(app.client.connect(), name="gateway")
    stopping = asyncio.create_task(stop.wait())
    ready = asyncio.create_task(app.client.wait_until_ready())
    try:
        await asyncio.wait({connection, stopping, ready}, return_when=asyncio.FIRST_COMPLETED)
        if ready.done() and not stop.is_set():
            await app.start_work()
            # What is alive now stays alive: the collector need not walk through it again and again while votes come in.
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 50, 50)
            # The writer's thread gives the interpreter up with every statement, and waits this long to get it back.
            sys.setswitchinterval(0.001)
            await asyncio.wait({connection, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if connection.done():
            connection.result()
    except discord.ConnectionClosed as error:
        raise (_bad_token() if error.code == AUTHENTICATION_FAILED else error) from None
    finally:
        for task in (ready, stopping):
            task.cancel()
        if not connection.done():
            await app.client.answered(ANSWERED_WITHIN_S)
            await app.box.stop()
            await app.client.close()
            connection.cancel()  # discord.py would try for ever to connect a shard of a closed client
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await connection
