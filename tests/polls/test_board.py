"""Boards of many polls, kept up to date in a Discord that takes its time."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.polls.board import BoardKeeper
from bot.polls.model import Poll, PollState
from bot.polls.ranking import ranking_of
from bot.rankings.model import Ranking
from tests.polls.proof.exports import OPENED, a_poll


class Discord:
    """Stands for the client, its channels and their messages; an edit ends when its channel is let go."""

    def __init__(self) -> None:
        self.channel = 0
        self.begun: list[tuple[int, int]] = []
        self.open: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)

    def get_guild(self, guild_id: int) -> None:
        return None

    def get_partial_messageable(self, channel_id: int, *, guild_id: int) -> "Discord":
        self.channel = channel_id
        return self

    def get_partial_message(self, message_id: int) -> "Message":
        return Message(self, self.channel, message_id)


class Message:
    def __init__(self, discord: Discord, channel: int, number: int) -> None:
        self._discord, self._channel, self._number = discord, channel, number

    async def edit(self, *, view: object) -> None:
        self._discord.begun.append((self._channel, self._number))
        await self._discord.open[self._channel].wait()


class Polls:
    """Stands for the service: open polls, and what their boards show."""

    def __init__(self, channels: dict[int, int]) -> None:
        self.channels = channels
        self.revisions = dict.fromkeys(channels, 1)
        self.shown = dict.fromkeys(channels, 0)

    async def board_view(self, poll_id: int) -> tuple[Poll, Ranking]:
        poll = replace(
            a_poll(number=poll_id),
            state=PollState.OPEN,
            closed_at=None,
            channel_id=self.channels[poll_id],
            message_id=poll_id,
            revision=self.revisions[poll_id],
            shown_revision=self.shown[poll_id],
        )
        return poll, ranking_of(poll, OPENED, visible=True)

    async def set_shown(self, poll_id: int, revision: int) -> None:
        self.shown[poll_id] = revision


@pytest.fixture
def discord() -> Discord:
    return Discord()


@pytest.fixture
def polls() -> Polls:
    return Polls({1: 10, 2: 10, 3: 10, 4: 40})


@pytest.fixture
async def boards(discord: Discord, polls: Polls) -> BoardKeeper:
    keeper = BoardKeeper(cast(Any, discord), cast(Any, polls), cast(Any, None))
    keeper.spacing_s = 0
    for channel in (10, 40):
        discord.open[channel].set()
    await all_out_of_date(keeper, polls)
    await asyncio.wait_for(keeper.join(), 2)
    return keeper


async def all_out_of_date(boards: BoardKeeper, polls: Polls) -> None:
    for poll_id in polls.channels:
        polls.revisions[poll_id] += 1
        boards.mark(poll_id)


async def test_a_slow_channel_holds_up_its_own_boards_and_no_others(
    boards: BoardKeeper, discord: Discord, polls: Polls
) -> None:
    discord.open[10].clear()
    discord.begun.clear()
    await all_out_of_date(boards, polls)
    await asyncio.sleep(0.3)
    assert Counter(channel for channel, _ in discord.begun) == {10: 1, 40: 1}
    assert polls.shown[4] == polls.revisions[4]
    discord.open[10].set()
    await asyncio.wait_for(boards.join(), 2)
    assert Counter(discord.begun) == {(10, 1): 1, (10, 2): 1, (10, 3): 1, (40, 4): 1}
    assert polls.shown == polls.revisions


async def test_a_board_that_waits_is_edited_once_with_its_newest_state(
    boards: BoardKeeper, discord: Discord, polls: Polls
) -> None:
    discord.open[10].clear()
    discord.begun.clear()
    await all_out_of_date(boards, polls)
    await asyncio.sleep(0.2)
    waiting = ({1, 2, 3} - {number for _, number in discord.begun}).pop()
    for _ in range(5):
        polls.revisions[waiting] += 1
        boards.mark(waiting)
        await asyncio.sleep(0)
    discord.open[10].set()
    await asyncio.wait_for(boards.join(), 2)
    assert Counter(discord.begun)[10, waiting] == 1
    assert polls.shown == polls.revisions


async def test_a_change_during_an_edit_makes_another_one(boards: BoardKeeper, discord: Discord, polls: Polls) -> None:
    discord.open[40].clear()
    discord.begun.clear()
    polls.revisions[4] += 1
    boards.mark(4)
    await asyncio.sleep(0.1)
    polls.revisions[4] += 1
    boards.mark(4)
    discord.open[40].set()
    await asyncio.wait_for(boards.join(), 2)
    assert discord.begun == [(40, 4), (40, 4)]
    assert polls.shown == polls.revisions


async def test_no_more_boards_are_edited_in_a_second_than_discord_takes(
    discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.polls.board.MOST_BOARDS_A_SECOND", 20.0)
    polls = Polls({number: 100 + number for number in range(1, 41)})
    boards = BoardKeeper(cast(Any, discord), cast(Any, polls), cast(Any, None))
    await all_out_of_date(boards, polls)
    await asyncio.sleep(0.5)
    assert 5 <= len(discord.begun) <= 11
    await boards.stop()
