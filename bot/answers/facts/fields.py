"""What can be asked about a project, and the words in which people ask it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.answers.facts import ordinary
from bot.answers.facts.tokens import stem, tokenise
from bot.answers.facts.vocabulary import CUES, POLL_CUES, SURVEY_CUES
from bot.answers.facts.wording import value
from bot.catalogue.model import Fact, Project
from bot.catalogue.service import Catalogue

# How much of a field's vocabulary a question has to hold to be about that field.
ENOUGH = 2.0
MISSPELLINGS = ((8, 2), (5, 1))


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be asked about a project.

    `key` is that of a fact, or one of those made from several: `overview`, `airdrop`, `category`, `price`, and the
    survey's `survey_share`, `tech_score`, `narrative` and `competitors`. `cues` are stems, alone or together, with
    their weight.
    """

    key: str
    cues: Mapping[frozenset[str], float]
    # Where else its value may stand: another fact, when that holds what this finds.
    instead: tuple[tuple[str, str], ...] = ()
    words: frozenset[str] = field(default=frozenset())


def _field(key: str, cues: str, instead: tuple[tuple[str, str], ...] = ()) -> Field:
    """Read `two words 3, word 2`: cues with their weights."""
    weights: dict[frozenset[str], float] = {}
    for cue in cues.split(","):
        *words, weight = cue.split()
        together = frozenset(stem(word) for word in words)
        weights[together] = max(float(weight), weights.get(together, 0.0))
    return Field(key, weights, instead, frozenset(word for words in weights for word in words))


_WALLETS = r"wallet|address|people|citizen|user|recipient"
# Where else the value of a field may stand, and how it is told that it does.
_INSTEAD: Mapping[str, tuple[tuple[str, str], ...]] = {
    "contract": (("chain", r"\b0x[0-9a-fA-F]{8}"),),
    "recipients": (("airdrop_share", _WALLETS), ("eligibility", _WALLETS)),
    "eligibility": (
        ("snapshot", r"holder|user|point"),
        ("airdrop_share", r" to (developers|citizens|users|former)|JitoSOL users"),
    ),
    "unclaimed": (("claim_window", r"leftover|forfeit"),),
    "sybil": (("eligibility", r"(?i)sybil"),),
    "season_2": (("airdrop_share", r"(?i)season|second|later"), ("claim_window", r"(?i)phase 2")),
    "scandal": (("incident", r"."), ("airdrop_allegation", r".")),
    "airdrop_allegation": (("scandal", r"."),),
    "supply_note": (("airdrop_share", r"\d ?(bn|M)\b|%"),),
    "staking": (("later", r"(?i)stak"),),
    "impostors": (("incident", r"(?i)impost"),),
}
FIELDS: tuple[Field, ...] = tuple(_field(key, cues, _INSTEAD.get(key, ())) for key, cues in CUES.items())
# What is asked of the survey and of the polls here, read the same way.
SURVEY_QUESTIONS = tuple(_field(key, cues) for key, cues in SURVEY_CUES.items())
POLL_QUESTIONS = tuple(_field(key, cues) for key, cues in POLL_CUES.items())

# These ask for nothing in particular: any other field that a question names comes first.
VAGUE = frozenset({"overview", "airdrop"})
# Plain words inside the vocabulary that are left alone rather than taken for a slip of the finger.
_SHORT = 5


@lru_cache(maxsize=64)
def fields_of(catalogue: Catalogue) -> tuple[Field, ...]:
    """Return what can be asked of a catalogue: the usual fields, and every other fact by its own name."""
    usual = {each.key for each in FIELDS}
    keys = dict.fromkeys(key for project in catalogue.projects for key in project.facts if key not in usual)
    return (*FIELDS, *(_named_by_its_key(key) for key in keys))


def _named_by_its_key(key: str) -> Field:
    words = [token.key for token in tokenise(key.replace("_", " "))]
    return _field(key, f"{' '.join(words)} 6") if words else Field(key, {})


VOCABULARY: frozenset[str] = frozenset(word for each in FIELDS for word in each.words)
_CHOICES = tuple(sorted(word for word in VOCABULARY if len(word) >= _SHORT))


@lru_cache(maxsize=8_192)
def meant(word: str) -> str:
    """Return the stem of the vocabulary that a stem is, or is a misspelling of; else the stem itself."""
    if word in VOCABULARY or len(word) < _SHORT or not word.isalpha() or word in _LEFT_ALONE:
        return word
    slips = next(slips for chars, slips in MISSPELLINGS if len(word) >= chars)
    found = process.extractOne(word, _CHOICES, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found and found[0][0] == word[0] else word


_LEFT_ALONE = frozenset(stem(word) for word in ordinary.STOP | ordinary.NO_MISSPELLING)


def scores(stems: Collection[str], fields: Collection[Field], enough: float = ENOUGH) -> dict[str, float]:
    """Return how much of each field's vocabulary is in a question, for the fields that have enough of it there."""
    said = frozenset(stems)
    found = {
        each.key: sum(weight for cue, weight in each.cues.items() if cue <= said)
        for each in fields
        if not each.words.isdisjoint(said)
    }
    return {key: total for key, total in found.items() if total >= enough}


def best(stems: Collection[str], questions: Collection[Field]) -> str | None:
    """Return which of some questions is asked most plainly."""
    found = scores(stems, questions)
    return max(found, key=lambda key: found[key], default=None)


def field_named(key: str, catalogue: Catalogue) -> Field | None:
    """Return a field by its key."""
    return next((each for each in fields_of(catalogue) if each.key == key), None)


def stands_in(project: Project, key: str, catalogue: Catalogue) -> tuple[str, Fact] | None:
    """Return the other fact that answers a field, with its key: one whose value or note has what is asked for."""
    wanted = field_named(key, catalogue)
    for other, pattern in wanted.instead if wanted else ():
        fact = project.facts.get(other)
        if fact is not None and fact.known and holds(pattern, f"{value(fact)} {fact.note or ''}"):
            return other, fact
    return None


def holds(pattern: str, text: str) -> bool:
    """Say whether a value that stands elsewhere answers what is asked."""
    return bool(re.search(pattern, text))
