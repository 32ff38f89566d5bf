"""An imported survey's published shares as a ranking."""

from collections.abc import Mapping

from bot.catalogue.days import noon
from bot.catalogue.model import Survey
from bot.rankings.model import Entry, Ranking, ranked


def ranking_of_survey(survey: Survey, names: Mapping[str, str]) -> Ranking:
    """Return a survey's standings as they were published; `names` maps project ids to names."""
    entries = [Entry(names[result.project], None, result.share, result.project) for result in survey.results]
    return Ranking(
        title=survey.title,
        kind="survey",
        state="published",
        standings=ranked(entries),
        ballots=survey.sample_size,
        as_of=noon(survey.as_of),
        source=f"{survey.organiser}, {survey.published}",
        source_url=survey.url,
        remarks=survey.remarks,
    )
