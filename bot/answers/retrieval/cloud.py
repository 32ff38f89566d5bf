"""How the sentences of a corpus lie, as points: where their middle is, how they spread, and which are near a question.

It is computed when wordings change, by `python -m bot.answers.keep`, and read at the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.answers.retrieval.document import Document, Encoder, Floats
from bot.answers.retrieval.learned import corpus_of

FILE = "cloud.npz"
# In so many directions sentences differ most; measured in these alone, what is near stays near.
DIRECTIONS = 96


@dataclass(frozen=True, slots=True)
class Cloud:
    """The sentences of a corpus: `middle` of n numbers, `spread` n × n, `directions` n × d, `rows` sentences × d."""

    corpus: str
    middle: Floats
    # The sum of the products of each sentence's differences from the middle.
    spread: Floats
    directions: Floats
    rows: Floats
    # The first row of each document.
    starts: NDArray[np.int64]

    def nearest(self, vector: Floats) -> Floats:
        """Return for each document how near its nearest sentence is: 0 for not at all, 1 for the same."""
        return np.asarray(np.maximum.reduceat(np.clip(self.rows @ (vector @ self.directions), 0, 1), self.starts))


def rows_of(encoder: Encoder, documents: Sequence[Document]) -> Floats:
    """Return the vectors of a corpus's sentences; some milliseconds for each."""
    return encoder.vectors([sentence for document in documents for sentence in document.spoken])


def cloud_of(documents: Sequence[Document], rows: Floats) -> Cloud:
    """Return the cloud of a corpus from the vectors of its sentences."""
    middle = rows.mean(axis=0)
    centred = rows - middle
    _, axes = np.linalg.eigh(rows.T @ rows)
    directions = np.ascontiguousarray(axes[:, ::-1][:, :DIRECTIONS])
    return Cloud(corpus_of(documents), middle, centred.T @ centred, directions, rows @ directions, starts_of(documents))


def starts_of(documents: Sequence[Document]) -> NDArray[np.int64]:
    """Return where the sentences of each document begin."""
    return np.cumsum([0, *(len(document.wordings) for document in documents[:-1])])


def write_cloud(path: Path, cloud: Cloud) -> None:
    """Write a cloud; its rows as short numbers, which are enough to be compared."""
    np.savez_compressed(
        path,
        corpus=np.array(cloud.corpus),
        middle=cloud.middle,
        spread=cloud.spread,
        directions=cloud.directions,
        rows=cloud.rows.astype(np.float16),
    )


def read_cloud(path: Path, documents: Sequence[Document]) -> Cloud | None:
    """Return the cloud of a corpus; None when the file has another one's, or cannot be read."""
    corpus = corpus_of(documents)
    try:
        with np.load(path) as file:
            if str(file["corpus"]) != corpus:
                return None
            rows = file["rows"].astype(np.float32)
            return Cloud(corpus, file["middle"], file["spread"], file["directions"], rows, starts_of(documents))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
