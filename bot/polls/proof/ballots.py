"""The ballots of an export, read one by one and held against their leaves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NoReturn

from bot.polls.counting import METHODS
from bot.polls.proof.document import BallotPart, PollPart
from bot.polls.proof.reading import Lines
from bot.polls.proof.receipt import Receipt
from bot.polls.proof.tree import Tree

# A ballot exactly as it is written. A million lines are matched by this; only one that is not as it should be is taken
# apart, to say why.
_BALLOT = re.compile(
    rb'\{"leaf":"([0-9a-f]{64})","salt":"([0-9a-f]{32})",'
    rb'"choices":\[((?:0|[1-9][0-9]?)(?:,(?:0|[1-9][0-9]?)){0,99})\],"weight":([1-9]|10)\}'
)
_CACHED_CHOICES = 20_000
_LEAVES_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """The ballot that a receipt belongs to; `number` counts from 1 in the order of the file."""

    number: int
    choices: tuple[int, ...]
    weight: int
    leaf: str


class Ballots:
    """Give each ballot's choices and weight to be counted, once its leaf is found right and put in the tree."""

    def __init__(
        self, lines: Lines, poll: PollPart, candidates: int, fingerprint_digest: str, receipt: Receipt | None
    ) -> None:
        self.tree = Tree()
        self.found: Found | None = None
        self._lines = lines
        self._poll, self._candidates = poll, candidates
        self._wanted = receipt.salt.hex().encode() if receipt else None
        self._prefix = b"\x00moonballot-ballot-v1\n" + fingerprint_digest.encode() + b"\n"
        self._problem = METHODS[poll.method].problem
        self._choices = lru_cache(_CACHED_CHOICES)(self._parse_choices)

    def __iter__(self) -> Iterator[tuple[tuple[int, ...], int]]:
        leaves, prefix, before = list[bytes](), self._prefix, b""
        for number, raw in enumerate(self._lines.items("ballots"), start=1):
            match = _BALLOT.fullmatch(raw)
            if match is None:
                self._say_what_is_wrong(raw)
            stated, salt, positions, weight = match.groups()
            choices = self._choices(positions)
            leaf = sha256(prefix + salt + b"\n" + positions + b"\n" + weight).digest()
            if leaf.hex().encode() != stated:
                self._wrong_leaf(number)
            if leaf <= before:
                self._out_of_order(leaf == before)
            before = leaf
            leaves.append(leaf)
            if len(leaves) == _LEAVES_AT_ONCE:
                self.tree.extend(leaves)
                leaves.clear()
            if salt == self._wanted:
                self.found = Found(number, choices, int(weight), stated.decode())
            yield choices, int(weight)
        self.tree.extend(leaves)

    def _parse_choices(self, positions: bytes) -> tuple[int, ...]:
        choices = tuple(map(int, positions.split(b",")))
        if problem := self._problem(choices, self._candidates, self._poll.max_choices):
            self._lines.fail(f"The choices of this ballot cannot be counted. {problem}")
        return choices

    def _say_what_is_wrong(self, raw: bytes) -> NoReturn:
        lines = self._lines
        lines.checked(lines.json(lines.decoded(raw)), BallotPart, "ballot")
        lines.fail(
            "This ballot is not written as an export writes it, with leaf, salt, choices and weight in this order and "
            "without spaces."
        )

    def _wrong_leaf(self, number: int) -> NoReturn:
        changed = "The leaf of this ballot is not its hash: its choices, weight, salt or leaf was changed"
        if number == 1:
            changed += ", or these are ballots of another poll"
        self._lines.fail(f"{changed}.")

    def _out_of_order(self, doubled: bool) -> NoReturn:
        if doubled:
            self._lines.fail("This ballot is doubled: the one before has the same leaf.")
        self._lines.fail("This ballot is not in the order of the leaves: ballots were moved or doubled.")
