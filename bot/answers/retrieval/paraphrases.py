"""Which of some questions ask the same, in other words."""

from collections.abc import Sequence

import numpy as np

from bot.answers.retrieval.cloud import Cloud
from bot.answers.retrieval.document import Encoder, Floats
from bot.answers.words import spoken, terms

# From which likeness on two questions ask the same: of their vectors, or of their sets of words.
BY_MEANING, BY_WORDS = 0.4, 0.6
# Directions in which the corpus hardly spreads are not blown up beyond this.
SOFTENING = 5.0


class Paraphrases:
    """Compares questions with each other; without an encoder, by their words.

    Their vectors are whitened with the corpus first: what all questions here have in common says nothing, such as that
    they are about airdrops.
    """

    def __init__(self, encoder: Encoder | None = None, cloud: Cloud | None = None) -> None:
        self._encoder = encoder if cloud else None
        if cloud:
            self._middle = cloud.middle
            spread, axes = np.linalg.eigh(cloud.spread)
            self._whitening: Floats = (axes / np.sqrt(spread + SOFTENING)) @ axes.T

    def alike(self, texts: Sequence[str]) -> list[list[bool]]:
        """Say for each pair of texts whether they ask the same."""
        if not texts:
            return []
        if self._encoder is None:
            words = [set(terms(spoken(text))) for text in texts]
            return [[len(one & other) >= BY_WORDS * max(1, len(one | other)) for other in words] for one in words]
        rows = (self._encoder.vectors([spoken(text) for text in texts]) - self._middle) @ self._whitening
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        same: list[list[bool]] = (rows @ rows.T >= BY_MEANING).tolist()
        return same


BY_WORDS_ALONE = Paraphrases()
