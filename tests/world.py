"""The bot in a simulated Discord: one server, a member, a moderator, three channels."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import discord
from discord import app_commands
from simcord.actors import MemberActor
from simcord.env import Env
from simcord.results import InteractionResult

from bot.app import App
from bot.clock import FixedClock
from bot.errors import MoonballotError
from bot.playground.role_counts import teach_role_counts
from bot.settings import Settings

# The simulation looks every 50 ms whether an ephemeral answer is complete; a test need not wait that long.
assert Env._settle_internal.__kwdefaults__ is not None
Env._settle_internal.__kwdefaults__["idle"] = 0.001


# Far beyond what a test takes: the simulation lets short sleeps pass in real time, long ones only when it is told to.
BOARD_SPACING_S = 60.0


class World:
    """What a test needs at hand; `say` is what a person reads of a message."""

    def __init__(self, app: App, env: Env, clock: FixedClock) -> None:
        self.app, self.env, self.clock = app, env, clock
        self.guild = env.create_guild("Lab")
        self.general = self.guild.create_text_channel("general")
        self.news = self.guild.create_text_channel("announcements")
        self.log = self.guild.create_text_channel("mod-log")
        self.manage = self.guild.create_role(
            "Mods", permissions=discord.Permissions(manage_guild=True, manage_messages=True)
        )
        self.helpers = self.guild.create_role("Helpers")
        self.alice = self.join("alice")
        self.mod = self.join("mod", self.manage)

    def join(self, name: str, *roles: Any) -> MemberActor:
        return self.guild.add_member(self.env.create_user(name), roles=list(roles))

    async def slash(self, who: MemberActor, command: str, **options: Any) -> InteractionResult:
        return await who.slash(self.general, command, **options)

    async def open_poll(self, title: str = "Who leads?", **options: Any) -> discord.Message:
        """Have the moderator open a poll; give its board."""
        await self.slash(self.mod, "poll open", title=title, **options)
        return self.last(self.general)

    def last(self, channel: Any) -> discord.Message:
        message: discord.Message | None = channel.last_message
        assert message is not None, f"nothing was posted in {channel}"
        return message

    async def vote(self, who: MemberActor, board: discord.Message, label: str) -> InteractionResult:
        """Click Vote on the board and pick a candidate by its name."""
        ballot = await who.click(board, label="Vote")
        assert ballot.response is not None
        return await who.select(ballot.response, [value_of(ballot.response, label)])

    async def unset(self, option: str) -> None:
        """Have the moderator take a setting of the server away."""
        question = await self.slash(self.mod, f"setup {option}")
        assert question.response is not None
        await self.mod.click(question.response, label="Remove it")

    async def due(self) -> None:
        """Have happen what the clock says is due, and wait for the boards."""
        boards = self.app.client.boards
        boards.spacing_s = 0
        await self.app.polls.due()
        await boards.join()
        boards.spacing_s = BOARD_SPACING_S

    async def settle_boards(self) -> None:
        """Let the boards' waiting time pass."""
        await self.env.advance_time(BOARD_SPACING_S + 1)


def say(result: InteractionResult | Any) -> str:
    """Return all that a person reads in a message or an answer."""
    message = result.response or result.followups[-1] if isinstance(result, InteractionResult) else result
    assert message is not None, "nobody answered"
    return "\n".join(_texts(message))


def parts(message: Any) -> Iterator[dict[str, Any]]:
    """Give all that a message is made of, what is inside of something, too."""
    return walk(part if isinstance(part, dict) else part.to_dict() for part in message.components)


def walk(parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from walk([*(part.get("components") or ()), *([part["accessory"]] if part.get("accessory") else ())])


def _texts(message: Any) -> Iterator[str]:
    for part in parts(message):
        for key in ("content", "label", "placeholder"):
            if part.get(key):
                yield str(part[key])
        for option in part.get("options") or ():
            yield str(option["label"])


def value_of(message: Any, label: str) -> str:
    """Return what a drop-down list sends for the option of that name."""
    for part in parts(message):
        for option in part.get("options") or ():
            if option["label"] == label:
                return str(option["value"])
    raise AssertionError(f"no option {label!r}")


def labels(message: Any) -> list[str]:
    """Return the buttons' labels."""
    return [str(part["label"]) for part in parts(message) if part.get("type") == 2]


def _cause(error: BaseException) -> BaseException:
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error.__cause__ or error


class Unpaced:
    """Give every turn at once: the bot's tasks have the simulation's time, and those of a test the machine's."""

    def __init__(self, per_second: float, ahead: int = 0) -> None:
        self.per_second, self.ahead = per_second, ahead

    async def turn(self) -> None:
        """Do not wait."""


@asynccontextmanager
async def app_at(database: Path, clock: FixedClock, **settings: Any) -> AsyncIterator[App]:
    """Open the whole bot, as yet connected to nothing, on a database of its own."""
    with patch("bot.app.Pace", Unpaced):
        app = App(Settings(database_url=f"sqlite+aiosqlite:///{database}", shard_count=1, **settings), clock)
    app.client.boards.spacing_s = BOARD_SPACING_S
    await app.open()
    try:
        yield app
    finally:
        await app.close()


@asynccontextmanager
async def simulated(app: App) -> AsyncIterator[Env]:
    """Connect the bot to a simulated Discord; an error that nobody foresaw fails the test at the end."""
    teach_role_counts()
    env = Env(app.client, check_errors=False)
    await env.start()
    try:
        yield env
    finally:
        await env.shutdown()
    unforeseen = [error for error in env.errors if not isinstance(_cause(error), MoonballotError)]
    assert not unforeseen, unforeseen
