"""One question on its way to a reading: its words, who is named in it, and which fields."""

from collections.abc import Iterable, Sequence

from bot.answers.facts import filters, ordinary
from bot.answers.facts.fields import (
    ENOUGH,
    POLL_QUESTIONS,
    SURVEY_QUESTIONS,
    VAGUE,
    Field,
    fields_of,
    meant,
    scores,
)
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.names import Mention, lexicon_of
from bot.answers.facts.tokens import Token, key_of, stem, tokenise, wordset
from bot.catalogue.search import Kind
from bot.catalogue.service import Catalogue

# What each doubt takes from how sure a reading is.
KIND_DOUBT = {Kind.NAME: 0.0, Kind.SYMBOL: 0.0, Kind.PIECE: 0.08, Kind.FUZZY: 0.1}
LEFT_OVER_DOUBT, UNNAMED_DOUBT = 0.08, 0.2
WEAK_DOUBT, MIDDLING_DOUBT = 0.15, 0.08
MAX_LEFT_OVER = 4
LEAST_SURE = 0.05
# How much of a field's vocabulary makes it certain that it is asked for; and what is enough where a project is named
# and no field else: “the share of Grass”.
STRONG, LITTLE = 3.0, 1.4

_YES_OR_NO = wordset("is are was were can could has have had did does do will would am isnt arent cant")
_ASIDES = wordset("hey hi hello yo so and but please bro guys ok okay sir dear gm well")
FILTERING = wordset("which what list show name any all are how count who give find")
MANY = wordset(
    "projects airdrops tokens coins drops ones all list catalogue everything those project airdrop them claims anything"
)

# What the shapes are made of; not understood are the words beyond.
_ORDERING = frozenset(
    stem(word) for word in filters.MOST | filters.LEAST | filters.OVER | filters.UNDER | MANY | FILTERING
)
_VOTING = frozenset(word for each in (*SURVEY_QUESTIONS, *POLL_QUESTIONS) for word in each.words) | frozenset(
    stem(word)
    for word in (
        *filters.ORDINALS,
        *["came", "come", "top", "place", "voting", "runner", "survey", "award", "moon", "number", "last", "six"],
    )
)
_WORDS_OF: dict[Shape, frozenset[str]] = {
    Shape.SET: _ORDERING | filters.WORDS,
    Shape.COMPARE: _ORDERING,
    Shape.WINNER: _VOTING,
    Shape.SURVEY: _VOTING,
    Shape.POLL: _VOTING | _ORDERING,
}


class Question:
    """A question taken apart; what it asks is for `named` and `unnamed` to say."""

    def __init__(self, text: str, catalogue: Catalogue) -> None:
        self.text, self.catalogue = text, catalogue
        self.tokens: Sequence[Token] = tokenise(text)
        self.words = [token.key for token in self.tokens]
        self.mentions: tuple[Mention, ...] = tuple(lexicon_of(catalogue).find(self.tokens))
        taken = {place for mention in self.mentions for place in range(mention.start, mention.end)}
        self.rest = [token for place, token in enumerate(self.tokens) if place not in taken]
        self.stems = [meant(token.stem) for token in self.rest]
        self.found = scores(self.stems, fields_of(catalogue))
        if not self.found and self.mentions:
            self.found = scores(self.stems, fields_of(catalogue), LITTLE)
        # Words that a filter took: a chain, an investor's name; and the fields by which projects are compared.
        self.filters: frozenset[str] = frozenset()
        self.compared: tuple[str, ...] = ()

    def best(self, enough: float | None = None) -> str | None:
        """Return the field that is named most plainly, but for the vague ones; with `enough`, by that much."""
        found = self.found if enough is None else scores(self.stems, fields_of(self.catalogue), enough)
        fields = {key: score for key, score in found.items() if key not in VAGUE}
        if "survey_share" in fields and not self._surveyed():
            # The survey says nothing of those that it did not list.
            fields = {**scores(self.stems, fields_of(self.catalogue), LITTLE), **fields}
            fields = {key: score for key, score in fields.items() if key != "survey_share" and key not in VAGUE}
        return max(fields, key=lambda key: fields[key], default=None)

    def _surveyed(self) -> bool:
        listed = [each.project.id for each in self.mentions if each.project]
        return not listed or any(self.catalogue.newest_survey.result_of(project_id) for project_id in listed)

    def left_over(self, keys: Iterable[str] = (), more: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Return the words with a meaning that neither the fields of `keys` nor the stems of `more` explain."""
        explained = self._words_of(keys) | more
        symbols = {key_of(project.symbol) for mention in self.mentions for project in mention.projects}
        empty = ordinary.STOP | symbols
        return tuple(
            token.key
            for token, base in zip(self.rest, self.stems, strict=True)
            if token.key not in empty and base not in explained and not token.key[:1].isdigit()
        )

    def _words_of(self, keys: Iterable[str]) -> frozenset[str]:
        fields: dict[str, Field] = {each.key: each for each in fields_of(self.catalogue)}
        return frozenset(word for key in keys if key in fields for word in fields[key].words)

    def not_understood(self, shape: Shape) -> tuple[str, ...]:
        """Return the words with a meaning that a question of this shape leaves unexplained."""
        # Of many projects one thing is asked: words of other fields are not explained by it.
        keys = self.compared if shape is Shape.SET else tuple(self.found)
        left = self.left_over(keys, _WORDS_OF.get(shape, frozenset()))
        return tuple(word for word in left if word not in self.filters)

    def read_as(self, shape: Shape, topic: str, sureness: float, key: str | None = None) -> Reading:
        """Return the reading of a shape, less sure for each doubt."""
        score = self.found.get(key, 0.0) if key else 0.0
        left = self.not_understood(shape)
        doubt = max((KIND_DOUBT[mention.kind] for mention in self.mentions), default=0.0)
        if shape is Shape.FIELD:
            doubt += WEAK_DOUBT if score < (ENOUGH + STRONG) / 2 else MIDDLING_DOUBT if score < STRONG else 0.0
        if shape not in (Shape.OTHER, Shape.UNLISTED, Shape.UNCLEAR):
            # Without a name, a word that was not understood may be the subject.
            each = LEFT_OVER_DOUBT if self.mentions else UNNAMED_DOUBT
            doubt += each * min(len(left), MAX_LEFT_OVER)
        sureness = round(max(LEAST_SURE, sureness - doubt), 3)
        return Reading(self.text, shape, topic, sureness, self.mentions, key, score, left, self.yes_or_no)

    @property
    def yes_or_no(self) -> bool:
        """Say whether yes or no is expected."""
        first = next((word for word in self.words if word not in _ASIDES), "")
        return first in _YES_OR_NO
