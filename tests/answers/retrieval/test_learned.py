from pathlib import Path

import numpy as np
import pytest

from bot.answers.retrieval.document import Document
from bot.answers.retrieval.learned import corpus_of, fitted, read_learned, write_learned
from bot.answers.retrieval.meaning import Meaning
from tests.answers.retrieval.test_finding import CORPUS, Letters, best


def test_each_wording_most_likely_asks_for_its_own_document() -> None:
    learned, encoder = fitted(Letters(), CORPUS), Letters()
    for place, document in enumerate(CORPUS):
        for vector in encoder.vectors([wording.lower() for wording in document.wordings]):
            likely = learned.probabilities(vector)
            assert likely.argmax() == place
            assert likely.sum() == pytest.approx(1, abs=1e-5)


def test_what_was_learned_is_read_as_it_was_written(tmp_path: Path) -> None:
    path, learned, others = tmp_path / "learned.npz", fitted(Letters(), CORPUS), fitted(Letters(), CORPUS[:2])
    write_learned(path, [learned, others])
    vector = Letters().vectors(["a bridge"])[0]
    for corpus, written in ((CORPUS, learned), (CORPUS[:2], others)):
        read = read_learned(path, corpus)
        assert read is not None
        assert np.allclose(read.probabilities(vector), written.probabilities(vector), atol=1e-3)


@pytest.mark.parametrize("content", [None, b"", b"not a file of arrays"])
def test_without_a_readable_file_nothing_was_learned(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "learned.npz"
    if content is not None:
        path.write_bytes(content)
    assert read_learned(path, CORPUS) is None


@pytest.mark.parametrize(
    "changed",
    [
        CORPUS[::-1],
        CORPUS[:2],
        [*CORPUS[:2], Document("tax", ("Do I pay tax on an airdrop?",))],
        [*CORPUS[:2], Document("taxes", CORPUS[2].wordings)],
    ],
)
def test_what_was_learned_of_other_wordings_is_not_used(tmp_path: Path, changed: list[Document]) -> None:
    path = tmp_path / "learned.npz"
    write_learned(path, [fitted(Letters(), CORPUS)])
    assert corpus_of(changed) != corpus_of(CORPUS)
    assert read_learned(path, changed) is None


def test_finding_uses_what_was_learned_of_its_corpus_and_learns_other_documents_itself() -> None:
    meaning = Meaning(Letters(), CORPUS, fitted(Letters(), CORPUS))
    shipped = meaning.index(CORPUS)
    for document in CORPUS:
        for wording in document.wordings:
            assert best(shipped.scores(wording)) == document.key
            assert shipped.scores(wording).max() <= 1
    assert meaning.index([Document("ama", ("when is the weekly ama",)), CORPUS[0]]).scores("weekly ama").argmax() == 0


def test_documents_of_one_key_share_how_likely_they_are() -> None:
    split = [CORPUS[0], CORPUS[1], Document("snapshot", ("who had how much at that block",))]
    scores = Meaning(Letters(), split, fitted(Letters(), split)).index(split).scores("What is a snapshot?")
    likely = fitted(Letters(), split).probabilities(Letters().vectors(["what is a snapshot?"])[0])
    assert scores[0] > likely[0] + likely[2] - 0.5
    assert scores[2] > scores[1]
