"""A bot that is killed at the n-th step of casting and closing, and started again: run as a process of its own.

`python -m tests.polls.crashing DATABASE_URL FOLDER EVERY` kills one life at each EVERY-th step, recovers, and prints a
line of JSON on each. A step is an SQL statement, a commit, a word to Discord or an answer to a member.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.audit import store as audit
from bot.audit.model import first_break
from bot.catalogue.editions import Editions
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.clock import FixedClock
from bot.polls import store as sql
from bot.polls.ballot_box import BallotBox
from bot.polls.board import BoardKeeper
from bot.polls.model import Candidate, NewPoll, Voter
from bot.polls.proof.receipt import receipt_text
from bot.polls.records import PollRecords, Verified
from bot.polls.service import PollService
from bot.store.engine import Store
from bot.store.schema import ballots

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD, CHANNEL, MODERATOR = 7, 70, 700
CATALOGUE = Editions(Catalogue(load(Path(__file__).parents[2] / "data")))
# Before the steps are counted, and while they are: a first ballot, a change, a withdrawal. Voter and choices.
BEFORE = [(1, (0,)), (2, (1,))]
SCRIPT = [(3, (2,)), (1, (1,)), (2, ())]
MOST_STEPS = 400


class Steps:
    """Count what is done, and end the process in front of one step."""

    def __init__(self, kill_at: int) -> None:
        self.kill_at, self.taken, self.armed = kill_at, 0, False

    def take(self, *_: Any) -> None:
        if not self.armed:
            return
        self.taken += 1
        if self.taken == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class Discord:
    """A channel that remembers what it was told, whoever tells it; a nonce is taken once."""

    def __init__(self, file: Path, steps: Steps) -> None:
        self.file, self.steps = file, steps

    def get_guild(self, guild_id: int) -> None:
        return None

    def get_partial_messageable(self, _channel_id: int, guild_id: int) -> "Discord":
        return self

    def get_partial_message(self, message_id: int) -> "Message":
        return Message(self, message_id)

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def hear(self, message_id: int, nonce: str | None, view: Any) -> None:
        self.steps.take()
        line = json.dumps({"id": message_id, "nonce": nonce, "text": json.dumps(view.to_components())})
        with self.file.open("a") as file:
            file.write(line + "\n")
        self.steps.take()

    async def send(self, *, view: Any, nonce: str, files: Any = ()) -> "Message":
        known = {line["nonce"]: line["id"] for line in self.said() if line["nonce"]}
        message_id = known.get(nonce, 900 + len(known))
        if nonce not in known:
            self.hear(message_id, nonce, view)
        return Message(self, message_id)


class Message:
    jump_url = "https://discord.com/channels/7/70/900"

    def __init__(self, channel: Discord, message_id: int) -> None:
        self.channel, self.id = channel, message_id

    async def edit(self, *, view: Any) -> None:
        self.channel.hear(self.id, None, view)


class NoPicture:
    async def png(self, _ranking: Any) -> bytes:
        return b"a picture"


class Bot:
    """As much of the bot as votes need."""

    def __init__(self, url: str, discord: Discord, clock: FixedClock) -> None:
        self.clock = clock
        self.store = Store(url)
        self.box = BallotBox(self.store)
        self.polls = PollService(self.store, clock, self.box, CATALOGUE)
        charts: Any = NoPicture()
        client: Any = discord
        self.boards = BoardKeeper(client, self.polls, charts)
        self.boards.spacing_s = 0

    async def __aenter__(self) -> "Bot":
        await self.polls.load()
        self.box.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.boards.join()
        await self.box.stop()
        await self.store.close()


async def live(bot: Bot, steps: Steps, tell: Callable[[Any], None]) -> None:
    """Open a poll, vote, close; `tell` what was acknowledged as soon as it was."""
    lines = tuple(Candidate(place, label) for place, label in enumerate(("Starknet", "LayerZero", "peaq")))
    poll = await bot.polls.open(
        NewPoll(GUILD, CHANNEL, MODERATOR, "Who leads?", lines, NOON, NOON + timedelta(hours=1))
    )
    await bot.boards.post(poll.id, CHANNEL)
    tell({"poll": poll.id})
    for voter, choices in (*BEFORE, *SCRIPT):
        steps.armed = (voter, choices) in SCRIPT
        who = Voter(voter, datetime(2020, 1, 1, tzinfo=UTC), None)
        recorded = await bot.polls.cast(GUILD, poll.id, who, choices, bot.clock.now())
        steps.take()
        tell({"voter": voter, "choices": choices, "receipt": recorded.ballot.receipt})
    bot.clock.advance(timedelta(minutes=30))
    bot.polls.on_change = bot.boards.mark
    await bot.polls.close(GUILD, poll.id, MODERATOR)
    steps.take()
    tell({"closed": True})


async def recover(bot: Bot, steps: Steps, tell: Callable[[Any], None]) -> None:
    """Start again after the poll's time: as the bot does, whatever it finds."""
    steps.armed = True
    bot.clock.advance(timedelta(hours=3))
    bot.polls.on_change = bot.boards.mark
    await bot.polls.due()
    await bot.boards.start()
    await bot.boards.join()
    steps.armed = False
    async with bot.store.read() as tx:
        poll_id = max(brief.id for brief in await sql.briefs(tx))
        poll = await sql.get(tx, poll_id)
        assert poll is not None
        rows = (await tx.execute(sa.select(ballots).where(ballots.c.poll_id == poll_id))).all()
        chain = await audit.of_guild(tx, GUILD)
    records = PollRecords(bot.store, bot.clock)
    checked = [await records.verify(GUILD, receipt_text(poll_id, row.salt)) for row in rows]
    kept = [{"voter": row.voter_id, "choices": row.choices, "salt": row.salt.hex()} for row in rows]
    votes = [line.votes for line in poll.candidates]
    tell(
        {
            "poll": poll_id,
            "state": poll.state,
            "closed_after_s": poll.closed_at and (poll.closed_at - NOON).total_seconds(),
            "ballots": kept,
            "turnout": poll.ballots,
            "votes": votes,
            "count": poll.count,
            "root": poll.root,
            "proved": [isinstance(each, Verified) and each.root_holds for each in checked],
            "posted": poll.result_posted_at is not None,
            "shown": poll.shown_revision == poll.revision,
            "log": [entry.new.action for entry in chain if entry.new.poll_id == poll_id],
            "chain_breaks_at": first_break(chain),
        }
    )


