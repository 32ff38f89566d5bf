"""Questions about this server's polls, and their answers."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.answers.facts import voting
from bot.answers.facts.apart import asks_for_half, asks_how_far
from bot.answers.facts.fields import POLL_QUESTIONS, best
from bot.answers.facts.filters import ORDINALS
from bot.answers.facts.polls import PollFacts
from bot.answers.facts.telling import ALONE_CHARS, NO_SECRETS, POLL_CHARS, shortly, whole
from bot.answers.facts.tokens import tokenise, wordset
from bot.answers.facts.wording import MAX_SOURCES, count_word, fitted, listed, moment_words
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.polls.model import PollState
from bot.ui.text import clip

_POLL = wordset("poll polls ballot ballots")
_VOTING = _POLL | wordset("vote votes voting voted voters voter election")
_PLACING = wordset("came come comes finished finish placed")
_LEADING = wordset("lead leads leading leader ahead winning standings standing frontrunner")
# Words of questions about voting that no poll answers: what a receipt is, how a ballot is kept secret, the survey.
_NOT_HERE = wordset(
    """
    secret anonymous private counted receipt verify proof change withdraw moon survey award awards quorum governance dao
    """
)


def names_poll(words: Sequence[str]) -> bool:
    """Say whether a question names a poll or a ballot outright, rather than any vote."""
    return not _POLL.isdisjoint(words)


def names_here(words: Sequence[str]) -> bool:
    """Say whether this server or this moment is meant, and so its polls rather than the survey."""
    return not _HERE.isdisjoint(words)


_HERE = wordset("here server our we us now currently current atm today running moment")


def asked(words: Sequence[str], stems: Sequence[str]) -> str | None:
    """Return the topic of a question about polls here, the poll left open; None when it is about none."""
    said = set(words)
    if said & _NOT_HERE or not said & (_VOTING | _LEADING):
        return None
    place = next((ORDINALS[word] for word in words if word in ORDINALS), None)
    if place and (names_poll(words) or said & _PLACING):
        return f"poll:?:{'leader' if place == 1 else f'place-{place}'}"
    what = best(stems, POLL_QUESTIONS)
    return "poll:open" if what == "open" else f"poll:?:{what}" if what else None


def topic(words: Sequence[str], learned: str, by_cues: str, likely: Mapping[str, float]) -> str:
    """Return what is asked of the polls: a place that is named, else what was learned or what its words say."""
    what = learned.removeprefix("poll:")
    of_cues = by_cues.rpartition(":")[2] if by_cues.startswith("poll:") else ""
    if likely.get(f"poll:{of_cues}", 0.0) >= LIKELY_TOO:
        what = of_cues
    if what == "open":
        return "poll:open"
    if what in _OF_PLACES:
        what = _place(words) or "leader" if what != "candidates" else _place(words) or what
    return f"poll:?:{what}"


# From which likelihood on the words decide rather than what is likeliest.
LIKELY_TOO = 0.25
# What may be asked with a place: who is second, which candidate is last.
_OF_PLACES = frozenset({"leader", "share", "candidates"})
_AT_THE_END = wordset("last bottom tail worst least fewest lowest")
# “The last poll” is the one before.
_BEFORE = _VOTING | wordset("one week month time possible moment day")


def _place(words: Sequence[str]) -> str:
    """Return the place that is asked for; nothing when that is none, or the first."""
    if place := next((ORDINALS[word] for word in words if ORDINALS.get(word, 1) > 1), None):
        return f"place-{place}"
    following = pairwise([*words, ""])
    return "place-last" if any(word in _AT_THE_END and after not in _BEFORE for word, after in following) else ""


def answer(topic: str, question: str, polls: Sequence[PollFacts]) -> Answer | None:
    """Return what the polls here say on `poll:<id>:<what>`; `?` stands for the one that the question means."""
    _, *parts = topic.split(":")
    number, what = parts[0], ":".join(parts[1:]) or "leader"
    poll = _meant(question, polls) if number == "?" else next((each for each in polls if str(each.id) == number), None)
    if poll is None:
        return _open_ones(polls)
    also = [each for each in polls if each.open and each is not poll] if number == "?" and poll.open else []
    if also and _shared(_subject(question), poll) >= BY_TITLE:
        also = []
    return _told(poll, _refined(poll, what, question), also)


# How many words of a title name its poll: one alone may be chance.
BY_TITLE = 2


def _refined(poll: PollFacts, what: str, question: str) -> str:
    """Return what is asked more precisely: of candidates that are no projects, of the margin, of a majority."""
    words = [token.key for token in tokenise(question)]
    if what in ("leader", "votes", "candidates") and (named := _named(poll, set(words))):
        return f"share:{':'.join(named)}"
    of_places = what == "leader" or what.startswith("place-")
    if (of_places or what == "votes") and asks_how_far(words):
        return "margin"
    if of_places and asks_for_half(words):
        return "majority"
    return (_place(words) or what) if what == "leader" and words else what


def _named(poll: PollFacts, said: set[str]) -> list[str]:
    """Return the candidates whose whole names are in a question, as topics have them."""
    title = {token.key for token in tokenise(poll.title)}
    found = [(label, {token.key for token in tokenise(label)}) for label in voting.on_it(poll)]
    return [voting.key_of(label) for label, words in found if words and words <= said and not words <= title]


def _meant(question: str, polls: Sequence[PollFacts]) -> PollFacts | None:
    """Return the poll whose title is in the question; else the newest open one, else the one that closed last."""
    said = _subject(question)
    by_title = max(polls, key=lambda poll: _shared(said, poll), default=None)
    if by_title and _shared(said, by_title) >= BY_TITLE:
        return by_title
    words = [token.key for token in tokenise(question)]
    before = any(word == "last" and after in _VOTING for word, after in pairwise(words))
    opened = next((poll for poll in polls if poll.open), None)
    return (_last(polls) or opened if _OVER & said or before else opened or _last(polls)) or _next(polls)


def _last(polls: Sequence[PollFacts]) -> PollFacts | None:
    """Return the poll that closed last."""
    closed = (poll for poll in polls if poll.closed)
    return max(closed, key=lambda poll: poll.closed_at or poll.opens_at, default=None)


def _next(polls: Sequence[PollFacts]) -> PollFacts | None:
    """Return the poll that opens next."""
    to_come = (poll for poll in polls if poll.state is PollState.SCHEDULED)
    return min(to_come, key=lambda poll: poll.opens_at, default=None)


_OVER = wordset("won winner ended finished previous closed took crowned final")


def _subject(question: str) -> set[str]:
    return {token.key for token in tokenise(question)} - _VOTING


def _shared(said: set[str], poll: PollFacts) -> int:
    return len({token.key for token in tokenise(poll.title) if len(token.key) > 3} & said)  # no “the”


def _told(poll: PollFacts, what: str, also: Sequence[PollFacts]) -> Answer:
    """Return the answer about one poll, with a line on each other that is open when any may be meant."""
    others = [shortly(each, f"“{each.title}” is open too.") for each in also]
    room = max(POLL_CHARS - sum(len(each) + 1 for each in others), ALONE_CHARS)
    hidden = poll.open and not poll.standings and what not in NO_SECRETS
    return Answer(
        Kind.ANSWER,
        fitted(whole(poll, what, room), *others, length=POLL_CHARS),
        _topic(poll, what),
        tuple(map(_source, (poll, *also)))[:MAX_SOURCES],
        0.95,
        poll.as_of.date(),
        suggestions=(Suggestion("When does voting close?", f"poll:{poll.id}:closes"),) if hidden else (),
    )


def _topic(poll: PollFacts, what: str) -> str:
    # A topic that is cut short would be another.
    topic = f"poll:{poll.id}:{what}"
    return topic if len(topic) <= MAX_TOPIC_CHARS else f"poll:{poll.id}:leader"


def _source(poll: PollFacts) -> Citation:
    return Citation(f"The poll “{clip(poll.title, 80)}” on this server", None, poll.as_of.date())


MAX_TOPIC_CHARS = 80


def _open_ones(polls: Sequence[PollFacts]) -> Answer:
    """Say which polls are open, and how each stands."""
    here = [poll for poll in polls if poll.open]
    if not here:
        return _none(polls)
    open_here = f"{count_word(len(here)).capitalize()} {'poll is' if len(here) == 1 else 'polls are'} open here:"
    first = f"{open_here} {listed([f'“{poll.title}” ({_until(poll)})' for poll in here])}."
    more = [whole(here[0], "leader", POLL_CHARS - len(first) - 1)] if len(here) == 1 else map(shortly, here)
    return Answer(
        Kind.ANSWER,
        fitted(first, *more, length=POLL_CHARS),
        "poll:open",
        tuple(map(_source, here))[:MAX_SOURCES],
        0.95,
        here[0].as_of.date(),
    )


def _until(poll: PollFacts) -> str:
    return f"until {moment_words(poll.closes_at)}" if poll.closes_at else "no end set"


def _none(polls: Sequence[PollFacts]) -> Answer:
    """Say that nothing is open, what is to come, and how the last one ended."""
    to_come, last = _next(polls), _last(polls)
    cancelled = polls[0] if polls and polls[0].state is PollState.CANCELLED else None
    offer = Suggestion("Who won the last poll?", f"poll:{last.id}:leader") if last else None
    more = [
        voting.closing(to_come, named=True) if to_come else "",
        f"“{cancelled.title}” was cancelled." if cancelled else "",
        whole(last, "closes", ALONE_CHARS) if last else "",
    ]
    return Answer(
        Kind.UNKNOWN,
        fitted("No poll is open on this server at the moment.", *more, length=POLL_CHARS),
        "poll:none",
        tuple(_source(poll) for poll in (to_come, last) if poll),
        confidence=0.9,
        suggestions=(offer or Suggestion("Who won the survey?", "survey:winner"),),
    )
