"""How a poll stands, in sentences; for those polls alone whose standings may be seen."""

from collections.abc import Sequence

from bot.answers.facts.polls import PollFacts
from bot.answers.facts.voting import names, place_of, so_far
from bot.answers.facts.wording import count_word
from bot.rankings.model import Standing
from bot.ui.text import plural

# A candidate beside another.
PAIR = 2
# How many candidates without a vote are named; more are counted.
NAMED_MOST = 5


def is_decided(poll: PollFacts) -> bool:
    """Say whether anybody holds a place."""
    return any(line.place for line in poll.standings)


def places(poll: PollFacts, room: int, *, after_first: bool = False) -> str:
    """Return all places in order, or those `after_first`; where not all fit, the first ones and the last."""
    lines = [line for line in poll.standings if not (after_first and line.place == 1)]
    without = [line.label for line in lines if not _has_any(line)]
    nobody = names(without, "or") if len(without) <= NAMED_MOST else f"{count_word(len(without))} candidates"
    ends = f"No vote for {nobody}." if without else ""
    opening = "Then:" if after_first else "Standing:" if poll.open else "Final places:"
    left = room - len(opening) - len(ends) - len(_of_what(poll)) - 4
    held = _joined([f"{line.place}. {line.label} {_figures(line, poll)}" for line in lines if _has_any(line)], left)
    return " ".join(part for part in (f"{opening} {held}." if held else "", ends, _of_what(poll)) if part)


def _has_any(line: Standing) -> bool:
    # A share of 0.0% may be one vote of many.
    return bool(line.share if line.votes is None else line.votes)


def _joined(lines: Sequence[str], room: int) -> str:
    text = "; ".join(lines)
    shown = len(lines) - 1
    while len(text) > room and shown > 0:
        shown -= 1
        text = "; ".join([*lines[:shown], f"{count_word(len(lines) - shown - 1)} more", lines[-1]])
    return text


def _of_what(poll: PollFacts) -> str:
    """Say what the shares are parts of, where that is not all votes."""
    if poll.method == "ranked" and poll.open:
        return "These are first choices."
    if poll.method == "ranked":
        return "Each share is of the last round in which the candidate stood."
    return "Shares are parts of the voters, who may choose several." if poll.method == "approval" else ""


def _figures(line: Standing, poll: PollFacts) -> str:
    # The votes of a runoff's last round would be taken for first choices.
    votes = "" if line.votes is None or poll.method == "ranked" else f", {plural(line.votes, 'vote')}"
    return f"{line.share}%{votes}"


def _held(line: Standing, poll: PollFacts) -> str:
    of_what = ""
    if poll.method == "ranked":
        of_what = " of first choices" if poll.open else f" in {'the' if line.place == 1 else 'its'} last round"
    return f"with {_figures(line, poll)}{of_what}"


def _at(poll: PollFacts, place: int) -> list[Standing]:
    return [line for line in poll.standings if line.place == place]


def _labels(lines: Sequence[Standing]) -> str:
    return names([line.label for line in lines])


def leader(poll: PollFacts) -> str:
    """Say who is in front or won, or that nobody is."""
    top = _at(poll, 1)
    if not top:
        nobody = f"Nobody leads “{poll.title}” yet: there is no vote in it so far."
        return nobody if poll.open else f"“{poll.title}” closed without a vote."
    if len(top) > 1:
        tied = "are tied at the top of" if poll.open else "tied for the first place in"
        return f"{_labels(top)} {tied} “{poll.title}” {_held(top[0], poll)} each."
    return f"{top[0].label} {'leads' if poll.open else 'won'} “{poll.title}” {_held(top[0], poll)}."


def at_place(poll: PollFacts, place: int | None) -> str:
    """Say who holds a place; without one, the last."""
    if not is_decided(poll):
        return leader(poll)
    lowest = max(line.place or 0 for line in poll.standings)
    if place is None and lowest == 1:
        return f"Nobody is last in “{poll.title}”: all are level {_held(poll.standings[0], poll)} each."
    there = _at(poll, lowest if place is None else place)
    if not there:
        return _no_place(poll, place or lowest)
    opening = f"Last in “{poll.title}”, at place {lowest}" if place is None else f"Place {place} in “{poll.title}”"
    each = " each" if len(there) > 1 else ""
    return f"{opening}: {_labels(there)} {_held(there[0], poll)}{each}{so_far(poll)}."


