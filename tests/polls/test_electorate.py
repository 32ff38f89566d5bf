import asyncio
from dataclasses import replace
from typing import Any, cast
from unittest.mock import AsyncMock, Mock, create_autospec

import discord
import pytest

from bot.polls import electorate
from bot.polls.cards import board_card
from bot.polls.electorate import Electorates
from bot.polls.model import Electorate, Rules
from bot.polls.ranking import ranking_of
from tests.polls.ballots import NOON, poll_of
from tests.polls.test_ballot_cards import text

HOLDERS = {5: 40, 6: 10}


def guild(members: int | None = 200) -> Any:
    made = create_autospec(discord.Guild, instance=True, id=7, member_count=members)
    made.role_member_counts = AsyncMock(return_value={discord.Object(role): held for role, held in HOLDERS.items()})
    return made


def electorates(of: Any) -> Electorates:
    return Electorates(cast("discord.Client", Mock(spec=discord.Client, get_guild=lambda _: of)))


async def count(of: Any, *roles: int) -> Electorate | None:
    return await electorates(of).of(replace(poll_of(3), rules=Rules(role_ids=roles)))


async def test_without_a_needed_role_it_is_all_members() -> None:
    assert await count(guild()) == Electorate(200)


async def test_with_a_needed_role_it_is_its_holders() -> None:
    assert await count(guild(), 5) == Electorate(40, holders=True)


async def test_holders_of_several_roles_are_at_most_their_sum() -> None:
    assert await count(guild(), 5, 6) == Electorate(50, holders=True, at_most=True)


@pytest.mark.parametrize("nowhere", [None, guild(members=None)])
async def test_what_discord_does_not_say_is_not_known(nowhere: Any) -> None:
    assert await count(nowhere) is None


async def test_a_role_that_is_gone_leaves_the_electorate_unknown() -> None:
    assert await count(guild(), 5, 9) is None


async def test_without_the_right_to_ask_it_is_unknown_and_not_asked_again_at_once() -> None:
    there = guild()
    there.role_member_counts.side_effect = discord.Forbidden(Mock(status=403), "Missing Permissions")
    asking, poll = electorates(there), replace(poll_of(3), rules=Rules(role_ids=(5,)))
    assert [await asking.of(poll), await asking.of(poll)] == [None, None]
    assert there.role_member_counts.await_count == 1


async def test_a_count_is_asked_for_anew_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    there = guild()
    asking, poll = electorates(there), replace(poll_of(3), rules=Rules(role_ids=(5,)))
    await asking.of(poll)
    await asking.of(poll)
    assert there.role_member_counts.await_count == 1
    monkeypatch.setattr(electorate, "ASK_AGAIN_AFTER_S", 0.0)
    await asking.of(poll)
    assert there.role_member_counts.await_count == 2


async def test_a_discord_that_does_not_answer_holds_no_board_up(monkeypatch: pytest.MonkeyPatch) -> None:
    there = guild()
    there.role_member_counts.side_effect = asyncio.Event().wait
    monkeypatch.setattr(electorate, "ANSWER_WITHIN_S", 0.01)
    assert await count(there, 5) is None


@pytest.mark.parametrize(
    ("ballots", "could", "line"),
    [
        (3, None, "3 ballots"),
        (3, Electorate(12), "3 ballots · 25% of 12 members"),
        (1, Electorate(40, holders=True), "1 ballot · 2% of 40 role holders"),
        (0, Electorate(1, holders=True), "0 ballots · 0% of 1 role holder"),
        (10, Electorate(50, holders=True, at_most=True), "10 ballots · at least 20% of at most 50 role holders"),
        (3, Electorate(2, holders=True), "3 ballots"),
        (0, Electorate(0, holders=True), "0 ballots · 0% of 0 role holders"),
    ],
)
def test_the_board_shows_the_turnout_of_those_who_could_vote(ballots: int, could: Electorate | None, line: str) -> None:
    poll = replace(poll_of(3), ballots=ballots)
    assert f"-# {line}\n" in text(board_card(poll, ranking_of(poll, NOON, visible=True), could)) + "\n"
