"""Change an export as somebody would who wants to be believed: the checksum is always made to fit again."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.polls.model import Poll
from bot.polls.proof.export import ballot_line
from bot.polls.proof.leaf import Leaf, ballot_leaf, fingerprint_of, poll_fingerprint

Lines = list[str]
Tampering = Callable[[Lines], None]


def read(path: Path) -> Lines:
    return path.read_text("utf-8").split("\n")[:-1]


def write(path: Path, lines: Lines, *, sealed: bool = True) -> None:
    raw = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(seal(raw) if sealed else raw)


def seal(raw: bytes) -> bytes:
    """Put a checksum that fits behind what comes before it."""
    body, mark, _ = raw.rpartition(b'"checksum":')
    return body + mark + b'"%s"\n}\n' % sha256(body).hexdigest().encode() if mark else raw


def at(lines: Lines, start: str) -> int:
    return next(number for number, line in enumerate(lines) if line.startswith(start))


def ballots_of(lines: Lines) -> slice:
    first = at(lines, '"ballots":[') + 1
    return slice(first, lines.index("],", first))


def put(field: str, value: Any) -> Tampering:
    """Give a top-level field another value."""
    return lambda lines: lines.__setitem__(at(lines, f'"{field}":'), f'"{field}":{json.dumps(value)},')


def change(field: str, *path: str | int, to: Any) -> Tampering:
    """Change one value inside a top-level field."""

    def tamper(lines: Lines) -> None:
        number = at(lines, f'"{field}":')
        value = json.loads(lines[number].removesuffix(",").partition(":")[2])
        inner = value
        for step in path[:-1]:
            inner = inner[step]
        before = inner[path[-1]]
        inner[path[-1]] = to(before) if callable(to) else to
        assert inner[path[-1]] != before, "nothing was tampered with"
        lines[number] = f'"{field}":{json.dumps(value, ensure_ascii=False)},'

    return tamper


def swap_in(pattern: str, by: str, *, start: str = "") -> Tampering:
    """Replace a pattern in the first line that begins with `start` and has it."""

    def tamper(lines: Lines) -> None:
        for number, line in enumerate(lines):
            if line.startswith(start) and re.search(pattern, line):
                lines[number] = re.sub(pattern, lambda _: by, line, count=1)
                assert lines[number] != line
                return
        raise AssertionError(pattern)

    return tamper


def ballot(pattern: str, by: str) -> Tampering:
    """Replace a pattern in the first ballot that has it."""
    return swap_in(pattern, by, start='{"leaf"')


def drop(start: str) -> Tampering:
    return lambda lines: lines.__delitem__(at(lines, start))


def double(start: str) -> Tampering:
    return lambda lines: lines.insert(at(lines, start), lines[at(lines, start)])


def reballot(work: Callable[[list[Leaf]], list[Leaf]]) -> Tampering:
    """Change the ballots as leaves, and write them in order, with commas where they belong."""

    def tamper(lines: Lines) -> None:
        where = ballots_of(lines)
        leaves = [_leaf(json.loads(line.removesuffix(","))) for line in lines[where]]
        new = [ballot_line(*leaf) for leaf in work(leaves)]
        lines[where] = [f"{line}," for line in new[:-1]] + new[-1:]

    return tamper


def _leaf(values: dict[str, Any]) -> Leaf:
    salt, choices = bytes.fromhex(values["salt"]), bytes(values["choices"])
    return Leaf(bytes.fromhex(values["leaf"]), salt, choices, values["weight"])


def recast(poll: Poll, **changes: Any) -> Callable[[list[Leaf]], list[Leaf]]:
    """Change the first ballot for good: with its right leaf, in its right place."""
    digest = poll_fingerprint(poll).digest

    def work(leaves: list[Leaf]) -> list[Leaf]:
        leaf = leaves[0]._replace(**changes)
        return sorted([ballot_leaf(digest, leaf.salt, leaf.choices, leaf.weight), *leaves[1:]])

    return work


def added(poll: Poll, choices: tuple[int, ...]) -> Callable[[list[Leaf]], list[Leaf]]:
    leaf = ballot_leaf(poll_fingerprint(poll).digest, bytes(16), choices, 1)
    return lambda leaves: sorted([*leaves, leaf])


def all_of(*tamperings: Tampering) -> Tampering:
    def tamper(lines: Lines) -> None:
        for each in tamperings:
            each(lines)

    return tamper


def refingerprint(lines: Lines) -> None:
    """Make the fingerprint that stands in the file fit what stands above it."""
    whole = json.loads("\n".join(lines))
    poll = {name: value for name, value in whole["poll"].items() if not name.endswith("_at")}
    stated = fingerprint_of(poll, whole["rules"]["values"], whole["candidates"])
    put("fingerprint", {"poll": stated.poll, "rules": stated.rules, "candidates": stated.candidates})(lines)


def of_another_poll(poll: Poll) -> Callable[[list[Leaf]], list[Leaf]]:
    digest = poll_fingerprint(replace(poll, id=poll.id + 1)).digest
    return lambda leaves: sorted(ballot_leaf(digest, leaf.salt, leaf.choices, leaf.weight) for leaf in leaves)
