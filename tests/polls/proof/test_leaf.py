from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polls.model import Candidate, PollState, Rules, Visibility
from bot.polls.proof.leaf import ballot_entry, ballot_leaf, canonical, poll_fingerprint, rule_values
from tests.polls.proof.exports import a_poll

SALTS = st.binary(min_size=16, max_size=16)
CHOICES = st.lists(st.integers(0, 99), min_size=1, max_size=8, unique=True).map(tuple)
BALLOTS = st.tuples(SALTS, CHOICES, st.integers(1, 10))


def test_a_leaf_is_what_the_documentation_says() -> None:
    digest, salt = "ab" * 32, bytes(range(16))
    entry = f"moonballot-ballot-v1\n{digest}\n000102030405060708090a0b0c0d0e0f\n3,1,10\n2".encode()
    assert ballot_leaf(digest, salt, (3, 1, 10), 2).hash == sha256(b"\x00" + entry).digest()


@given(BALLOTS, BALLOTS)
def test_different_ballots_have_different_bytes(
    one: tuple[bytes, tuple[int, ...], int], other: tuple[bytes, tuple[int, ...], int]
) -> None:
    assert (ballot_entry("", *one) == ballot_entry("", *other)) == (one == other)


def test_a_fingerprint_stays_the_same_over_releases() -> None:
    # Written down once: whatever changes it makes every earlier receipt and export worthless.
    assert poll_fingerprint(a_poll()).digest == "5df6d3e7227fb300b48965e0789f1fa50399eae2c06fcc717330a8caadad9089"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("poll", {"id": 13}),
        ("poll", {"title": "Who lags?"}),
        ("poll", {"method": "approval"}),
        ("poll", {"max_choices": 2}),
        ("poll", {"results": Visibility.LIVE}),
        ("rules", {"rules": Rules(min_member_days=1)}),
        ("candidates", {"candidates": (Candidate(0, "Starknet"),)}),
    ],
)
def test_each_frozen_thing_changes_its_part_of_the_fingerprint(part: str, change: dict[str, Any]) -> None:
    before, after = poll_fingerprint(a_poll()), poll_fingerprint(replace(a_poll(), **change))
    changed = {name for name in ("poll", "rules", "candidates") if getattr(before, name) != getattr(after, name)}
    assert changed == {part}
    assert before.digest != after.digest


def test_nothing_that_changes_after_the_opening_changes_the_fingerprint() -> None:
    poll = a_poll()
    later = replace(
        poll,
        guild_id=8,
        channel_id=1,
        message_id=None,
        state=PollState.OPEN,
        closes_at=datetime(2027, 1, 1, tzinfo=UTC),
        closed_at=None,
        ballots=9,
        revision=4,
        candidates=tuple(replace(line, votes=5) for line in poll.candidates),
    )
    assert poll_fingerprint(later) == poll_fingerprint(poll)


def test_a_rule_that_asks_for_nothing_is_left_out_and_ids_are_texts() -> None:
    rules = Rules(min_member_days=3, weights={2**60: 5})
    assert rule_values(rules) == {"min_member_days": 3, "weights": {str(2**60): 5}}


def test_canonical_json_is_the_one_of_the_rfc() -> None:
    # RFC 8785: sorted names, no spaces, the shortest escapes, all else as it is.
    assert (
        canonical({"b": [1, None], "a": 'é"\\\n\x01\x7f/'}) == '{"a":"é\\"\\\\\\n\\u0001\x7f/","b":[1,null]}'.encode()
    )
