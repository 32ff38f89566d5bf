"""Who came where in the survey, in sentences."""

from collections.abc import Sequence

from bot.answers.facts.wording import count_word, listed
from bot.catalogue.model import Survey, SurveyResult
from bot.catalogue.service import Catalogue


class Outcome:
    """A survey's places as they are told."""

    def __init__(self, survey: Survey, catalogue: Catalogue) -> None:
        self._survey, self._catalogue = survey, catalogue
        self.named = f"the {survey.title.partition(':')[0]} survey"

    def winner(self) -> str:
        """Say who won, and whether by more than half."""
        top = self._at(1)
        share = top[0].share
        half = "more than half" if share > 50 else "half" if share == 50 else "less than half"
        names = listed([self._name(result) for result in top])
        if len(top) > 1:
            return f"{names} won {self.named} together, with {share}% of the votes each."
        return f"{names} won {self.named} with {share}% of the votes, {half} of them."

    def place(self, place: int, *, last: bool = False) -> str:
        """Say who holds a place, or that nobody does."""
        there = self._at(place)
        if not there:
            count = count_word(len(self._survey.results))
            return f"{self.named[0].upper()}{self.named[1:]} names {count} projects; nobody holds place {place}."
        names = listed([f"{self._name(result)} with {result.share}%" for result in there])
        return (
            f"Last in {self.named}, at place {place}: {names}." if last else f"Place {place} in {self.named}: {names}."
        )

    def last(self) -> str:
        """Say who was last of those that were named."""
        return self.place(self._survey.results[-1].place, last=True)

    def first(self, number: int) -> str:
        """Return the first few."""
        first = self._first(number)
        return f"The first {count_word(len(first))} in {self.named}: {self._lines(first)}."

    def sum_of(self, number: int) -> str:
        """Add up the shares of the first few."""
        first = self._first(number)
        parts = " + ".join(f"{result.share}" for result in first)
        together = sum(result.share for result in first)
        names = listed([self._name(result) for result in first])
        return f"The first {count_word(len(first))} in {self.named} had {together}% together ({parts}): {names}."

    def apart(self, place: int, other: int) -> str | None:
        """Say by how much a place was ahead of another; None when nobody holds one of them."""
        ahead, behind = self._at(min(place, other)), self._at(max(place, other))
        if not ahead or not behind or place == other:
            return None
        points = ahead[0].share - behind[0].share
        names = f"{self._name(ahead[0])} was {points} percentage points ahead of {self._name(behind[0])}"
        return f"{names} in {self.named}: {ahead[0].share}% against {behind[0].share}%."

    def all(self) -> str:
        """Return all places and what went to nobody named."""
        results = self._survey.results
        return f"All {count_word(len(results))}: {self._lines(results)}. {self._others()}"

    def after(self, number: int) -> str:
        """Return who came after the first few."""
        after = [result for result in self._survey.results if result.place > number]
        return f"Then: {self._lines(after)}. {self._others()}" if after else self._others()

    def _others(self) -> str:
        return f"Others, not named: {self._survey.unnamed_share}%."

    def tech_scores(self) -> str:
        """Return the tech scores, highest first, and who has none; nothing when nobody has one."""
        scored = [(result.tech_score, result) for result in self._survey.results if result.tech_score is not None]
        none = [self._name(result) for result in self._survey.results if result.tech_score is None]
        highest_first = sorted(scored, key=lambda each: -each[0])
        without = f"; none for {listed(none, 'or')}" if none else ""
        lines = ", ".join(f"{self._name(result)} {score}" for score, result in highest_first)
        return f"Tech scores: {lines}{without}." if scored else ""

    def _at(self, place: int) -> list[SurveyResult]:
        return [result for result in self._survey.results if result.place == place]

    def _first(self, number: int) -> list[SurveyResult]:
        return [result for result in self._survey.results if result.place <= number]

    def _name(self, result: SurveyResult) -> str:
        project = self._catalogue.by_id(result.project)
        return project.name if project else result.project

    def _lines(self, results: Sequence[SurveyResult]) -> str:
        return ", ".join(f"{result.place}. {self._name(result)} {result.share}%" for result in results)
