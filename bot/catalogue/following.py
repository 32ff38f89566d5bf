"""The line on a project's airdrop, where it repeats a day that is corrected: it has to follow."""

import re

from bot.catalogue.changes import Json
from bot.catalogue.days import earliest, in_words, is_day

_WHOLE_DAY = 10  # characters of 2024-11-12


def following(line: str, old: Json, new: Json) -> str:
    """Return `line` with the days of the old fact, where they are written out, replaced by those of the new one."""
    for before, now in _moved(old, new):
        if now is not None:
            line = re.sub(rf"(?<!\d){in_words(before)}(?!\w)", in_words(now[:_WHOLE_DAY]), line)
    return line


def still_said(line: str, old: Json, new: Json) -> bool:
    """Say whether `line` names a day, with or without its year, that the new fact has no more."""
    days = [earliest(before) for before, _ in _moved(old, new)]
    return any(re.search(rf"(?<!\d){day.day} {day:%B}(?!\w)", line) for day in days)


def _moved(old: Json, new: Json) -> list[tuple[str, str | None]]:
    """Return each whole day that changes, with what takes its place."""
    pairs = zip(_days(old), _days(new), strict=True)
    return [
        (before[:_WHOLE_DAY], now)
        for before, now in pairs
        if before and len(before) >= _WHOLE_DAY and before[:_WHOLE_DAY] != (now or "")[:_WHOLE_DAY]
    ]


def _days(fact: Json) -> tuple[str | None, str | None]:
    """Return the first and the last day of a fact, as far as it has some."""
    value = fact.get("value") if isinstance(fact, dict) else None
    if isinstance(value, dict):
        return value.get("opens"), value.get("closes")
    return (value if isinstance(value, str) and is_day(value) else None), None
