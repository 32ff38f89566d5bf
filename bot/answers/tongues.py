"""Questions in other languages, read word by word: enough to find their answer, which is in English."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.answers.words import COMMON, words_of
from bot.catalogue.load import text_of
from bot.errors import BrokenData

# How many words of a language a question has to hold to be read as one in it, and as a share of all its words.
FEWEST, SHARE = 2, 0.4
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Written without spaces: there, words are found wherever they stand.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Words that English has as well: they tell no language.
_ENGLISH_TOO = COMMON | words_of(
    "die man war son den no me on so era come comment not data date site page fin sale are"
)


class Tongue:
    """The words of one language with their English."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = dict(words)
        self.unspaced = any(_UNSPACED.search(word) for word in words)
        longest_first = sorted(map(re.escape, words), key=len, reverse=True)
        # What ends in an apostrophe is joined to the next word.
        choices = "|".join(word if word.endswith("'") or self.unspaced else rf"{word}(?!\w)" for word in longest_first)
        self._pattern = re.compile(choices if self.unspaced else rf"(?<!\w)(?:{choices})")

    def read(self, text: str) -> tuple[str, int]:
        """Return a folded text in English as far as its words are known, and how many words tell this language."""
        telling = 0

        def english(found: re.Match[str]) -> str:
            nonlocal telling
            telling += len([word for word in _WORDS.findall(found[0]) if self.unspaced or word not in _ENGLISH_TOO])
            return f" {self._words[found[0]]} "

        return " ".join(self._pattern.sub(english, text).split()), telling


class Tongues:
    """All languages that are understood besides English."""

    def __init__(self, tongues: Iterable[Tongue]) -> None:
        self._tongues = tuple(tongues)

    def english(self, text: str) -> str | None:
        """Return what a plain text says in English, word by word; None when it is in no other language known here."""
        folded = text.casefold().replace("’", "'")
        unspaced = bool(_UNSPACED.search(folded))
        readings = [tongue.read(folded) for tongue in self._tongues if tongue.unspaced == unspaced]
        best, telling = max(readings, key=lambda reading: reading[1], default=("", 0))
        if unspaced:
            return best if telling else None
        return best if telling >= max(FEWEST, SHARE * len(_WORDS.findall(folded))) else None


NO_TONGUES = Tongues(())


def load_tongues(path: Path) -> Tongues:
    """Read a glossary: for each language `word=english, …`; raise BrokenData for the first thing that is wrong."""
    try:
        languages = tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise BrokenData(str(path), "", f"is not TOML: {error}") from error
    return Tongues(Tongue(_words(str(path), name, text)) for name, text in languages.items())


def _words(file: str, name: str, text: object) -> dict[str, str]:
    if not isinstance(text, str):
        raise BrokenData(file, name, "is not a text")
    words = {}
    for pair in text.split(","):
        word, is_pair, english = (part.strip() for part in pair.partition("="))
        if not (word and is_pair and english):
            raise BrokenData(file, name, f"{pair.strip()!r} is not a word=english")
        words[word.casefold()] = english
    return words
