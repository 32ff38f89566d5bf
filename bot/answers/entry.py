"""A question that members ask, the ways they put it, and its one answer."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.catalogue.fields import Id, Name, Value
from bot.catalogue.model import Source

# From whoever decides it (the project, the authority, the code), or from somebody who writes about it.
Basis = Literal["official", "secondary"]

# A question is also the label of a button, and Discord's buttons hold 80 characters.
Question = Annotated[str, Field(min_length=1, max_length=80)]
Phrasing = Annotated[str, Field(min_length=1, max_length=120)]
AnswerText = Annotated[str, Field(min_length=1, max_length=700)]


class Entry(Value):
    """One answer with its sources, and until when it is good."""

    id: Id
    question: Question
    phrasings: Annotated[tuple[Phrasing, ...], Field(max_length=12)] = ()
    # Terms that belong to the subject, for the search by words.
    keywords: Annotated[tuple[Name, ...], Field(max_length=12)] = ()
    answer: AnswerText
    as_of: date
    good_for_days: Annotated[int, Field(ge=1, le=3650)]
    basis: Basis
    sources: Annotated[tuple[Source, ...], Field(min_length=1, max_length=4)]

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return the question, then the other ways to ask it."""
        return (self.question, *self.phrasings)

    def is_stale(self, on: date) -> bool:
        """Say whether the answer was last checked too long ago."""
        return on > self.as_of + timedelta(days=self.good_for_days)


class Topic(Value):
    """What one file holds: entries about one topic."""

    topic: Name
    entries: Annotated[tuple[Entry, ...], Field(min_length=1)]
