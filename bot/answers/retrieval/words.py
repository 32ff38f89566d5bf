"""Finding by words: BM25, as a share of what the question could score at best."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from bot.answers.retrieval.document import Document, Floats, Index
from bot.answers.words import spoken, terms

# BM25's usual two: how soon a repeated word says no more, and how much a long document is held against it.
SATURATION, LENGTH_SHARE = 1.2, 0.4


class Words:
    """Finds documents that share rare words with a question; how rare one is comes from `corpus`."""

    def __init__(self, corpus: Sequence[Document]) -> None:
        documents = [_counted(document) for document in corpus]
        counts = Counter(term for document in documents for term in document)
        size = len(documents)
        self._rarity = {term: log(1 + (size - count + 0.5) / (count + 0.5)) for term, count in counts.items()}
        self._unseen = log(2 + 2 * size)
        self._usual_length = sum(document.total() for document in documents) / max(1, size)

    def index(self, documents: Sequence[Document]) -> Index:
        """Make documents ready to be found."""
        found: dict[str, tuple[list[int], list[float]]] = {}
        for place, document in enumerate(map(_counted, documents)):
            length = 1 - LENGTH_SHARE + LENGTH_SHARE * document.total() / self._usual_length
            for term, count in document.items():
                places, weights = found.setdefault(term, ([], []))
                places.append(place)
                weights.append(count / (count + SATURATION * length))
        postings = {
            term: (np.array(places, np.int32), np.array(weights, np.float32))
            for term, (places, weights) in found.items()
        }
        return _Postings(self, len(documents), postings)

    def rarity(self, term: str) -> float:
        """Return how much a term says."""
        return self._rarity.get(term, self._unseen)


@dataclass(frozen=True)
class _Postings:
    words: Words
    size: int
    postings: dict[str, tuple["np.ndarray[tuple[int], np.dtype[np.int32]]", Floats]]

    def scores(self, question: str) -> Floats:
        total = np.zeros(self.size, np.float32)
        best = 0.0
        for term in set(terms(spoken(question))):
            worth = self.words.rarity(term)
            best += worth
            if posting := self.postings.get(term):
                places, weights = posting
                total[places] += np.float32(worth) * weights
        return total / np.float32(best or 1.0)


def _counted(document: Document) -> Counter[str]:
    texts = (*document.spoken, *map(spoken, document.keywords), spoken(document.text))
    return Counter(term for text in texts for term in terms(text))
