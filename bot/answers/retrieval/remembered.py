"""An encoder that remembers what it was last asked: one question is compared with several things."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np

from bot.answers.retrieval.document import Encoder, Floats

# Bursts of questions.
TEXTS_KEPT = 256
# More are not the wordings of one question.
MOST_AT_ONCE = 4


class Remembered:
    """Computes the vectors of few texts once, and along with them those that will be asked for next.

    Two together take hardly longer than one.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: OrderedDict[str, Floats] = OrderedDict()
        self._expected: list[str] = []

    def expect(self, texts: Iterable[str]) -> None:
        """Let these texts, and no longer those before, be computed together with the next that is asked for."""
        self._expected = list(texts)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Return one row for each text."""
        if len(texts) > MOST_AT_ONCE:
            return self._encoder.vectors(texts)
        new = [text for text in texts if text not in self._rows]
        if new:
            new = [text for text in dict.fromkeys([*new, *self._expected]) if text not in self._rows]
            self._rows.update(zip(new, self._encoder.vectors(new), strict=True))
        self._expected = []
        for text in texts:
            self._rows.move_to_end(text)
        found = np.array([self._rows[text] for text in texts], np.float32)
        while len(self._rows) > TEXTS_KEPT:
            self._rows.popitem(last=False)
        return found
