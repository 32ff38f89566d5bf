"""Go through all ballots of a poll once, off the event loop and never all in memory: to count, to export."""

import asyncio
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from bot.errors import NotFound, Refused
from bot.polls import store as sql
from bot.polls.model import Poll
from bot.polls.proof.export import count_values, write_csv, write_json
from bot.polls.proof.leaf import Leaf, poll_fingerprint
from bot.polls.proof.order import LeafOrder
from bot.store.engine import Store

BALLOTS_A_GROUP = 5_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a close finds: the count as the export holds it, and the root in hex."""

    count: dict[str, Any]
    root: str


async def count_poll(store: Store, poll: Poll) -> Counted:
    """Count a closed poll and return the root of the tree over its leaves."""

    def count(leaves: Iterable[Leaf]) -> Counted:
        found = write_json(_Nowhere(), poll, leaves)
        return Counted(count_values(found.count), found.root.hex())

    return await with_leaves(store, poll, count)


async def export_poll(store: Store, poll: Poll, json_out: BinaryIO, csv_out: BinaryIO) -> None:
    """Write a closed poll's export in both forms."""

    def write(leaves: Iterable[Leaf]) -> None:
        write_json(json_out, poll, leaves)
        write_csv(csv_out, poll, leaves)

    await with_leaves(store, poll, write)


async def export_to(store: Store, poll_id: int, path: Path) -> int:
    """Write a closed poll's export to a new file; return how many ballots it holds.

    Raises `NotFound` for a poll that is not there and `Refused` for one that is not closed or a file that is.
    """
    async with store.read() as tx:
        poll = await sql.get(tx, poll_id)
    if poll is None:
        raise NotFound("poll", str(poll_id))
    if path.exists():  # noqa: ASYNC240 - nothing else runs in this loop
        raise Refused(f"{path} exists already and is left as it is.", "Choose another name.")

    def write(leaves: Iterable[Leaf]) -> None:
        part = path.with_name(path.name + ".part")
        try:
            with part.open("wb") as out:
                write_json(out, poll, leaves)
            part.rename(path)
        except OSError as error:
            raise Refused(f"{path} could not be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)

    await with_leaves(store, poll, write)
    return poll.ballots


async def with_leaves(store: Store, poll: Poll, work: Callable[[Iterable[Leaf]], T]) -> T:
    """Read a poll's ballots and give their leaves, in order, to `work`, which runs in a thread."""
    loop = asyncio.get_running_loop()
    with LeafOrder(poll_fingerprint(poll).digest) as order:
        async with store.read() as tx:
            async for group in sql.ballot_groups(tx, poll.id, BALLOTS_A_GROUP):
                await loop.run_in_executor(None, _add, order, group)
        return await loop.run_in_executor(None, work, order)


def _add(order: LeafOrder, group: Any) -> None:
    for salt, choices, weight in group:
        order.add(salt, choices, weight)


class _Nowhere(io.BytesIO):
    """Takes what is written and keeps nothing."""

    def write(self, data: Any) -> int:
        return len(data)
