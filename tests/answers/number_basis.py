"""What the numbers of an answer may come from."""

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.answers.entry import Entry
from bot.answers.facts.polls import PollFacts
from bot.answers.model import Answer
from bot.catalogue.service import Catalogue


class Basis:
    """What an answer's numbers may come from."""

    def __init__(self, catalogue: Catalogue, entries: Sequence[Entry]) -> None:
        self._projects = [(each, each.model_dump(mode="json")) for each in catalogue.content.projects]
        self._surveys = [each.model_dump(mode="json") for each in catalogue.surveys]
        self._counts = list(_counts(catalogue))
        self._entries = {f"entry:{entry.id}": entry.model_dump(mode="json") for entry in entries}

    def of(self, answer: Answer, polls: Sequence[PollFacts]) -> Iterator[object]:
        """Yield an entry; or the facts of the projects that the answer is about or names, the survey, the polls."""
        if entry := self._entries.get(answer.topic):
            yield entry
            return
        parts = answer.topic.split(":")
        yield from (raw for project, raw in self._projects if project.id in parts or project.name in answer.text)
        yield from self._surveys
        yield self._counts
        for poll in polls:
            yield str(poll.standings), poll.ballots, poll.title
            yield from (str(at) for at in (poll.opens_at, poll.closes_at, poll.closed_at))


def _counts(catalogue: Catalogue) -> Iterator[int]:
    """Yield how many projects there are, in all, in each category and state, and with each fact known."""
    projects = catalogue.projects
    yield len(projects)
    yield from Counter(each.category for each in projects).values()
    yield from Counter(each.airdrop.state for each in projects).values()
    yield from Counter(name for each in projects for name, fact in each.facts.items() if fact.known).values()
