"""What is no secret of a poll, in sentences: who can be voted for and how, how many voted, and until when."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.answers.facts.polls import PollFacts
from bot.answers.facts.wording import count_word, listed, moment_words
from bot.polls.model import PollState
from bot.ui.text import plural

# How much of a text names may take that stand in one sentence: those who are tied, or on the ballot.
NAMES_CHARS = 260
# Below this many letters, an id may begin any name.
LEAST_ID_CHARS = 4

_HOW_TO = {
    "single": "choose one candidate; it counts as soon as it is picked",
    "approval": "choose as many candidates as the poll allows, then confirm",
    "ranked": "pick candidates in the order you like them, then confirm",
}


def names(labels: Sequence[str], last: str = "and") -> str:
    """Return `a, b and c`, as many as one sentence holds, and how many more there are."""
    for shown in range(len(labels), 1, -1):
        more = [f"{count_word(len(labels) - shown)} more"] if shown < len(labels) else []
        if len(text := listed([*labels[:shown], *more], last)) <= NAMES_CHARS:
            return text
    return listed([*labels[:1], f"{count_word(len(labels) - 1)} more"], last) if len(labels) > 1 else listed(labels)


def so_far(poll: PollFacts) -> str:
    """Return what a count of an open poll ends with."""
    return " so far" if poll.open else ""


def people(poll: PollFacts) -> str:
    """Say how many voted; the board shows that at all times."""
    return f"{_voters(poll)}{so_far(poll)}."


def turnout(poll: PollFacts) -> str:
    """Say how many voted in which poll."""
    if poll.state is PollState.SCHEDULED:
        return f"Nobody has voted in “{poll.title}”: it has not opened yet."
    return f"{_voters(poll)} in “{poll.title}”{so_far(poll)}."


def _voters(poll: PollFacts) -> str:
    if not poll.ballots:
        return "Nobody voted" if poll.closed else "Nobody has voted"
    voted = "voted" if poll.closed else "has voted" if poll.ballots == 1 else "have voted"
    return f"{plural(poll.ballots, 'member')} {voted}"


def closing(poll: PollFacts, *, named: bool = False) -> str:
    """Say when voting opens, ends or ended, and how long that is from now."""
    voting = f"Voting in “{poll.title}”" if named else "Voting"
    if poll.closed_at:
        return f"{voting} closed on {moment_words(poll.closed_at)}."
    if poll.state is PollState.SCHEDULED:
        ends = f" It closes on {moment_words(poll.closes_at)}." if poll.closes_at else ""
        return f"{voting} opens on {moment_words(poll.opens_at)}{_from_now(poll.opens_at, poll.as_of)}.{ends}"
    if poll.closes_at is None:
        return f"{voting} is open until a moderator closes it; no end is set."
    if poll.closes_at <= poll.as_of:
        return f"{voting} ended on {moment_words(poll.closes_at)}; the result is being counted."
    return f"{voting} is open and closes on {moment_words(poll.closes_at)}{_from_now(poll.closes_at, poll.as_of)}."


def _from_now(then: datetime, now: datetime) -> str:
    left = then - now
    if left < timedelta(minutes=1):
        return ""
    hours, minutes = left.seconds // 3_600, left.seconds % 3_600 // 60
    parts = [(left.days, "day"), (hours, "hour"), (0 if left.days else minutes, "minute")]
    words = [f"{count_word(much)} {unit if much == 1 else f'{unit}s'}" for much, unit in parts if much]
    return f", in {listed(words)}"


def choosing(poll: PollFacts) -> str:
    """Say how many candidates a ballot may name."""
    may = "could" if poll.closed else "may"
    if poll.method == "single" or poll.max_choices == 1:
        return f"Each member {may} choose one candidate."
    several = f"up to {count_word(poll.max_choices)} candidates" if poll.max_choices else "several candidates"
    if poll.max_choices and poll.max_choices == len(poll.candidates):
        several = "as many candidates as they like"
    if poll.method == "ranked":
        finds = "found the winner" if poll.closed else "finds the winner at the close"
        return f"Each member {may} rank {several}, best first; an instant runoff {finds}."
    return f"Each member {may} choose {several}."


def how_to_vote(poll: PollFacts) -> str:
    """Say where to press and what then; that there is no voting, when there is none."""
    if not poll.open:
        return f"There is no voting in “{poll.title}” at the moment."
    how_to = _HOW_TO.get(poll.method, "choose, then confirm")
    return (
        f"Press Vote on the board of “{poll.title}”, or use /vote cast: {how_to}. "
        "You may change or withdraw your ballot while the poll is open; the last one counts."
    )


def candidates(poll: PollFacts) -> str:
    """Say who can be voted for."""
    here = on_it(poll)
    return f"The candidates of “{poll.title}” are {names(here)}." if here else f"“{poll.title}” has them on its board."


def ballot(poll: PollFacts) -> str:
    """Say who is on the ballot, in an order that tells nothing."""
    return f"On the ballot, in its order: {names(poll.candidates)}." if poll.candidates else ""


def on_it(poll: PollFacts) -> Sequence[str]:
    """Return the candidates' names."""
    return poll.candidates or tuple(line.label for line in poll.standings)


def are_candidates(poll: PollFacts, keys: Sequence[str]) -> str:
    """Say whether those can be voted for whom a question names; nothing where the ballot is not known."""
    if not poll.candidates:
        return ""
    found = [poll.candidates[place] for key in keys if (place := place_of(key, _named(poll))) is not None]
    if not found:
        return f"That project is no candidate in “{poll.title}”."
    return f"{names(found)} {'is a candidate' if len(found) == 1 else 'are candidates'} in “{poll.title}”."


def _named(poll: PollFacts) -> Iterable[tuple[str, str | None]]:
    projects = poll.projects or (None,) * len(poll.candidates)
    return zip(poll.candidates, projects, strict=True)


def key_of(label: str) -> str:
    """Return a candidate's name as topics have it: like a project's id without its hyphens."""
    return "".join(letter for letter in label.casefold() if letter.isalnum())


def place_of(key: str, named: Iterable[tuple[str, str | None]]) -> int | None:
    """Return which of the candidates, each a name and a project's id, goes by an id or a name."""
    plain = key_of(key)
    known = [(project == key, key_of(label) == plain, _begins(label, project, plain)) for label, project in named]
    return next((place for way in range(3) for place, ways in enumerate(known) if ways[way]), None)


def _begins(label: str, project: str | None, plain: str) -> bool:
    """Say whether a moderator's own words begin with a name: “Movement Labs”."""
    return project is None and len(plain) >= LEAST_ID_CHARS and key_of(label).startswith(plain)
