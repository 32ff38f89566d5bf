"""How like two names are to the eye: letters of other alphabets, digits for letters, one slip of a finger."""

import unicodedata
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

_DIGITS = str.maketrans("01345789$|i", "oleastbgsll")
# Two letters that look like one, in most typefaces.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("uu", "w"))
# Look-alikes that the table of confusable letters does not have.
_MORE = str.maketrans(
    {"т": "t", "м": "m", "н": "h", "в": "b", "к": "k", "п": "n", "ш": "w", "ǝ": "e", "ə": "e", "ð": "d"}
)


@cache
def _confusables() -> dict[int, str]:
    """Return for each letter that looks like an ASCII letter or digit that one."""
    from confusable_homoglyphs import confusables  # reads its table when it is imported

    ascii_letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
    return {
        ord(alike["c"]): letter
        for letter in reversed(ascii_letters)  # where several fit, letters rather than digits
        for alike in confusables.confusables_data.get(letter, [])
        if len(alike["c"]) == 1 and not alike["c"].isascii()
    }


@lru_cache(maxsize=4_096)
def shown(host: str) -> str:
    """Return a host as browsers show it to the eye: xn-- names in their own letters."""
    return ".".join(_decoded(label) for label in host.split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        letters = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        return label
    return letters if letters.isprintable() else label


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """Return `text` in the ASCII letters that it looks like: no case, no accents, no other alphabets."""
    if text.isascii():
        return text.lower()
    table = _confusables()
    letters = unicodedata.normalize("NFKD", text.translate(table).casefold().translate(table))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.translate(_MORE).translate(table).lower()


@lru_cache(maxsize=4_096)
def forms(name: str) -> tuple[str, ...]:
    """Return what a folded name looks like: as it is, with digits read as letters, and with pairs read as one."""
    letters = name.translate(_DIGITS)
    joined = letters
    for pair, letter in _PAIRS:
        joined = joined.replace(pair, letter)
    return (name, letters, joined)


def slips(one: str, other: str, most: int) -> int:
    """Return how many letters two folded names differ by, swapped neighbours counting once; over `most`, more."""
    return min(
        OSA.distance(mine, theirs, score_cutoff=most) for mine, theirs in zip(forms(one), forms(other), strict=True)
    )
