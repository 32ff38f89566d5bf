"""The Merkle tree of RFC 6962, built in one pass with a memory of one hash per level."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash under which an entry stands in the tree."""
    return sha256(_LEAF + entry).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


class Tree:
    """A tree that grows by one leaf hash at a time and can say its root at any moment."""

    def __init__(self) -> None:
        self.size = 0
        # The roots of the full subtrees so far, largest first: one for each bit that is set in `size`.
        self._full: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Put a leaf hash behind the others."""
        self.size += 1
        full, rest = self._full, self.size
        while not rest & 1:
            leaf = sha256(_NODE + full.pop() + leaf).digest()
            rest >>= 1
        full.append(leaf)

    def root(self) -> bytes:
        """Return the root over the leaves so far; an empty tree has the hash of nothing."""
        if not self._full:
            return sha256().digest()
        root = self._full[-1]
        for left in reversed(self._full[:-1]):
            root = _node_hash(left, root)
        return root


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes in their order; ballots' leaves are put in ascending order before."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def inclusion_path(leaves: Iterable[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from the leaf at `index` up to the root, nearest first.

    Raises `IndexError` when there is no such leaf.
    """
    full: list[tuple[bytes, bool]] = []  # each subtree's root, and whether the leaf is below it
    path: list[bytes] = []
    size = 0
    for size, leaf in enumerate(leaves, start=1):
        node, rest = (leaf, size - 1 == index), size
        while not rest & 1:
            node, rest = _join(full.pop(), node, path), rest >> 1
        full.append(node)
    if not 0 <= index < size:
        raise IndexError(index)
    node = full.pop()
    while full:
        node = _join(full.pop(), node, path)
    return tuple(path)


def _join(left: tuple[bytes, bool], right: tuple[bytes, bool], path: list[bytes]) -> tuple[bytes, bool]:
    if left[1]:
        path.append(right[0])
    elif right[1]:
        path.append(left[0])
    return _node_hash(left[0], right[0]), left[1] or right[1]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether `path` leads from the leaf at `index` of `size` leaves to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = _node_hash(step, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = _node_hash(node, step)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root