Act = Callable[[Bot, Steps, Callable[[Any], None]], Coroutine[Any, Any, None]]


def in_a_child(url: str, folder: Path, act: Act, kill_at: int) -> tuple[bool, list[Any]]:
    """Run one life in a process of its own; return whether it was killed, and what it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        steps = Steps(kill_at)
        sa.event.listen(sa.Engine, "before_cursor_execute", steps.take)
        sa.event.listen(sa.Engine, "commit", steps.take)

        async def run() -> None:
            async with Bot(url, Discord(folder / "discord", steps), FixedClock(NOON)) as bot:
                await act(bot, steps, lambda said: void(os.write(writing, json.dumps(said).encode() + b"\n")))

        try:
            asyncio.run(run())
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        lines = [json.loads(line) for line in told]
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0:
        raise SystemExit(f"a life that was to be killed at step {kill_at} failed by itself")
    return os.WIFSIGNALED(status), lines


def void(_: object) -> None:
    """Take a value and give none."""


def main(url: str, folder: Path, every: int) -> None:
    for kill_at in range(1, MOST_STEPS, every):
        (folder / "discord").unlink(missing_ok=True)
        killed, told = in_a_child(url, folder, live, kill_at)
        # What recovers is killed as well, at steps of its own, and recovers again.
        killed_again, _ = in_a_child(url, folder, recover, kill_at % 24 + 1)
        _, found = in_a_child(url, folder, recover, -1)
        said = Discord(folder / "discord", Steps(-1)).said()
        line = {"killed_at": kill_at, "killed": killed, "killed_again": killed_again, "told": told, "said": said}
        print(json.dumps({**line, "found": found[-1]}), flush=True)
        if not killed:
            return
    raise SystemExit("there are more steps than that")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
