from pathlib import Path

import numpy as np
import pytest

from bot.answers.retrieval.document import Document
from bot.answers.retrieval.learned import corpus_of, fitted, read_learned, vocabulary_of, write_learned
from bot.answers.retrieval.meaning import Meaning
from tests.answers.retrieval.test_finding import CORPUS, Letters, best


def test_each_wording_most_likely_asks_for_its_own_document() -> None:
    learned, encoder = fitted(Letters(), CORPUS), Letters()
    for place, document in enumerate(CORPUS):
        for sentence in document.spoken:
            likely = learned.probabilities(encoder.vectors([sentence])[0], sentence)
            assert likely.argmax() == place
            assert likely.sum() == pytest.approx(1, abs=1e-5)


def test_what_was_learned_is_read_as_it_was_written(tmp_path: Path) -> None:
    path, learned, others = tmp_path / "learned.npz", fitted(Letters(), CORPUS), fitted(Letters(), CORPUS[:2])
    write_learned(path, [learned, others])
    sentence = "is it income or do i move coins"
    vector = Letters().vectors([sentence])[0]
    for corpus, written in ((CORPUS, learned), (CORPUS[:2], others)):
        read = read_learned(path, corpus)
        assert read is not None
        assert np.allclose(read.probabilities(vector, sentence), written.probabilities(vector, sentence), atol=1e-3)


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
    vector = Letters().vectors(["What is a snapshot?"])[0]
    likely = fitted(Letters(), split).probabilities(vector, "What is a snapshot?")
    assert scores[0] > likely[0] + likely[2] - 0.5
    assert scores[2] > scores[1]


def test_the_words_of_a_sentence_tell_what_its_vector_does_not() -> None:
    documents = [
        Document("burn", ("can i burn tokens", "burn it please", "how do i burn")),
        Document("mint", ("can i mint tokens", "mint it please", "how do i mint")),
        Document("tax", ("taxes", "is there tax")),
    ]
    learned, same = fitted(Letters(), documents), Letters().vectors(["tokens"])[0]
    burn, mint = (learned.probabilities(same, sentence) for sentence in ("burn them", "mint them"))
    assert burn[0] > mint[0]
    assert burn[1] < mint[1]
    assert learned.probabilities(same, "") == pytest.approx(learned.probabilities(same, "quilts and zebras"))


def test_a_word_says_more_the_rarer_it_is_and_pairs_count_too() -> None:
    vocabulary = vocabulary_of(["gas fee", "gas fee", "gas station", "gas station", "taxes"])
    assert set(vocabulary.places) == {"gas", "fee", "station", "gas fee", "gas station"}
    places, much = vocabulary.weighed("gas fee taxes")
    said = dict(zip((list(vocabulary.places)[place] for place in places), much, strict=True))
    assert said["fee"] == said["gas fee"] > said["gas"]
    assert np.linalg.norm(much) == pytest.approx(1)
