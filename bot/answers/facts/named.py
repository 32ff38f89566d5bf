"""Questions that name projects: one field of one, several side by side, or a name that several have."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.answers.facts import polling
from bot.answers.facts.domains import domain_in
from bot.answers.facts.fields import ENOUGH, VAGUE, stands_in
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.names import Mention, lexicon_of
from bot.answers.facts.query import MAX_TOPIC_CHARS
from bot.answers.facts.question import LITTLE, STRONG, WEAK_DOUBT, Question
from bot.answers.facts.tokens import stem, tokenise
from bot.answers.facts.vocabulary import CUES
from bot.answers.facts.wording import value
from bot.catalogue.model import Project

MAX_COMPARED, TWO = 3, 2
SURE, VAGUELY, HARDLY = 0.97, 0.9, 0.6
# How sure a fact is that only its own words point to, and how long such a word is.
BY_WORDS_SURENESS = 0.85 - WEAK_DOUBT
SHORTEST_SAID_CHARS = 2
# What a question about a domain may also look like.
_NEAR_A_DOMAIN = (None, "claim_window", "official_domains", "conflict_of_interest")
# Fields with a fact of their own: without it, nothing is known.
_FACT_KEYS = frozenset(CUES) - {
    *("overview", "airdrop", "category", "price", "later", "official_claim_page"),
    *("survey_share", "tech_score", "narrative", "competitors"),
}


def read_named(asked: Question) -> Reading:
    """Return the reading of a question that names at least one project."""
    asked.mentions = _settled(asked.mentions)
    if any(mention.project is None for mention in asked.mentions):
        return asked.read_as(Shape.UNCLEAR, f"unclear:{asked.best() or 'overview'}", 0.8)
    projects = [mention.project for mention in asked.mentions if mention.project]
    if len(projects) > 1:
        return _within_one(asked, projects) or _several(asked, projects[:MAX_COMPARED])
    if polling.names_poll(asked.words):
        return asked.read_as(Shape.POLL, f"poll:?:share:{projects[0].id}", VAGUELY)
    return _one(asked, projects[0])


def _settled(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Take a ticker that others share for the catalogue's own where another of its projects is named beside it."""
    if len(mentions) == 1:
        return tuple(mentions)
    return tuple(replace(each, shared=False) if each.shared else each for each in mentions)


def _within_one(asked: Question, projects: Sequence[Project]) -> Reading | None:
    """Read two names as one project's matter: “claim ZRO on Arbitrum”, “did the organiser back Movement”."""
    key, organiser = asked.best(), asked.catalogue.newest_survey.organiser_project
    conflict = next((each for each in projects if each.id == organiser and "conflict_of_interest" in each.facts), None)
    if conflict and key == "funding":
        return asked.read_as(Shape.FIELD, f"fact:{conflict.id}:conflict_of_interest", SURE, key)
    second = asked.mentions[1]
    if len(projects) == TWO and second.start and asked.words[second.start - 1] == "on":
        named = [token.key for token in asked.tokens[second.start : second.end]]
        if key := _fact_that_says(projects[0], named):
            return asked.read_as(Shape.FIELD, f"fact:{projects[0].id}:{key}", VAGUELY, key)
    return None


def _several(asked: Question, projects: Iterable[Project]) -> Reading:
    key = asked.best()
    parts = ["compare", *(project.id for project in projects), *([key] if key else [])]
    while len(topic := ":".join(parts)) > MAX_TOPIC_CHARS:
        parts.pop()
    return asked.read_as(Shape.COMPARE, topic, 0.95, key)


def _one(asked: Question, project: Project) -> Reading:
    key = asked.best()
    if domain_in(asked.text, lexicon_of(asked.catalogue).names) and key in _NEAR_A_DOMAIN:
        return asked.read_as(Shape.FIELD, f"fact:{project.id}:official_domains", VAGUELY, "official_domains")
    left = asked.left_over(asked.found)
    if key is None and {"when", "date"} & set(asked.words) and len(left) <= 1:
        key = "tge_date"
    if key == "category" and asked.found[key] <= ENOUGH:
        # “Is Pyth an oracle” asks; “the Pyth oracle” only says what it is.
        asked.found[key] = STRONG
        key = key if asked.yes_or_no else None
    if key is not None and _hardly_meant(asked, project, key):
        key, left = None, asked.left_over()
    if key is None and left and (weak := asked.best(LITTLE)) and not asked.left_over([*asked.found, weak]):
        key, left = weak, ()
    if key is None and not left:
        key = "airdrop" if asked.found.get("airdrop", 0) > asked.found.get("overview", 0) else "overview"
    if key is None or _counts_something_else(asked, left) or _hardly_explains(asked, key, left):
        return _by_words(asked, project, left)
    if key == "overview":
        return asked.read_as(Shape.OVERVIEW, f"fact:{project.id}:overview", VAGUELY, key)
    return asked.read_as(Shape.FIELD, f"fact:{project.id}:{key}", SURE, key)


def _hardly_meant(asked: Question, project: Project, key: str) -> bool:
    """Say whether nothing is known of a field, while another fact says what is asked."""
    fact = project.facts.get(key)
    absent = fact is None and key in _FACT_KEYS and not stands_in(project, key, asked.catalogue)
    weak = asked.found.get(key, LITTLE) < (ENOUGH + STRONG) / 2
    looked_for = fact is not None and not fact.known
    return (absent or (looked_for and weak)) and _fact_that_says(project, asked.left_over()) is not None


def _hardly_explains(asked: Question, key: str, left: Sequence[str]) -> bool:
    """Say whether a field is named by a weak word alone, beside others that no field explains: “validator on X”."""
    return bool(left) and key not in VAGUE and asked.found.get(key, 0.0) < STRONG


def _counts_something_else(asked: Question, left: Sequence[str]) -> bool:
    """Say whether “how many” is asked of something that no field is about."""
    counted = [after for before, after in pairwise(asked.words) if before == "many"]
    return bool(counted) and counted[0] in left


def _by_words(asked: Question, project: Project, left: Sequence[str]) -> Reading:
    """Read a question without a field by the fact in which its words stand; else as asking what is not known."""
    key = _fact_that_says(project, left)
    if key is None:
        return asked.read_as(Shape.OTHER, f"fact:{project.id}:other", HARDLY)
    reading = asked.read_as(Shape.FIELD, f"fact:{project.id}:{key}", BY_WORDS_SURENESS, key)
    return replace(reading, sureness=BY_WORDS_SURENESS, left_over=())


def _fact_that_says(project: Project, words: Sequence[str]) -> str | None:
    """Return the known fact in whose value most of some words stand, at least half of them."""
    wanted = {stem(word) for word in words if len(word) >= SHORTEST_SAID_CHARS}
    known = {key: fact for key, fact in project.facts.items() if fact.known}
    texts = {**{key: value(fact) for key, fact in known.items()}, "overview": f"{project.about} {project.airdrop.line}"}
    said = {key: len(wanted & {token.stem for token in tokenise(text)}) for key, text in texts.items()}
    best = max(said, key=lambda key: said[key])
    return best if said[best] and 2 * said[best] >= len(wanted) else None
