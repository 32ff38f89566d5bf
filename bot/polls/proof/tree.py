"""The Merkle tree of RFC 6962, built in one pass."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

LEAF = b"\x00"
_NODE = b"\x01"
_LEAVES_AT_ONCE = 1024


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash under which an entry stands in the tree."""
    return sha256(LEAF + entry).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


class Tree:
    """A tree that grows by leaf hashes and can say its root at any moment."""

    def __init__(self) -> None:
        self.size = 0
        # On each level, lowest first, the node that has no other beside it yet: one for each bit that is set in `size`.
        self._single: list[bytes | None] = []

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Put leaf hashes, as many as may be in memory at once, behind the others."""
        nodes, level = list(leaves), 0
        self.size += len(nodes)
        while nodes:
            if level == len(self._single):
                self._single.append(None)
            if single := self._single[level]:
                nodes.insert(0, single)
            self._single[level] = nodes.pop() if len(nodes) & 1 else None
            nodes, level = _paired(nodes), level + 1

    def root(self) -> bytes:
        """Return the root over the leaves so far; an empty tree has the hash of nothing."""
        root = None
        for single in filter(None, self._single):
            root = _node_hash(single, root) if root else single
        return root or sha256().digest()


def _paired(nodes: Sequence[bytes]) -> list[bytes]:
    """Return the nodes above an even number of nodes, two by two."""
    return [sha256(_NODE + left + right).digest() for left, right in zip(nodes[::2], nodes[1::2], strict=True)]


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes in their order; ballots' leaves are put in ascending order before."""
    tree, rest = Tree(), iter(leaves)
    while some := list(islice(rest, _LEAVES_AT_ONCE)):
        tree.extend(some)
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
