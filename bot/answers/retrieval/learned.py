"""What the wordings of a corpus together teach: multinomial logistic regression from a vector to what it asks for.

It is fitted when wordings change, by `python -m bot.answers.keep`, and read at the start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.answers.retrieval.document import Document, Encoder, Floats
from bot.answers.retrieval.weights import SHA256

FILE = "learned.npz"
# Inverse strength of the regularisation, as scikit-learn has it: larger ones learn the wordings by heart.
C = 25.0
MOST_STEPS = 120


@dataclass(frozen=True, slots=True)
class Learned:
    """Says of a sentence's vector how likely it asks for each of some documents."""

    corpus: str
    weights: Floats
    bias: Floats

    def probabilities(self, vector: Floats) -> Floats:
        """Return one number for each document, in the order of the corpus; together they make 1."""
        logits = vector @ self.weights + self.bias
        likely = np.exp(logits - logits.max())
        return np.asarray(likely / likely.sum(), np.float32)


def fitted(encoder: Encoder, documents: Sequence[Document]) -> Learned:
    """Learn a corpus; a minute for thousands of wordings. Needs scikit-learn, which is there for development only."""
    from sklearn.linear_model import LogisticRegression

    owners = [place for place, document in enumerate(documents) for _ in document.wordings]
    rows = encoder.vectors([sentence for document in documents for sentence in document.spoken])
    middle = rows.mean(axis=0)
    model = LogisticRegression(C=C, max_iter=MOST_STEPS).fit(rows - middle, owners)
    weights = np.asarray(model.coef_.T, np.float32)
    return Learned(corpus_of(documents), weights, np.asarray(model.intercept_ - middle @ weights, np.float32))


def write_learned(path: Path, all_learned: Iterable[Learned]) -> None:
    """Write what was learned of several corpora."""
    arrays: dict[str, NDArray[np.float16] | Floats] = {}
    for learned in all_learned:
        arrays[f"{learned.corpus}.weights"] = learned.weights.astype(np.float16)
        arrays[f"{learned.corpus}.bias"] = learned.bias
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_learned(path: Path, documents: Sequence[Document]) -> Learned | None:
    """Return what was learned of a corpus; None when the file has nothing on it as it now is, or cannot be read."""
    corpus = corpus_of(documents)
    try:
        with np.load(path) as file:
            return Learned(corpus, file[f"{corpus}.weights"].astype(np.float32), file[f"{corpus}.bias"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def corpus_of(documents: Sequence[Document]) -> str:
    """Return what a corpus is kept under: its wordings, whose they are, and the sentence model."""
    digest = sha256(SHA256.encode())
    for document in documents:
        digest.update("\n".join((document.key, *document.spoken, "")).encode())
    return digest.hexdigest()[:24]
