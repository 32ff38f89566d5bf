"""Polls with any number of ballots, written straight into the store; the same ones each time."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from bot.polls import store as sql
from bot.polls.counting import METHODS
from bot.polls.model import Candidate, NewPoll, Poll
from bot.polls.proof.receipt import receipt_text
from bot.polls.service import PollService
from bot.store.schema import ballots, candidates, polls
from tests.polls.conftest import CHANNEL, GUILD, LABELS, MODERATOR, Booth
from tests.polls.crashing import CATALOGUE
from tests.polls.proof.exports import some_ballots

INSERTED_AT_ONCE = 1_000


async def filled(booth: Booth, count: int, method: str = "single") -> tuple[Poll, list[str]]:
    """Open a poll with so many ballots, of voters 1, 2, 3 and so on; give their receipts in this order."""
    now = booth.clock.now()
    lines = tuple(Candidate(place, label) for place, label in enumerate(LABELS))
    most = 1 if method == "single" else len(lines)
    new = NewPoll(GUILD, CHANNEL, MODERATOR, "Who leads?", lines, now, now + timedelta(hours=1), method, most)
    async with booth.store.begin() as tx:
        poll_id = await sql.insert(tx, new, now)
        poll = await sql.get(tx, poll_id)
        assert poll is not None
        cast = list(some_ballots(poll, count))
        times = {"cast_at": now, "changed_at": now}
        rows = [
            {"poll_id": poll_id, "voter_id": voter, "choices": list(choices), "weight": weight, "salt": salt, **times}
            for voter, (salt, choices, weight) in enumerate(cast, start=1)
        ]
        for start in range(0, count, INSERTED_AT_ONCE):
            await tx.execute(sa.insert(ballots), rows[start : start + INSERTED_AT_ONCE])
        turnout = {"ballots": count, "weight": sum(weight for _, _, weight in cast)}
        await tx.execute(sa.update(polls).where(polls.c.id == poll_id).values(turnout))
        for position, votes in enumerate(tally(poll, cast)):
            here = (candidates.c.poll_id == poll_id, candidates.c.position == position)
            await tx.execute(sa.update(candidates).where(*here).values(votes=votes))
    return await booth.read(poll_id), [receipt_text(poll_id, salt) for salt, _, _ in cast]


def tally(poll: Poll, cast: Sequence[tuple[bytes, tuple[int, ...], int]]) -> list[int]:
    votes = [0] * len(poll.candidates)
    for _, choices, weight in cast:
        for position, more in METHODS[poll.method].votes(choices, weight).items():
            votes[position] += more
    return votes


async def filled_and_closed(booth: Booth, count: int, method: str = "single") -> tuple[Poll, list[str]]:
    poll, receipts = await filled(booth, count, method)
    return await service(booth).close(GUILD, poll.id, MODERATOR), receipts


def service(booth: Booth) -> PollService:
    return PollService(booth.store, booth.clock, booth.box, CATALOGUE)
