"""The sample as a file."""

from pathlib import Path

import pytest

from tests.polls.proof.sample import EXPORT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "poll.json"
    path.write_bytes(EXPORT)
    return path
