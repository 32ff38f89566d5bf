"""Questions that name projects: one field of one, several side by side, or a name that several have."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from bot.answers.facts import polling
from bot.answers.facts.domains import asks_for_the_real_site, domains_in, happened
from bot.answers.facts.fields import ENOUGH, VAGUE, fields_of, stands_in
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.names import Mention, lexicon_of
from bot.answers.facts.passages import passages_of
from bot.answers.facts.places import only_a_place
from bot.answers.facts.query import MAX_TOPIC_CHARS
from bot.answers.facts.question import BEYOND, KIND_DOUBT, LITTLE, POLL, STRONG, WEAK_DOUBT, Question
from bot.answers.facts.specifics import Choice, choices, likeliest_field
from bot.answers.facts.tokens import stem, tokenise, wordset
from bot.answers.facts.vocabulary import CUES
from bot.answers.facts.wording import value
from bot.catalogue.model import Project

MAX_COMPARED, TWO = 3, 2
SURE, VAGUELY, HARDLY, SCARCELY = 0.97, 0.9, 0.6, 0.5
# How sure a fact is that only its own words point to, and how long such a word is.
BY_WORDS_SURENESS = 0.85 - WEAK_DOUBT
SHORTEST_SAID_CHARS = 2
# From which likelihood on something is asked that nothing here answers.
BEYOND_PLAINLY = 0.15
# How much that is held against a field.
BEYOND_COUNTS = 0.5
# From which likelihood on a poll here is asked about, though none is named.
LIKELY = 0.6
# From which score on a field is meant, how sure that is then, and how fast it grows with the score.
LEAST_SCORE, LEAST_SURELY, STEEPNESS = 0.54, 0.75, 0.5
# How much surer it is when all words of the question stand in its sentence.
SAID_SURELY = 0.15
# From where on the note of a fact is what was asked for.
NOTE_SAID, NOTE_NEAR = 0.3, 0.4
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
    if polling.names_poll(asked.words) or (polling.names_here(asked.words) and asked.likely_about(POLL) >= LIKELY):
        return _in_a_poll(asked, projects[:MAX_COMPARED])
    if len(projects) > 1:
        return _within_one(asked, projects) or _several(asked, projects[:MAX_COMPARED])
    return _one(asked, projects[0])


def _in_a_poll(asked: Question, projects: Sequence[Project]) -> Reading:
    """Read how projects do in a poll, or when and how one can vote for them."""
    what = asked.likeliest(POLL).removeprefix(POLL) if asked.likely else ""
    if what not in ("closes", "how"):
        what = ":".join(["share", *(project.id for project in projects)])
    return asked.read_as(Shape.POLL, f"poll:?:{what}", VAGUELY)


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
    key = likeliest_field(asked) if asked.likely else asked.best()
    parts = ["compare", *(project.id for project in projects), *([key] if key else [])]
    while len(topic := ":".join(parts)) > MAX_TOPIC_CHARS:
        parts.pop()
    return asked.read_as(Shape.COMPARE, topic, 0.95, key)


def _one(asked: Question, project: Project) -> Reading:
    domains = domains_in(asked.text, lexicon_of(asked.catalogue).names)
    real = asks_for_the_real_site(asked.words, domains) and (domains or "claim" not in asked.stems)
    if real or (domains and asked.best() in _NEAR_A_DOMAIN):
        reading = asked.read_as(Shape.FIELD, f"fact:{project.id}:official_domains", VAGUELY, "official_domains")
        # Nobody who asks for the real one may end at nothing.
        return replace(reading, sureness=VAGUELY, left_over=()) if real else reading
    if happened(asked.words):
        return asked.read_as(Shape.OTHER, f"fact:{project.id}:other", SCARCELY)
    by_cues = _by_cues(asked, project)
    if asked.likely:
        return _as_learned(asked, project, by_cues)
    return asked.read_as(Shape.OTHER, f"fact:{project.id}:other", HARDLY) if only_a_place(asked) else by_cues


def _as_learned(asked: Question, project: Project, by_cues: Reading) -> Reading:
    """Read a question by all that speaks for each field: what was learned, its words, and the facts themselves."""
    best, *others = choices(asked, project)
    likely = asked.likely
    score = best.score - BEYOND_COUNTS * likely[BEYOND] * (1.0 - best.said)
    agreed = likely[BEYOND] < BEYOND_PLAINLY and by_cues.field == best.key
    if (score < LEAST_SCORE and not agreed) or _asks_something_else(asked, project, best):
        return asked.read_as(Shape.OTHER, f"fact:{project.id}:other", HARDLY)
    shape = Shape.OVERVIEW if best.key == "overview" else Shape.FIELD
    doubt = max((KIND_DOUBT[mention.kind] for mention in asked.mentions), default=0.0)
    sureness = min(SURE, LEAST_SURELY + max(0.0, score - LEAST_SCORE) * STEEPNESS + SAID_SURELY * best.said) - doubt
    says = best.passage if best.passage and _is_said(best) else None
    return Reading(
        asked.text,
        shape,
        f"fact:{project.id}:{BOTH.join([best.key, *_asked_too(asked, best, others)])}",
        round(sureness, 3),
        asked.mentions,
        best.key,
        asked.found.get(best.key, 0.0),
        (),
        yes_or_no=asked.yes_or_no,
        says=says,
    )


def _asks_something_else(asked: Question, project: Project, best: Choice) -> bool:
    """Say whether what is asked is likeliest what nothing here answers, or of a version that no fact speaks of."""
    if best.said >= SAID_AT_ALL:
        return False
    if only_a_place(asked):
        return True
    if asked.likely[BEYOND] >= BEYOND_LIKELIEST and asked.likely[BEYOND] > best.likely:
        return True
    versions = {token.stem for token in asked.rest if _VERSION.fullmatch(token.key)}
    return bool(versions.difference(*(passage.stems for passage in passages_of(project))))


# “Uniswap v4”; from which likelihood on nothing here answers; how much of a question stands in a fact all the same.
_VERSION = re.compile(r"v\d{1,2}")
BEYOND_LIKELIEST, SAID_AT_ALL = 0.5, 0.2


def _asked_too(asked: Question, best: Choice, others: Sequence[Choice]) -> list[str]:
    """Return a second field that is asked for at once by words of its own: the ticker and the launch date."""
    if _JOINING.isdisjoint(asked.words) or asked.found.get(best.key, 0.0) < STRONG:
        return []
    said = frozenset(asked.stems)
    fields = {each.key: each.words & said for each in fields_of(asked.catalogue) if each.key not in VAGUE}
    found = (
        each.key
        for each in others
        if asked.found.get(each.key, 0.0) >= STRONG and each.passage != best.passage and each.key in fields
        if fields[each.key] - fields.get(best.key, said) and fields[best.key] - fields[each.key]
    )
    return list(islice(found, 1))


# What stands between two things that are asked at once, and between their keys.
_JOINING, BOTH = wordset("and plus also"), "+"


def _is_said(choice: Choice) -> bool:
    """Say whether a field's nearest sentence is what was asked for; a note has to be so plainly."""
    if choice.passage is None or not choice.passage.noted:
        return choice.passage is not None
    return choice.said >= NOTE_SAID or choice.near >= NOTE_NEAR


def _by_cues(asked: Question, project: Project) -> Reading:
    key = asked.best()
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
    fact, absent = project.facts.get(key), _is_absent(project, key, asked)
    weak = asked.found.get(key, LITTLE) < (ENOUGH + STRONG) / 2
    looked_for = fact is not None and not fact.known
    return (absent or (looked_for and weak)) and _fact_that_says(project, asked.left_over()) is not None


def _is_absent(project: Project, key: str | None, asked: Question) -> bool:
    """Say whether a project has no fact for a field, nor another that says the same."""
    return key in _FACT_KEYS and key not in project.facts and not stands_in(project, key, asked.catalogue)


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
