"""An encoder that remembers what it was last asked: one question is compared with several things."""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from bot.answers.retrieval.document import Encoder, Floats

# Bursts of questions.
TEXTS_KEPT = 256


class Remembered:
    """Computes the vector of a text that stands alone once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: OrderedDict[str, Floats] = OrderedDict()

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""
        if len(texts) != 1:
            return self._encoder.vectors(texts)
        if (row := self._rows.get(texts[0])) is None:
            row = self._rows[texts[0]] = np.asarray(self._encoder.vectors(texts)[0])
        self._rows.move_to_end(texts[0])
        if len(self._rows) > TEXTS_KEPT:
            self._rows.popitem(last=False)
        return row[np.newaxis]
