import json
from pathlib import Path

import pytest

from bot.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["moonballot", "link", *words])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MOONBALLOT_BLOCK_LIST", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("url", "verdict", "domain", "imitates"),
    [
        ("https://starknet-claim.io/x", "lookalike", "starknet-claim.io", "Starknet"),
        ("docs.starknet.io", "official", "starknet.io", None),
        ("bit.ly/x", "suspicious", "bit.ly", None),
        ("example.com", "unknown", "example.com", None),
        ("nothing", "unknown", "nothing", None),
    ],
)
def test_json_has_the_verdict_the_domain_whom_it_imitates_and_why(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    url: str,
    verdict: str,
    domain: str,
    imitates: str | None,
) -> None:
    assert run(monkeypatch, url, "--json") == 0
    said = json.loads(capfd.readouterr().out)
    assert (said["verdict"], said["domain"], said["imitates"]) == (verdict, domain, imitates)
    assert said["reasons"]


def test_people_read_a_line_for_the_verdict_and_one_for_each_reason(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "starknet-claim.io") == 0
    assert capfd.readouterr().out.splitlines() == [
        "lookalike: starknet-claim.io imitates Starknet; the real one is starknet.io",
        "  It puts other words beside the name of Starknet.",
    ]


def test_the_operators_list_counts(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "scams.txt").write_text("evil.com\n")
    monkeypatch.setenv("MOONBALLOT_BLOCK_LIST", "scams.txt")
    assert run(monkeypatch, "https://x.evil.com") == 0
    assert "listed: x.evil.com" in capfd.readouterr().out


def test_a_list_that_cannot_be_read_is_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MOONBALLOT_BLOCK_LIST", "missing.txt")
    assert run(monkeypatch, "example.com") == 2
    lines = capfd.readouterr().err.splitlines()
    assert lines == ["moonballot: MOONBALLOT_BLOCK_LIST: missing.txt cannot be read: No such file or directory"]
