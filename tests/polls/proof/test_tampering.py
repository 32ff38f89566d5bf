"""Every way to tamper with an export is found, and named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.polls.proof.report import report_text
from bot.polls.proof.verify import verify
from tests.polls.proof.sample import EXPORT, POLL
from tests.polls.proof.tampering import (
    Tampering,
    added,
    all_of,
    ballot,
    ballots_of,
    change,
    double,
    drop,
    of_another_poll,
    put,
    read,
    reballot,
    recast,
    refingerprint,
    seal,
    swap_in,
    write,
)


def add_one(value: int) -> int:
    return value + 1


TIE = {"round": 1, "candidates": [0, 1], "votes": 3, "rule": None, "eliminated": [], "earlier_round": None}

TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    # ballots
    "choice changed": (ballot(r'"choices":\[[\d,]+', '"choices":[4,1'), "leaf of this ballot is not its hash"),
    "weight changed": (ballot(r'"weight":1', '"weight":7'), "leaf of this ballot is not its hash"),
    "salt changed": (ballot(r'"salt":"....', '"salt":"0000'), "leaf of this ballot is not its hash"),
    "leaf changed": (ballot(r'"leaf":"....', '"leaf":"0000'), "leaf of this ballot is not its hash"),
    "choice changed with its leaf": (reballot(recast(POLL, choices=(4, 3))), "The root does not belong"),
    "weight changed with its leaf": (reballot(recast(POLL, weight=9)), "The root does not belong"),
    "salt changed with its leaf": (reballot(recast(POLL, salt=bytes(16))), "The root does not belong"),
    "ballot dropped": (reballot(lambda leaves: leaves[1:]), "Of 40 ballots only 39 are here: ballots were dropped"),
    "last ballot dropped": (reballot(lambda leaves: leaves[:-1]), "only 39 are here"),
    "all ballots dropped": (reballot(lambda _: []), "only 0 are here"),
    "ballot dropped and the count told": (
        all_of(reballot(lambda leaves: leaves[:-1]), change("count", "ballots", to=39)),
        "one was dropped, added or replaced",
    ),
    "ballot added": (reballot(added(POLL, (1,))), "Instead of 40 ballots there are 41: ballots were added"),
    "ballot replaced": (reballot(lambda leaves: added(POLL, (1,))(leaves[1:])), "one was dropped, added or replaced"),
    "ballot doubled": (reballot(lambda leaves: sorted([leaves[3], *leaves])), "This ballot is doubled"),
    "ballots moved": (reballot(lambda leaves: leaves[::-1]), "not in the order of the leaves"),
    "ballots of another poll": (reballot(of_another_poll(POLL)), "or these are ballots of another poll"),
    "choice of nobody": (ballot(r'"choices":\[\d', '"choices":[77'), "That candidate is not in this poll"),
    "choice out of all bounds": (
        ballot(r'"choices":\[\d', '"choices":[777'),
        "“ballot.choices.0” is not what it should be",
    ),
    "choice below zero": (ballot(r'"choices":\[\d', '"choices":[-1'), "“ballot.choices.0” is not what it should be"),
    "choice in parts": (ballot(r'"choices":\[\d', '"choices":[1.5'), "only whole numbers"),
    "choice twice": (ballot(r'"choices":\[[\d,]+', '"choices":[1,1'), "names each candidate at most once"),
    "no choice": (ballot(r'"choices":\[[\d,]+', '"choices":['), "“ballot.choices” is not what it should be"),
    "weight of nothing": (ballot(r'"weight":\d', '"weight":0'), "“ballot.weight” is not what it should be"),
    "weight of eleven": (ballot(r'"weight":\d', '"weight":11'), "“ballot.weight” is not what it should be"),
    "weight as text": (ballot(r'"weight":\d', '"weight":"1"'), "“ballot.weight” is not what it should be"),
    "weight true": (ballot(r'"weight":\d', '"weight":true'), "“ballot.weight” is not what it should be"),
    "short salt": (ballot(r'"salt":"....', '"salt":"'), "“ballot.salt” is not what it should be"),
    "salt in capitals": (ballot(r'"salt":"....', '"salt":"ABCD'), "“ballot.salt” is not what it should be"),
    "no weight": (ballot(r',"weight":\d', ""), "The field “ballot.weight” is missing"),
    "ballot with a name": (ballot(r"\}", ',"voter":1}'), "There is an unknown field “ballot.voter”"),
    "ballot with spaces": (ballot(r'"weight":', '"weight": '), "not written as an export writes it"),
    "ballot with a doubled name": (ballot(r'"weight":1', '"weight":1,"weight":1'), "“weight” stands twice"),
    "ballot that is a list": (ballot(r"\{.*\}", "[]"), "“ballot” is not what it should be"),
    # count and root
    "root changed": (put("root", "00" * 32), "or the root was changed"),
    "root of another kind": (put("root", 7), "The root is no hash"),
    "turnout changed": (change("count", "ballots", to=add_one), "speaks of 41 ballots, but there are 40"),
    "weight in all changed": (change("count", "weight", to=add_one), "The ballots weigh"),
    "tally changed": (change("count", "tally", 1, to=add_one), "The tally gives “LayerZero”"),
    "tally longer": (
        change("count", "tally", to=lambda tally: [*tally, 1]),
        "The tally has 6 numbers for 5 candidates",
    ),
    "tally shorter": (change("count", "tally", to=lambda tally: tally[:-1]), "The tally has 4 numbers"),
    "votes of a round changed": (change("count", "rounds", 1, "votes", 0, to=add_one), "Round 2 is not what"),
    "another eliminated": (change("count", "rounds", 0, "eliminated", to=[1, 2]), "its “eliminated” differ"),
    "another reason": (change("count", "rounds", 0, "reason", to="no_votes"), "its “reason” differ"),
    "exhausted changed": (change("count", "rounds", 1, "exhausted", to=add_one), "its “exhausted” differ"),
    "round dropped": (change("count", "rounds", to=lambda rounds: rounds[:-1]), "rounds, but the ballots give"),
    "ties changed": (
        change("count", "ties", to=lambda ties: [] if ties else [TIE]),
        "The ties are not those that the ballots give",
    ),
    "lot changed": (change("count", "lot", to=lambda lot: [] if lot else [1, 0]), "The lot are not those"),
    "places changed": (change("count", "places", to=lambda places: places[::-1]), "The places are not those"),
    "winner changed": (change("count", "winners", to=lambda won: [(won[0] + 1) % 5]), "as winner, not"),
    "no winner": (change("count", "winners", to=[]), "as winner, not nobody"),
    "winner that is not there": (change("count", "winners", to=[88]), "as winner, not 88"),
    "negative tally": (change("count", "tally", 0, to=-1), "“count.tally.0” is not what it should be"),
    # poll, rules, candidates
    "title changed": (change("poll", "title", to="Who lags?"), "title, method, most choices"),
    "another poll's number": (change("poll", "id", to=13), "The poll's number"),
    "method changed": (change("poll", "method", to="approval"), "method, most choices"),
    "most choices changed": (change("poll", "max_choices", to=2), "most choices"),
    "visibility changed": (change("poll", "results", to="live"), "visibility of results"),
    "unknown method": (change("poll", "method", to="borda"), "“poll.method” is not what it should be"),
    "closed before it opened": (change("poll", "closed_at", to="2020-01-01T00:00:00Z"), "closes before it opens"),
    "time that is none": (change("poll", "closed_at", to="2026-13-01T00:00:00Z"), "“poll.closed_at” is not what"),
    "rule changed": (
        all_of(swap_in("30", "31", start='"rules"'), swap_in("30 days", "31 days", start='"rules"')),
        "The rules changed after the fingerprint was taken",
    ),
    "weights changed": (
        all_of(swap_in('9":3', '9":9', start='"rules"'), swap_in("counts 3", "counts 9", start='"rules"')),
        "The rules changed",
    ),
    "rule in words changed": (swap_in("30 days", "3 days", start='"rules"'), "The rules in words do not say"),
    "rules that are none": (change("rules", "values", to=[]), "“rules.values” is not what it should be"),
    "candidate renamed": (swap_in("LayerZero", "Wormhole", start='{"position":1'), "The candidates changed"),
    "candidate's project changed": (swap_in('"layerzero"', "null", start='{"position":1'), "The candidates changed"),
    "candidates swapped": (
        all_of(swap_in("LayerZero", "x", start='{"position":1'), swap_in("peaq", "LayerZero", start='{"position":2')),
        "The candidates changed",
    ),
    "candidate dropped": (drop('{"position":2'), "Candidate 3 stands where candidate 2 should"),
    "candidate doubled": (double('{"position":2'), "Candidate 2 stands where candidate 3 should"),
    "two candidates of one name": (
        swap_in("LayerZero", "Starknet", start='{"position":1'),
        "stands here a second time",
    ),
    "candidates changed with the fingerprint": (
        all_of(swap_in("LayerZero", "Wormhole", start='{"position":1'), refingerprint),
        "or these are ballots of another poll",
    ),
    "rules changed with the fingerprint": (
        all_of(swap_in("30", "9", start='"rules"'), swap_in("30 days", "9 days", start='"rules"'), refingerprint),
        "or these are ballots of another poll",
    ),
    "fingerprint changed": (change("fingerprint", "rules", to="00" * 32), "The rules changed after the fingerprint"),
    "fingerprint too short": (change("fingerprint", "poll", to="00"), "“fingerprint.poll” is not what it should be"),
    # the file itself
    "another format": (put("format", "snapshot"), "should be “moonballot-export” and is “snapshot”"),
    "another version": (put("version", 2), "This export has version “2”"),
    "version true": (put("version", True), "This export has version “True”"),
    "field missing": (drop('"rules"'), "The field “rules” is missing; “candidates” stands in its place"),
    "field doubled": (double('"rules"'), "The field “rules” stands here a second time"),
    "field unknown": (
        lambda lines: lines.insert(3, '"president":"me",'),
        "There is an unknown field “president”; “poll” should stand here",
    ),
    "unknown field inside": (swap_in(r"\},$", ',"guild":7},', start='"poll"'), "unknown field “poll.guild”"),
    "field missing inside": (swap_in(r'"id":12,', "", start='"poll"'), "The field “poll.id” is missing"),
    "name doubled inside": (swap_in(r'"id":12', '"id":12,"id":12', start='"poll"'), "“id” stands twice"),
    "comma missing": (swap_in(",$", "", start='"version"'), "broken JSON: a comma is missing"),
    "comma missing between ballots": (swap_in(",$", "", start='{"leaf"'), "broken JSON: the line before has no comma"),
    "comma too many": (lambda lines: lines.__setitem__(ballots_of(lines).stop - 1, "{},"), "“ballot.leaf” is missing"),
    "comma before the end of a list": (
        lambda lines: lines.__setitem__(ballots_of(lines).stop - 1, lines[ballots_of(lines).stop - 1] + ","),
        "a comma with nothing after it",
    ),
    "comma missing after a list": (swap_in(",", "", start="],"), "a comma is missing at the end"),
    "quote missing": (swap_in('"format"', '"format', start='"format"'), "the field “format” should stand here"),
    "bracket missing": (swap_in(r"\},$", ",", start='"poll"'), "This is broken JSON"),
    "half a character": (swap_in("leads", "\\ud800", start='"poll"'), "half a character"),
}


@pytest.mark.parametrize(("tamper", "said"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampering_is_found_and_named(tamper: Tampering, said: str, file: Path) -> None:
    lines = read(file)
    tamper(lines)
    write(file, lines)
    report = verify(file)
    assert said in str(report.problem)
    assert report_text(report).startswith("DOES NOT HOLD")


def test_the_line_is_the_one_that_was_changed(file: Path) -> None:
    lines = read(file)
    number = ballots_of(lines).start + 17
    lines[number] = lines[number].replace('"weight":', '"weight":1')
    write(file, lines)
    problem = verify(file).problem
    assert problem is not None
    assert problem.line == number + 1


def test_what_no_proof_covers_is_found_by_the_checksum(file: Path) -> None:
    lines = read(file)
    change("poll", "closed_at", to="2026-03-09T12:00:00Z")(lines)
    write(file, lines, sealed=False)
    assert "The checksum does not belong" in str(verify(file).problem)


def parsed(raw: bytes) -> Any:
    """What a file says but for the times, which only the posted result and the checksum vouch for."""
    document = json.loads(raw)
    for name in ("opened_at", "closed_at"):
        document["poll"].pop(name)
    document.pop("checksum")
    return document


MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLACES = st.integers(0, len(EXPORT) - 1)


@MANY
@given(place=PLACES, byte=st.integers(0, 255))
def test_no_byte_can_be_changed(file: Path, place: int, byte: int) -> None:
    changed = EXPORT[:place] + bytes([byte]) + EXPORT[place + 1 :]
    file.write_bytes(changed)
    assert verify(file).holds == (changed == EXPORT)


@MANY
@given(
    place=PLACES, byte=st.sampled_from(b'0123456789abcdef"{}[],: -.eE\\u'), kind=st.sampled_from(("put", "add", "drop"))
)
def test_a_byte_that_changes_the_meaning_is_found_under_a_new_checksum(
    file: Path, place: int, byte: int, kind: str
) -> None:
    new = b"" if kind == "drop" else bytes([byte])
    changed = seal(EXPORT[:place] + new + EXPORT[place + (kind != "add") :])
    file.write_bytes(changed)
    if verify(file).holds:
        assert parsed(changed) == parsed(EXPORT)


@MANY
@given(data=st.data())
def test_no_line_can_be_dropped_doubled_or_moved(file: Path, data: st.DataObject) -> None:
    lines = EXPORT.decode().split("\n")[:-1]
    body = len(lines) - 2  # behind it stands the seal, which is made anew
    place = data.draw(st.integers(0, body - 1))
    line = lines[place]
    match data.draw(st.sampled_from(("drop", "double", "move"))):
        case "drop":
            del lines[place]
        case "double":
            lines.insert(place, line)
        case _:
            del lines[place]
            lines.insert(data.draw(st.integers(0, body - 1).filter(lambda to: to != place)), line)
    write(file, lines)
    assert not verify(file).holds
