"""Candidates found by what a member types: to search a long ballot, to complete a name, to vote by typing."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process, utils

from bot.errors import NotFound
from bot.polls.model import Candidate, Poll

# How like a name a misspelling must be, 0 to 100; shorter words are like too many others.
LIKE_ENOUGH = 70
MISSPELT_CHARS = 3
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
    """Return the positions of `a, b, c`, each written out whole; a near miss is never bent towards a candidate.

    Raises `NotFound` for the first unknown name, with what was perhaps meant.
    """
    known = {_plain(line.label): line.position for line in poll.candidates}
    if (whole := known.get(_plain(typed))) is not None:
        return (whole,)
    parts = _parts(typed)
    for part in parts:
        if _plain(part) not in known:
            raise NotFound("candidate", part, [line.label for line in found(poll.candidates, part)[:3]])
    return tuple(known[_plain(part)] for part in parts)


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
