"""Go through all ballots of a poll once, off the event loop and never all in memory: to count, to export."""

import asyncio
import gzip
import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, TypeVar

import structlog

from bot.errors import NotFound, Refused
from bot.polls import store as sql
from bot.polls.counting import METHODS
from bot.polls.keeping import Keeper
from bot.polls.model import Poll
from bot.polls.proof.export import count_values, write_csv, write_json
from bot.polls.proof.leaf import Leaf, columns, poll_fingerprint
from bot.polls.proof.order import LeafOrder, Parts
from bot.polls.proof.pages import ENTRY_BYTES, entry_of, pages_of
from bot.polls.proof.tiles import TiledTree
from bot.polls.proof.tree import root
from bot.store.engine import Store

# So few that putting their rows together does not hold up the event loop.
BALLOTS_A_GROUP = 1_000
# Hash and salt in the one file, the salt again in the other: what no packing makes smaller.
_RANDOM_BYTES_A_BALLOT = 64

log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a close finds: the count as the export holds it, and the root in hex."""

    count: dict[str, Any]
    root: str


async def count_poll(store: Store, poll: Poll) -> Counted:
    """Count a closed poll, and keep what proves its ballots one by one; return the root of the tree over its leaves."""
    keeper = Keeper(store, poll.id)
    tree = TiledTree(keeper.add_tile)
    with Parts(ENTRY_BYTES) as receipts:

        def count(leaves: Iterable[Leaf]) -> Counted:
            for page in pages_of(chain.from_iterable(receipts.parts())):
                keeper.add_page(page)
            found = METHODS[poll.method].count(_planted(leaves, tree), len(poll.candidates))
            return Counted(count_values(found), tree.finish().hex())

        counted = await with_leaves(store, poll, count, receipts)
    if poll.root in (None, counted.root):
        await keeper.finish(tree.size)
    return counted


async def root_of(store: Store, poll: Poll) -> str:
    """Return the root that a poll's ballots give as they are stored now."""
    return await with_leaves(store, poll, lambda leaves: root(leaf.hash for leaf in leaves).hex())


def _planted(leaves: Iterable[Leaf], tree: TiledTree) -> Iterator[tuple[Sequence[int], int]]:
    """Put each leaf in the tree and hand its ballot on to be counted."""
    for hashes, _, choices, weights in columns(leaves):
        tree.extend(hashes)
        yield from zip(choices, weights, strict=True)


async def export_files(store: Store, poll: Poll, most_bytes: int) -> list[tuple[str, bytes]]:
    """Return a closed poll's export in both forms, name and content, packed where they would be too large together.

    Raises `Refused` where packing does not help. No more than `most_bytes` are ever held in memory.
    """
    if poll.ballots * _RANDOM_BYTES_A_BALLOT > most_bytes:
        raise _too_large()

    def write(leaves: Iterable[Leaf]) -> list[tuple[str, bytes]]:
        with ExitStack() as stack:
            files: dict[str, BinaryIO] = {
                f"poll-{poll.id}.{form}": stack.enter_context(TemporaryFile()) for form in ("json", "csv")
            }
            as_json, as_csv = files.values()
            _write_checked(as_json, poll, leaves)
            write_csv(as_csv, poll, leaves)
            if _bytes_in(files) > most_bytes:
                files = {
                    f"{name}.gz": _pack(file, stack.enter_context(TemporaryFile())) for name, file in files.items()
                }
            if _bytes_in(files) > most_bytes:
                raise _too_large()
            return [(name, _content(file)) for name, file in files.items()]

    return await with_leaves(store, poll, write)


def _write_checked(out: BinaryIO, poll: Poll, leaves: Iterable[Leaf]) -> None:
    """Write the export; raise `Refused` when its ballots are not those whose root was posted."""
    root = write_json(out, poll, leaves).root.hex()
    if poll.root not in (None, root):
        log.error("ballots do not give the posted root", poll=poll.id, posted=poll.root, found=root)
        raise Refused(
            "The ballots in my storage are not those that were counted: their root is another than the one posted.",
            "Tell the operator, who finds more in my log; a backup from after the close still holds them.",
        )


def _too_large() -> Refused:
    return Refused(
        "This export is too large for Discord.",
        "The operator makes it with `python run.py export`, and it can be shared as a file.",
    )


def _pack(file: BinaryIO, packed: BinaryIO) -> BinaryIO:
    file.seek(0)
    with gzip.GzipFile(fileobj=packed, mode="wb", filename="") as out:
        shutil.copyfileobj(file, out)
    return packed


def _bytes_in(files: Mapping[str, BinaryIO]) -> int:
    return sum(file.seek(0, io.SEEK_END) for file in files.values())


def _content(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


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
                _write_checked(out, poll, leaves)
            part.rename(path)
        except OSError as error:
            raise Refused(f"{path} could not be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)

    await with_leaves(store, poll, write)
    return poll.ballots


async def with_leaves(
    store: Store, poll: Poll, work: Callable[[Iterable[Leaf]], T], receipts: Parts | None = None
) -> T:
    """Read a poll's ballots and give their leaves, in order, to `work`, which runs in a thread.

    `receipts` takes an entry for each ballot meanwhile.
    """
    loop = asyncio.get_running_loop()
    with LeafOrder(poll_fingerprint(poll).digest, len(poll.candidates)) as order:

        def add(group: Sequence[Any]) -> None:
            rows, salts, choices, weights = zip(*group, strict=True)
            order.add(salts, choices, weights)
            if receipts is not None:
                receipts.add_records(map(entry_of, salts, rows))

        async with store.read() as tx:
            async for group in sql.ballot_groups(tx, poll.id, BALLOTS_A_GROUP):
                await loop.run_in_executor(None, add, group)
        return await loop.run_in_executor(None, work, order)
