"""Say in a few lines what a recount found."""

from collections.abc import Sequence

from bot.polls.counting import Count
from bot.polls.proof.ballots import Found
from bot.polls.proof.head import Head
from bot.polls.proof.reading import printable
from bot.polls.proof.verify import Report


def report_text(report: Report) -> str:
    """Return what a person reads of a recount; the first line says whether all holds."""
    if report.problem is not None:
        return f"DOES NOT HOLD  {printable(str(report.path))}\n{report.problem}"
    assert report.head is not None  # noqa: S101 - what holds has all its parts
    assert report.count is not None  # noqa: S101
    lines = [
        f"HOLDS  {printable(str(report.path))}",
        *_poll(report.head),
        *_result(report.count, report.head.labels),
        f"Root       {report.root}",
    ]
    if report.found is not None:
        lines.append(_receipt(report.found, report.head, report.count.ballots))
    lines.append(
        "The root is the posted one: this is that poll."
        if report.compared
        else "Compare the root with the one that was posted when the poll closed: only then is this that poll."
    )
    return "\n".join(lines)


def _poll(head: Head) -> list[str]:
    poll = head.poll
    closed = poll.closed_at[:16].replace("T", " ")
    rules = [printable(words) for words in head.rules] or ["Every member of the server could vote."]
    return [
        f"Poll       {poll.id}, {printable(poll.title)} ({poll.method}, closed {closed} UTC)",
        *(f"{'Rules' if first else '':<10} {words}" for first, words in _firsts(rules)),
    ]


def _result(count: Count, labels: Sequence[str]) -> list[str]:
    names = [printable(label) for label in labels]
    last = count.rounds[-1] if count.rounds else None
    winners = [f"{names[place]}, {_number(last.votes[place] or 0, 'vote')}" for place in count.winners if last]
    title = "Winner" if len(winners) < 2 else "Tied"
    return [
        f"Recounted  {_number(count.ballots, 'ballot')}, weight {count.weight:,}, "
        f"{_number(len(count.rounds), 'round')}",
        f"{title:<10} {'; '.join(winners) or 'nobody: there are no ballots'}",
        *(f"{'':<10} {tie}" for tie in count.statements(names)),
    ]


def _receipt(found: Found, head: Head, ballots: int) -> str:
    separator = " > " if head.poll.method == "ranked" else ", "
    choices = separator.join(printable(head.labels[position]) for position in found.choices)
    return f"Receipt    counted as ballot {found.number:,} of {ballots:,}: {choices}; weight {found.weight}"


def _number(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _firsts(lines: Sequence[str]) -> list[tuple[bool, str]]:
    return [(place == 0, line) for place, line in enumerate(lines)]
