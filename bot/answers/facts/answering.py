"""From a reading or a topic to its answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.answers.facts import comparing, polling, query, sets, single, surveying, wording
from bot.answers.facts.fields import fields_of
from bot.answers.facts.making import MAX_SUGGESTIONS, Asking, offer
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.named import BOTH, MAX_COMPARED
from bot.answers.facts.names import lexicon_of
from bot.answers.facts.polls import PollFacts
from bot.answers.model import Answer, Kind
from bot.catalogue.service import Catalogue
from bot.prices.model import Market

COMPARED_LEAST = MOST_AT_ONCE = 2
# How much like a name, of 100, one has to be to be asked about: an unknown one, and that of a project elsewhere.
NEAR, MISTAKABLE = 70, 75


def answer(
    reading: Reading,
    catalogue: Catalogue,
    polls: Sequence[PollFacts],
    now: datetime,
    markets: Mapping[str, Market] | None = None,
) -> Answer | None:
    """Return what a reading is answered with; None when it asks for nothing that is known here.

    `markets` has present market values by project id. Kind unknown means: understood, and not known. The confidence
    weighs how sure the fact is with how sure the reading is.
    """
    if reading.shape is Shape.NOTHING:
        return None
    asking = Asking(catalogue, now, markets or {}, reading.yes_or_no, reading.question, reading.says)
    found = _of_reading(reading, asking, polls)
    return replace(found, confidence=round(found.confidence * reading.sureness, 3)) if found else None


def topic(
    topic: str,
    catalogue: Catalogue,
    polls: Sequence[PollFacts],
    now: datetime,
    markets: Mapping[str, Market] | None = None,
) -> Answer | None:
    """Return the answer of a topic again: the one behind a suggestion; None when it is none of these."""
    return _of_topic(topic, Asking(catalogue, now, markets or {}), polls)


def _of_reading(reading: Reading, asking: Asking, polls: Sequence[PollFacts]) -> Answer | None:
    match reading.shape:
        case Shape.UNCLEAR:
            return _which(reading, asking)
        case Shape.UNLISTED:
            return _unlisted(reading, asking)
        case Shape.WINNER:
            return _ranked(reading, asking, polls)
        case _:
            return _of_topic(reading.topic, asking, polls)


def question(topic: str, catalogue: Catalogue) -> str | None:
    """Return the question that a topic answers when it is one about one field of a project."""
    head, _, rest = topic.partition(":")
    project_id, _, key = rest.partition(":")
    project = catalogue.by_id(project_id) if head == "fact" else None
    known = any(field.key == key for field in fields_of(catalogue))
    return offer(project, key).question if project and known else None


def _of_topic(topic: str, asking: Asking, polls: Sequence[PollFacts]) -> Answer | None:
    head, _, rest = topic.partition(":")
    match head:
        case "fact":
            return _of_fact(rest, asking)
        case "compare":
            return _of_comparison(rest, asking)
        case "list":
            wanted = query.parse(topic)
            return sets.answer(wanted, asking) if wanted else None
        case "survey":
            return surveying.answer(topic, asking.catalogue, asking.question)
        case "poll":
            return polling.answer(topic, asking.question, polls)
        case _:
            return None


def _of_fact(rest: str, asking: Asking) -> Answer | None:
    project_id, _, key = rest.partition(":")
    project = asking.catalogue.by_id(project_id)
    known = {"other", *(field.key for field in fields_of(asking.catalogue))}
    keys = key.split(BOTH)
    if project is None or not known.issuperset(keys) or len(keys) > MOST_AT_ONCE:
        return None
    # The sentence that was found is of the first.
    asked = [asking, *(replace(asking, passage=None) for _ in keys[1:])]
    answers = [single.about(project, each, how) for each, how in zip(keys, asked, strict=True)]
    return comparing.together(answers, f"fact:{rest}")


def _of_comparison(rest: str, asking: Asking) -> Answer | None:
    parts = rest.split(":")
    projects = [project for part in parts if (project := asking.catalogue.by_id(part))]
    key = parts[-1] if asking.catalogue.by_id(parts[-1]) is None else None
    known = {field.key for field in fields_of(asking.catalogue)}
    if not COMPARED_LEAST <= len(projects) <= MAX_COMPARED or (key is not None and key not in known):
        return None
    return comparing.compared(projects, key, asking)


def _which(reading: Reading, asking: Asking) -> Answer:
    """Ask which of several namesakes is meant; where all have the same answer, give it."""
    key = reading.topic.partition(":")[2]
    unclear = next(mention for mention in reading.mentions if mention.project is None)
    if len(unclear.projects) > 1 and key in _SAME_FOR_NAMESAKES:
        return single.about(unclear.projects[0], key, asking)
    offers = tuple(offer(project, key) for project in unclear.projects)
    if unclear.shared:
        project = unclear.projects[0]
        others = wording.listed(list(project.ticker_shared_with), "or")
        text = f"{project.symbol} may mean {project.name} or {others}. Did you mean {project.name}?"
    else:
        names = wording.listed([project.name for project in unclear.projects], "or")
        text = f"Several go by that name. Did you mean {names}?"
    return Answer(
        Kind.UNKNOWN, wording.fitted(text), reading.topic, confidence=0.9, suggestions=offers[:MAX_SUGGESTIONS]
    )


_SAME_FOR_NAMESAKES = ("token_symbol", "category")


def _unlisted(reading: Reading, asking: Asking) -> Answer:
    name = reading.topic.partition(":")[2]
    # Who asks about a project known by name hardly means another.
    near = lexicon_of(asking.catalogue).near(name, MISTAKABLE if reading.firm else NEAR)
    text = (
        f"“{name}” is not among the {len(asking.catalogue.projects)} projects that I know, so I have no facts about it."
    )
    more = f"Did you mean {wording.listed([project.name for project in near], 'or')}?" if near else ""
    offers = tuple(offer(project, "overview") for project in near)
    return Answer(
        Kind.UNKNOWN,
        wording.fitted(text, more),
        "unknown:project",
        confidence=0.8,
        suggestions=offers[:MAX_SUGGESTIONS],
    )


def _ranked(reading: Reading, asking: Asking, polls: Sequence[PollFacts]) -> Answer | None:
    """Answer who won, or who came third: of the poll here that closed last, else of the survey."""
    place = reading.topic.partition(":")[2]
    closed = next((poll for poll in polls if poll.closed), None)
    current = closed or next((poll for poll in polls if poll.open), None)
    if current is not None and place.isdigit():
        what = "leader" if place == "1" else f"place-{place}"
        return polling.answer(f"poll:{current.id}:{what}", reading.question, polls)
    if current is not None:
        return polling.answer(f"poll:{current.id}:leader", reading.question, polls)
    return surveying.answer(f"survey:{'winner' if place == '1' else place}", asking.catalogue, reading.question)
