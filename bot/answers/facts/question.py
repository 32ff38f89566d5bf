"""One question on its way to a reading: its words, who is named in it, and which fields."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

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
from bot.answers.facts.passages import Passage, passages_of
from bot.answers.facts.strangers import Stranger
from bot.answers.facts.tokens import Token, key_of, stem, tokenise, wordset
from bot.catalogue.model import Project
from bot.catalogue.search import Kind
from bot.catalogue.service import Catalogue

# What reads it needs numpy, which takes long to import.
if TYPE_CHECKING:
    from bot.answers.facts.sense import Sense
    from bot.answers.retrieval.document import Floats

# What each doubt takes from how sure a reading is.
KIND_DOUBT = {Kind.NAME: 0.0, Kind.SYMBOL: 0.0, Kind.PIECE: 0.08, Kind.FUZZY: 0.1}
LEFT_OVER_DOUBT, UNNAMED_DOUBT = 0.08, 0.2
WEAK_DOUBT, MIDDLING_DOUBT = 0.15, 0.08
MAX_LEFT_OVER = 4
LEAST_SURE = 0.05
# What may be asked beside fields, the survey and polls: many projects at once; what nothing here answers; what
# something else answers; and how one project does in a poll.
LIST, BEYOND, NONE, SHARE = "list", "beyond", "none", "share"
# What topics about polls and the survey begin with.
POLL, SURVEY = "poll:", "survey:"
# How sure a reading is that was learned, when it could not be less and when it could not be more likely.
LEARNED, LEARNED_BY_HEART = 0.6, 0.97
# How a name reads where names are masked.
SOMEBODY, TOKENS = "the project", "tokens"
# How much of a field's vocabulary makes it certain that it is asked for; and what is enough where a project is named
# and no field else: “the share of Grass”.
STRONG, LITTLE = 3.0, 1.4

_YES_OR_NO = wordset("is are was were can could has have had did does do will would am isnt arent cant")
_ARTICLES, _COUNTED = wordset("the a an"), wordset("many much")
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

    def __init__(self, text: str, catalogue: Catalogue, sense: "Sense | None" = None) -> None:
        self.text, self.catalogue, self._sense = text, catalogue, sense
        self.tokens: Sequence[Token] = tokenise(text)
        self.words = [token.key for token in self.tokens]
        mentions = lexicon_of(catalogue).find(self.tokens)
        strangers = sense.strangers.find(self.tokens) if sense else ()
        # What is not in the catalogue is named too: with neither, a word may still belong to one project alone.
        self.mentions, self.strangers = _told_apart(mentions, strangers)
        if not self.mentions and self.stranger is None and sense:
            self.mentions = _implied(sense.owners((token.stem for token in self.tokens), catalogue))
        self._take_out_names()
        # Words that a filter took: a chain, an investor's name; and the fields by which projects are compared.
        self.filters: frozenset[str] = frozenset()
        self.compared: tuple[str, ...] = ()

    def _take_out_names(self) -> None:
        taken = {place for mention in self.mentions for place in range(mention.start, mention.end)}
        self.rest = [token for place, token in enumerate(self.tokens) if place not in taken]
        self.stems = [meant(token.stem) for token in self.rest]
        self.found = scores(self.stems, fields_of(self.catalogue))
        if not self.found and self.mentions:
            self.found = scores(self.stems, fields_of(self.catalogue), LITTLE)

    def naming(self, mention: Mention) -> "Question":
        """Return the same question with a word taken for a name."""
        other = Question(self.text, self.catalogue, self._sense)
        other.mentions = (mention,)
        other._take_out_names()
        return other

    @cached_property
    def names_survey(self) -> bool:
        """Say whether the newest survey is named."""
        return filters.names_survey(self.words, self.catalogue)

    @cached_property
    def masked(self) -> str:
        """Return the question with “the project” in the place of each name."""
        named = self.mentions or [each for each in self.strangers if each.subject]
        if not named:
            return self.text
        ends = {each.start: each.end for each in named if each.end}
        words: list[str] = []
        place = 0
        while place < len(self.tokens):
            if place in ends and words and words[-1].casefold() in _ARTICLES:
                words.pop()
            following = ends.get(place, place + 1)
            words.append(self._as_masked(place, following) if place in ends else self.tokens[place].text)
            place = following
        return " ".join(words)

    def _as_masked(self, start: int, end: int) -> str:
        """Return how a name reads where it is masked; “how many ARB did” counts tokens."""
        before, after = self.words[start - 1] if start else "", self.words[end] if end < len(self.words) else ""
        return TOKENS if before in _COUNTED and after in _YES_OR_NO else SOMEBODY

    @property
    def stranger(self) -> Stranger | None:
        """Return the project of elsewhere that may be what is asked about."""
        return next((each for each in self.strangers if each.subject), None)

    @cached_property
    def _vector(self) -> "Floats | None":
        return self._sense.vector(self._understood) if self._sense else None

    @property
    def _understood(self) -> str:
        # Names of elsewhere are masked for the stranger alone.
        return self.masked if self.mentions or self.stranger is None else self.text

    @cached_property
    def likely_of_stranger(self) -> Mapping[str, float]:
        """Return how likely each thing is asked for when it is asked of the project of elsewhere."""
        return self._sense.likely(self._sense.vector(self.masked), self.masked) if self._sense else {}

    @cached_property
    def likely(self) -> Mapping[str, float]:
        """Return how likely each thing is asked for, as far as that was learned."""
        return self._sense.likely(self._vector, self._understood) if self._sense else {}

    def likely_about(self, beginning: str) -> float:
        """Return how likely one of the topics that begin like this is asked for."""
        return sum(much for topic, much in self.likely.items() if topic.startswith(beginning))

    def likeliest(self, beginning: str) -> str:
        """Return the likeliest topic that begins like this."""
        return max((each for each in self.likely if each.startswith(beginning)), key=lambda each: self.likely[each])

    def read_as_learned(self, shape: Shape, topic: str, likely: float) -> Reading:
        """Return a reading that is as sure as what was learned is."""
        sureness = round(LEARNED + (LEARNED_BY_HEART - LEARNED) * likely, 3)
        return Reading(self.text, shape, topic, sureness, self.mentions, yes_or_no=self.yes_or_no)

    def near(self, project: Project) -> list[tuple[Passage, float]]:
        """Return what is known of a project, sentence by sentence, with how near each is to the question."""
        if self._sense is None:
            return [(passage, 0.0) for passage in passages_of(project)]
        return self._sense.near(self._vector, project)

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


def _implied(projects: Sequence[Project]) -> tuple[Mention, ...]:
    """Return who is meant by a word that belongs to one project alone; it stays a word of the question."""
    return tuple(Mention((project,), Kind.PIECE, 0, 0) for project in projects if len(projects) == 1)


def _told_apart(
    mentions: Sequence[Mention], strangers: Sequence[Stranger]
) -> tuple[tuple[Mention, ...], tuple[Stranger, ...]]:
    """Settle who is named by words that may mean both: a name as it is written, the longer one, before a guess."""
    exact = [each for each in mentions if each.kind in (Kind.NAME, Kind.SYMBOL)]
    others = tuple(each for each in strangers if not any(_holds(mention, each) for mention in exact))
    return tuple(each for each in mentions if not any(_overlap(each, other) for other in others)), others


def _holds(outer: Mention, inner: Stranger) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _overlap(one: Mention, other: Stranger) -> bool:
    return one.start < other.end and other.start < one.end
