"""Files that are no export, or were made to do harm."""

import json
from pathlib import Path

import pytest

from bot.polls.proof.report import report_text
from bot.polls.proof.verify import verify
from tests.polls.proof.exports import a_poll, some_ballots, write_export
from tests.polls.proof.sample import EXPORT

HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "ends before it begins"),
    "not text": (bytes(range(255, 0, -1)) * 10, "not UTF-8"),
    "a table": (b"receipt,weight\n1,2\n", "no Moonballot export"),
    "other JSON": (b'{\n"a":1\n}\n', "unknown field “a”"),
    "all on one line": (json.dumps(json.loads(EXPORT)).encode() + b"\n", "laid out anew"),
    "laid out anew": (json.dumps(json.loads(EXPORT), indent=2).encode() + b"\n", "should stand on this line alone"),
    "byte order mark": (b"\xef\xbb\xbf" + EXPORT, "byte order mark"),
    "windows": (EXPORT.replace(b"\n", b"\r\n"), "CR and LF"),
    "cut off at a line": (EXPORT[: EXPORT.index(b'"ballots"')], "it was cut off"),
    "cut off in a line": (EXPORT[:2000], "cut off"),
    "without its last line": (EXPORT.removesuffix(b"}\n"), "cut off"),
    "something after it": (EXPORT + b"\n", "something after the end"),
    "a field after it": (EXPORT.removesuffix(b"}\n") + b'"more":1\n}\n', "unknown field “more”"),
    "a line without end": (b"{" + b" " * 10_000_000, "longer than"),
    "a ballot without end": (EXPORT.replace(b'"salt":"', b'"salt":"' + b"0" * 1_000_000, 1), "longer than"),
    "deep nesting": (EXPORT.replace(b'"values":{', b'"values":{"a":' + b"[" * 100_000, 1), "nested deeper"),
    "closed deep nesting": (
        EXPORT.replace(b'"values":{', b'"values":{"a":' + b"[" * 500 + b"]" * 500 + b",", 1),
        "nested deeper",
    ),
    "nesting instead of a ballot": (EXPORT.replace(b'{"leaf"', b"[" * 200_000 + b'{"leaf"', 1), "nested deeper"),
    "not a number": (EXPORT.replace(b'"id":12', b'"id":NaN', 1), "“NaN” stands where only whole numbers do"),
    "infinite": (EXPORT.replace(b'"id":12', b'"id":-Infinity', 1), "“-Infinity” stands where"),
    "a huge number": (EXPORT.replace(b'"id":12', b'"id":1' + b"0" * 100_000, 1), "larger than any"),
    "a huge power": (EXPORT.replace(b'"id":12', b'"id":1e999999', 1), "only whole numbers"),
    "a huge version": (EXPORT.replace(b'"version":1', b'"version":' + b"9" * 5000, 1), "larger than any"),
    "not UTF-8 in a title": (EXPORT.replace(b"leads", b"\xff\xfe", 1), "not UTF-8"),
    "not UTF-8 in a ballot": (EXPORT.replace(b'"leaf":"', b'"leaf":"\xff', 1), "not UTF-8"),
    "many winners": (EXPORT.replace(b'"winners":[', b'"winners":[' + b'"",' * 50_000, 1), "“count.winners"),
    "zero bytes": (b"\0" * 1000 + b"\n", "no Moonballot export"),
}


@pytest.mark.parametrize(("raw", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_a_clear_answer(raw: bytes, said: str, file: Path) -> None:
    file.write_bytes(raw)
    problem = str(verify(file).problem)
    assert said in problem
    assert len(problem) < 500
    assert problem.isprintable()


def test_foreign_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "poll.json"
    poll = a_poll("approval", labels=("\x1b[2Jgone", "second\n\u202eline"))
    write_export(path, poll, some_ballots(poll, 9))
    report = verify(path)
    assert report.holds
    assert all(line.isprintable() for line in report_text(report).split("\n"))
