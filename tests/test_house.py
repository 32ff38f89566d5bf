"""The rules of the house that a machine can hold."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAX_COG_LINES = 200


def test_imports_go_the_way_they_should() -> None:
    lint = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_the_code_is_formatted_linted_and_typed() -> None:
    for tool in (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]):
        done = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_cogs_stay_thin_and_leave_errors_to_the_one_place() -> None:
    for cog in (ROOT / "cogs").glob("*.py"):
        source = cog.read_text()
        assert len(source.splitlines()) <= MAX_COG_LINES, f"{cog.name} is no thin edge any more"
        assert "HTTPException" not in source, f"{cog.name} handles what bot/client.py handles"


def test_importing_every_module_reads_no_setting_and_opens_no_file(tmp_path: Path) -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for package in ("bot", "cogs")
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and "playground" not in path.parts and path.name != "__init__.py"
    ]
    code = f"import importlib; [importlib.import_module(name) for name in {modules!r}]"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "MOONBALLOT_LOG_FORMAT": "wrong", "MOONBALLOT_DATABASE_URL": "wrong"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
