"""What the wordings of a corpus together teach: multinomial logistic regression from a sentence to what it asks for.

It looks at the sentence's vector and at its words. It is fitted when wordings change, by `python -m bot.answers.keep`,
and read at the start.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.answers.retrieval.document import Document, Encoder, Floats
from bot.answers.retrieval.weights import SHA256
from bot.answers.words import terms

FILE = "learned.npz"
# Inverse strength of the regularisation, as scikit-learn has it: larger ones learn the wordings by heart.
C = 12.0
MOST_STEPS = 80
# In how many wordings a word, or a pair of neighbours, has to stand for anything to be learned of it.
LEAST_WORDINGS = 2

Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and pairs of neighbouring ones, each with its place and how rare it is."""

    places: Mapping[str, int]
    rarities: Floats

    def weighed(self, sentence: str) -> tuple[NDArray[np.int64], Floats]:
        """Return the places of those that stand in a sentence, and how much each says: TF-IDF, of length one."""
        counts = Counter(place for word in _words(sentence) if (place := self.places.get(word)) is not None)
        places = np.fromiter(counts, np.int64, len(counts))
        much = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarities[places]
        return places, np.asarray(much / max(float(np.linalg.norm(much)), 1e-6), np.float32)


@dataclass(frozen=True, slots=True)
class Learned:
    """Says of a sentence, and its vector, how likely it asks for each of some documents."""

    corpus: str
    # Of the vector's numbers × documents, of the documents, and of the vocabulary's words × documents.
    weights: Floats
    bias: Floats
    vocabulary: Vocabulary
    word_weights: Halves

    def probabilities(self, vector: Floats, sentence: str) -> Floats:
        """Return one number for each document, in the order of the corpus; together they make 1."""
        places, much = self.vocabulary.weighed(sentence)
        logits = vector @ self.weights + self.bias + much @ self.word_weights[places].astype(np.float32)
        likely = np.exp(logits - logits.max())
        return np.asarray(likely / likely.sum(), np.float32)


def fitted(encoder: Encoder, documents: Sequence[Document]) -> Learned:
    """Learn a corpus; minutes for thousands of wordings. Needs scikit-learn, which is there for development only."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    owners = [place for place, document in enumerate(documents) for _ in document.wordings]
    sentences = [sentence for document in documents for sentence in document.spoken]
    rows = encoder.vectors(sentences)
    middle, size = rows.mean(axis=0), rows.shape[1]
    vocabulary = vocabulary_of(sentences)
    weighed = [vocabulary.weighed(sentence) for sentence in sentences]
    ends = np.cumsum([0, *(len(places) for places, _ in weighed)])
    places = np.concatenate([places for places, _ in weighed])
    words = csr_matrix(
        (np.concatenate([much for _, much in weighed]), places, ends), (len(sentences), len(vocabulary.places))
    )
    model = LogisticRegression(C=C, max_iter=MOST_STEPS).fit(hstack([csr_matrix(rows - middle), words]).tocsr(), owners)
    weights = np.asarray(model.coef_.T, np.float32)
    bias = np.asarray(model.intercept_ - middle @ weights[:size], np.float32)
    return Learned(corpus_of(documents), weights[:size], bias, vocabulary, weights[size:].astype(np.float16))


def vocabulary_of(sentences: Iterable[str]) -> Vocabulary:
    """Return the words and pairs of neighbours that stand in several of some sentences."""
    counted = [set(_words(sentence)) for sentence in sentences]
    counts = Counter(word for words in counted for word in words)
    common = {word: count for word, count in sorted(counts.items()) if count >= LEAST_WORDINGS}
    rarities = np.log((1 + len(counted)) / (1 + np.fromiter(common.values(), np.float32, len(common)))) + 1
    return Vocabulary({word: place for place, word in enumerate(common)}, np.asarray(rarities, np.float32))


def _words(sentence: str) -> list[str]:
    single = terms(sentence)
    return [*single, *map(" ".join, pairwise(single))]


def write_learned(path: Path, all_learned: Iterable[Learned]) -> None:
    """Write what was learned of several corpora."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for learned in all_learned:
        arrays |= {
            f"{learned.corpus}.weights": learned.weights.astype(np.float16),
            f"{learned.corpus}.bias": learned.bias,
            f"{learned.corpus}.words": np.array("\n".join(learned.vocabulary.places)),
            f"{learned.corpus}.rarities": learned.vocabulary.rarities.astype(np.float16),
            f"{learned.corpus}.word_weights": learned.word_weights,
        }
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_learned(path: Path, documents: Sequence[Document]) -> Learned | None:
    """Return what was learned of a corpus; None when the file has nothing on it as it now is, or cannot be read."""
    corpus = corpus_of(documents)
    try:
        with np.load(path) as file:
            words = str(file[f"{corpus}.words"]).split("\n")
            rarities = file[f"{corpus}.rarities"].astype(np.float32)
            return Learned(
                corpus,
                file[f"{corpus}.weights"].astype(np.float32),
                file[f"{corpus}.bias"],
                Vocabulary({word: place for place, word in enumerate(words)}, rarities),
                file[f"{corpus}.word_weights"],
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def corpus_of(documents: Sequence[Document]) -> str:
    """Return what a corpus is kept under: its wordings, whose they are, and the sentence model."""
    digest = sha256(SHA256.encode())
    for document in documents:
        digest.update("\n".join((document.key, *document.spoken, "")).encode())
    return digest.hexdigest()[:24]
