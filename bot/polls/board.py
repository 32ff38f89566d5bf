"""Keep each poll's board up to date: coalesced, spaced, and always ending with the newest state."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import structlog

from bot.errors import MoonballotError
from bot.polls.cards import board_card, proof_line
from bot.polls.electorate import Electorates
from bot.polls.model import Poll, PollState
from bot.polls.pace import Pace
from bot.polls.service import PollService
from bot.rankings.cards import ranking_card
from bot.rankings.chart import Charts
from bot.rankings.model import Ranking
from bot.ui.channels import explained
from bot.ui.text import escape

MIN_SECONDS_BETWEEN_EDITS = 5.0
RETRY_AFTER_S = 30.0
# Discord takes 50 requests a second of a bot, wherever they go; the rest is for what people ask for.
MOST_BOARDS_A_SECOND = 30.0

log = structlog.get_logger(__name__)


class BoardKeeper:
    """Publish boards and results; `mark(poll_id)` says that one is out of date."""

    def __init__(self, client: discord.Client, polls: PollService, charts: Charts, pace: Pace | None = None) -> None:
        self.spacing_s = MIN_SECONDS_BETWEEN_EDITS
        self._client = client
        self._polls = polls
        self._charts = charts
        self.electorates = Electorates(client)
        self._dirty: set[int] = set()
        self._keeping: dict[int, asyncio.Task[None]] = {}
        self._last_edit: dict[int, float] = {}
        # How moderators are told of trouble: server and text.
        self.tell: Callable[[int, str], Awaitable[None]] = _tell_nobody
        self._pace = Pace(MOST_BOARDS_A_SECOND)
        # What boards share with all else that nobody waits for.
        self._shared_pace = pace
        # Discord counts edits by channel, too: boards of one channel wait for each other and for no others.
        self._channel_of: dict[int, int] = {}
        self._in_channel: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._posting: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def mark(self, poll_id: int) -> None:
        """Have a poll's board brought up to date soon."""
        self._dirty.add(poll_id)
        if poll_id not in self._keeping:
            self._keeping[poll_id] = asyncio.create_task(self._keep(poll_id), name=f"board of poll {poll_id}")

    async def start(self) -> None:
        """Catch up with what happened while the bot was away."""
        for poll_id in await self._polls.stale_boards():
            self.mark(poll_id)

    async def stop(self) -> None:
        """Stop; what is out of date is caught up with at the next start."""
        for task in self._keeping.values():
            task.cancel()
        await asyncio.gather(*self._keeping.values(), return_exceptions=True)

    async def join(self) -> None:
        """Wait until every board shows its newest state."""
        while self._keeping:
            await asyncio.gather(*self._keeping.values(), return_exceptions=True)

    async def _keep(self, poll_id: int) -> None:
        loop = asyncio.get_running_loop()
        try:
            while poll_id in self._dirty:
                wait = self._last_edit.get(poll_id, float("-inf")) + self.spacing_s - loop.time()
                await asyncio.sleep(max(0.0, wait))
                try:
                    async with self._in_channel[self._channel_of.get(poll_id, poll_id)]:
                        await self._pace.turn()
                        if self._shared_pace is not None:
                            await self._shared_pace.turn()
                        self._dirty.discard(poll_id)
                        self._last_edit[poll_id] = loop.time()
                        async with self._posting[poll_id]:
                            await self._publish(poll_id)
                except (discord.HTTPException, OSError, MoonballotError) as error:
                    log.warning("board not updated", poll=poll_id, reason=str(error))
                    if _may_pass(error):
                        self._dirty.add(poll_id)
                        await asyncio.sleep(RETRY_AFTER_S)
                except Exception:
                    log.exception("board not updated", poll=poll_id)
        finally:
            del self._keeping[poll_id]

    async def _publish(self, poll_id: int) -> None:
        poll, ranking = await self._polls.board_view(poll_id)
        self._channel_of[poll_id] = poll.channel_id
        if poll.message_id is None and poll.shown_revision < 0:
            if poll.state is PollState.OPEN:
                await self._post(poll, ranking, poll.channel_id)
        elif poll.message_id is not None and poll.shown_revision != poll.revision:
            await self._edit(poll, ranking, poll.message_id)
        if poll.root is not None and poll.result_posted_at is None:
            await self._post_result(poll, ranking)

    async def post(self, poll_id: int, channel_id: int, *, first: bool = False) -> str:
        """Post a new board and return its address; `first` leaves a board be that stands already.

        Raises what a moderator can act on when Discord says no.
        """
        async with self._posting[poll_id]:
            poll, ranking = await self._polls.board_view(poll_id)
            if first and poll.board_url is not None:
                return poll.board_url
            try:
                return await self._post(poll, ranking, channel_id)
            except discord.HTTPException as error:
                raise explained(error, channel_id) from error

    async def _post(self, poll: Poll, ranking: Ranking, channel_id: int) -> str:
        # The nonce makes a second try after a crash the same message; a board posted anew is meant to be another.
        nonce = f"board-{poll.id}" if poll.shown_revision < 0 else None
        card = board_card(poll, ranking, await self.electorates.of(poll))
        message = await self._channel(channel_id, poll).send(view=card, nonce=nonce)
        self._last_edit[poll.id] = asyncio.get_running_loop().time()
        await self._polls.set_board(poll.id, channel_id, message.id, poll.revision)
        return str(message.jump_url)

    async def _edit(self, poll: Poll, ranking: Ranking, message_id: int) -> None:
        board = self._channel(poll.channel_id, poll).get_partial_message(message_id)
        try:
            await board.edit(view=board_card(poll, ranking, await self.electorates.of(poll)))
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("board is gone, the poll lives on", poll=poll.id, reason=str(error))
            await self._polls.forget_board(poll.id, message_id)
            await self.tell(
                poll.guild_id,
                f"The board of **{escape(poll.title)}** cannot be shown in <#{poll.channel_id}> any more: it was "
                "deleted, or I may no longer see the channel. The poll lives on and no ballot is lost. "
                "Bring the board back with `/poll repost`.",
            )
        await self._polls.set_shown(poll.id, poll.revision)

    async def _post_result(self, poll: Poll, ranking: Ranking) -> None:
        png = await self._charts.png(ranking)
        card = ranking_card(ranking, png, 0, foot=proof_line(poll))
        try:
            await self._channel(poll.channel_id, poll).send(view=card, files=card.files, nonce=f"result-{poll.id}")
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("result has no place to go", poll=poll.id, reason=str(error))
            await self.tell(
                poll.guild_id,
                f"**{escape(poll.title)}** is closed, but its result could not be posted in <#{poll.channel_id}>: "
                "the channel is gone, or I may not post there. See it with `/rankings`.",
            )
        await self._polls.set_result_posted(poll.id)

    def _channel(self, channel_id: int, poll: Poll) -> Any:
        return self._client.get_partial_messageable(channel_id, guild_id=poll.guild_id)


async def _tell_nobody(_guild_id: int, _text: str) -> None:
    """Stand in until somebody can be told."""


def _may_pass(error: Exception) -> bool:
    """Say whether trying again later can help: not where Discord has said no."""
    return not isinstance(error, discord.HTTPException) or error.status == 429 or error.status >= 500
