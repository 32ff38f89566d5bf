"""Plan announcements, let them fall due, and take rights away from the bot."""

from datetime import UTC, datetime
from typing import Any

import discord
from simcord.actors import MemberActor
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from simcord.results import InteractionResult

from tests.world import World

DUE = datetime(2026, 3, 1, 18, tzinfo=UTC)


async def plan(world: World, **options: Any) -> InteractionResult:
    chosen = {"kind": "rankings", "channel": world.news, "every": "day", "at": "18:00"} | options
    return await world.slash(world.mod, "announce add", **chosen)


async def due(world: World, when: datetime = DUE) -> None:
    world.clock.advance(when - world.clock.now())
    await world.app.announcements.due()
    await world.env.settle()


def deny(world: World, channel: Any, **permissions: bool) -> None:
    """Take rights away from everybody in a channel; none named gives them back."""
    denied = discord.Permissions(**permissions).value
    overwrite = Overwrite(world.guild.default_role.id, OverwriteType.ROLE, deny=denied)
    world.env.backend.set_overwrite(channel.id, overwrite)


def requests_to(world: World, channel: Any) -> list[Any]:
    return [r for r in world.env.http_requests if (r.method, r.path) == ("POST", f"/channels/{channel.id}/messages")]


async def click(who: MemberActor, answer: InteractionResult, label: str) -> InteractionResult:
    assert answer.response is not None
    return await who.click(answer.response, label=label)


async def choices(world: World, command: str, option: str, typed: str, **filled: Any) -> dict[str, str]:
    found = await world.mod.autocomplete(world.general, command, option, typed, **filled)
    return {str(choice["name"]): str(choice["value"]) for choice in found}
