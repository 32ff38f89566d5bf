"""A question as tokens: what was typed, and the key by which it is compared."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.answers.facts.languages import ENGLISH_OF

MAX_QUESTION_CHARS = 600

# A number with its unit, or a word with an apostrophe in it; all else separates.
_TOKEN = re.compile(
    r"(\$)?(\d+(?:st|nd|rd|th|s)\b|\d+(?:[.,]\d+)*\s?(?:%|(?:k|m|mm|mn|bn|b)\b)?|[%<>]|[^\W_]+(?:['’][^\W_]+)*)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:;\n]\s*$")
_POSSESSIVE = re.compile(r"['’]s?$")

# How people of chat rooms spell what the vocabularies have.
_SPELLINGS = {
    "wen": "when",
    "whens": "when",
    "whats": "what",
    "wat": "what",
    "wut": "what",
    "whos": "who",
    "hows": "how",
    "wheres": "where",
    "u": "you",
    "ur": "your",
    "r": "are",
    "n": "and",
    "pls": "please",
    "plz": "please",
    "vs": "versus",
    "v": "versus",
    "info": "information",
    "infos": "information",
    "til": "until",
    "till": "until",
    "l1": "layer1",
    "l1s": "layer1",
    "l2": "layer2",
    "l2s": "layer2",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "6th": "sixth",
    "organized": "organised",
    "organizer": "organiser",
    "sybils": "sybil",
    "sibyl": "sybil",
    "sibyls": "sybil",
}

_SIGNS = {"%": "percent", "<": "below", ">": "above"}
# Words that mean something else than what they seem to be the ending of.
_WHOLE = frozenset({"news", "listing", "series"})
_ENDINGS = ("ings", "ing", "edly", "ed", "es", "s")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number: as typed, its key, and what its writing tells."""

    text: str
    key: str
    dollar: bool = False
    starts_sentence: bool = False

    @property
    def upper(self) -> bool:
        """Say whether it is written in capitals."""
        return self.text.isupper()

    @property
    def capital(self) -> bool:
        """Say whether it begins with a capital that its place does not explain: in mid-sentence, or as in “Safe's”."""
        owns = self.text.casefold().endswith(("'s", "’s"))
        return self.text[:1].isupper() and (owns or not self.starts_sentence)

    @property
    def stem(self) -> str:
        """Return the key without its ending."""
        return stem(self.key)


def wordset(text: str) -> frozenset[str]:
    """Return the words of a text, for lists of words."""
    return frozenset(text.split())


@lru_cache(maxsize=1_024)
def tokenise(question: str) -> tuple[Token, ...]:
    """Return the tokens of a question, of its beginning when it is very long."""
    text = _visible(unicodedata.normalize("NFKC", question[:MAX_QUESTION_CHARS]))
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        typed = found.group(2)
        starts = not tokens or bool(_SENTENCE_END.search(text[: found.start()]))
        if key := key_of(typed):
            tokens.append(Token(typed, key, bool(found.group(1)), starts))
    return tuple(tokens)


def _visible(text: str) -> str:
    return "".join(" " if unicodedata.category(each) == "Cc" else each for each in text if not _hidden(each))


def _hidden(each: str) -> bool:
    return unicodedata.category(each) in ("Cf", "Cs")


def key_of(typed: str) -> str:
    """Return a word as words are compared: no case, accents, possessive or signs."""
    if typed[:-1].isdigit() and typed[-1:] == "s":
        return typed[:-1]
    plain = _POSSESSIVE.sub("", unicodedata.normalize("NFKD", typed).casefold())
    if typed in _SIGNS:
        return _SIGNS[typed]
    key = "".join(each for each in plain if each.isalnum() or (each in ".,%" and plain[:1].isdigit()))
    return _SPELLINGS.get(key) or ENGLISH_OF.get(key, key)


@lru_cache(maxsize=8_192)
def stem(key: str) -> str:
    """Return a word without its plural, its tense and its last e: claims, claimed and claiming are claim."""
    if key in _WHOLE:
        return key
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= 3 and not key.endswith("ss"):
            key = key[: -len(ending)]
            if ending not in ("es", "s") and len(key) > 3 and key[-1] == key[-2] and key[-1] not in "lsz":
                key = key[:-1]
            break
    if key.endswith("i") and len(key) > 4:
        key = f"{key[:-1]}y"
    return key[:-1] if key.endswith("e") and len(key) > 3 else key
