"""The marks of a ballot that is not cast yet, written small enough to travel in a button's custom id."""

from collections.abc import Sequence

# A custom id has 100 characters. Beside the route, a poll's number of ten digits and a page, 50 ranks among 100
# candidates take 56 of them.
RANKS_MAX = 50

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
_VALUES = {sign: value for value, sign in enumerate(_SIGNS)}


def written(marks: Sequence[int], candidates: int, *, in_order: bool) -> str:
    """Return marks as text; without order they are a set, a bit for each candidate."""
    if in_order:
        number = sum((position + 1) * (candidates + 1) ** place for place, position in enumerate(marks))
    else:
        number = sum(1 << position for position in set(marks))
    signs = ""
    while number:
        number, value = divmod(number, len(_SIGNS))
        signs = _SIGNS[value] + signs
    return signs


def read(text: str, candidates: int, *, in_order: bool) -> tuple[int, ...] | None:
    """Return what `written` wrote; None for anything that it cannot have written for so many candidates."""
    if not all(sign in _VALUES for sign in text):
        return None
    number = 0
    for sign in text:
        number = number * len(_SIGNS) + _VALUES[sign]
    marks = _order(number, candidates) if in_order else _set(number)
    fitting = len(set(marks)) == len(marks) and all(0 <= position < candidates for position in marks)
    return marks if fitting else None


def _order(number: int, candidates: int) -> tuple[int, ...]:
    marks = []
    while number:
        number, mark = divmod(number, candidates + 1)
        marks.append(mark - 1)
    return tuple(marks)


def _set(number: int) -> tuple[int, ...]:
    return tuple(position for position in range(number.bit_length()) if number >> position & 1)
