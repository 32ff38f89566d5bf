"""Candidates and polls found by what is typed: to search a long ballot, to complete a name, to vote by typing."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process, utils

from bot.errors import NotFound
from bot.polls.model import Candidate, Poll
from bot.polls.store import Brief

# How like a name a misspelling must be, 0 to 100; shorter words are like too many others.
LIKE_ENOUGH = 70
MISSPELT_CHARS = 3
# How much of a name stands for it where it fits no other; as in the catalogue.
PART_CHARS = 4
MAX_CHOICE_CHARS = 100
MAX_SUGGESTIONS = 25


def found(lines: Sequence[Candidate], typed: str) -> list[Candidate]:
    """Return the candidates that were perhaps meant: those that begin so, hold it, or else are spelt alike."""
    needle = _plain(typed)
    if not needle:
        return []
    holding = [line for line in lines if needle in _plain(line.label)]
    if holding or len(needle) < MISSPELT_CHARS:
        return sorted(holding, key=lambda line: not _plain(line.label).startswith(needle))
    names = [line.label for line in lines]
    near = process.extract(
        typed, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=None, score_cutoff=LIKE_ENOUGH
    )
    return [lines[place] for _, _, place in near]


def named(poll: Poll, typed: str) -> tuple[int, ...]:
    """Return the positions of `a, b, c`, each a whole name or a part that fits one candidate alone.

    A near miss is never bent towards a candidate. Raises `NotFound` for the first unknown name, with what was perhaps
    meant.
    """
    if (whole := _position(poll, typed)) is not None:
        return (whole,)
    positions = []
    for part in _parts(typed):
        if (position := _position(poll, part)) is None:
            near = [line.label for line in found(poll.candidates, part)[:3]]
            raise NotFound("candidate", part, near, poll.title)
        positions.append(position)
    return tuple(positions)


def _position(poll: Poll, typed: str) -> int | None:
    known = {_plain(line.label): line.position for line in poll.candidates}
    whole = known.get(_plain(typed))
    return known.get(_plain(the_one(known, typed) or "")) if whole is None else whole


def poll_called(typed: str, *groups: Sequence[Brief]) -> Brief | None:
    """Return the poll that was meant: by number or whole title out of the first group that has it, else by a part."""
    for among in (_called, _partly_called):
        for polls in groups:
            if (found := among(polls, typed)) is not None:
                return found
    return None


def _called(polls: Sequence[Brief], typed: str) -> Brief | None:
    """Return the poll of this number, else the first of this title."""
    name = typed.strip().casefold()
    by_number = (poll for poll in polls if str(poll.id) == name.lstrip("#"))
    return next(by_number, None) or next((poll for poll in polls if poll.title.casefold() == name), None)


def _partly_called(polls: Sequence[Brief], typed: str) -> Brief | None:
    """Return the first poll of the only title that this is a part of; digits alone are a number, and no part."""
    if typed.strip().lstrip("#").isdecimal():
        return None
    title = the_one((poll.title for poll in polls), typed)
    return None if title is None else _called(polls, title)


def the_one(names: Iterable[str], part: str) -> str | None:
    """Return the only name that has `part` at the beginning of a word; None when there are several, or too little."""
    needle = _plain(part)
    if len(needle) < PART_CHARS:
        return None
    fitting = {name for name in names if f" {needle}" in f" {_plain(name)}"}
    return fitting.pop() if len(fitting) == 1 else None


def completed(poll: Poll, typed: str) -> list[str]:
    """Return up to 25 ways to go on: the last name of the list completed by a candidate who is not yet in it."""
    before, _, last = ("", "", typed) if poll.method == "single" else typed.rpartition(",")
    earlier = _parts(before)
    taken = {_plain(part) for part in earlier}
    free = [line for line in poll.candidates if _plain(line.label) not in taken]
    fitting = found(free, last) if last.strip() else free
    texts = (", ".join([*earlier, line.label]) for line in fitting)
    return [text for text in texts if len(text) <= MAX_CHOICE_CHARS][:MAX_SUGGESTIONS]


def _parts(typed: str) -> list[str]:
    return [" ".join(part.split()) for part in typed.split(",") if part.strip()]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
