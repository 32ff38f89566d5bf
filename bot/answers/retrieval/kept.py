"""Vectors of the shipped wordings, kept beside them: computing them takes many seconds, reading them none.

What the file does not hold is computed when it is needed, so that an old one costs time and nothing else.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.answers.retrieval.document import Encoder, Floats
from bot.answers.retrieval.weights import SHA256

FILE = "vectors.npz"
Halves = NDArray[np.float16]


class Kept:
    """An encoder that looks first at what is kept."""

    def __init__(self, encoder: Encoder, rows: dict[bytes, Halves]) -> None:
        self._encoder = encoder
        self._rows = rows

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""
        found: dict[str, Halves | Floats | None] = {text: self._rows.get(key_of_text(text)) for text in texts}
        new = [text for text, row in found.items() if row is None]
        if new:
            found.update(zip(new, self._encoder.vectors(new), strict=True))
        rows = np.array([found[text] for text in texts], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def read_kept(path: Path) -> dict[bytes, Halves]:
    """Return what a file holds; nothing when there is none or it cannot be read."""
    try:
        with np.load(path) as file:
            keys, rows = file["keys"], file["rows"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
    # As short numbers, for room: they are few that are asked for again.
    return {key.tobytes(): row for key, row in zip(keys, rows, strict=True)}


def write_kept(path: Path, encoder: Encoder, texts: Iterable[str]) -> None:
    """Write the vectors of `texts`."""
    wanted = sorted(set(texts), key=key_of_text)
    keys = np.array([np.frombuffer(key_of_text(text), np.uint8) for text in wanted])
    np.savez_compressed(path, keys=keys, rows=encoder.vectors(wanted).astype(np.float16))


def key_of_text(text: str) -> bytes:
    """Return what a text is kept under."""
    # With the weights: other ones give other vectors.
    return sha256(f"{SHA256}\n{text}".encode()).digest()[:12]
