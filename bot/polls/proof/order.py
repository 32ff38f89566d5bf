"""Put any number of ballots in the order of their leaves, or of their salts, with little memory."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from itertools import chain
from struct import Struct
from types import TracebackType
from typing import IO, Self

from bot.polls.proof.leaf import Leaf, entry_head
from bot.polls.proof.tree import LEAF

# Hashes and salts are random, so their first bits deal them out evenly: each part is sorted by itself, and the parts in
# turn are the whole. A million ballots make parts of 16,000; parts of small polls never reach the disk.
_PARTS = 64
_IN_MEMORY_BYTES = 64 * 1024


class Parts:
    """Take records of `size` bytes that begin at random, in any order, and give them in ascending order, part by part.

    Use it in a `with`. Records can be added where they come in an asynchronous stream; iteration is for a thread when
    there are many.
    """

    def __init__(self, size: int) -> None:
        self._size = size
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

    def add_records(self, records: Iterable[bytes]) -> None:
        """Take as many records as may be in memory at once."""
        dealt: list[list[bytes]] = [[] for _ in self._parts]
        for record in records:
            dealt[record[0] * _PARTS >> 8].append(record)
        for part, more in zip(self._parts, dealt, strict=True):
            part.write(b"".join(more))

    def parts(self) -> Iterator[list[bytes]]:
        """Give the records, as often as asked."""
        return map(self._sorted, self._parts)

    def _sorted(self, part: IO[bytes]) -> list[bytes]:
        part.seek(0)
        data, size = part.read(), self._size
        return sorted([data[start : start + size] for start in range(0, len(data), size)])


_as_leaf = partial(tuple.__new__, Leaf)  # `Leaf._make`, quicker


class LeafOrder(Parts):
    """Take ballots in any order, give their leaves in ascending order."""

    def __init__(self, fingerprint_digest: str, candidates: int) -> None:
        # As the fields of a `Leaf` stand; choices are behind a byte with their number.
        self._record = Struct(f"32s16s{candidates + 1}pB")
        super().__init__(self._record.size)
        self._head = LEAF.decode() + entry_head(fingerprint_digest)
        self._candidates = candidates

    def add(self, salts: Sequence[bytes], choices: Sequence[str], weights: Sequence[int]) -> None:
        """Take some ballots, at least one; their choices are the JSON that is stored."""
        # All of them read at once: a call for each would cost more than the reading.
        texts = ",".join(choices).replace(" ", "")
        positions = list(map(bytes, json.loads(f"[{texts}]")))
        if max(map(len, positions)) > self._candidates:
            raise ValueError("a ballot names more candidates than there are in the poll")
        head = self._head
        hashes = [
            sha256(f"{head}{salt.hex()}\n{text}\n{weight}".encode()).digest()
            for salt, text, weight in zip(salts, texts[1:-1].split("],["), weights, strict=True)
        ]
        self.add_records(map(self._record.pack, hashes, salts, positions, weights))

    def __iter__(self) -> Iterator[Leaf]:
        return map(_as_leaf, map(self._record.unpack, chain.from_iterable(self.parts())))
