"""Recount an exported poll from its file alone, and name the first thing that does not hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import BadInput
from bot.polls.counting import METHODS, Count
from bot.polls.proof.ballots import Ballots, Found
from bot.polls.proof.document import CountPart
from bot.polls.proof.export import count_values
from bot.polls.proof.head import Head, read_head
from bot.polls.proof.reading import DoesNotHold, Lines, shown
from bot.polls.proof.receipt import Receipt, parse_receipt


@dataclass(frozen=True, slots=True)
class Report:
    """What a recount found; `problem` is the first thing that does not hold, None when all does.

    Head, count and root are the recounted ones, as far as the recount came. `found` is the ballot of the receipt.
    `compared` says whether there was a posted root to compare with.
    """

    path: Path
    problem: DoesNotHold | None = None
    head: Head | None = None
    count: Count | None = None
    root: str | None = None
    found: Found | None = None
    compared: bool = False

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return self.problem is None


def verify(path: Path, *, receipt: str | None = None, root: str | None = None) -> Report:
    """Recount an export; with a receipt also look for its ballot, with a posted root also compare that.

    Raises `BadInput` when the file cannot be read, or receipt or root are mistyped.
    """
    wanted = parse_receipt(receipt) if receipt is not None else None
    posted = _parse_root(root) if root is not None else None
    recount = _Recount(path, wanted, posted)
    try:
        with path.open("rb") as source:
            recount.run(source)
    except OSError as error:
        raise BadInput(f"{path} cannot be read.", f"{error.strerror or error}.", "Name an exported file.") from error
    return recount.report()


def _parse_root(text: str) -> str:
    root = "".join(text.split()).strip("`").lower()
    if len(root) != 64 or not set(root) <= set("0123456789abcdef"):
        raise BadInput(
            "That is no root.", "A root is 64 digits and letters from a to f.", "Copy it from the closing post."
        )
    return root


class _Recount:
    """One pass over a file; what it found so far stays when something does not hold."""

    def __init__(self, path: Path, receipt: Receipt | None, posted_root: str | None) -> None:
        self._path, self._receipt, self._posted_root = path, receipt, posted_root
        self._head: Head | None = None
        self._count: Count | None = None
        self._root: str | None = None
        self._ballots: Ballots | None = None
        self._problem: DoesNotHold | None = None

    def report(self) -> Report:
        found = self._ballots.found if self._ballots else None
        compared = self._posted_root is not None
        return Report(self._path, self._problem, self._head, self._count, self._root, found, compared)

    def run(self, source: BinaryIO) -> None:
        try:
            self._run(Lines(source))
        except DoesNotHold as problem:
            self._problem = problem

    def _run(self, lines: Lines) -> None:
        head = self._head = read_head(lines)
        if self._receipt and self._receipt.poll_id != head.poll.id:
            raise DoesNotHold(
                f"The receipt is of poll {self._receipt.poll_id}, but this file is the export of poll {head.poll.id}."
            )
        ballots = self._ballots = Ballots(lines, head.poll, len(head.labels), head.fingerprint.digest, self._receipt)
        self._count = METHODS[head.poll.method].count(iter(ballots), len(head.labels))
        self._root = ballots.tree.root().hex()
        _compare_result(lines, head.labels, self._count, self._root)
        if self._posted_root not in (None, self._root):
            raise DoesNotHold(
                f"The ballots give the root {self._root}, not the posted {self._posted_root}: "
                "this is not the export of the poll as it was closed."
            )
        if self._receipt and ballots.found is None:
            raise DoesNotHold(
                "The receipt is well formed, but no ballot here has it. A ballot that was changed has a new receipt, a "
                "withdrawn one has none; if yours is the last one you got, your ballot is not counted."
            )


def _compare_result(lines: Lines, labels: Sequence[str], count: Count, root: str) -> None:
    """Hold what the file says of the result against the recount."""
    stated = lines.part("count", CountPart).model_dump()
    at_count = lines.number
    stated_root = lines.field("root")
    at_root = lines.number
    if not isinstance(stated_root, str):
        lines.fail("The root is no hash.")
    _compare_ballots(stated["ballots"], count.ballots, stated_root == root, at_count)
    if stated_root != root:
        raise DoesNotHold(
            "The root does not belong to these ballots: one was dropped, added or replaced, or the root was changed.",
            at_root,
        )
    for difference in _differences(stated, count_values(count), labels):
        raise DoesNotHold(difference, at_count)
    checksum = lines.checksum()
    if lines.field("checksum") != checksum:
        lines.fail(
            "The checksum does not belong to this file. Ballots, rules, candidates, count and root hold; something "
            "else was changed, such as a time, the spacing or the checksum itself."
        )
    lines.end()


def _compare_ballots(stated: int, found: int, root_holds: bool, line: int) -> None:
    if stated == found:
        return
    if root_holds:
        reason = f"The count speaks of {stated:,} ballots, but there are {found:,}, and the root is theirs."
    elif found < stated:
        reason = f"Of {stated:,} ballots only {found:,} are here: ballots were dropped."
    else:
        reason = f"Instead of {stated:,} ballots there are {found:,}: ballots were added."
    raise DoesNotHold(reason, line)


def _differences(stated: dict[str, Any], found: dict[str, Any], labels: Sequence[str]) -> Iterator[str]:
    """Say what the count in the file says differently, the most telling first."""
    if stated["weight"] != found["weight"]:
        yield f"The ballots weigh {found['weight']:,} together, not {stated['weight']:,}."
    if len(stated["tally"]) != len(labels):
        yield f"The tally has {len(stated['tally'])} numbers for {len(labels)} candidates."
    for label, said, is_so in zip(labels, stated["tally"], found["tally"], strict=False):
        if said != is_so:
            yield f"The tally gives {shown(label)} {said:,}, but the ballots give {is_so:,}."
    if len(stated["rounds"]) != len(found["rounds"]):
        yield f"It has {len(stated['rounds'])} rounds, but the ballots give {len(found['rounds'])}."
    for number, (said, is_so) in enumerate(zip(stated["rounds"], found["rounds"], strict=False), start=1):
        for name in is_so:
            if said[name] != is_so[name]:
                yield f"Round {number} is not what the ballots give: its {shown(name)} differ."
    for name, what in (("ties", "ties"), ("lot", "lot"), ("places", "places")):
        if stated[name] != found[name]:
            yield f"The {what} are not those that the ballots give."
    if stated["winners"] != found["winners"]:
        yield f"The ballots give {_names(found['winners'], labels)} as winner, not {_names(stated['winners'], labels)}."


def _names(positions: Sequence[int], labels: Sequence[str]) -> str:
    names = [shown(labels[position]) if position < len(labels) else str(position) for position in positions]
    return " and ".join(names) or "nobody"
