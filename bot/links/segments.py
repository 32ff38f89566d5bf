"""How a name falls into known words: claimmystarknetapp is claim, my, starknet, app."""

from collections.abc import Mapping
from functools import cache, lru_cache

from bot.links.likeness import fold
from bot.links.words import FOREIGN_LURES, HINTS, LOUD_LURES, LURES, PLAIN_WORDS

# A core shorter than this is no name worth comparing.
MIN_CORE_CHARS = 4
# Words of two letters cut names in pieces, so only whole remainders are read with them.
MIN_CUT_CHARS = 3
MAX_CUTS = 8


@cache
def lures() -> Mapping[str, str]:
    """Return the bait, as it is found in folded names, with how it is spelled."""
    return {fold(word): word for word in sorted(LURES | FOREIGN_LURES)}


@cache
def loud_lures() -> Mapping[str, str]:
    """Return the bait that is seen inside other words, in the same way."""
    return {fold(word): word for word in sorted(LOUD_LURES)}


@cache
def _known() -> tuple[frozenset[str], int]:
    words = frozenset(lures()) | HINTS | PLAIN_WORDS | frozenset("0123456789")
    return words, max(map(len, words))


@lru_cache(maxsize=4_096)
def words_of(text: str) -> tuple[str, ...] | None:
    """Return the known words that make up all of `text`, long ones preferred; None when it is not made of them."""
    words, longest = _known()
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - longest), end):
            if start in best and text[start:end] in words:
                best[end] = (*best[start], text[start:end])
                break
    return best.get(len(text))


def cores_of(text: str) -> set[str]:
    """Return what may be left of `text` when known words are taken away at both ends."""
    heads, tails = _cuts(text), [len(text) - cut for cut in _cuts(text[::-1], backwards=True)]
    return {text[head:tail] for head in heads for tail in tails if tail - head >= MIN_CORE_CHARS}


def _cuts(text: str, *, backwards: bool = False) -> list[int]:
    """Return after how many letters the known words at the beginning end; 0 is one of them."""
    words, longest = _known()
    cuts = [0]
    for cut in cuts:  # grows while it is walked
        for end in range(cut + MIN_CUT_CHARS, min(cut + longest, len(text)) + 1):
            word = text[cut:end]
            if end not in cuts and (word[::-1] if backwards else word) in words:
                cuts.append(end)
    return cuts[:MAX_CUTS]
