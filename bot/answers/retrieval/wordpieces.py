"""Text cut into the word pieces that the sentence model was taught: BERT's, lower case."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
CONTINUED = "##"
# Longer ones are one unknown piece, as in BERT.
LONGEST_WORD = 100
PIECES = Path(__file__).parent / "bert" / "wordpieces.txt"


class WordPieces:
    """A vocabulary of pieces; the longest that fits is cut off first."""

    def __init__(self, pieces: Path = PIECES) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces.read_text("utf-8").splitlines())}
        self._of_word = lru_cache(maxsize=4096)(self._cut)

    def numbers(self, text: str, longest: int) -> list[int]:
        """Return the numbers of a text's pieces between the marks for start and end, `longest` in all at most."""
        found: list[int] = []
        for word in words(text):
            found.extend(self._of_word(word))
            if len(found) >= longest - 2:
                break
        return [self._numbers[START], *found[: longest - 2], self._numbers[END]]

    def _cut(self, word: str) -> tuple[int, ...]:
        unknown = (self._numbers[UNKNOWN],)
        if len(word) > LONGEST_WORD:
            return unknown
        found, start = [], 0
        while start < len(word):
            mark = CONTINUED if start else ""
            pieces = ((self._numbers.get(mark + word[start:end]), end) for end in range(len(word), start, -1))
            number, start = next(((number, end) for number, end in pieces if number is not None), (None, 0))
            if number is None:
                return unknown
            found.append(number)
        return tuple(found)


def words(text: str) -> Iterator[str]:
    """Yield lower-case words without accents, and each sign and each Chinese character by itself."""
    plain = unicodedata.normalize("NFD", "".join(map(_spaced, text)).lower())
    for word in "".join(letter for letter in plain if unicodedata.category(letter) != "Mn").split():
        yield from "".join(f" {letter} " if _is_sign(letter) else letter for letter in word).split()


def _spaced(letter: str) -> str:
    if letter in "\t\n\r":
        return " "
    if letter in "\x00\ufffd" or unicodedata.category(letter) in ("Cc", "Cf", "Cn", "Co"):
        return ""
    return f" {letter} " if _is_chinese(letter) else letter


def _is_sign(letter: str) -> bool:
    # Other signs of ASCII count too, such as $ and +.
    return (letter.isascii() and letter.isprintable() and not letter.isalnum()) or unicodedata.category(letter)[
        0
    ] == "P"


def _is_chinese(letter: str) -> bool:
    point = ord(letter)
    return (
        0x4E00 <= point <= 0x9FFF
        or 0x3400 <= point <= 0x4DBF
        or 0xF900 <= point <= 0xFAFF
        or 0x20000 <= point <= 0x2FA1F
    )
