"""Finding by meaning: the nearest wording, and what all wordings together teach."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers.retrieval.cloud import Cloud, cloud_of, rows_of
from bot.answers.retrieval.document import Document, Encoder, Floats, Index
from bot.answers.retrieval.learned import Learned, corpus_of
from bot.answers.words import spoken

# How much the nearest wording counts beside what was learned.
NEAREST, LEARNED = 0.33, 0.67
# The same without anything learned beforehand: the nearest wording, the ridge regression, the text of the answer.
NEAREST_ALONE, RIDGED, TEXT = 0.35, 0.55, 0.1
# Ridge regression: how much is held against large coefficients.
RIDGE = 1.0


class Meaning:
    """Finds documents that ask the same in other words.

    What is learned from all wordings finds out what the nearest one cannot: that "airdrop" says little here, and
    "deadline" much. For the corpus it was learned beforehand; for other documents, such as what a server taught, a
    ridge regression does.
    """

    def __init__(
        self,
        encoder: Encoder,
        corpus: Sequence[Document],
        learned: Learned | None = None,
        cloud: Cloud | None = None,
    ) -> None:
        self._encoder = encoder
        self._learned = learned
        self.cloud = cloud or cloud_of(corpus, rows_of(encoder, corpus))
        self._corpus = frozenset(sentence for document in corpus for sentence in document.spoken)

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found; some milliseconds for each wording that is not in the corpus."""
        corpus = corpus_of(documents)
        if self._learned and corpus == self._learned.corpus == self.cloud.corpus:
            keys = [document.key for document in documents]
            return _Taught(self, self.cloud, self._learned, np.array([keys.index(key) for key in keys]))
        rows = rows_of(self._encoder, documents)
        owners = [place for place, document in enumerate(documents) for _ in document.wordings]
        sentences = [sentence for document in documents for sentence in document.spoken]
        centred = rows - self.cloud.middle
        new = centred[[place for place, sentence in enumerate(sentences) if sentence not in self._corpus]]
        spread = self.cloud.spread + new.T @ new
        targets = np.zeros((len(sentences), len(documents)), np.float32)
        targets[np.arange(len(sentences)), owners] = 1
        learned = np.linalg.solve(spread + RIDGE * np.eye(len(spread), dtype=np.float32), centred.T @ targets)
        texts = [spoken(document.text or document.wordings[0]) for document in documents]
        return _Vectors(self, cloud_of(documents, rows), learned.astype(np.float32), self._encoder.vectors(texts))

    def question(self, text: str) -> Floats:
        """Return a question's vector."""
        return np.asarray(self._encoder.vectors([spoken(text)])[0])


@dataclass(frozen=True)
class _Taught:
    meaning: Meaning
    cloud: Cloud
    learned: Learned
    # Of each document, the first with the same key: they are one thing to ask for.
    firsts: NDArray[np.int64]

    def scores(self, question: str) -> Floats:
        vector = self.meaning.question(question)
        likely = self.learned.probabilities(vector, spoken(question))
        shared = np.bincount(self.firsts, likely, len(likely))[self.firsts]
        return np.asarray(NEAREST * self.cloud.nearest(vector) + LEARNED * shared, np.float32)


@dataclass(frozen=True)
class _Vectors:
    meaning: Meaning
    cloud: Cloud
    learned: Floats
    texts: Floats

    def scores(self, question: str) -> Floats:
        vector = self.meaning.question(question)
        learned = (vector - self.meaning.cloud.middle) @ self.learned
        near = np.clip(self.texts @ vector, 0, 1)
        scores = NEAREST_ALONE * self.cloud.nearest(vector) + RIDGED * learned + TEXT * near
        return np.asarray(scores, np.float32)
