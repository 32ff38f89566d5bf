"""How the sentences of a corpus lie."""

from pathlib import Path

import numpy as np
import pytest

from bot.answers.retrieval.cloud import Cloud, cloud_of, read_cloud, rows_of, write_cloud
from bot.answers.retrieval.document import Document
from tests.answers.retrieval.test_finding import CORPUS, Letters


@pytest.fixture
def cloud() -> Cloud:
    return cloud_of(CORPUS, rows_of(Letters(), CORPUS))


def test_a_document_is_as_near_as_its_nearest_sentence(cloud: Cloud) -> None:
    rows = rows_of(Letters(), CORPUS)
    for question in ("how do i move coins", "is it taxed"):
        vector = Letters().vectors([question])[0]
        near = rows @ vector
        assert np.allclose(cloud.nearest(vector), [near[:2].max(), near[2:4].max(), near[4:].max()], atol=1e-4)


def test_a_sentence_of_the_corpus_is_as_near_as_can_be(cloud: Cloud) -> None:
    for place, row in enumerate(rows_of(Letters(), CORPUS)):
        assert cloud.nearest(row)[place // 2] == pytest.approx(1, abs=1e-4)


def test_a_cloud_is_read_as_it_was_written(tmp_path: Path, cloud: Cloud) -> None:
    path = tmp_path / "cloud.npz"
    write_cloud(path, cloud)
    read = read_cloud(path, CORPUS)
    assert read is not None
    vector = Letters().vectors(["is it income"])[0]
    assert np.allclose(read.nearest(vector), cloud.nearest(vector), atol=2e-3)
    assert np.allclose(read.spread, cloud.spread)
    assert np.allclose(read.middle, cloud.middle)


def test_the_cloud_of_other_sentences_is_not_used(tmp_path: Path, cloud: Cloud) -> None:
    path = tmp_path / "cloud.npz"
    write_cloud(path, cloud)
    assert read_cloud(path, [*CORPUS[:2], Document("tax", ("Do I pay tax?",))]) is None


@pytest.mark.parametrize("content", [None, b"", b"not a file of arrays"])
def test_without_a_readable_file_there_is_no_cloud(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "cloud.npz"
    if content is not None:
        path.write_bytes(content)
    assert read_cloud(path, CORPUS) is None
