"""What an answer has to hold: a day where “when” is asked, a figure where “how many” is."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bot.answers.facts.ordinary import STOP
from bot.answers.facts.tokens import wordset

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# A figure that is no day, no hour and no part of a name: not those of “layer 2” and “season 1”.
_NO_FIGURE = re.compile(
    r"(?:\b\d{1,2} )?\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"(?: (?:19|20)\d\d)?|\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b|\b(?:layer|phase|season|snapshot|airdrop|series) \d+",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w.])\d")
# “When airdrop one finished, did latecomers lose their share” asks for no day.
_MEANWHILE = re.compile(r"when [^,]*,\s*(?:and |so )?(?:did|does|do|is|was|were|can|could|what|how|who|why|where)\b")
# “What happens when” asks for no day.
_OF_ELSE = wordset("what who where why how which if")
_ASKING = wordset("did does do is was were will can could")
_OF_TIME = wordset("day days date month year hour time")
_PERIODS = _OF_TIME | wordset("week weeks months years hours minutes long longer later")
_WHICH, _MANY = wordset("what which"), wordset("many much")
_FIGURES = wordset("percent percentage portion fraction amount")


def asks_when(text: str, words: Sequence[str]) -> bool:
    """Say whether a day is asked for."""
    if any(one in _WHICH and other in _OF_TIME for one, other in pairwise(words)):
        return True
    if "when" not in words or _MEANWHILE.match(text.casefold()):
        return False
    place = list(words).index("when")
    if not _OF_ELSE.isdisjoint(words[:place]):
        return False
    return place + 1 == len(words) or words[place + 1] in _ASKING or all(word in STOP for word in words[:place])


def asks_how_many(words: Sequence[str]) -> bool:
    """Say whether a figure is asked for."""
    pairs = list(pairwise(words))
    if any(one in _MANY and other in _PERIODS for one, other in pairs):
        return False
    return any(
        (one == "how" and other in _MANY)
        or (one in _WHICH and other in _FIGURES)
        or (one == "number" and other == "of")
        for one, other in pairs
    )


@lru_cache(maxsize=8_192)
def has_day(text: str) -> bool:
    """Say whether a sentence names a day, or at least a year."""
    return bool(_YEAR.search(text))


@lru_cache(maxsize=8_192)
def has_figure(text: str) -> bool:
    """Say whether a sentence has a figure that is no day."""
    return bool(_FIGURE.search(_NO_FIGURE.sub(" ", text)))
