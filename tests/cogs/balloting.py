"""Open polls of every method, and fill in their ballots by clicks."""

from datetime import timedelta
from typing import Any

import discord
import sqlalchemy as sa
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from bot.polls.model import Candidate, NewPoll
from bot.store.schema import ballots
from bot.ui.card import Card
from tests.world import World, parts, value_of

NAMES = ("Starknet", "LayerZero", "Dymension", "peaq", "Movement", "zkSync")


async def open_poll(
    world: World, method: str, candidates: int | tuple[str, ...] = NAMES, most: int = 100, hours: int | None = None
) -> discord.Message:
    """Open a poll of this method; give its board."""
    names = [f"Project {n:03}" for n in range(candidates)] if isinstance(candidates, int) else candidates
    lines = tuple(Candidate(place, name) for place, name in enumerate(names))
    now = world.clock.now()
    until = now + timedelta(hours=hours) if hours else None
    new = NewPoll(world.guild.id, world.general.id, world.mod.id, "Who leads?", lines, now, until, method, most)
    poll = await world.app.polls.open(new)
    await world.app.client.boards.post(poll.id, world.general.id)
    return world.last(world.general)


async def ballot_rows(world: World) -> dict[int, list[int]]:
    async with world.app.store.read() as tx:
        return {row.voter_id: row.choices for row in await tx.execute(sa.select(ballots))}


async def opened(who: MemberActor, board: discord.Message) -> Any:
    return shown(await who.click(board, label="Vote"))


def shown(answer: InteractionResult) -> Any:
    assert answer.response is not None
    return answer.response


async def pick(who: MemberActor, paper: Any, *names: str) -> InteractionResult:
    return await who.select(paper, [value_of(paper, name) for name in names])


async def search(who: MemberActor, paper: Any, text: str) -> InteractionResult:
    return await who.submit_modal(await who.click(paper, label="Search"), {"text": text})


def options(message: Any) -> list[str]:
    return [str(option["label"]) for part in parts(message) for option in part.get("options") or ()]


def id_of(message: Any, label: str) -> str:
    return next(
        str(part["custom_id"]) for part in parts(message) if label in (part.get("label"), part.get("placeholder"))
    )


async def post(world: World, card: Card) -> discord.Message:
    """Post a card as an older version of the bot might have left it."""
    channel = world.app.client.get_partial_messageable(world.general.id, guild_id=world.guild.id)
    await channel.send(view=card)
    return world.last(world.general)


async def ranked(who: MemberActor, paper: Any, *names: str) -> Any:
    for name in names:
        paper = shown(await pick(who, paper, name))
    return paper
