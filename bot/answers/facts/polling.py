"""Questions about this server's polls, and their answers."""

from collections.abc import Sequence

from bot.answers.facts.fields import POLL_QUESTIONS, best
from bot.answers.facts.filters import ORDINALS
from bot.answers.facts.polls import PollFacts
from bot.answers.facts.tokens import tokenise, wordset
from bot.answers.facts.wording import count_word, fitted, listed, moment_words
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.polls.model import PollState
from bot.rankings.model import Standing
from bot.ui.text import clip, plural

_POLL = wordset("poll polls ballot ballots")
_VOTING = _POLL | wordset("vote votes voting voted voters voter election")
_LEADING = wordset("lead leads leading leader ahead winning standings standing frontrunner")
# Words of questions about voting that no poll answers: what a receipt is, how a ballot is kept secret, the survey.
_NOT_HERE = wordset(
    """
    secret anonymous private counted receipt verify proof change withdraw moon survey award awards quorum governance dao
    """
)
_HOW_TO = {
    "single": "choose one candidate; it counts as soon as it is picked",
    "approval": "choose as many candidates as the poll allows",
    "ranked": "pick candidates in the order you like them, then confirm",
}


# What is no secret while results are hidden.
_ALWAYS_SHOWN = ("closes", "how", "votes", "candidates")


def names_poll(words: Sequence[str]) -> bool:
    """Say whether a question names a poll or a ballot outright, rather than any vote."""
    return not _POLL.isdisjoint(words)


def asked(words: Sequence[str], stems: Sequence[str]) -> str | None:
    """Return the topic of a question about polls here, the poll left open; None when it is about none."""
    said = set(words)
    if said & _NOT_HERE or not said & (_VOTING | _LEADING):
        return None
    place = next((ORDINALS[word] for word in words if word in ORDINALS), None)
    if place and names_poll(words):
        return f"poll:?:{'leader' if place == 1 else f'place-{place}'}"
    what = best(stems, POLL_QUESTIONS)
    return "poll:open" if what == "open" else f"poll:?:{what}" if what else None


def answer(topic: str, question: str, polls: Sequence[PollFacts]) -> Answer | None:
    """Return what the polls here say on `poll:<id>:<what>`; `?` stands for the one that the question means."""
    _, *parts = topic.split(":")
    if parts == ["open"]:
        return _open_ones(polls)
    number, what = parts[0], ":".join(parts[1:]) or "leader"
    poll = _meant(question, polls) if number == "?" else next((each for each in polls if str(each.id) == number), None)
    if poll is None:
        return _none(polls)
    return _about(poll, what)


def _meant(question: str, polls: Sequence[PollFacts]) -> PollFacts | None:
    """Return the poll whose title is in the question; else the newest open one, else the one that closed last."""
    said = {token.key for token in tokenise(question)} - _VOTING
    shown = [poll for poll in polls if poll.state is not PollState.CANCELLED]
    by_title = sorted(shown, key=lambda poll: -_shared(said, poll))
    if by_title and _shared(said, by_title[0]) >= 2:  # one word alone may be chance
        return by_title[0]
    wanted = PollState.CLOSED if {"won", "winner", "ended"} & said else PollState.OPEN
    first = next((poll for poll in shown if poll.state is wanted), None)
    other = next((poll for poll in shown if poll.state in (PollState.OPEN, PollState.CLOSED)), None)
    return first or other or next(iter(shown), None)


def _shared(said: set[str], poll: PollFacts) -> int:
    return len({token.key for token in tokenise(poll.title) if len(token.key) > 3} & said)  # no “the”


def _about(poll: PollFacts, what: str) -> Answer:
    if what == "closes":
        return _answer(poll, what, _closing(poll))
    if what == "how":
        return _answer(poll, what, _how_to_vote(poll))
    if what == "candidates":
        return _answer(
            poll,
            what,
            f"The candidates of “{_title(poll)}” are {listed(_candidates(poll))}.",
        )
    if what == "votes":
        return _answer(poll, what, f"{_people(poll)} in “{_title(poll)}”{' so far' if poll.open else ''}.")
    if poll.state is PollState.SCHEDULED:
        return _answer(poll, what, f"“{_title(poll)}” has not opened yet: {_closing(poll)}")
    if poll.state is PollState.CANCELLED:
        return _answer(poll, what, f"“{_title(poll)}” was cancelled; it has no result.")
    if not poll.standings:
        return _answer(
            poll, what, f"The results of “{_title(poll)}” are hidden for now. {poll.hidden} {_closing(poll)}"
        )
    if what.startswith("share:"):
        return _answer(poll, what, _one_line(poll, what.removeprefix("share:")))
    if what.startswith("place-") and what.removeprefix("place-").isdecimal():
        return _answer(poll, what, _at_place(poll, int(what.removeprefix("place-"))))
    return _answer(poll, what, _leaders(poll))


def _answer(poll: PollFacts, what: str, text: str) -> Answer:
    hidden = not poll.standings and what not in _ALWAYS_SHOWN
    source = Citation(f"The poll “{_title(poll)}” on this server", None, poll.as_of.date())
    return Answer(
        Kind.ANSWER,
        fitted(text),
        f"poll:{poll.id}:{what}"[:80],
        (source,),
        0.95,
        poll.as_of.date(),
        suggestions=(Suggestion("When does voting close?", f"poll:{poll.id}:closes"),) if hidden and poll.open else (),
    )


