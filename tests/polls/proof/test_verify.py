"""A true export holds, and a receipt finds its ballot in it."""

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.polls.counting import METHODS
from bot.polls.proof.receipt import receipt_text
from bot.polls.proof.report import report_text
from bot.polls.proof.verify import verify
from tests.polls.proof.exports import a_poll, some_ballots, write_export
from tests.polls.proof.sample import BALLOTS, POLL


@pytest.mark.parametrize("ballots", [0, 1, 2, 3, 500])
@pytest.mark.parametrize("method", METHODS)
def test_a_true_export_holds(method: str, ballots: int, tmp_path: Path) -> None:
    poll, path = a_poll(method), tmp_path / "poll.json"
    written = write_export(path, poll, some_ballots(poll, ballots))
    report = verify(path)
    assert report.problem is None
    assert (report.count, report.root) == (written.count, written.root.hex())
    assert report.count is not None
    assert report.count.ballots == ballots


def receipt_of(number: int) -> str:
    return receipt_text(POLL.id, BALLOTS[number][0])


@pytest.mark.parametrize("number", [0, 7, 39])
def test_a_receipt_finds_its_ballot_with_its_choices(number: int, file: Path) -> None:
    report = verify(file, receipt=receipt_of(number).lower())
    assert report.holds
    assert report.found is not None
    assert (report.found.choices, report.found.weight) == BALLOTS[number][1:]
    labels = " > ".join(POLL.candidates[position].label for position in BALLOTS[number][1])
    assert f"of 40: {labels}; weight" in report_text(report)


def test_a_receipt_that_is_not_counted_is_said_so(file: Path) -> None:
    report = verify(file, receipt=receipt_text(POLL.id, bytes(16)))
    assert "no ballot here has it" in str(report.problem)
    assert report.root is not None, "the rest was recounted"


def test_a_receipt_of_another_poll_is_told(file: Path) -> None:
    report = verify(file, receipt=receipt_text(13, BALLOTS[0][0]))
    assert "The receipt is of poll 13, but this file is the export of poll 12" in str(report.problem)


def test_a_mistyped_receipt_is_not_taken_for_one_that_is_not_counted(file: Path) -> None:
    text = receipt_of(0)
    with pytest.raises(BadInput, match="mistyped"):
        verify(file, receipt=text[:-1] + ("A" if text[-1] != "A" else "C"))


def test_the_posted_root_is_what_a_made_up_export_cannot_have(file: Path, tmp_path: Path) -> None:
    posted = verify(file).root
    assert posted is not None
    compared = verify(file, root=f" `{posted.upper()}`\n")
    assert compared.holds
    assert "The root is the posted one" in report_text(compared)
    assert "Compare the root" in report_text(verify(file))
    made_up = tmp_path / "made-up.json"
    write_export(made_up, POLL, some_ballots(POLL, 40, seed=2))
    assert verify(made_up).holds
    assert "not the posted" in str(verify(made_up, root=posted).problem)


def test_a_root_that_is_none_is_refused(file: Path) -> None:
    with pytest.raises(BadInput, match="no root"):
        verify(file, root="abc")


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_said_so(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        verify(tmp_path / name)


def test_the_report_says_what_was_recounted(file: Path) -> None:
    text = report_text(verify(file))
    assert text.startswith(f"HOLDS  {file}")
    for said in ("Poll       12, Who", "ranked, closed 2026-03-08 12:00 UTC", "40 ballots", "Winner", "Root       "):
        assert said in text


def test_a_tie_is_reported_as_one(tmp_path: Path) -> None:
    poll, path = a_poll("single"), tmp_path / "poll.json"
    write_export(path, poll, iter([(b"a" * 16, (0,), 2), (b"b" * 16, (1,), 2)]))
    text = report_text(verify(path))
    assert "Tied       Starknet, 2 votes; LayerZero, 2 votes" in text
    assert "Tie for the win" in text
