"""Write a closed poll to a file that anybody can recount, one ballot a line."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, BinaryIO

from bot.errors import Refused
from bot.polls.counting import METHODS, Count
from bot.polls.model import Poll, PollState
from bot.polls.proof.document import FORMAT, VERSION, moment_text
from bot.polls.proof.leaf import Leaf, candidate_values, columns, identity, poll_fingerprint, rule_values
from bot.polls.proof.receipt import receipt_text
from bot.polls.proof.rules import rule_words
from bot.polls.proof.tree import Tree

# Where a spreadsheet would begin a formula: at the start of a cell, and behind whatever it may take for a separator or
# a quotation mark, since that depends on where it runs. The wide forms count too.
_FORMULA = re.compile(r"""(^|[;,|\t"'])(\s*)(?=[=+\-@＝＋－＠])""")

_CACHED_CELLS = 10_000
_DIGITS = tuple(map(str, range(256)))  # of all positions that a leaf can hold


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the count and the root that its readers will find."""

    count: Count
    root: bytes


def write_json(out: BinaryIO, poll: Poll, leaves: Iterable[Leaf]) -> Exported:
    """Write the export of a closed poll; `leaves` come in ascending order and are read once.

    Raises `Refused` while the poll is not closed, since the file shows every ballot.
    """
    if poll.state is not PollState.CLOSED or poll.closed_at is None:
        raise Refused("An export shows every ballot, so there is one only once the poll is closed.")
    page, tree = _Page(out), Tree()
    _write_head(page, poll)
    page.line('"ballots":[')
    count = METHODS[poll.method].count(_written(page, leaves, tree), len(poll.candidates))
    page.line("],")
    page.field("count", count_values(count))
    page.field("root", tree.root().hex())
    page.line(f'"checksum":"{page.checksum}"\n}}')
    return Exported(count, tree.root())


class _Page:
    """Lines of a file, and the hash over them."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._hash = sha256()

    @property
    def checksum(self) -> str:
        return self._hash.hexdigest()

    def line(self, text: str) -> None:
        raw = text.encode() + b"\n"
        self._hash.update(raw)
        self._out.write(raw)

    def field(self, name: str, value: Any) -> None:
        self.line(f"{json.dumps(name)}:{compact(value)},")


def compact(value: Any) -> str:
    """Write a value on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _write_head(page: _Page, poll: Poll) -> None:
    rules, candidates = rule_values(poll.rules), candidate_values(poll)
    fingerprint = poll_fingerprint(poll)
    assert poll.closed_at is not None  # noqa: S101 - asked before
    times = {"opened_at": moment_text(poll.opens_at), "closed_at": moment_text(poll.closed_at)}
    page.line("{")
    page.field("format", FORMAT)
    page.field("version", VERSION)
    page.field("poll", {**identity(poll), **times})
    page.field("rules", {"values": rules, "text": rule_words(rules)})
    page.line('"candidates":[')
    page.line(",\n".join(map(compact, candidates)))
    page.line("],")
    parts = {"poll": fingerprint.poll, "rules": fingerprint.rules, "candidates": fingerprint.candidates}
    page.field("fingerprint", parts)


def _written(page: _Page, leaves: Iterable[Leaf], tree: Tree) -> Iterator[tuple[Sequence[int], int]]:
    """Write the ballots, put them in the tree and hand them on to be counted."""
    before = ""
    for hashes, salts, choices, weights in columns(leaves):
        if before:
            page.line(before + ",")
        tree.extend(hashes)
        yield from zip(choices, weights, strict=True)
        before = ",\n".join(map(ballot_line, hashes, salts, choices, weights))
    if before:
        page.line(before)


def ballot_line(leaf: bytes, salt: bytes, choices: Iterable[int], weight: int) -> str:
    """Write a ballot as it stands in the export, without the comma."""
    positions = ",".join(map(_DIGITS.__getitem__, choices))
    return f'{{"leaf":"{leaf.hex()}","salt":"{salt.hex()}","choices":[{positions}],"weight":{weight}}}'


def count_values(count: Count) -> dict[str, Any]:
    """Return the numbers of a count as the export holds them; its words are left out, since words change."""
    return {
        "ballots": count.ballots,
        "weight": count.weight,
        "tally": list(count.votes),
        "rounds": [
            {
                "votes": list(each.votes),
                "exhausted": each.exhausted,
                "eliminated": list(each.eliminated),
                "reason": each.reason and str(each.reason),
            }
            for each in count.rounds
        ],
        "ties": [
            {
                "round": tie.round,
                "candidates": list(tie.candidates),
                "votes": tie.votes,
                "rule": tie.rule and str(tie.rule),
                "eliminated": list(tie.eliminated),
                "earlier_round": tie.earlier_round,
            }
            for tie in count.ties
        ],
        "lot": list(count.lot),
        "places": list(count.places),
        "winners": list(count.winners),
    }


def write_csv(out: BinaryIO, poll: Poll, leaves: Iterable[Leaf]) -> None:
    """Write the ballots as a table for spreadsheets: receipt, weight, positions and labels, one line a ballot.

    A label that a spreadsheet could take for a formula gets an apostrophe in front. Raises `Refused` as `write_json`.
    """
    if poll.state is not PollState.CLOSED:
        raise Refused("An export shows every ballot, so there is one only once the poll is closed.")

    @lru_cache(_CACHED_CELLS)
    def cells(choices: bytes) -> tuple[str, str]:
        chosen = " > ".join(poll.candidates[position].label for position in choices)
        return " ".join(map(str, choices)), _cell(chosen)

    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(("receipt", "weight", "positions", "choices"))
    table.writerows((receipt_text(poll.id, leaf.salt), leaf.weight, *cells(leaf.choices)) for leaf in leaves)
    text.detach()  # the caller's file stays open


def _cell(label: str) -> str:
    """Return a text that stays one line and no formula."""
    line = label if label.isprintable() else "".join(sign if sign.isprintable() else " " for sign in label)
    return _FORMULA.sub(r"\1\2'", line)
