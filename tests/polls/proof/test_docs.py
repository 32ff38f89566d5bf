"""What the public description says is what the code does."""

import re
import subprocess
from pathlib import Path

import playwright
import pytest

from bot.polls.counting import METHODS
from bot.polls.proof.document import FIELDS
from bot.polls.proof.receipt import parse_receipt
from bot.polls.proof.verify import verify
from tests.polls.proof.exports import a_poll, some_ballots, write_export

DOCS = (Path(__file__).parents[3] / "docs" / "export.md").read_text("utf-8")
# The browser tests bring a Node.js along, so that this test needs none on the machine.
NODE = Path(playwright.__file__).parent / "driver" / "node"


@pytest.mark.parametrize("ballots", [0, 1, 2, 3, 8, 21])
@pytest.mark.parametrize("method", METHODS)
def test_the_recount_in_the_documentation_gives_the_same_root(method: str, ballots: int, tmp_path: Path) -> None:
    program, export = tmp_path / "recount.cjs", tmp_path / "poll.json"
    found = re.search(r"```js\n(.*?)```", DOCS, re.DOTALL)
    assert found is not None
    program.write_text(found[1])
    poll = a_poll(method)
    write_export(export, poll, some_ballots(poll, ballots))
    done = subprocess.run([NODE, program, export], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == f"{verify(export).root} true\n"


def test_every_field_is_documented() -> None:
    table = DOCS[DOCS.index("## The file") : DOCS.index("## What is hashed")]
    assert [name for name in FIELDS if f"`{name}`" not in table] == []


def test_the_receipt_in_the_documentation_is_one() -> None:
    receipts = set(re.findall(r"12(?:-[A-Z2-7]{6}){5}", DOCS))
    assert len(receipts) == 1
    assert parse_receipt(receipts.pop()).poll_id == 12
