"""Killed between any two steps of casting and of closing, the bot finishes what it began when it is started again."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.polls.model import PollState
from bot.polls.proof.leaf import ballot_leaf, fingerprint_of
from bot.polls.proof.receipt import receipt_text
from bot.polls.proof.tree import root
from bot.store.engine import Store
from tests.polls.crashing import BEFORE, SCRIPT

ROOT = Path(__file__).parents[2]
# On SQLite in front of every step, on PostgreSQL in front of every fifth.
EVERY = {"sqlite": 1, "postgresql": 5}
LABELS = ("Starknet", "LayerZero", "peaq")
Life = dict[str, Any]


@pytest.fixture
async def lives(store: Store, database_url: str, tmp_path: Path) -> list[Life]:
    """Give what became of a poll for each step in front of which the bot was killed."""
    command = ("-m", "tests.polls.crashing", database_url, str(tmp_path), str(EVERY[store.dialect]))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return [json.loads(line) for line in out.splitlines()]


async def test_wherever_it_is_killed_what_was_acknowledged_counts_once_and_the_poll_ends(lives: list[Life]) -> None:
    assert [life["killed"] for life in lives] == [True] * (len(lives) - 1) + [False]
    assert sum(life["killed_again"] for life in lives) > len(lives) / 3
    for life in lives:
        try:
            check_ballots(life)
            check_end(life["found"], closed_by_hand=any("closed" in said for said in life["told"]))
            check_channel(life)
        except AssertionError as error:
            raise AssertionError(f"killed in front of step {life['killed_at']}: {error}") from error


def check_ballots(life: Life) -> None:
    """All that was acknowledged is there; of what was not, at most the one slip that was in the box."""
    found, told = life["found"], [said for said in life["told"] if "voter" in said]
    stored = {ballot["voter"]: ballot["choices"] for ballot in found["ballots"]}
    assert len(stored) == len(found["ballots"])
    script, acknowledged = [*BEFORE, *SCRIPT], len(told)
    assert stored in (after(script[:acknowledged]), after(script[: acknowledged + 1]))
    receipts = {receipt_text(found["poll"], bytes.fromhex(ballot["salt"])) for ballot in found["ballots"]}
    if stored == after(script[:acknowledged]):
        assert receipts == {last["receipt"] for last in {said["voter"]: said for said in told}.values()} - {""}


def after(slips: list[tuple[int, tuple[int, ...]]]) -> dict[int, list[int]]:
    return {voter: list(choices) for voter, choices in dict(slips).items() if choices}


def check_end(found: dict[str, Any], *, closed_by_hand: bool) -> None:
    """The poll is closed, once, and its count and root are those of the stored ballots."""
    assert found["state"] == PollState.CLOSED
    assert found["closed_after_s"] in ([1800] if closed_by_hand else [1800, 3600])
    assert found["log"] == ["opened", "closed", "counted"]
    assert found["chain_breaks_at"] is None
    chosen = [ballot["choices"][0] for ballot in found["ballots"]]
    tally = [chosen.count(position) for position in range(3)]
    assert (found["turnout"], found["votes"]) == (len(chosen), tally)
    assert (found["count"]["ballots"], found["count"]["tally"]) == (len(chosen), tally)
    assert found["root"] == recounted_root(found)
    assert found["proved"] == [True] * len(chosen)


def recounted_root(found: dict[str, Any]) -> str:
    lines = [{"position": place, "label": name, "project_id": None} for place, name in enumerate(LABELS)]
    poll = {"id": found["poll"], "title": "Who leads?", "method": "single", "max_choices": 1, "results": "live"}
    digest = fingerprint_of(poll, {}, lines).digest
    leaves = (ballot_leaf(digest, bytes.fromhex(b["salt"]), b["choices"], 1).hash for b in found["ballots"])
    return root(sorted(leaves)).hex()


def check_channel(life: Life) -> None:
    """The board ends with the final state, and the result stands there once, with the root."""
    found, said = life["found"], life["said"]
    assert (found["posted"], found["shown"]) == (True, True)
    board, *others = [line["nonce"] for line in said if line["nonce"]]
    assert board == f"board-{found['poll']}"
    assert others == [f"result-{found['poll']}"]
    (result,) = (line["text"] for line in said if line["nonce"] == others[0])
    assert found["root"] in result
    last_board = [line["text"] for line in said if line["id"] == said[0]["id"]][-1]
    assert "final result" in last_board
    assert f"{found['turnout']} ballot" in last_board
