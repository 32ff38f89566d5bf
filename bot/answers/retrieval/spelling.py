"""Misspelt words put right, when a word that is known here is near and the misspelt one is no word at all."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.answers.retrieval.wordpieces import CONTINUED, PIECES

# Shorter words are too near to each other. Up to LONG letters one slip may be mended, from there on two.
SHORT, LONG = 5, 8
WORDS = re.compile(r"[^\W\d_]+")


class Spelling:
    """Knows the words of `texts`, and the common words of English from the sentence model's vocabulary."""

    def __init__(self, texts: Iterable[str]) -> None:
        here = {word for text in texts for word in WORDS.findall(text.casefold())}
        common = {piece for piece in PIECES.read_text("utf-8").splitlines() if not piece.startswith(CONTINUED)}
        self._known = here | common
        self._near = tuple(word for word in here if len(word) >= SHORT)
        self._word = lru_cache(maxsize=4096)(self._mended)

    def mended(self, text: str) -> str:
        """Return `text` with its misspelt words put right."""
        return WORDS.sub(lambda found: self._word(found[0]), text)

    def _mended(self, word: str) -> str:
        plain = word.casefold()
        if len(plain) < SHORT or plain in self._known or not plain.isascii():
            return word
        slips = 1 if len(plain) < LONG else 2
        found = process.extract(plain, self._near, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=2)
        # Two words that are just as near: nobody can say which one is meant.
        return found[0][0] if found and (len(found) == 1 or found[0][1] < found[1][1]) else word
