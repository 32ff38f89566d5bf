"""Is an answer right? Judged by its kind, its topic, what its text says, and where its numbers come from."""

import re
from calendar import month_name
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.answers.model import Answer, Kind
from tests.answers.labelled_set import Labelled

_SCALES = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
}
# A number that is no part of a name (L2, 0x04…, M1), with its scale.
_SCALE = r"(?:[\s-]?(thousand|million|billion|bn|mn|k|m|b)\b|(?:x|st|nd|rd|th)\b|(?![\w]|\.\d))"
_NUMBER = re.compile(rf"(?<![\w.])(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?{_SCALE}", re.I)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)Z?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Outcome(StrEnum):
    """What became of a question, the good ones first."""

    RIGHT = "right"
    # Not answered, and the right question is among those offered.
    OFFERED = "offered"
    # Not known, though there is an answer.
    MISSED = "missed"
    # Refused, though there is an answer; or refused for another reason.
    REFUSED = "refused"
    # Answered, though it had to be refused or is not known.
    ANSWERED = "answered"
    # Answered with something else.
    WRONG = "wrong"


def judge(labelled: Labelled, answer: Answer) -> Outcome:
    """Compare an answer with the label."""
    if answer.kind in labelled.kinds:
        if answer.kind is not Kind.ANSWER:
            return Outcome.RIGHT if _reason_fits(labelled, answer) else Outcome.REFUSED
        fits = is_about(answer.topic, labelled.topics) and says_all(labelled, answer.text)
        return Outcome.RIGHT if fits else Outcome.WRONG
    if answer.kind is Kind.ANSWER:
        return Outcome.ANSWERED
    if answer.kind is Kind.REFUSAL:
        return Outcome.REFUSED
    offered = bool(labelled.topics) and any(is_about(it.topic, labelled.topics) for it in answer.suggestions)
    return Outcome.OFFERED if offered else Outcome.MISSED


def _reason_fits(labelled: Labelled, answer: Answer) -> bool:
    reasons = tuple(topic for topic in labelled.topics if topic.startswith("refusal:"))
    return answer.kind is not Kind.REFUSAL or is_about(answer.topic, reasons)


def is_about(topic: str, patterns: Iterable[str]) -> bool:
    """Say whether a topic fits one of the patterns; without patterns, any does."""
    return not (patterns := tuple(patterns)) or any(fnmatchcase(topic, pattern) for pattern in patterns)


def says_all(labelled: Labelled, text: str) -> bool:
    """Say whether the text has all that it must have, and nothing that it must not."""
    has = all(any(_says(text, way) for way in value.split("|")) for value in labelled.says)
    return has and not any(_says(text, value) for value in labelled.never)


def _says(text: str, value: str) -> bool:
    if _DAY.fullmatch(value):
        return any(way in text for way in _ways_to_write(date.fromisoformat(value)))
    if match := _NUMBER.fullmatch(value.removesuffix("%")):
        return _number(match) in numbers_in(text)
    return re.search(rf"(?<!\w){re.escape(value)}", text, re.I) is not None


def _ways_to_write(day: date) -> Iterator[str]:
    month = month_name[day.month]
    yield day.isoformat()
    for name in {month, month[:3]}:
        yield f"{day.day} {name} {day.year}"
        yield f"{name} {day.day}, {day.year}"
        # The first day of a span leaves out its year, and so does a text about one year.
        yield f"{day.day} {name} "


def numbers_in(text: str) -> set[Decimal]:
    """Return the numbers of a text, scaled: 1.3M and 1,300,000 are the same."""
    return {_number(match) for match in _NUMBER.finditer(_MOMENT.sub(r"\1 \2", text))}


def _number(match: re.Match[str]) -> Decimal:
    whole, fraction, scale = match.groups()
    return Decimal(whole.replace(",", "") + (fraction or "")) * _SCALES.get((scale or "").lower(), 1)


def invented_numbers(answer: Answer, basis: Iterable[object], labelled: Labelled) -> set[Decimal]:
    """Return the numbers of an answer's text that stand neither in its basis nor in the question."""
    known = {number for value in basis for number in numbers_of(value)}
    known |= numbers_in(labelled.question) | {number for value in labelled.derived for number in numbers_in(value)}
    return numbers_in(answer.text) - known


def numbers_of(value: object) -> Iterator[Decimal]:
    """Return the numbers of a value as TOML has it: text, numbers, days, and what holds them."""
    match value:
        case dict():
            yield from (number for inner in value.values() for number in numbers_of(inner))
        case list() | tuple():
            yield from (number for inner in value for number in numbers_of(inner))
        case _:
            yield from numbers_in(str(value))
