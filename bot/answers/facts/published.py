"""What was published of the survey, in sentences: how it came about, what is to be known of it, and what is not."""

import re

from bot.answers.facts.outcome import Outcome
from bot.answers.facts.wording import MAX_TEXT_CHARS, count_word, hedge, listed, with_days
from bot.answers.facts.wording import value as value_of
from bot.catalogue.model import Fact, Survey


def fact_told(what: str, fact: Fact) -> str:
    """Return one of the survey's facts, or that it is not known."""
    if not fact.known:
        note = with_days(fact.note or "It was looked for and not found.")
        return f"The survey's {what.replace('_', ' ')} {'are' if what.endswith('s') else 'is'} not known. {note}"
    if what == "conflict_of_interest":
        opening = "There is a conflict of interest"
    elif what == "other_categories":
        opening = "The other categories of the awards"
    else:
        opening = f"{what.replace('_', ' ').capitalize()} of the survey"
    return f"{opening}: {value_of(fact)}.{hedge(fact)}"


def told(what: str, survey: Survey, outcome: Outcome) -> str | None:
    """Return what is asked; None when that is nothing the survey says."""
    places = _of_places(what, survey, outcome)
    return places if places is not None else _about_it(what, survey, outcome)


def _of_places(what: str, survey: Survey, outcome: Outcome) -> str | None:
    """Return who came where: the winner, a place, the first few, or all."""
    if what == "winner":
        return outcome.winner()
    if what in ("all", "top-all", "top-0"):
        return f"Results of {outcome.named} ({survey.organiser}, {survey.published}). {outcome.all()}"
    if what == "last":
        return outcome.last()
    head, _, numbers = what.rpartition("-")
    if head == "top" and numbers.isdecimal():
        return outcome.first(int(numbers))
    if head == "sum" and numbers.isdecimal() and int(numbers):
        return outcome.sum_of(int(numbers))
    if head.startswith("margin-") and numbers.isdecimal() and (first := head.removeprefix("margin-")).isdecimal():
        return outcome.apart(int(first), int(numbers)) or outcome.winner()
    return outcome.place(int(what)) if what.isdecimal() else None


def _about_it(what: str, survey: Survey, outcome: Outcome) -> str | None:
    """Return how the survey came about, and what is to be known of it."""
    match what:
        case "unnamed":
            rest = f"the published shares add up to {survey.named_share}%"
            return f"{survey.unnamed_share}% went to others that the survey did not name; {rest}."
        case "organiser":
            return _organiser(survey)
        case "when":
            return f"The survey was published in {survey.published}; no exact date is known."
        case "question" if survey.question:
            return f"The survey asked: {survey.question}"
        case "question":
            return "The wording of the survey's question is not known; it was never published."
        case "tech_score" if means := survey.tech_score_means:
            return f"The tech score: {means[0].lower()}{means[1:]}"
        case "tech_scores":
            return outcome.tech_scores() or "The survey gives no tech scores."
        case "corrections" if survey.corrections:
            return _corrections(survey)
        case _:
            return _correction(what, survey)


def _organiser(survey: Survey, named: str = "the survey") -> str:
    result = survey.result_of(survey.organiser_project) if survey.organiser_project else None
    if result is None:
        return f"{survey.organiser} ran {named}."
    return f"{survey.organiser} ran {named} and placed itself {'first' if result.place == 1 else f'at {result.place}'}."


def _publication(survey: Survey, what: str) -> str:
    """Say how and when the votes were published, and what was not; but for what was asked and is told already."""
    when = "" if what == "when" else f", in {survey.published}"
    unknown = _unknown(survey)
    if not unknown:
        return f"Published in {survey.published}." if when else ""
    are = "is" if len(unknown) == 1 else "are"
    gap = "" if what in _ON_GAPS else f"; the {listed(unknown, 'and the')} {are} not known"
    return f"Only percentages were published{when}{gap}."


# These say themselves what is not known.
_ON_GAPS = frozenset({"sample_size", "question"})


def _unknown(survey: Survey) -> list[str]:
    """Return what was found nowhere of how many were asked, and what."""
    size = survey.facts.get("sample_size")
    voters = survey.sample_size is None and not (size and size.known)
    return [*(["number of voters"] if voters else []), *([] if survey.question else ["wording of the question"])]


def _correction(what: str, survey: Survey) -> str | None:
    number = what.removeprefix("correction-")
    if not number.isdecimal() or number == what or int(number) >= len(survey.corrections):
        return None
    found = survey.corrections[int(number)]
    reading = f"“{found.printed}” in the survey is read as {found.meaning} ({found.status})."
    return f"{reading} {_without_addresses(found.evidence)}"


def _without_addresses(text: str) -> str:
    return re.sub(r" ?\(https?://[^)]*\)|https?://\S+", "", text)


def _corrections(survey: Survey) -> str:
    """Return as many corrections as fit, the first ones, and how many there are more."""
    lines = [f"“{each.printed}” is read as {each.meaning} ({each.status})" for each in survey.corrections]
    for shown in range(len(lines), 0, -1):
        more = [f"{count_word(len(lines) - shown)} more"] if shown < len(lines) else []
        text = f"Misprints and doubtful readings of the survey's page: {'; '.join([*lines[:shown], *more])}."
        if len(text) <= MAX_TEXT_CHARS:
            break
    return text


def rest(what: str, survey: Survey, outcome: Outcome) -> list[str]:
    """Return what else there is to say, the most asked first."""
    if what in _OF_OTHER_LISTS:
        return [f"Published in {survey.published}."]
    conflict = survey.facts.get("conflict_of_interest")
    says = {
        "tech_score": outcome.tech_scores() if what == "tech_score" else "",
        "conflict": fact_told("conflict_of_interest", conflict) if conflict and what == "organiser" else "",
        "all": _others_in_it(what, outcome),
        "organiser": "" if what == "conflict_of_interest" else _organiser(survey, "it"),
        "publication": _publication(survey, what),
        "tech_scores": outcome.tech_scores() if what != "tech_score" else "",
    }
    told_already = {"top-all": "all", "top-0": "all"}.get(what, what if what != "tech_score" else "")
    return [part for name, part in says.items() if name != told_already]


# Of these the outcome of the survey is none.
_OF_OTHER_LISTS = frozenset({"other_categories", "winners_of_other_categories"})


def _others_in_it(what: str, outcome: Outcome) -> str:
    """Return the places that were not told."""
    head, _, number = what.partition("-")
    if what == "winner" or (head == "top" and number.isdecimal()):
        return outcome.after(1 if what == "winner" else int(number))
    return outcome.all()
