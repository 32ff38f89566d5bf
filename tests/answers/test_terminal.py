"""`run.py ask`, with the stand-in for an engine but for one run as a process."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.answers import terminal
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.answers.terminal import answer_json, answer_text
from bot.cli import main
from tests.answers.stand_in import NOTHING, PRICE, SNAPSHOT, stand_in

RUN = Path(__file__).parents[2] / "run.py"


@pytest.fixture(autouse=True)
def with_the_stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(terminal, "load_engine", lambda _: stand_in())
    monkeypatch.chdir(tmp_path)


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["moonballot", "ask", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


def test_json_has_the_four_fields_and_a_source_its_three() -> None:
    assert answer_json(SNAPSHOT) == {
        "kind": "answer",
        "text": SNAPSHOT.text,
        "sources": [
            {"title": "Starknet docs", "url": "https://docs.starknet.io/airdrop", "as_of": "2026-02-01"},
        ],
        "confidence": 0.9,
    }


def test_a_source_without_address_or_date_says_null() -> None:
    answer = Answer(Kind.ANSWER, "Yes.", "entry:x", (Citation("Our docs"),), confidence=1 / 3)
    assert answer_json(answer)["sources"] == [{"title": "Our docs", "url": None, "as_of": None}]
    assert answer_json(answer)["confidence"] == 0.33


def test_text_names_sources_dates_suggestions_and_age() -> None:
    answer = Answer(
        Kind.ANSWER,
        "Yes.",
        "entry:x",
        (Citation("Docs", "https://x.example", date(2024, 1, 2)), Citation("Our docs")),
        as_of=date(2024, 1, 2),
        stale=True,
        suggestions=(Suggestion("And then?", "entry:y"),),
    )
    assert answer_text(answer).splitlines() == [
        "Yes.",
        "(This was checked long ago and may be out of date.)",
        "  ? And then?",
        "  - Docs, 2024-01-02: https://x.example",
        "  - Our docs",
        "  As of 2024-01-02",
    ]


def test_a_question_is_answered_as_text(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "what is a snapshot?") == 0
    assert capfd.readouterr().out.startswith(SNAPSHOT.text)


@pytest.mark.parametrize(
    ("question", "kind"), [("what is a snapshot?", "answer"), ("wen 100x", "refusal"), ("", "unknown")]
)
def test_every_kind_of_answer_is_one_line_of_json_and_exit_code_0(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], question: str, kind: str
) -> None:
    assert run(monkeypatch, question, "--json") == 0
    (line,) = capfd.readouterr().out.splitlines()
    assert json.loads(line)["kind"] == kind


def test_each_line_of_a_file_gets_a_line_of_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "questions.txt").write_text("\ufeffwhat is a snapshot?\r\n\nwen 100x\nl\u2028m", encoding="utf-8")
    assert run(monkeypatch, "--file", "questions.txt", "--json") == 0
    texts = [json.loads(line)["text"] for line in capfd.readouterr().out.splitlines()]
    assert texts == [SNAPSHOT.text, NOTHING.text, PRICE.text, NOTHING.text]


def test_without_json_a_file_is_answered_question_by_question(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "questions.txt").write_text("wen 100x\n")
    assert run(monkeypatch, "--file", "questions.txt") == 0
    assert capfd.readouterr().out == f"> wen 100x\n{PRICE.text}\n\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "needs a question"),
        (["what?", "--file", "questions.txt"], "needs a question"),
        (["--file", "missing.txt"], "missing.txt cannot be read: No such file"),
        (["--file", "."], "cannot be read"),
        (["--file", "binary"], "binary cannot be read: it is not UTF-8 text"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert run(monkeypatch, *words) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("moonballot: ")
    assert said in line


def test_it_answers_from_any_folder_without_token_settings_or_database(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DISCORD", "MOONBALLOT"))}
    wrong: dict[str, Any] = environment | {"MOONBALLOT_DATABASE_URL": "wrong"}
    done = subprocess.run(
        [sys.executable, str(RUN), "ask", "--json", "What is a snapshot?"],
        cwd=tmp_path,
        env=wrong,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["kind"] == "answer"
    assert answer["sources"][0]["url"].startswith("https://")
    assert list(tmp_path.iterdir()) == []
