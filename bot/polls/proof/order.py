"""Put any number of ballots in the order of their leaves with little memory."""

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256
from types import TracebackType
from typing import IO, Self

from bot.polls.proof.leaf import Leaf, ballot_entry
from bot.polls.proof.tree import leaf_hash

# Leaves are hashes, so their first bits deal them out evenly: each part is sorted by itself, and the parts in turn are
# the whole. A million ballots make parts of 16,000; parts of small polls never reach the disk.
_PARTS = 64
_IN_MEMORY_BYTES = 128 * 1024
_HASH = sha256().digest_size
_SALT_END = _HASH + 16


class LeafOrder:
    """Take ballots in any order, give their leaves in ascending order; use it in a `with`.

    Ballots can be added from where they come in an asynchronous stream; iteration is for a thread when there are many.
    """

    def __init__(self, fingerprint_digest: str) -> None:
        self._digest = fingerprint_digest
        self._stack = ExitStack()
        self._parts: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        for _ in range(_PARTS):
            part = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)
            self._parts.append(self._stack.enter_context(part))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, salt: bytes, choices: Sequence[int], weight: int) -> None:
        """Take one ballot."""
        leaf = leaf_hash(ballot_entry(self._digest, salt, choices, weight))
        self._parts[leaf[0] * _PARTS >> 8].write(leaf + salt + bytes((weight, len(choices), *choices)))

    def __iter__(self) -> Iterator[Leaf]:
        return itertools.chain.from_iterable(map(_sorted_part, self._parts))


def _sorted_part(part: IO[bytes]) -> list[Leaf]:
    part.seek(0)
    data, start, leaves = part.read(), 0, []
    part.seek(0, 2)
    while start < len(data):
        weight, count = data[start + _SALT_END], data[start + _SALT_END + 1]
        end = start + _SALT_END + 2 + count
        choices = tuple(data[start + _SALT_END + 2 : end])
        leaves.append(Leaf(data[start : start + _HASH], data[start + _HASH : start + _SALT_END], choices, weight))
        start = end
    return sorted(leaves)
