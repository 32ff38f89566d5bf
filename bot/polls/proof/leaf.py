"""What is hashed: a poll as it was frozen, and a ballot in it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple

from bot.polls.model import Poll, Rules
from bot.polls.proof.tree import leaf_hash

# Integers above this are not exact in JavaScript, so Discord's ids are written as text.
_EXACT_INTEGERS = 2**53
_LEAVES_AT_ONCE = 1_000


class Leaf(NamedTuple):
    """A ballot as the tree and the export hold it; leaves sort by their hash."""

    hash: bytes
    salt: bytes
    choices: bytes  # a position each
    weight: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Three hashes over all that is fixed when a poll opens, so that a change can be told by its place."""

    poll: str
    rules: str
    candidates: str

    def __iter__(self) -> Iterator[str]:
        return iter((self.poll, self.rules, self.candidates))

    @property
    def digest(self) -> str:
        """Return the one hash, in hex, that stands in every leaf."""
        return sha256("\n".join(("moonballot-poll-v1", *self)).encode()).hexdigest()


def poll_fingerprint(poll: Poll) -> Fingerprint:
    """Return the hashes over a poll's identity, its rules and its candidates.

    Nothing that changes between the opening and an export enters: no state, no time, no tally, no server.
    """
    return fingerprint_of(identity(poll), rule_values(poll.rules), candidate_values(poll))


def fingerprint_of(poll: Mapping[str, Any], rules: Mapping[str, Any], candidates: Sequence[Any]) -> Fingerprint:
    """Return the fingerprint of the values as they stand in an export."""
    return Fingerprint(*(sha256(canonical(values)).hexdigest() for values in (poll, rules, candidates)))


def canonical(values: Any) -> bytes:
    """Return JSON in the one form of RFC 8785, for values of text, integers, null, lists and objects."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()


def identity(poll: Poll) -> dict[str, Any]:
    """Return what makes a poll this poll, rules and candidates aside."""
    return {
        "id": poll.id,
        "title": poll.title,
        "method": poll.method,
        "max_choices": poll.max_choices,
        "results": str(poll.results),
    }


def rule_values(rules: Rules) -> dict[str, Any]:
    """Return the rules that ask for something.

    A rule that asks for nothing is left out, so that a kind of rule added later leaves older polls' fingerprints alone.
    """
    return {name: _plain(value) for name, value in asdict(rules).items() if value}


def candidate_values(poll: Poll) -> list[dict[str, Any]]:
    """Return the candidates as an export holds them, by position."""
    return [{"position": line.position, "label": line.label, "project_id": line.project_id} for line in poll.candidates]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, int) and abs(value) >= _EXACT_INTEGERS else value


def entry_head(digest: str) -> str:
    """Return the lines that all ballots have in common in the poll whose fingerprint has this digest."""
    return f"moonballot-ballot-v1\n{digest}\n"


def ballot_entry(digest: str, salt: bytes, choices: Sequence[int], weight: int) -> bytes:
    """Return the bytes of a ballot: five lines of hex and decimal digits, so that no two ballots share them."""
    positions = ",".join(map(str, choices))
    return f"{entry_head(digest)}{salt.hex()}\n{positions}\n{weight}".encode("ascii")


def ballot_leaf(digest: str, salt: bytes, choices: Sequence[int], weight: int) -> Leaf:
    """Return the leaf of a ballot in the poll whose fingerprint has this digest."""
    return Leaf(leaf_hash(ballot_entry(digest, salt, choices, weight)), salt, bytes(choices), weight)


def columns(leaves: Iterable[Leaf]) -> Iterator[tuple[Sequence[Any], ...]]:
    """Give hashes, salts, choices and weights, of some leaves at a time: far quicker than leaf by leaf."""
    rest = iter(leaves)
    while some := list(islice(rest, _LEAVES_AT_ONCE)):
        yield tuple(zip(*some, strict=True))
