"""What stands inside a project's facts, sentence by sentence: what a question about a detail is answered with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.answers.facts.tokens import tokenise
from bot.answers.facts.wording import called, round_words, value, with_days
from bot.catalogue.model import Fact, FundingRound, Project

# Ends of sentences and of the parts of a value; not those inside brackets, nor points within numbers and names.
_ENDS = re.compile(r"[;.](?=\s|$)(?![^()]*\))")
_BRACKETS = re.compile(r"\([^()]*\)")
# Facts whose value is a name for machines: nothing in them is a sentence.
NAMES_ONLY = frozenset({"official_domains", "historic_claim_pages", "coingecko_id", "github_org"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of what is known of a project: the field that has it, and whether it is of that fact's note."""

    key: str
    text: str
    noted: bool = False
    # Its words without their endings.
    stems: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def names(self) -> frozenset[str]:
        """Return those of its words that are written as names, outside brackets."""
        tokens = tokenise(_BRACKETS.sub("", self.text))
        return frozenset(token.stem for token in tokens if token.capital or token.text[1:] != token.text[1:].lower())

    @property
    def sentence(self) -> str:
        """Return it as it is compared with a question."""
        return self.text if self.key in ("overview", "airdrop") else f"{called(self.key)}: {self.text}"


def passages_of(project: Project) -> list[Passage]:
    """Return all that is known of a project, in sentences."""
    found = [_passage("overview", part) for part in parts(project.about)]
    found += [_passage("airdrop", part) for part in parts(project.airdrop.line)]
    for key, fact in project.facts.items():
        if fact.known:
            found += _passages(key, fact)
    return found


def _passages(key: str, fact: Fact) -> Iterator[Passage]:
    if isinstance(fact.value, tuple) and isinstance(fact.value[0], FundingRound):
        yield from (_passage(key, round_words(each)) for each in fact.value if isinstance(each, FundingRound))
    elif key in NAMES_ONLY:
        yield _passage(key, value(fact))
    else:
        yield from (_passage(key, part) for part in parts(value(fact)))
    yield from (_passage(key, part, noted=True) for part in parts(with_days(fact.note or "")))


def _passage(key: str, text: str, *, noted: bool = False) -> Passage:
    return Passage(key, text, noted, frozenset(token.stem for token in tokenise(text)))


def parts(text: str) -> list[str]:
    """Return the sentences of a text, and the parts between semicolons."""
    return [part.strip() for part in _ENDS.split(text) if part.strip()]
