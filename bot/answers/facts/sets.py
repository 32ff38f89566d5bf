"""Which projects, how many of them, the most and the least: always with how many have a known figure."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from bot.answers.facts import wording
from bot.answers.facts.claims import claiming
from bot.answers.facts.filters import words_about
from bot.answers.facts.financing import investors_of
from bot.answers.facts.making import CATALOGUE, MAX_SUGGESTIONS, Asking, offer
from bot.answers.facts.quantities import QUANTITIES, Amount, Quantity, seconds_of, within_year
from bot.answers.facts.query import Query
from bot.answers.model import Answer, Citation, Kind
from bot.catalogue.days import in_words
from bot.catalogue.model import STATE_LABELS, Fact, Project
from bot.catalogue.reading import money

# How a figure is held against a bound; a bound of days is read to its first moment.
_TESTS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    "≥": operator.ge,
    "<": operator.lt,
    "≤": operator.le,
    "=": operator.eq,
}
LIST_CHARS = 330
# From how many on a list begins with its length.
LONG_LIST = 6

Measured = tuple[Project, Amount]


def answer(query: Query, asking: Asking) -> Answer:
    """Return the projects that a query asks for, with what is not known of the others."""
    projects = _within(query, asking)
    if query.quantity:
        return _bounded(query, projects, asking)
    if query.order:
        return _ordered(query, projects, asking)
    return _listed(query, projects, asking)


def _within(query: Query, asking: Asking) -> list[Project]:
    """Return the projects of the category, the state and the survey that are asked for."""
    results = {result.project for result in asking.catalogue.newest_survey.results}
    return [
        project
        for project in asking.catalogue.projects
        if query.category in (None, project.category)
        and query.state in (None, claiming(project, asking.now).state)
        and (not query.survey or project.id in results)
        and (not query.word or query.word in words_about(project))
        and (not query.investor or query.investor in _investors(project))
    ]


def _investors(project: Project) -> list[str]:
    return investors_of(project.facts["funding"]) if "funding" in project.facts else []


def _measured(quantity: Quantity, projects: Sequence[Project], asking: Asking) -> list[Measured]:
    found = ((project, quantity.of(asking.catalogue, project)) for project in projects)
    return [(project, amount) for project, amount in found if amount is not None]


def _bounded(query: Query, projects: Sequence[Project], asking: Asking) -> Answer:
    quantity = QUANTITIES[query.quantity or ""]
    known = _measured(quantity, projects, asking)
    fitting = sorted(
        (each for each in known if _fits(query, each[1])), key=lambda each: each[1].order, reverse=not quantity.is_day
    )
    asked = f"{quantity.name[0].upper()}{quantity.name[1:]} {_condition(query, quantity)}"
    which = "all" if len(known) == len(projects) else "those"
    if not fitting:
        return _made(
            query, f"{asked}: none of the {wording.count_word(len(known))} for which it is known.", known, asking
        )
    names = _joined([f"{project.name} ({amount.text})" for project, amount in fitting])
    count = f"{wording.count_word(len(fitting))} of {which} {wording.count_word(len(known))} for which it is known: "
    long = query.count or len(fitting) > LONG_LIST
    scope = (
        "" if long or len(known) == len(projects) else f", of {wording.count_word(len(known))} for which it is known"
    )
    return _made(query, f"{asked}: {count if long else ''}{names}{scope}.", fitting, asking)


def _fits(query: Query, amount: Amount) -> bool:
    day = QUANTITIES[query.quantity or ""].is_day
    if query.test == "@":
        return within_year(amount, query.bound)
    if query.test == "~":
        low, high = (Decimal(each) for each in query.bound.split("-"))
        return low <= amount.order <= high
    bound = seconds_of(query.bound) if day else Decimal(query.bound)
    if day and query.test == ">":
        return amount.order >= bound and not within_year(amount, query.bound)
    return _TESTS[query.test](amount.order, bound)


def _condition(query: Query, quantity: Quantity) -> str:
    if quantity.is_day:
        when = in_words(query.bound)
        return {"@": f"in {when}", ">": f"after {when}", "<": f"before {when}"}.get(query.test, f"in {when}")
    bounds = [_bound(each, quantity) for each in query.bound.split("-")]
    if query.test == "~":
        return f"between {bounds[0]} and {bounds[1]}"
    return f"{_TEST_WORDS[query.test]} {bounds[0]}"


_TEST_WORDS = {">": "above", "<": "below", "≥": "of at least", "≤": "of at most", "=": "of"}


def _bound(text: str, quantity: Quantity) -> str:
    if quantity.key in ("raised", "valuation"):
        return money(int(Decimal(text)))
    return f"{text}%" if quantity.key in ("airdrop_share", "survey_share") else text


def _ordered(query: Query, projects: Sequence[Project], asking: Asking) -> Answer:
    quantity = QUANTITIES[query.order or ""]
    known = _measured(quantity, projects, asking)
    if not known:
        return Answer(Kind.UNKNOWN, f"No {quantity.name} is known.", query.topic, confidence=0.8)
    order = sorted(known, key=lambda each: each[1].order, reverse=query.most)
    scope = _scope(len(known), len(projects), quantity)
    if query.limit > 1:
        first = order[: query.limit]
        by = f"by {quantity.name}, the {_end(query, quantity)} first"
        names = _joined(
            [f"{place}. {project.name} ({amount.text})" for place, (project, amount) in enumerate(first, 1)]
        )
        return _made(query, f"{scope}{by}: {names}.", first, asking)
    ahead = [each for each in order if each[1].order == order[0][1].order]
    names = wording.listed([project.name for project, _ in ahead])
    claim = f"{names} {quantity.most if query.most else quantity.least}{' (shared)' if len(ahead) > 1 else ''}"
    following = order[len(ahead) : len(ahead) + 2]
    then = f"Then {wording.listed([f'{project.name} ({amount.text})' for project, amount in following])}."
    hedge = wording.hedge(ahead[0][1].fact) if ahead[0][1].fact else ""
    text = wording.fitted(f"{scope}{claim}: {ahead[0][1].text}.", then if following else "", hedge)
    return _made(query, text, [*ahead, *following], asking)


def _scope(known: int, total: int, quantity: Quantity) -> str:
    return f"Of the {wording.count_word(known)} whose {quantity.name} is known, " if known < total else ""


def _end(query: Query, quantity: Quantity) -> str:
    return {(True, True): "latest", (True, False): "earliest", (False, True): "largest", (False, False): "smallest"}[
        quantity.is_day, query.most
    ]


def _listed(query: Query, projects: Sequence[Project], asking: Asking) -> Answer:
    total = len(asking.catalogue.projects)
    that = f" ({', '.join(_filters(query))})" if _filters(query) else ""
    if not projects:
        text = f"None of the {total} projects is like that{that}, as far as is known."
        return _made(query, wording.fitted(text, _later_phases(query, asking)), [], asking)
    names = _joined([project.name for project in projects])
    count = wording.count_word(len(projects))
    if query.investor:
        return _made(
            query,
            f"{query.investor} is named in the funding of {names}, as far as is known.",
            _funded(projects),
            asking,
        )
    noun = "project" if len(projects) == 1 else "projects"
    return _made(query, f"{count[0].upper()}{count[1:]} {noun}{that}: {names}.", [], asking)


def _filters(query: Query) -> list[str]:
    found = [
        STATE_LABELS[query.state] if query.state else "",
        query.category or "",
        "in the survey" if query.survey else "",
    ]
    found += [f"about {query.word}" if query.word else "", f"funded by {query.investor}" if query.investor else ""]
    return [each for each in found if each]


def _later_phases(query: Query, asking: Asking) -> str:
    """Say who announced more, where somebody looks for what can be had."""
    if query.state not in ("claimable", "upcoming"):
        return ""
    others = [each.name for each in asking.catalogue.projects if claiming(each, asking.now).state == "phases"]
    return f"Later phases were announced by {wording.listed(others)}; see each for what is known." if others else ""


def _funded(projects: Sequence[Project]) -> list[Measured]:
    return [(project, Amount(Decimal(0), "", project.facts["funding"])) for project in projects]


def _joined(names: Sequence[str]) -> str:
    """Return as many names as fit, and how many more there are."""
    kept: list[str] = []
    for name in names:
        if sum(map(len, kept)) + 2 * len(kept) + len(name) > LIST_CHARS:
            break
        kept.append(name)
    left_out = len(names) - len(kept)
    return wording.listed([*kept, f"{left_out} more"] if left_out else kept)


def _made(query: Query, text: str, measured: Sequence[Measured], asking: Asking) -> Answer:
    facts = list({id(amount.fact): amount.fact for _, amount in measured if amount.fact}.values())
    sources, when = _rests_on(query, facts, asking)
    offers = tuple(offer(project, "overview") for project, _ in measured[:MAX_SUGGESTIONS])
    return Answer(Kind.ANSWER, wording.fitted(text), query.topic, sources, 0.92, when, suggestions=offers)


def _rests_on(query: Query, facts: Sequence[Fact], asking: Asking) -> tuple[tuple[Citation, ...], date]:
    """Return the sources and the date of an answer: of its facts, of the survey, or of the catalogue as a whole."""
    survey = asking.catalogue.newest_survey
    if facts:
        return wording.citations(facts), min(fact.as_of for fact in facts)
    if query.survey or {query.quantity, query.order} & {"tech_score", "survey_share"}:
        return (Citation(survey.title, survey.url, survey.as_of),), survey.as_of
    dates = [fact.as_of for project in asking.catalogue.projects for fact in project.facts.values()]
    when = max(dates, default=survey.as_of)
    return (Citation(CATALOGUE, None, when),), when
