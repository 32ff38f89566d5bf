"""All that is said of a poll in one answer: what is asked first, and the rest after it."""

from collections.abc import Callable, Mapping

from bot.answers.facts import standing, voting
from bot.answers.facts.polls import PollFacts
from bot.answers.facts.wording import fitted
from bot.polls.model import PollState

# A card has room for more than twice as much, since making a text safe lengthens it.
POLL_CHARS = 900
# What one poll gets of that at least when there are others, and the places in it.
ALONE_CHARS, PLACES_CHARS = 450, 160
# What is no secret while results are hidden.
NO_SECRETS: Mapping[str, Callable[[PollFacts], str]] = {
    "votes": voting.turnout,
    "closes": lambda poll: voting.closing(poll, named=True),
    "how": voting.how_to_vote,
    "candidates": voting.candidates,
}


def whole(poll: PollFacts, what: str, room: int) -> str:
    """Say what is asked first and the rest after it: what was understood in part is answered all the same."""
    if poll.state is PollState.CANCELLED:
        return f"“{poll.title}” was cancelled: it has no result, and there is no voting any more."
    seen = poll.state is not PollState.SCHEDULED and bool(poll.standings)
    first = _first(poll, what)
    said = {what, "choosing"} if what == "how" and poll.open and poll.method == "single" else {what}
    rest = [part for name, part in _rest(poll).items() if part and name not in said]
    if not seen or not standing.is_decided(poll):
        return fitted(*first, *rest, length=room)
    left = room - sum(len(part) + 1 for part in (*first, *rest))
    in_order = standing.places(poll, max(left, PLACES_CHARS), after_first=what == "leader")
    return fitted(*first, in_order, *rest, length=room)


def _first(poll: PollFacts, what: str) -> list[str]:
    """Return the sentences that answer."""
    head, _, keys = what.partition(":")
    if tell := NO_SECRETS.get(what):
        return [
            tell(poll),
            *([f"Results are hidden for now. {poll.hidden}"] if poll.open and not poll.standings else []),
        ]
    if poll.state is PollState.SCHEDULED:
        asked_for = _asked_for(poll, head, keys)
        return [asked_for, "It has not opened yet."] if asked_for else [f"“{poll.title}” has not opened yet."]
    if not poll.standings:
        return [*filter(None, [_asked_for(poll, head, keys)]), _hidden(poll)]
    if head == "share":
        return standing.of_some(poll, keys.split(":"))
    if head == "place-last" or head.removeprefix("place-").isdecimal():
        return [standing.at_place(poll, None if head == "place-last" else int(head.removeprefix("place-")))]
    return [{"margin": standing.margin, "majority": standing.majority}.get(what, standing.leader)(poll)]


def _asked_for(poll: PollFacts, head: str, keys: str) -> str:
    return voting.are_candidates(poll, keys.split(":")) if head == "share" else ""


def _hidden(poll: PollFacts) -> str:
    return f"The results of “{poll.title}” are hidden for now. {poll.hidden}".strip()


def _rest(poll: PollFacts) -> dict[str, str]:
    """Return what else there is to say beside the places, each by the name of what it answers."""
    seen = standing.is_decided(poll)
    return {
        "votes": "" if poll.state is PollState.SCHEDULED else voting.people(poll),
        "closes": voting.closing(poll),
        "choosing": voting.choosing(poll),
        "candidates": "" if seen else voting.ballot(poll),
    }


def shortly(poll: PollFacts, *opening: str) -> str:
    """Say in a line or two how a poll stands: one among several."""
    how = [standing.leader(poll), standing.places(poll, PLACES_CHARS, after_first=True)]
    here = (how if standing.is_decided(poll) else how[:1]) if poll.standings else [_hidden(poll)]
    return " ".join(part for part in (*opening, *here, voting.people(poll), voting.closing(poll)) if part)
