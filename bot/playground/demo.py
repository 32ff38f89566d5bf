"""What a visitor of the playground finds: a greeting, a vote with ballots in it, rankings that arrive each minute."""

import asyncio
import itertools
import logging
from datetime import timedelta

import discord
from simcord.actors import MemberActor

from bot.announcements.model import Missed, NewSchedule
from bot.announcements.recurrence import parse
from bot.app import App
from bot.errors import MoonballotError
from bot.playground.world import World
from bot.polls.model import NewPoll, Poll, PollState, Voter
from bot.ui.card import STATE_COLOURS, Card

log = logging.getLogger(__name__)

POLL_TITLE = "Which airdrop do you look forward to most?"
POLL_RUNS_FOR = timedelta(days=7)
FIRST_CHOICES = (1, 0, 2, 1, 3, 1, 2, 0)
"""The candidates that the first demo members vote for, by position."""
LATER_CHOICES = (2, 4, 2, 1, 5, 2, 0, 2)
SECONDS_BETWEEN_VOTES = 50.0


class Demo:
    """Use the bot's own services to give the visitor something to look at."""

    def __init__(self, app: App, world: World) -> None:
        self._app = app
        self._world = world
        self._poll: Poll | None = None

    @property
    def _guild_id(self) -> int:
        return self._world.guild.id

    async def set_the_scene(self) -> None:
        """Greet, show every open poll, and have rankings announced; a kept database keeps its polls and schedules."""
        await self._set_log_channel()
        await self._greet()
        if not await self._show_open_polls():
            await self._open_poll()
        await self._announce()

    async def _set_log_channel(self) -> None:
        if self._app.guilds.get(self._guild_id).log_channel_id is None:
            log_channel = self._world.channels["mod-log"]
            await self._app.guilds.set_log_channel(self._guild_id, log_channel.id, self._world.moderator.id)

    async def _greet(self) -> None:
        channel = self._app.client.get_partial_messageable(self._world.channels["general"].id, guild_id=self._guild_id)
        await channel.send(view=greeting_card())

    async def _show_open_polls(self) -> bool:
        # Messages end with the simulation, polls do not: their boards are posted anew, as a moderator would.
        shown = False
        for brief in reversed(self._app.polls.listing(self._guild_id)):
            if brief.state is PollState.OPEN:
                self._poll = await self._app.polls.get(self._guild_id, brief.id)
                await self._app.client.boards.post(brief.id, self._poll.channel_id)
                shown = True
        return shown

    async def _open_poll(self) -> None:
        now = self._app.clock.now()
        self._poll = await self._app.polls.open(
            NewPoll(
                guild_id=self._guild_id,
                channel_id=self._world.channels["general"].id,
                created_by=self._world.moderator.id,
                title=POLL_TITLE,
                candidates=self._app.polls.candidates(self._guild_id, None),
                opens_at=now,
                closes_at=now + POLL_RUNS_FOR,
            )
        )
        await self._app.client.boards.post(self._poll.id, self._poll.channel_id)
        for member, choice in zip(self._world.voters, FIRST_CHOICES, strict=False):
            await self._vote(self._poll, member, choice)

    async def _announce(self) -> None:
        # A schedule of the last time goes on by itself; posts that were missed in between would only be in the way.
        if self._app.announcements.listing(self._guild_id):
            return
        schedule = await self._app.announcements.add(
            NewSchedule(
                guild_id=self._guild_id,
                kind="rankings",
                channel_id=self._world.channels["announcements"].id,
                recurrence=parse("minute", None, "UTC"),
                created_by=self._world.moderator.id,
                missed=Missed.SKIP,
            )
        )
        await self._app.announcements.run_now(self._guild_id, schedule.id)

    async def keep_voting(self) -> None:
        """Let a demo member vote, or think again, now and then: boards and rankings move."""
        members = self._world.voters[len(FIRST_CHOICES) :] + self._world.voters[: len(FIRST_CHOICES)]
        for member, choice in zip(members, itertools.cycle(LATER_CHOICES), strict=False):
            await asyncio.sleep(SECONDS_BETWEEN_VOTES)
            if self._poll is not None:
                try:
                    await self._vote(self._poll, member, choice)
                except MoonballotError as refusal:
                    log.info("a demo member did not vote: %s", refusal)

    async def _vote(self, poll: Poll, member: MemberActor, choice: int) -> None:
        position = choice % len(poll.candidates)
        await self._app.polls.cast(self._guild_id, poll.id, _voter(member), (position,), self._app.clock.now())


def _voter(member: MemberActor) -> Voter:
    born = discord.utils.snowflake_time(member.id)
    return Voter(member.id, account_created_at=born, joined_at=born)


def greeting_card() -> Card:
    """Return the card that says what to try."""
    card = Card("Welcome to the playground", colour=STATE_COLOURS["notice"])
    return card.text(
        "This is Moonballot itself, in a simulated Discord. Try this:\n"
        "1. **Vote** on the board below and watch it change.\n"
        "2. `/rankings`, or `/project show` for facts with their sources.\n"
        "3. `/ask` a question, or write it after **@Moonballot**, here or in a direct message.\n"
        "4. **#announcements** gets the rankings each minute.\n"
        "5. As **Moderator**, at the top: `/poll open`, `/answers gaps`."
    )
