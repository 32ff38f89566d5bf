"""What a poll leaves behind: receipts, exports, the log, and what a member may take along or have forgotten."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.audit import store as audit
from bot.audit.model import Entry, NewEntry, first_break
from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.polls import store as sql
from bot.polls.closing import count_poll, export_files, root_of
from bot.polls.model import Ballot, Minute, Poll, PollState
from bot.polls.proof.receipt import parse_receipt
from bot.polls.proving import find, is_kept
from bot.store.engine import Store
from bot.ui.text import escape

# PostgreSQL does not even compare a larger number with a poll's.
HIGHEST_POLL_ID = 2**31 - 1
FINISHED = (PollState.CLOSED.value, PollState.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a receipt led to; `root_holds` is None while the poll is not closed and there is no tree."""

    poll: Poll
    ballot: Ballot
    root_holds: bool | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """No ballot has the receipt, and the member who asks has this one: a change makes a new receipt."""

    poll: Poll
    ballot: Ballot


@dataclass(frozen=True, slots=True)
class Audited:
    """What moderators see of a poll's course; numbers only, never who voted what."""

    poll: Poll
    entries: list[Entry]
    chain_broken_at: int | None
    minutes: list[Minute]
    young_accounts: int
    joined_late: int


@dataclass(frozen=True, slots=True)
class Exported:
    """A closed poll as files, name and content."""

    poll: Poll
    files: list[tuple[str, bytes]]


class PollRecords:
    """Use cases around finished polls, and around a member's own data."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        # Going through all ballots of a large poll is work; one at a time is enough.
        self._one_at_a_time = asyncio.Semaphore(1)

    async def verify(self, guild_id: int, typed: str, asker_id: int | None = None) -> Verified | Replaced:
        """Find the ballot of a receipt, and see that it leads to the root of its poll, by what the close has kept.

        Where no ballot has it, the asker's own explains why for most: they changed their vote. Raises `BadInput` for
        what is no receipt, `NotFound` for one of no poll here, and `Refused` when nobody's ballot can be shown.
        """
        receipt = parse_receipt(typed)
        if receipt.poll_id > HIGHEST_POLL_ID:
            raise NotFound("poll", f"#{receipt.poll_id}")
        found = await find(self._store, receipt, asker_id)
        if found is None or found.poll.guild_id != guild_id:
            raise NotFound("poll", f"#{receipt.poll_id}")
        if found.wants_keeping:
            await self._keep_tree(found.poll)
            found = await find(self._store, receipt, asker_id) or found
        poll = found.poll
        if found.ballot is not None:
            return Verified(poll, found.ballot, None if poll.root is None else found.proved)
        if found.own is not None:
            return Replaced(poll, found.own)
        raise Refused(
            f"No ballot in **{escape(poll.title)}** has this receipt, and you have none there.",
            "A ballot that was withdrawn leaves none behind. If you voted and did not withdraw, tell the "
            "moderators: your ballot may be missing.",
        )

    async def _keep_tree(self, poll: Poll) -> None:
        """Make up for a close by an older version, which kept no tree; where the ballots changed since, keep none."""
        async with self._one_at_a_time:
            if not await is_kept(self._store, poll.id) and await root_of(self._store, poll) == poll.root:
                await count_poll(self._store, poll)

    async def export(self, guild_id: int, poll_id: int, by: int | None, most_bytes: int) -> Exported:
        """Write a closed poll as JSON and CSV, at most so many bytes; the log remembers that it was exported."""
        poll = await self._poll(guild_id, poll_id)
        if poll.root is None:
            raise Refused("An export shows every ballot, so there is one only once the poll is closed and counted.")
        async with self._one_at_a_time:
            files = await export_files(self._store, poll, most_bytes)
        async with self._store.begin() as tx:
            await audit.append_in(tx, NewEntry(guild_id, self._clock.now(), "exported", by, poll_id))
        return Exported(poll, files)

    async def audit(self, guild_id: int, poll_id: int) -> Audited:
        """Read a poll's log, check its server's chain, and gather the numbers that moderators may want to look at."""
        poll = await self._poll(guild_id, poll_id)
        async with self._store.read() as tx:
            chain = await audit.of_guild(tx, guild_id)
            minutes = await sql.minutes(tx, poll_id)
            young, late = await sql.signs(tx, poll_id)
        mine = [entry for entry in chain if entry.new.poll_id == poll_id]
        return Audited(poll, mine, first_break(chain), minutes, young, late)

    async def broken_chains(self) -> dict[int, int]:
        """Return the servers whose log does not hold, with the number of the first entry that does not follow."""
        broken = {}
        async with self._store.read() as tx:
            for guild_id in await audit.guilds(tx):
                number = first_break(await audit.of_guild(tx, guild_id))
                if number is not None:
                    broken[guild_id] = number
        return broken

    async def _poll(self, guild_id: int, poll_id: int) -> Poll:
        async with self._store.read() as tx:
            poll = await sql.get(tx, poll_id)
        if poll is None or poll.guild_id != guild_id:
            raise NotFound("poll", str(poll_id))
        return poll

    async def my_data(self, voter_id: int) -> dict[str, Any]:
        """Gather all that is tied to a member, for a file of theirs."""
        async with self._store.read() as tx:
            ballots = await sql.ballots_of(tx, voter_id)
            polls = await tx.run_sync(sql.read_many, sorted({ballot.poll_id for ballot in ballots}))
        return {
            "member": str(voter_id),
            "made_at": self._clock.now().isoformat(),
            "ballots": [_own_ballot(polls[ballot.poll_id], ballot) for ballot in ballots],
        }

    async def running(self, voter_id: int) -> int:
        """Count a member's ballots in polls that still run."""
        async with self._store.read() as tx:
            return await sql.running_ballots(tx, voter_id, FINISHED)

    async def forget(self, voter_id: int) -> tuple[int, int]:
        """Untie a member from the ballots of finished polls, which go on counting.

        Returns how many were untied, and how many stay because their poll still runs: without the tie the member
        could vote in it twice.
        """
        async with self._store.begin() as tx:
            untied = await sql.forget_voter(tx, voter_id, FINISHED)
            left = await sql.running_ballots(tx, voter_id, FINISHED)
        return untied, left


def _own_ballot(poll: Poll, ballot: Ballot) -> dict[str, Any]:
    return {
        "poll": poll.id,
        "title": poll.title,
        "server": str(poll.guild_id),
        "choices": [poll.candidates[position].label for position in ballot.choices],
        "weight": ballot.weight,
        "cast_at": ballot.cast_at.isoformat(),
        "changed_at": ballot.changed_at.isoformat(),
        "receipt": ballot.receipt,
    }
