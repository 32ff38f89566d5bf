"""The SQL of what a close keeps to prove single ballots: tiles of the tree, pages of receipts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.polls.model import Ballot
from bot.polls.proof.pages import first_on, row_on
from bot.polls.proof.tiles import Tile
from bot.polls.store import ballot_in_row
from bot.store.engine import Tx
from bot.store.many import Upsert
from bot.store.schema import receipt_pages, tiles, trees

_HASH_BYTES = 32
# With tiles of 256 hashes more levels than any poll has: four billion ballots.
_LEVELS = 4
_KEEP_TILES = Upsert(tiles, ("poll_id", "level", "first", "number", "hashes"), keys=("poll_id", "level", "first"))
_KEEP_PAGES = Upsert(receipt_pages, ("poll_id", "first", "entries"), keys=("poll_id", "first"))


def keep_tiles(connection: sa.Connection, poll_id: int, new: Sequence[Tile]) -> None:
    """Write tiles of a poll's tree; those that an unfinished attempt left are the same and are written over."""
    rows = [
        {"poll_id": poll_id, "level": t.level, "first": t.first, "number": t.number, "hashes": b"".join(t.hashes)}
        for t in new
    ]
    _KEEP_TILES(connection, rows)


def keep_pages(connection: sa.Connection, poll_id: int, new: Sequence[bytes]) -> None:
    """Write pages of receipts, each with its first salt; again, if need be, like tiles."""
    _KEEP_PAGES(connection, [{"poll_id": poll_id, "first": first_on(page), "entries": page} for page in new])


def keep_tree(connection: sa.Connection, poll_id: int, size: int) -> None:
    """Write that all tiles and pages of a poll are there."""
    connection.execute(_KEEP_TREE[connection.dialect.name], {"poll_id": poll_id, "size": size})


_KEEP_TREE: dict[str, Any] = {
    "sqlite": sqlite.insert(trees).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(trees).on_conflict_do_nothing(),
}


async def tree_size(tx: Tx, poll_id: int) -> int | None:
    """Return how many leaves a poll's tree has; None unless all that proves them is kept."""
    size: int | None = (await tx.execute(sa.select(trees.c.size).where(trees.c.poll_id == poll_id))).scalar()
    return size


async def ballot_of_receipt(tx: Tx, poll_id: int, salt: bytes) -> Ballot | None:
    """Find the ballot of a receipt on the pages that are kept."""
    page = (await tx.execute(_PAGE, {"poll_id": poll_id, "salt": salt})).scalar()
    row = row_on(page, salt) if page is not None else None
    found = await ballot_in_row(tx, row) if row is not None else None
    return found if found and (found.poll_id, found.salt) == (poll_id, salt) else None


_PAGE = (
    sa.select(receipt_pages.c.entries)
    .where(receipt_pages.c.poll_id == sa.bindparam("poll_id"), receipt_pages.c.first <= sa.bindparam("salt"))
    .order_by(receipt_pages.c.first.desc())
    .limit(1)
)


async def tiles_above(tx: Tx, poll_id: int, leaf: bytes) -> list[Tile]:
    """Read the tiles that a leaf stands below, lowest first."""
    rows = await tx.execute(_TILES_ABOVE, {"poll_id": poll_id, "leaf": leaf})
    return sorted((Tile(r.level, r.number, r.first, _hashes(r.hashes)) for r in rows), key=lambda tile: tile.level)


def _hashes(raw: bytes) -> tuple[bytes, ...]:
    return tuple(raw[start : start + _HASH_BYTES] for start in range(0, len(raw), _HASH_BYTES))


def _tile_above(level: int) -> sa.Select[Any]:
    here = (tiles.c.poll_id == sa.bindparam("poll_id"), tiles.c.level == level)
    last = sa.select(tiles).where(*here, tiles.c.first <= sa.bindparam("leaf")).order_by(tiles.c.first.desc()).limit(1)
    return sa.select(last.subquery())


_TILES_ABOVE = sa.union_all(*map(_tile_above, range(_LEVELS)))
