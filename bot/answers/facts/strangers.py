"""Projects that the catalogue does not have, known by name alone, and where a question speaks of one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.answers.facts.fields import VOCABULARY
from bot.answers.facts.tokens import Token, stem, wordset
from bot.catalogue.fields import Name, Value
from bot.catalogue.load import parse, text_of
from bot.catalogue.search import key_of
from bot.errors import BrokenData

FILE = "elsewhere.toml"
MAX_NAME_WORDS, HEADING_WORDS = 4, 3
# Two words that are written apart and are one in a name: shorter ones come together by chance, as in “my swap”.
APART_CHARS = 7


class Manner(StrEnum):
    """What a name is beside a name."""

    COINED = "coined"  # nothing: it means the project wherever it stands
    WORD = "words"  # a word: it has to be written or placed as a name
    EVERYDAY = "everyday"  # what questions of every kind speak of: it has to be placed beside what a project has


class Names(Value):
    """Names, and what else some of them go by."""

    names: Annotated[tuple[Name, ...], Field(min_length=1)]
    also: Annotated[dict[Name, Name], Field(default_factory=dict)]


class Elsewhere(Value):
    """All names, by what it takes to mean the project."""

    coined: Names
    words: Names
    everyday: Names

    def of(self, manner: Manner) -> Names:
        """Return the names of one manner."""
        return {Manner.COINED: self.coined, Manner.WORD: self.words, Manner.EVERYDAY: self.everyday}[manner]


@dataclass(frozen=True, slots=True)
class Stranger:
    """A place in a question that names a project of elsewhere; `subject` when it may be what is asked about."""

    name: str
    start: int
    end: int
    subject: bool = True


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    manner: Manner
    # Whether it is one word, which nobody writes apart.
    single: bool


class Strangers:
    """All names of projects of elsewhere, ready to be found in sentences."""

    def __init__(self, known: Mapping[str, _Known]) -> None:
        self._known = known

    def find(self, tokens: Sequence[Token]) -> tuple[Stranger, ...]:
        """Return who is named, in the order of the sentence."""
        found: list[Stranger] = []
        place = 0
        while place < len(tokens):
            stranger = self._longest(tokens, place)
            found += [stranger] if stranger else []
            place = stranger.end if stranger else place + 1
        return tuple(found)

    def _longest(self, tokens: Sequence[Token], start: int) -> Stranger | None:
        for end in range(min(len(tokens), start + MAX_NAME_WORDS), start, -1):
            key = "".join(token.key for token in tokens[start:end])
            known = self._known.get(key)
            if known is None or (known.single and end - start > 1 and len(key) < APART_CHARS):
                continue
            placed = _is_placed_as_a_name(tokens, start, end, known.manner)
            if known.manner is not Manner.WORD or placed or _is_written_as_a_name(tokens, start):
                return Stranger(known.name, start, end, placed or known.manner is not Manner.EVERYDAY)
        return None


NOBODY = Strangers({})


def load_strangers(path: Path) -> Strangers:
    """Read the names; raise BrokenData for one that stands twice, or that is said to be another name of nobody."""
    elsewhere = parse(text_of(path), Elsewhere, str(path))
    names = {name for manner in Manner for name in elsewhere.of(manner).names}
    known: dict[str, _Known] = {}
    for field, typed, name, manner in _each(elsewhere):
        if name not in names:
            raise BrokenData(str(path), field, f"{name!r} is none of the names")
        if not (key := key_of(typed)):
            raise BrokenData(str(path), field, f"{typed!r} has no letter or digit to find it by")
        if owner := known.get(key):
            raise BrokenData(str(path), field, f"{typed!r} means {owner.name} already")
        known[key] = _Known(name, manner, typed.isalpha())
    return Strangers(known)


def _each(elsewhere: Elsewhere) -> Iterator[tuple[str, str, str, Manner]]:
    """Give each way to type a name, with the field that it stands in, and the name."""
    for manner in Manner:
        named = elsewhere.of(manner)
        yield from ((f"{manner}.names.{number}", name, name, manner) for number, name in enumerate(named.names))
        yield from ((f"{manner}.also.{typed}", typed, name, manner) for typed, name in named.also.items())


# What only projects have. Claims are spoken of beside names of everyday use too: “why does my MetaMask claim fail”.
_CLAIMS = wordset("claim")
_POSSESSIONS = wordset(
    "airdrop token tge snapshot points season tokenomics presale ico ido tech score valuation backers investors"
)
# Behind these at the end of a question.
_BACKING = (["invested", "in"], ["invest", "in"], ["who", "backs"], ["who", "backed"], ["who", "funded"])
_KINDS = wordset("network protocol finance labs chain dao foundation exchange dex l2 layer2 blockchain")
# What tells that no name follows, unless it is written as one: “my token”; and “a base airdrop”.
_OWNERS = wordset("my your his their our every no this that these those each next last first second another other")
_ARTICLES = wordset("a an")
_JOINS = wordset("of for from on by")
_ASKING = wordset("so and when does did has have will is")
_DEEDS = wordset("have has had got do plan confirm confirmed announce announced launch launched drop list release")
_WHAT_IT_IS = (["what", "is"], ["what"], ["me", "about"])


def _is_written_as_a_name(tokens: Sequence[Token], start: int) -> bool:
    """Say whether a word has a $, or a capital where not every word has one."""
    token = tokens[start]
    others = [each.text for each in tokens if each.key not in (token.key, "i")]
    return token.dollar or ((token.capital or token.upper) and any(text[:1].islower() for text in others))


def _is_placed_as_a_name(tokens: Sequence[Token], start: int, end: int, manner: Manner) -> bool:
    """Say whether a word stands beside what only a project has, or where a project does what only projects do."""
    keys = [token.key for token in tokens]
    before, after = keys[:start], keys[end:]
    last, following = before[-1] if before else "", after[0] if after else ""
    if last in _OWNERS or (last in _ARTICLES and manner is Manner.WORD):
        return False
    if tokens[start].dollar:
        return True
    owned = _POSSESSIONS if manner is Manner.EVERYDAY else _POSSESSIONS | _CLAIMS
    if following in owned or (not after and last in _JOINS and before[-2:-1] and before[-2] in owned):
        return True
    if not after and before[-2:] in _BACKING:
        return True
    if before and _ASKING.issuperset(before) and (following in _DEEDS or (not after and "when" in before)):
        return True
    if manner is Manner.EVERYDAY:
        return not after and before[-2:] in _WHAT_IT_IS
    return following in _KINDS or (not before and _is_heading(after))


def _is_heading(after: Sequence[str]) -> bool:
    """Say whether nothing but what a project has follows a name: “Mantle total supply”."""
    return 0 < len(after) <= HEADING_WORDS and all(stem(word) in VOCABULARY for word in after)
