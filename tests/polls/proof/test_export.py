import csv
import io
import json
from pathlib import Path
from typing import Any, get_args

import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest

from bot.errors import Refused
from bot.polls.counting import METHODS
from bot.polls.proof.document import PollPart, schema
from bot.polls.proof.export import write_csv, write_json
from bot.polls.proof.receipt import receipt_text
from bot.polls.proof.tree import root
from tests.polls.proof.exports import a_poll, leaves_of, reopened, some_ballots

SCHEMA = Path(__file__).parents[3] / "data" / "export.schema.json"


def exported(method: str, ballots: int = 40) -> tuple[dict[str, Any], bytes]:
    poll, out = a_poll(method), io.BytesIO()
    write_json(out, poll, leaves_of(poll, some_ballots(poll, ballots)))
    return json.loads(out.getvalue()), out.getvalue()


@pytest.mark.parametrize("ballots", [0, 1, 40])
@pytest.mark.parametrize("method", METHODS)
def test_an_export_is_one_json_document_that_the_schema_describes(method: str, ballots: int) -> None:
    document, _ = exported(method, ballots)
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    assert len(document["ballots"]) == ballots


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"more": 1},
        {"ballots": [{"salt": "00" * 16, "choices": [0], "weight": 1}]},
        {"ballots": [{"leaf": "00" * 32, "salt": "00" * 16, "choices": [0], "weight": 11}]},
        {"root": "none"},
    ],
)
def test_the_schema_refuses_what_is_no_export(change: dict[str, Any]) -> None:
    document, _ = exported("single")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document | change)


def test_the_shipped_schema_is_that_of_the_code() -> None:
    assert json.loads(SCHEMA.read_text()) == schema()


def test_every_method_has_its_name_in_the_document() -> None:
    assert set(get_args(PollPart.model_fields["method"].annotation)) == set(METHODS)


def test_an_export_holds_one_ballot_a_line() -> None:
    document, raw = exported("ranked")
    lines = [line.rstrip(",") for line in raw.decode().splitlines() if line.startswith('{"leaf"')]
    assert [json.loads(line) for line in lines] == document["ballots"]
    assert sorted(lines) == lines


def test_what_was_written_is_what_is_returned() -> None:
    poll, out = a_poll("ranked"), io.BytesIO()
    leaves = leaves_of(poll, some_ballots(poll, 40))
    done = write_json(out, poll, iter(leaves))
    document = json.loads(out.getvalue())
    assert document["root"] == done.root.hex() == root(leaf.hash for leaf in leaves).hex()
    assert document["count"]["winners"] == list(done.count.winners)
    assert document["count"]["ballots"] == done.count.ballots == 40


def test_an_export_names_no_member_moderator_server_or_channel() -> None:
    poll, out = a_poll(), io.BytesIO()
    write_json(out, poll, leaves_of(poll, some_ballots(poll, 5)))
    document = json.loads(out.getvalue())
    assert set(document["poll"]) == {"id", "title", "method", "max_choices", "results", "opened_at", "closed_at"}
    assert set(document["ballots"][0]) == {"leaf", "salt", "choices", "weight"}
    assert set(document["rules"]["values"]) == {"min_account_age_days", "role_ids", "weights"}


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_an_open_poll_has_no_export(write: Any) -> None:
    out = io.BytesIO()
    with pytest.raises(Refused, match="closed"):
        write(out, reopened(a_poll()), [])
    assert out.getvalue() == b""


def table(labels: tuple[str, ...]) -> tuple[list[list[str]], str]:
    poll, out = a_poll("approval", labels=labels), io.BytesIO()
    write_csv(out, poll, leaves_of(poll, some_ballots(poll, 60)))
    text = out.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""))), text


def test_a_table_has_one_line_a_ballot_with_its_receipt_weight_and_choices() -> None:
    poll = a_poll("approval")
    rows, text = table(tuple(line.label for line in poll.candidates))
    leaves = leaves_of(poll, some_ballots(poll, 60))
    assert rows[0] == ["receipt", "weight", "positions", "choices"]
    assert text.count("\r\n") == len(rows) == 61
    for row, leaf in zip(rows[1:], leaves, strict=True):
        chosen = [poll.candidates[position].label for position in leaf.choices]
        assert row == [
            receipt_text(12, leaf.salt),
            str(leaf.weight),
            " ".join(map(str, leaf.choices)),
            " > ".join(chosen),
        ]


HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    " =1",
    "＝1",
    "a;=1+1",
    "a, -1",
    'a"=1',
    "two\nlines",
    "a\r\n=1",
    "x\u2028y",
)


def test_no_cell_of_a_table_is_a_formula_whatever_separates_its_cells() -> None:
    rows, text = table(HOSTILE)
    assert len(rows) == text.count("\r\n") == 61
    assert len(text.splitlines()) == 61
    for separator in (",", ";", "\t", "|"):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            for cell in row:
                assert not cell.strip().strip('"').strip().startswith(tuple("=+-@＝＋－＠")), (separator, row)


def test_an_ordinary_label_stands_in_a_table_as_it_is() -> None:
    rows, _ = table(("0x-Labs", "A+B", "it's = fine", "Zür¡ch 「星」"))
    cells = {label for row in rows[1:] for label in row[3].split(" > ")}
    assert cells == {"0x-Labs", "A+B", "it's = fine", "Zür¡ch 「星」"}