def _candidates(poll: PollFacts) -> list[str]:
    return list(poll.candidates) or [line.label for line in poll.standings]


def _title(poll: PollFacts) -> str:
    return clip(poll.title, 80)


def _people(poll: PollFacts) -> str:
    return f"{plural(poll.ballots, 'member')} {'has' if poll.ballots == 1 else 'have'} voted"


def _closing(poll: PollFacts) -> str:
    if poll.closed_at:
        return f"Voting in “{_title(poll)}” closed on {moment_words(poll.closed_at)}."
    if poll.state is PollState.CANCELLED:
        return f"“{_title(poll)}” was cancelled; there is no voting any more."
    if poll.state is PollState.SCHEDULED:
        return f"Voting in “{_title(poll)}” opens on {moment_words(poll.opens_at)}."
    if poll.closes_at is None:
        return f"Voting in “{_title(poll)}” is open until a moderator closes it; no end is set."
    return f"Voting in “{_title(poll)}” is open and closes on {moment_words(poll.closes_at)}."


def _how_to_vote(poll: PollFacts) -> str:
    if not poll.open:
        return f"There is no voting at the moment. {_closing(poll)}"
    how_to = _HOW_TO.get(poll.method, "choose, then confirm")
    return (
        f"Press Vote on the board of “{_title(poll)}”, or use /vote cast: {how_to}. "
        "You may change or withdraw your ballot while the poll is open; the last one counts."
    )


def _line(standing: Standing, poll: PollFacts) -> str:
    return f"{standing.label} {_held(standing, poll)}"


def _held(standing: Standing, poll: PollFacts) -> str:
    # The votes of a runoff's last round would be taken for first choices.
    votes = "" if standing.votes is None or poll.method == "ranked" else f", {plural(standing.votes, 'vote')}"
    return f"with {standing.share}%{votes}"


def _leaders(poll: PollFacts) -> str:
    top = [line for line in poll.standings if line.place == 1]
    if not top:
        return (
            f"Nobody leads “{_title(poll)}” yet: there is no vote in it so far."
            if poll.open
            else f"“{_title(poll)}” closed without a vote."
        )
    if len(top) > 1:
        names = listed([line.label for line in top])
        tied = "are tied at the top of" if poll.open else "tied for the first place in"
        text = f"{names} {tied} “{_title(poll)}” with {top[0].share}% each."
    else:
        text = f"{top[0].label} {'leads' if poll.open else 'won'} “{_title(poll)}” {_held(top[0], poll)}."
    others = [_line(line, poll) for line in poll.standings if line.place and line.place > 1][:2]
    then = f"Then {listed(others)}." if others else ""
    return fitted(text, then, f"{_people(poll)}{' so far' if poll.open else ''}.", _closing(poll) if poll.open else "")


def _one_line(poll: PollFacts, project_id: str) -> str:
    standing = next((line for line in poll.standings if line.project_id == project_id), None)
    if standing is None:
        return f"That project is no candidate in “{_title(poll)}”."
    place = f", place {standing.place}" if standing.place else ""
    return f"{_line(standing, poll)}{place} in “{_title(poll)}”{', which is still open' if poll.open else ''}."


def _at_place(poll: PollFacts, place: int) -> str:
    there = [line for line in poll.standings if line.place == place]
    if not there:
        return f"Nobody holds place {place} in “{_title(poll)}”."
    lines = listed([_line(line, poll) for line in there])
    return f"Place {place} in “{_title(poll)}”: {lines}{' so far' if poll.open else ''}."


def _open_ones(polls: Sequence[PollFacts]) -> Answer:
    here = [poll for poll in polls if poll.open]
    if not here:
        return _none(polls)
    ends = [f"“{clip(poll.title, 60)}” ({_until(poll)})" for poll in here]
    polls_are = "poll is" if len(here) == 1 else "polls are"
    text = f"{count_word(len(here)).capitalize()} {polls_are} open here: {listed(ends)}."
    sources = tuple(Citation(f"The poll “{_title(poll)}” on this server", None, poll.as_of.date()) for poll in here)
    return Answer(Kind.ANSWER, fitted(text), "poll:open", sources, 0.95, here[0].as_of.date())


def _until(poll: PollFacts) -> str:
    return f"until {moment_words(poll.closes_at)}" if poll.closes_at else "no end set"


def _none(polls: Sequence[PollFacts]) -> Answer:
    """Say that nothing is open, and what closed last."""
    last = next((poll for poll in polls if poll.closed), None)
    text = "No poll is open on this server at the moment."
    if last is None:
        return Answer(
            Kind.UNKNOWN,
            text,
            "poll:none",
            confidence=0.9,
            suggestions=(Suggestion("Who won the survey?", "survey:winner"),),
        )
    return Answer(
        Kind.UNKNOWN,
        fitted(text, _closing(last)),
        "poll:none",
        confidence=0.9,
        suggestions=(Suggestion("Who won the last poll?", f"poll:{last.id}:leader"),),
    )
