"""A poll's tree cut into tiles, so that one ballot is proved from a few of them instead of from all ballots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.polls.proof.tree import included, inclusion_path, root

# Every tile but the last of its level is a whole subtree, so that the roots of tiles are the leaves of a smaller tree
# with the same root. It is part of what is stored: another width would be another format.
TILE_HASHES = 256


@dataclass(frozen=True, slots=True)
class Tile:
    """Hashes that stand side by side in the tree: leaves on level 0, on each other level the roots of the tiles below.

    `number` counts from 0 on each level, `first` is the lowest leaf that stands below.
    """

    level: int
    number: int
    first: bytes
    hashes: tuple[bytes, ...]


class TiledTree:
    """A tree that grows by leaf hashes and gives each of its tiles to `keep` once it is full."""

    def __init__(self, keep: Callable[[Tile], None]) -> None:
        self.size = 0
        self._keep = keep
        self._open: list[_OpenTile] = []  # one of each level, lowest first

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Put leaf hashes behind the others."""
        self.size += len(leaves)
        self._put(0, leaves, leaves)

    def finish(self) -> bytes:
        """Give the tiles that are not full to `keep` as well, and return the root over all leaves."""
        level = 0
        while level < len(self._open):
            tile = self._open[level]
            if level and tile.number == 0 and len(tile.hashes) == 1:
                return tile.hashes[0]
            if tile.hashes:
                self._cut(level)
            level += 1
        return root(())

    def _put(self, level: int, firsts: Sequence[bytes], nodes: Sequence[bytes]) -> None:
        """Put nodes, each with the lowest leaf below it, behind the others of a level."""
        if level == len(self._open):
            self._open.append(_OpenTile())
        tile = self._open[level]
        done = 0
        while done < len(nodes):
            if not tile.hashes:
                tile.first = firsts[done]
            more = nodes[done : done + TILE_HASHES - len(tile.hashes)]
            tile.hashes += more
            done += len(more)
            if len(tile.hashes) == TILE_HASHES:
                self._cut(level)

    def _cut(self, level: int) -> None:
        tile = self._open[level]
        self._keep(Tile(level, tile.number, tile.first, tuple(tile.hashes)))
        first, node = tile.first, root(tile.hashes)
        tile.number, tile.hashes = tile.number + 1, []
        self._put(level + 1, [first], [node])


class _OpenTile:
    """A tile that is still growing."""

    __slots__ = ("first", "hashes", "number")

    def __init__(self) -> None:
        self.number, self.first, self.hashes = 0, b"", list[bytes]()


def proved(leaf: bytes, tiles: Sequence[Tile], size: int, root: bytes) -> bool:
    """Return whether the tiles above a leaf, lowest first, lead from it to the root over `size` leaves."""
    if not tiles or leaf not in tiles[0].hashes:
        return False
    place = index = tiles[0].number * TILE_HASHES + tiles[0].hashes.index(leaf)
    path: list[bytes] = []
    for tile in tiles:
        if place % TILE_HASHES >= len(tile.hashes):
            return False
        path += inclusion_path(tile.hashes, place % TILE_HASHES)
        place //= TILE_HASHES
    return included(leaf, index, size, path, root)
