"""A database with a poll of any number of ballots, and open polls beside it."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.polls import store as sql
from bot.polls.counting import METHODS
from bot.polls.model import Candidate, NewPoll, Poll
from bot.polls.proof.receipt import receipt_text
from bot.store.engine import Store
from tests.polls.proof.exports import some_ballots

GUILD, CHANNEL, MODERATOR = 7, 70, 700
# The poll that has the ballots; the others have none.
LARGE_POLL = 1
VOTING = timedelta(days=7)
_FIRST_VOTER = 1_187_654_321_012_345_678
_STEP_BETWEEN_VOTERS = 4_194_301


def address(path: Path) -> str:
    """Return how the bot is told of a database file."""
    return f"sqlite+aiosqlite:///{path}"


def make_database(path: Path, ballots: int, polls: int, method: str = "single") -> None:
    """Make a database with that many open polls, whose boards are up to date, and all ballots in the first of them."""
    poll = asyncio.run(_open_polls(path, polls, method))
    if poll is None:
        return
    tally: Counter[int] = Counter()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        with database:
            database.executemany(_BALLOT, _rows(poll, ballots, tally))
            votes = [(tally[line.position], poll.id, line.position) for line in poll.candidates]
            database.executemany("UPDATE candidates SET votes = ? WHERE poll_id = ? AND position = ?", votes)
            database.execute(_TURNOUT, {"poll": poll.id})
            database.execute(_BY_MINUTE, {"poll": poll.id})
            database.execute("UPDATE polls SET message_id = id + 1000, shown_revision = revision")


def some_receipts(path: Path, count: int) -> list[str]:
    """Return so many receipts of the large poll, of ballots all over it; fewer where there are fewer."""
    with closing(sqlite3.connect(path)) as database:
        (most,) = database.execute("SELECT max(id) FROM ballots").fetchone()
        step = max(most // count, 1)
        salts = database.execute(_SALTS, (LARGE_POLL, step, count)).fetchall()
    return [receipt_text(LARGE_POLL, salt) for (salt,) in salts]


async def _open_polls(path: Path, count: int, method: str) -> Poll | None:
    opened = datetime.now(UTC) - VOTING
    lines = tuple(Candidate(place, f"Candidate {place + 1}") for place in range(10))
    most = 1 if method == "single" else len(lines)
    store = Store(address(path))
    await store.open()
    try:
        async with store.begin() as tx:
            for number in range(count):
                title = f"Poll {number + 1}"
                new = NewPoll(GUILD, CHANNEL, MODERATOR, title, lines, opened, None, method, most)
                await sql.insert(tx, new, opened)
            return await sql.get(tx, LARGE_POLL)
    finally:
        await store.close()


def _rows(poll: Poll, count: int, tally: Counter[int]) -> Iterator[tuple[Any, ...]]:
    """Give the rows of made-up ballots, evenly spread over the time of voting, and count them."""
    votes, step = METHODS[poll.method].votes, VOTING / max(count, 1)
    for number, (salt, choices, weight) in enumerate(some_ballots(poll, count)):
        tally.update(votes(choices, weight))
        at = (poll.opens_at + number * step).strftime("%Y-%m-%d %H:%M:%S.%f")
        text = str(list(choices))
        yield poll.id, _FIRST_VOTER + number * _STEP_BETWEEN_VOTERS, text, weight, salt, at, at


_BALLOT = (
    "INSERT INTO ballots (poll_id, voter_id, choices, weight, salt, cast_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_SALTS = "SELECT salt FROM ballots WHERE poll_id = ? AND id % ? = 0 LIMIT ?"
_TURNOUT = """
    UPDATE polls SET (ballots, weight, revision) =
        (SELECT count(*), coalesce(sum(weight), 0), count(*) FROM ballots WHERE poll_id = :poll)
    WHERE id = :poll
"""
_BY_MINUTE = """
    INSERT INTO ballot_minutes (poll_id, minute, "cast")
        SELECT poll_id, substr(cast_at, 1, 17) || '00.000000', count(*) FROM ballots WHERE poll_id = :poll GROUP BY 2
"""