def _no_place(poll: PollFacts, place: int) -> str:
    """Say why nobody holds a place: those before it share one, or there are not so many."""
    before = max((line.place for line in poll.standings if line.place and line.place < place), default=1)
    sharing = _at(poll, before)
    if before + len(sharing) > place:
        return f"Nobody holds place {place} in “{poll.title}”: {_labels(sharing)} share place {before}."
    return f"Nobody holds place {place} in “{poll.title}”: it has {count_word(len(poll.standings))} candidates."


def of_some(poll: PollFacts, keys: Sequence[str]) -> list[str]:
    """Say how those stand whom a question names, and how far two of them are apart."""
    named = [(line.label, line.project_id) for line in poll.standings]
    found = [poll.standings[place] for key in keys if (place := place_of(key, named)) is not None]
    if not found:
        return [f"That project is no candidate in “{poll.title}”."]
    others = ["The other is no candidate there."] if len(found) < len(keys) else []
    lines = [_stands(line, poll, f" in “{poll.title}”" if line is found[0] else "") for line in found]
    return [*lines, *others, *(_apart(found, poll) if len(found) == PAIR else ())]


def _stands(line: Standing, poll: PollFacts, where: str) -> str:
    if not line.place:
        return f"{line.label} is a candidate{where}, and nobody has a vote{' yet' if poll.open else ''}."
    level = [each for each in _at(poll, line.place) if each.label != line.label]
    with_whom = f", level with {_labels(level)}" if level else ""
    stands = f"{line.label} {'is' if poll.open else 'was'} at place {line.place}{where}"
    return f"{stands} {_held(line, poll)}{with_whom}{_gap(line, poll)}."


def _gap(line: Standing, poll: PollFacts) -> str:
    """Say how far somebody is behind the first, or the first ahead of the next."""
    other = poll.standings[0] if line.place != 1 else poll.standings[1]
    if poll.method == "ranked" or line.place == other.place or line.votes is None or other.votes is None:
        return ""
    return f", {_votes(abs(line.votes - other.votes))} {'behind' if line.place != 1 else 'ahead of'} {other.label}"


def _apart(pair: Sequence[Standing], poll: PollFacts) -> list[str]:
    first, second = sorted(pair, key=lambda line: line.place or 0)
    if first.place in (None, 1, second.place) or first.votes is None or poll.method == "ranked":
        # Nothing to tell, or told already: how far the second is behind the first.
        return []
    votes = _votes(first.votes - (second.votes or 0))
    return [f"{first.label} {'is' if poll.open else 'was'} {votes} ahead of {second.label}."]


def _votes(number: int) -> str:
    """Return a number of votes in words, since it was worked out and stands in no result."""
    return f"{count_word(number)} {'vote' if number == 1 else 'votes'}"


def margin(poll: PollFacts) -> str:
    """Say what lies between the first and the second."""
    if not is_decided(poll):
        return leader(poll)
    first, second = poll.standings[:PAIR]
    if first.place == second.place:
        return f"No difference: {leader(poll)}"
    points = f"{first.share - second.share} percentage points"
    if poll.method == "ranked":
        return leader(poll) if poll.closed else f"{first.label} is {points} of first choices ahead of {second.label}."
    votes = f"{_votes(first.votes - (second.votes or 0))} ({points})" if first.votes is not None else points
    return f"{first.label} {'is' if poll.open else 'was'} {votes} ahead of {second.label} in “{poll.title}”."


def majority(poll: PollFacts) -> str:
    """Say whether whoever is in front has more than half."""
    if not is_decided(poll):
        return leader(poll)
    if poll.method == "ranked" and poll.closed:
        return f"{leader(poll)} An instant runoff is won with more than half of the votes that still count, or tied."
    return f"{leader(poll).removesuffix('.')}: {_half(_at(poll, 1)[0], poll)}."


def _half(line: Standing, poll: PollFacts) -> str:
    if poll.method == "approval" or line.votes is None:
        # A part of the voters, rounded.
        of_what, twice, whole = "voters", int(line.share * 20), 1_000
    else:
        of_what = "first choices" if poll.method == "ranked" else "votes"
        twice, whole = 2 * line.votes, sum(each.votes or 0 for each in poll.standings)
    if twice == whole:
        return f"about half of the {of_what}" if of_what == "voters" else f"exactly half of the {of_what}, not more"
    return f"{'more' if twice > whole else 'less'} than half of the {of_what}"
