"""What the tests of the running bot stand on: a club on the loopback, its poll, and what the database says."""

import asyncio
import re
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from .bot_process import BotProcess
from .discord_loopback import Discord, LoopbackProcess
from .loopback.member_actions import walk

Payload = dict[str, Any]

SURVEY = ("Token Metrics", "Starknet", "LayerZero", "Dymension", "peaq", "Movement")
TITLE = "Which airdrop?"
WISH: Payload = {
    "channels": [{"name": "general"}, {"name": "news"}, {"name": "log"}],
    "roles": [{"name": "Mods"}],
    "members": [
        {"name": "mod", "roles": ["Mods"]},
        *({"name": name, "account_age_days": 900} for name in ("ada", "bob", "cyd")),
    ],
}


@pytest.fixture(autouse=True)
async def no_violations(discord_side: Discord) -> AsyncIterator[None]:
    """Hold every test to Discord's limits."""
    yield
    found = await discord_side.violations()
    await discord_side.ask("DELETE", "violations")
    assert found == []


@contextmanager
def bot_for_a_module(loopback: LoopbackProcess, folder: Path) -> Iterator[BotProcess]:
    """Run one bot for many tests, each of which founds a club of its own."""

    async def start(process: BotProcess) -> None:
        async with discord:
            await (await Club.found(discord, process)).start()

    discord = Discord(loopback)
    process = BotProcess(discord, folder)
    try:
        asyncio.run(start(process))
        yield process
    finally:
        process.clean_up()


class Club:
    """A server whose bot runs as a process."""

    def __init__(self, discord: Discord, process: BotProcess, made: Payload) -> None:
        self.discord = discord
        self.process = process
        self.id: str = made["id"]
        self.owner: str = made["owner"]
        self.members: dict[str, str] = made["members"]
        self.roles: dict[str, str] = made["roles"]
        self.general: str = made["channels"]["general"]
        self.news: str = made["channels"]["news"]
        self.log: str = made["channels"]["log"]

    @classmethod
    async def found(cls, discord: Discord, process: BotProcess) -> "Club":
        """Make the server; the bot does not run yet."""
        return cls(discord, process, await discord.guild(**WISH))

    async def start(self, *command: str) -> float:
        """Start the bot and wait until it is at work; give the seconds until it said that it is ready."""
        ready, began = self._said_ready(), time.monotonic()
        await self.process.start(*command)
        await until(lambda: self._said_ready() > ready, what="ready")
        return time.monotonic() - began

    def _said_ready(self) -> int:
        return len(re.findall(r"\bready\b.* guilds=|\"event\": \"ready\"", self.process.log))

    async def kill(self) -> None:
        """Kill the bot and wait until Discord has noticed."""
        await self.process.kill()
        await self.discord.until(lambda now: now["connections"] == 0, what="the end of the connection")

    async def restart(self) -> None:
        """Kill the bot and start it again."""
        await self.kill()
        await self.start()

    async def do(self, command: str, /, *, member: str | None = None, **options: Any) -> Payload:
        """Type a command in #general, as the owner unless a member is named."""
        user = self.members[member] if member else self.owner
        return await self.discord.slash(user, self.general, command, **options)

    async def open_poll(self, **options: Any) -> "Board":
        """Open a poll as the owner; its board is the newest message in #general."""
        answer = await self.do("poll open", title=TITLE, **options)
        assert "Open" in text_of(answer["message"]), answer
        return self.board((await self.discord.messages(self.general))[-1])

    def board(self, message: Payload) -> "Board":
        """Take a message for a poll's board."""
        return Board(self, message)

    async def answered(self, load: int, count: int) -> None:
        """Wait until a load in the background has that many answers."""
        for _ in range(1000):
            if (await self.discord.load_figures(load, wait=0.005))["count"] >= count:
                return
        raise AssertionError(f"the load goes nowhere\n{self.process.log}")

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read the database as it is on the disk."""
        with closing(sqlite3.connect(self.process.database, timeout=10)) as database:
            return database.execute(query, values).fetchall()

    def write(self, query: str, *values: Any) -> None:
        """Change the database; the bot had better not run."""
        with closing(sqlite3.connect(self.process.database, timeout=10)) as database, database:
            database.execute(query, values)


class Board:
    """A poll's board in a channel, and the truth about the poll."""

    def __init__(self, club: Club, message: Payload) -> None:
        self.club = club
        self.message = message
        self.poll = int(_custom_id(message, "poll:v1:vote:").rpartition(":")[2])
        self.pick_id = f"poll:v1:pick:{self.poll}"

    async def ballot(self, name: str) -> Payload:
        """Press **Vote** as a member; give the ephemeral ballot."""
        answer = await self.club.discord.press(self.club.members[name], self.message, f"poll:v1:vote:{self.poll}")
        ballot: Payload = answer["message"]
        return ballot

    async def vote(self, name: str, choice: int) -> Payload:
        """Press **Vote** and pick, as a member; give what came of the pick."""
        ballot = await self.ballot(name)
        return await self.club.discord.pick(self.club.members[name], ballot, self.pick_id, str(choice))

    async def storm(self, **wish: Any) -> Payload:
        """Have many members pick at once; in turn they choose everything that there is."""
        values = [str(position) for position in range(self._count())]
        # Everybody clicks on one ballot, which Discord would not let them do; the bot does not look at whose it is.
        message = (await self.ballot("cyd"))["id"]
        wish = {"kind": "select", "message": message, "custom_id": self.pick_id, "values": values, **wish}
        return await self.club.discord.load(detail=True, **wish)

    def stored(self) -> dict[int, int]:
        """Give each voter's choice from the database, after having held the counts to it."""
        rows = self.club.rows("SELECT voter_id, choices FROM ballots WHERE poll_id = ?", self.poll)
        choices = {voter: int(text.strip("[]")) for voter, text in rows}
        assert len(choices) == len(rows), "somebody has two ballots"
        tally = self.club.rows("SELECT position, votes FROM candidates WHERE poll_id = ? AND votes", self.poll)
        assert dict(tally) == dict(Counter(choices.values()))
        assert self.club.rows("SELECT ballots FROM polls WHERE id = ?", self.poll) == [(len(rows),)]
        return choices

    def audit(self, figures: Payload, before: dict[int, int]) -> dict[int, int]:
        """Hold what is stored to the answers of a storm and what was stored before it; give what is stored.

        Of each member the last recorded vote counts, or a later one whose answer was cut off. A member must not vote
        as often as there are candidates: by its choice a vote tells which one of the member's it was.
        """
        stored = self.stored()
        told, untold = _turns(figures, self._count())
        assert told
        for voter in before.keys() | told.keys() | untold.keys() | stored.keys():
            last = max(told.get(voter, {-1: None}))
            allowed = {choice for turn, choice in untold.get(voter, {}).items() if turn > last}
            allowed.add(told[voter][last] if last >= 0 else before.get(voter))
            assert stored.get(voter) in allowed, (voter, last, allowed)
        return stored

    def _count(self) -> int:
        return int(self.club.rows("SELECT count(*) FROM candidates WHERE poll_id = ?", self.poll)[0][0])

    async def seen(self) -> Payload:
        """Look at the board's message as it is now."""
        message: Payload = await self.club.discord.ask("GET", f"messages/{self.message['id']}")
        return message

    async def shows(self, *texts: str, seconds: float = 12) -> str:
        """Wait until the board shows all these texts; give all that it shows."""
        deadline = time.monotonic() + seconds
        while True:
            seen = text_of(await self.seen())
            if all(text in seen for text in texts):
                return seen
            assert time.monotonic() < deadline, f"the board never showed {texts}:\n{seen}\n{self.club.process.log}"
            await asyncio.sleep(0.1)


