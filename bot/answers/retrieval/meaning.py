"""Finding by meaning: the nearest wording, what all wordings together teach, and the nearest answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answers.retrieval.document import Document, Encoder, Floats, Index
from bot.answers.retrieval.learned import Learned, corpus_of
from bot.answers.words import spoken

# How much the best, the second and the third best wording of a document count for its nearness.
BEST = (0.91, 0.06, 0.03)
# How much the nearest wording counts beside what was learned.
NEAREST, LEARNED = 0.33, 0.67
# The same without anything learned beforehand: the nearest wording, the ridge regression, the text of the answer.
NEAREST_ALONE, RIDGED, TEXT = 0.35, 0.55, 0.1
# Ridge regression: how much is held against large coefficients.
RIDGE = 1.0
# Bursts of one question are compared with several indexes.
QUESTIONS_KEPT = 256


class Meaning:
    """Finds documents that ask the same in other words.

    What is learned from all wordings finds out what the nearest one cannot: that "airdrop" says little here, and
    "deadline" much. For the corpus it was learned beforehand; for other documents, such as what a server taught, a
    ridge regression does.
    """

    def __init__(self, encoder: Encoder, corpus: Sequence[Document], learned: Learned | None = None) -> None:
        self._encoder = encoder
        self._learned = learned
        self._question = lru_cache(maxsize=QUESTIONS_KEPT)(lambda text: self._encoder.vectors([spoken(text)])[0])
        sentences = [sentence for document in corpus for sentence in document.spoken]
        self._corpus = frozenset(sentences)
        rows = encoder.vectors(sentences)
        self.middle: Floats = rows.mean(axis=0)
        self._spread = _spread(rows - self.middle)

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found; about two milliseconds for each wording that is not in the corpus."""
        owners = [place for place, document in enumerate(documents) for _ in document.wordings]
        sentences = [sentence for document in documents for sentence in document.spoken]
        rows = self._encoder.vectors(sentences)
        if self._learned and corpus_of(documents) == self._learned.corpus:
            keys = [document.key for document in documents]
            return _Taught(self, np.array(owners), rows, self._learned, np.array([keys.index(key) for key in keys]))
        centred = rows - self.middle
        new = [place for place, sentence in enumerate(sentences) if sentence not in self._corpus]
        spread = self._spread + _spread(centred[new])
        targets = np.zeros((len(sentences), len(documents)), np.float32)
        targets[np.arange(len(sentences)), owners] = 1
        learned = np.linalg.solve(spread + RIDGE * np.eye(len(spread), dtype=np.float32), centred.T @ targets)
        return _Vectors(
            self,
            np.array(owners),
            rows,
            learned.astype(np.float32),
            self._encoder.vectors([spoken(document.text or document.wordings[0]) for document in documents]),
        )

    def question(self, text: str) -> Floats:
        """Return a question's vector."""
        return np.asarray(self._question(text))


def sentences_of(corpus: Sequence[Document]) -> list[str]:
    """Return all that has a vector in a corpus, each once."""
    texts = (each for document in corpus for each in (*document.spoken, spoken(document.text)) if each)
    return list(dict.fromkeys(texts))


Owners = NDArray[np.int64]


@dataclass(frozen=True)
class _Taught:
    meaning: Meaning
    owners: Owners
    rows: Floats
    learned: Learned
    # Of each document, the first with the same key: they are one thing to ask for.
    firsts: Owners

    def scores(self, question: str) -> Floats:
        vector = self.meaning.question(question)
        likely = np.bincount(self.firsts, self.learned.probabilities(vector), len(self.firsts))[self.firsts]
        near = _nearest(self.rows @ vector, self.owners, len(likely))
        return np.asarray(NEAREST * near + LEARNED * likely, np.float32)


@dataclass(frozen=True)
class _Vectors:
    meaning: Meaning
    owners: Owners
    rows: Floats
    learned: Floats
    texts: Floats

    def scores(self, question: str) -> Floats:
        vector = self.meaning.question(question)
        learned = (vector - self.meaning.middle) @ self.learned
        near = np.clip(self.texts @ vector, 0, 1)
        near_wording = _nearest(self.rows @ vector, self.owners, len(near))
        return np.asarray(NEAREST_ALONE * near_wording + RIDGED * learned + TEXT * near, np.float32)


def _nearest(scores: Floats, owners: Owners, documents: int) -> Floats:
    """Return how near the best wordings of each document are."""
    total = np.zeros(documents, np.float32)
    left = np.clip(scores, 0, 1)
    for share in BEST:
        best = np.zeros(documents, np.float32)
        np.maximum.at(best, owners, left)
        total += np.float32(share) * best
        # Each document's best wording is out of the next round.
        left = np.where(left >= best[owners], 0, left)
    return total


def _spread(centred: Floats) -> Floats:
    return np.asarray(centred.T @ centred)
