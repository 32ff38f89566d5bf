"""Two or three projects side by side, by one field or by what matters most."""

from collections.abc import Sequence

from bot.answers.facts import single, wording
from bot.answers.facts.making import Asking, offer
from bot.answers.facts.quantities import Amount, Quantity, by_field
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.catalogue.model import STATE_LABELS, Fact, Project
from bot.ui.text import clip

# What is set side by side, after the category and the state, when nobody says by what.
FIGURES = ("tge_date", "airdrop_share", "funding", "tech_score", "survey_share")
# How long a value may be by how many stand side by side.
_VALUE_CHARS = {2: 200, 3: 130}


def compared(projects: Sequence[Project], key: str | None, asking: Asking) -> Answer:
    """Return projects side by side; what is not known of one is said."""
    topic = ":".join(["compare", *(project.id for project in projects), *([key] if key else [])])
    if key is None or key in ("overview", "airdrop"):
        return _by_all(projects, topic, asking)
    answers = [single.about(project, key, asking) for project in projects]
    if all(answer.kind is Kind.UNKNOWN for answer in answers):
        names = wording.listed([project.name for project in projects])
        return Answer(
            Kind.UNKNOWN,
            f"{names}, {wording.called(key)}: not known.",
            topic,
            confidence=0.8,
            suggestions=_each(projects),
        )
    lines = [
        _brief(project, key, answer, len(projects), asking) for project, answer in zip(projects, answers, strict=True)
    ]
    verdict = _verdict(projects, key, asking)
    facts = [fact for project in projects if (fact := project.facts.get(key)) and fact.known]
    hedges = [
        f"{project.name}:{hedge}"
        for project in projects
        if (fact := project.facts.get(key)) and (hedge := wording.hedge(fact))
    ]
    return Answer(
        Kind.ANSWER,
        wording.fitted(verdict or lines[0], *(lines if verdict else lines[1:]), *hedges),
        topic,
        _merged(answers),
        min(answer.confidence for answer in answers if answer.kind is Kind.ANSWER),
        min((answer.as_of for answer in answers if answer.as_of), default=None),
        any(wording.goes_stale(key, fact, asking.now) for fact in facts),
    )


def together(answers: Sequence[Answer], topic: str) -> Answer:
    """Return one or two answers about one project as one; what is not known of the second is said as well."""
    first, *others = answers
    if not others:
        return first
    room = wording.MAX_TEXT_CHARS // len(answers) - 1
    known = [answer for answer in answers if answer.kind is Kind.ANSWER]
    return Answer(
        Kind.ANSWER if known else Kind.UNKNOWN,
        " ".join(clip(answer.text, room) for answer in answers),
        topic,
        _merged(known) if known else (),
        min(answer.confidence for answer in known or answers),
        min((answer.as_of for answer in known if answer.as_of), default=None),
        any(answer.stale for answer in known),
        first.suggestions,
    )


def _each(projects: Sequence[Project]) -> tuple[Suggestion, ...]:
    return tuple(offer(project, "overview") for project in projects)


def _brief(project: Project, key: str, answer: Answer, count: int, asking: Asking) -> str:
    room = _VALUE_CHARS[count]
    if answer.kind is Kind.UNKNOWN:
        return f"{project.name}: not known."
    fact = project.facts.get(key)
    if fact is not None and fact.known and key not in ("claim_window", "later", "category", "funding"):
        return f"{project.name}: {clip(wording.value(fact), room).rstrip('.')}."
    return f"{project.name}: {clip(_figure(project, key, asking) or answer.text, room).rstrip('.…')}."


def _figure(project: Project, key: str, asking: Asking) -> str:
    if key == "category":
        return project.category
    quantity = by_field(key) if key in ("tech_score", "survey_share", "funding") else None
    amount = quantity.of(asking.catalogue, project) if quantity else None
    return amount.text if amount else ""


def _verdict(projects: Sequence[Project], key: str, asking: Asking) -> str:
    """Say who has the most, where all figures are known and differ."""
    quantity = by_field(key)
    if quantity is None:
        return ""
    amounts = [quantity.of(asking.catalogue, project) for project in projects]
    known = [(project, amount) for project, amount in zip(projects, amounts, strict=True) if amount]
    if len(known) < len(projects):
        return ""
    return _first(known, quantity)


def _first(known: Sequence[tuple[Project, Amount]], quantity: Quantity) -> str:
    order = sorted(known, key=lambda each: each[1].order, reverse=not quantity.is_day)
    if order[0][1].order == order[1][1].order:
        return f"{order[0][0].name} and {order[1][0].name} are equal in {quantity.name}."
    end = quantity.least if quantity.is_day else quantity.most
    return f"{order[0][0].name} {end} ({order[0][1].text})."


def _merged(answers: Sequence[Answer]) -> tuple[Citation, ...]:
    """Return one source of each in turn, so that all are there."""
    longest = max(len(answer.sources) for answer in answers)
    turns = [answer.sources[place] for place in range(longest) for answer in answers if place < len(answer.sources)]
    return tuple(dict.fromkeys(turns))[: wording.MAX_SOURCES]


def _by_all(projects: Sequence[Project], topic: str, asking: Asking) -> Answer:
    lines, facts = [], []
    for project in projects:
        parts = [project.category, STATE_LABELS.get(project.airdrop.state, project.airdrop.state)]
        for key in FIGURES:
            part, fact = _part(project, key, asking)
            parts += [part] if part else []
            facts += [fact] if fact else []
        lines.append(f"{project.name}: {wording.listed(parts)}.")
    room = wording.MAX_TEXT_CHARS // len(projects) - 1
    text = " ".join(clip(line, room) for line in lines)
    sources = wording.citations(facts)
    return Answer(Kind.ANSWER, text, topic, sources, 0.9, min((fact.as_of for fact in facts), default=None))


def _part(project: Project, key: str, asking: Asking) -> tuple[str, Fact | None]:
    quantity = by_field(key)
    amount = quantity.of(asking.catalogue, project) if quantity else None
    if amount is None:
        return ("funding not known" if key == "funding" else "", None)
    words = {
        "tge_date": f"token launch {amount.text}",
        "airdrop_share": f"{amount.text} of supply for the airdrop",
        "funding": f"{amount.text} raised",
        "tech_score": f"tech score {amount.text}",
        "survey_share": f"{amount.text} in the survey",
    }
    return words[key], amount.fact
