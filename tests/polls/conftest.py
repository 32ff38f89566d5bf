"""A ballot box at work on both engines, and polls to put ballots into."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.clock import FixedClock
from bot.polls import store as sql
from bot.polls.ballot_box import BallotBox
from bot.polls.judging import Cast
from bot.polls.model import Candidate, NewPoll, Poll, Recorded, Rules, Visibility, Voter
from bot.store.engine import Store

GUILD, CHANNEL, MODERATOR = 7, 70, 700
LABELS = ("Starknet", "LayerZero", "peaq")


class Booth:
    """Open polls and vote in them, as a service would."""

    def __init__(self, store: Store, clock: FixedClock, box: BallotBox) -> None:
        self.store, self.clock, self.box = store, clock, box

    async def poll(
        self,
        *,
        closes_in: timedelta | None = timedelta(hours=1),
        rules: Rules | None = None,
        guild_id: int = GUILD,
        results: Visibility = Visibility.LIVE,
        opens_in: timedelta = timedelta(),
    ) -> int:
        now = self.clock.now()
        lines = tuple(Candidate(place, label) for place, label in enumerate(LABELS))
        opens_at = now + opens_in
        closes_at = opens_at + closes_in if closes_in else None
        new = NewPoll(
            guild_id,
            CHANNEL,
            MODERATOR,
            "Who leads?",
            lines,
            opens_at,
            closes_at,
            results=results,
            rules=rules or Rules(),
        )
        async with self.store.begin() as tx:
            return await sql.insert(tx, new, now)

    def voter(self, number: int) -> Voter:
        return Voter(number, datetime(2020, 1, 1, tzinfo=self.clock.now().tzinfo), None)

    async def cast(self, poll_id: int, voter: int, *choices: int, guild_id: int = GUILD) -> Recorded:
        return await self.box.cast(Cast(guild_id, poll_id, self.voter(voter), choices, self.clock.now()))

    async def read(self, poll_id: int) -> Poll:
        async with self.store.read() as tx:
            poll = await sql.get(tx, poll_id)
        assert poll is not None
        return poll

    async def tally(self, poll_id: int) -> list[int]:
        return [line.votes for line in (await self.read(poll_id)).candidates]


@pytest.fixture
async def booth(store: Store, clock: FixedClock) -> AsyncIterator[Booth]:
    box = BallotBox(store)
    box.start()
    yield Booth(store, clock, box)
    await box.stop()