async def until(met: Callable[[], Any], *, seconds: float = 15, what: str = "it") -> None:
    """Wait until a condition is met."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        await asyncio.sleep(0.05)


def text_of(message: Payload | None) -> str:
    """Give all that a message says."""
    if message is None:
        return ""
    parts = [message["content"], *(each.get("content", "") for each in walk(message["components"]))]
    return "\n".join(part for part in parts if part)


def line_of(message: Payload) -> str:
    """Give the one line of a notice; anything longer fails the test."""
    lines = [line for line in text_of(message).splitlines() if line.strip()]
    assert len(lines) == 1, lines
    return lines[0]


def _turns(figures: Payload, count: int) -> tuple[dict[int, dict[int, Any]], dict[int, dict[int, Any]]]:
    """Give each member's votes in a storm, turn to choice: those recorded, and those whose end nobody was told."""
    told: dict[int, dict[int, Any]] = {}
    untold: dict[int, dict[int, Any]] = {}
    for each in [*figures["acknowledged"], *figures["unacknowledged"]]:
        voter, text = int(each["user_id"]), each.get("text", "")
        if "nothing was recorded" in text:
            continue
        # The members' ids follow each other within a millisecond, and each begins at another candidate.
        place = voter & (1 << 22) - 1
        # A vote that was only put off is acknowledged, but nothing is promised yet.
        votes = told if "✅" in text else untold
        votes.setdefault(voter, {})[(each["template"] - place) % count] = each["template"]
    return told, untold


def _custom_id(message: Payload, beginning: str) -> str:
    ids = [str(each.get("custom_id", "")) for each in walk(message["components"])]
    return next(each for each in ids if each.startswith(beginning))
