"""Which of a project's fields a question asks for: by what was learned, by its words, and by what each fact says."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from bot.answers.facts import expecting, ordinary, polling
from bot.answers.facts.alike import alike
from bot.answers.facts.fields import VAGUE, fields_of, scores, stands_in
from bot.answers.facts.passages import NAMES_ONLY, Passage, passages_of
from bot.answers.facts.question import POLL, Question
from bot.answers.facts.tokens import wordset
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue

# How much each counts: how likely a field is, its own words in the question, the nearest sentence in meaning, and the
# share of the question's words that stand in that sentence. Chosen on the questions for tuning.
LIKELY, CUES, NEAR, SAID = 1.0, 0.1, 0.8, 0.8
MOST_CUES = 5.0
# A word that stands elsewhere in the same fact.
BESIDE = 0.3
# What is held against a field of which nothing is known.
NOT_KNOWN = 0.4
# How much less its sentences count when they belong to another field; and those that say something of everything.
INSTEAD, VAGUELY_NEAR = 0.5, 0.7
# What speaks for the survey's fields where it is named, and against those that ask for nothing in particular.
SURVEY_NAMED, VAGUENESS = 0.5, 0.1
# What is held against a sentence of a note.
NOTED = 0.05
# What speaks for a sentence with the day or the figure that is asked for, and against one without.
HELD, NOT_HELD = 0.15, 0.3
# Fields that are made from more than one fact, and so known of every project.
_ALWAYS = frozenset({"overview", "airdrop", "category", "later", "chain"})
_SURVEYED = frozenset({"survey_share", "tech_score", "narrative", "competitors"})
CATALOGUES_KEPT = 16
# How rare a word is that stands in a handful of all sentences.
RARE = 4.6


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that may be asked for: how much speaks for it, and its sentence that is nearest to the question."""

    key: str
    score: float
    likely: float
    passage: Passage | None = None
    # How near that sentence is, by meaning and by words.
    near: float = 0.0
    said: float = 0.0


def choices(asked: Question, project: Project) -> list[Choice]:
    """Return the fields of a project, the one that most speaks for first."""
    cues = scores(asked.stems, fields_of(asked.catalogue), 0.0)
    best = _best_passages(asked, project)
    keys = dict.fromkeys([*best, *(field.key for field in fields_of(asked.catalogue))])
    found = [_choice(key, asked, project, cues.get(key, 0.0), best) for key in keys]
    return sorted(found, key=lambda each: -each.score)


def _choice(key: str, asked: Question, project: Project, cue: float, best: Mapping[str, "_Near"]) -> Choice:
    likely = asked.likely.get(f"fact:{key}", 0.0)
    if key == "survey_share" and not polling.names_here(asked.words):
        # Votes that are not said to be here are those of the survey.
        likely += asked.likely_about(POLL)
    instead = None if key in best else stands_in(project, key, asked.catalogue)
    there = best.get(instead[0] if instead else key, _NOWHERE)
    score = LIKELY * likely + CUES * min(cue, MOST_CUES) + there.weight * (INSTEAD if instead else 1.0)
    if key not in best and instead is None and not _is_known(key, project, asked.catalogue):
        score -= NOT_KNOWN
    if key in VAGUE:
        score -= VAGUENESS
    if key in _SURVEYED and asked.names_survey:
        score += SURVEY_NAMED
    return Choice(key, score, likely, there.passage, there.near, there.said)


def _is_known(key: str, project: Project, catalogue: Catalogue) -> bool:
    if key in _SURVEYED:
        return catalogue.newest_survey.result_of(project.id) is not None
    return key in _ALWAYS


def likeliest_field(asked: Question) -> str | None:
    """Return the field that most speaks for, whoever is named; None when too little does."""
    cues = scores(asked.stems, fields_of(asked.catalogue), 0.0)
    much = {
        field.key: asked.likely.get(f"fact:{field.key}", 0.0) + CUES_ALONE * min(cues.get(field.key, 0.0), MOST_CUES)
        for field in fields_of(asked.catalogue)
        if field.key not in VAGUE
    }
    best = max(much, key=lambda key: much[key])
    return best if much[best] >= ENOUGH_FOR_A_FIELD else None


# How much a field's words count where no sentence is looked at, and how much has to speak for one.
CUES_ALONE, ENOUGH_FOR_A_FIELD = 0.2, 0.35


@dataclass(frozen=True, slots=True)
class _Near:
    passage: Passage | None = None
    near: float = 0.0
    said: float = 0.0
    # What its having, or not having, a day or a figure counts.
    fits: float = 0.0

    @property
    def weight(self) -> float:
        if self.passage is None:
            return 0.0
        near = self.near * (VAGUELY_NEAR if self.passage.key in VAGUE else 1.0)
        return NEAR * near + SAID * self.said + self.fits - (NOTED if self.passage.noted else 0.0)


_NOWHERE = _Near()


def _best_passages(asked: Question, project: Project) -> dict[str, _Near]:
    """Return the nearest sentence of each field."""
    worth = [(alike(word), much) for word, much in _worth(asked).items()]
    held = _held(asked)
    within: dict[str, set[str]] = {}
    passages = asked.near(project)
    for passage, _ in passages:
        within.setdefault(passage.key, set()).update(passage.stems)
    found: dict[str, _Near] = {}
    for passage, near in passages:
        said = sum(
            much
            * (0.0 if words.isdisjoint(within[passage.key]) else BESIDE if words.isdisjoint(passage.stems) else 1.0)
            for words, much in worth
        )
        # What is said of everything at once may go on with what is asked.
        without = 0.0 if passage.key in VAGUE else -NOT_HELD
        fits = 0.0 if held is None else HELD if held(passage) else without
        there = _Near(passage, near, said, fits)
        if passage.key not in found or there.weight > found[passage.key].weight:
            found[passage.key] = there
    return found


def _held(asked: Question) -> Callable[[Passage], bool] | None:
    """Return what a sentence has to hold to answer; None when that may be anything."""
    if expecting.asks_when(asked.text, asked.words):
        return lambda passage: passage.key not in NAMES_ONLY and expecting.has_day(passage.text)
    return (lambda passage: expecting.has_figure(passage.text)) if expecting.asks_how_many(asked.words) else None


def _worth(asked: Question) -> dict[str, float]:
    """Return the question's words beside the name, with the share of its meaning that each has: rare ones say more."""
    rarity = _rarity(asked.catalogue)
    rarest = max(rarity.values(), default=1.0)
    said = {token.stem for token in asked.rest if token.key not in ordinary.STOP} - _OF_NOTHING_FOUND
    words = {word: rarity.get(word, rarest) for word in said}
    total = sum(words.values())
    return {word: worth / total for word, worth in words.items()}


def says_something_rare(asked: Question, choice: Choice) -> bool:
    """Say whether a field's nearest sentence has a word of the question that few sentences have."""
    rarity = _rarity(asked.catalogue)
    said = choice.passage.stems if choice.passage else frozenset()
    return any(rarity.get(token.stem, 0.0) >= RARE for token in asked.rest if token.stem in said)


# “Was not found in the sources read” says nothing about who founded it.
_OF_NOTHING_FOUND = wordset("found sourc")


@lru_cache(maxsize=CATALOGUES_KEPT)
def _rarity(catalogue: Catalogue) -> Mapping[str, float]:
    passages: Sequence[Passage] = [each for project in catalogue.projects for each in passages_of(project)]
    counts = Counter(word for passage in passages for word in passage.stems)
    return {word: log(1 + (len(passages) - count + 0.5) / (count + 0.5)) for word, count in counts.items()}
