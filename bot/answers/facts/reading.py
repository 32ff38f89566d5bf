"""From a question to its reading: who is named first, then which field, then the shape."""

from bot.answers.facts.filters import names_survey
from bot.answers.facts.model import Reading
from bot.answers.facts.named import read_named
from bot.answers.facts.question import Question
from bot.answers.facts.unnamed import read_unnamed
from bot.catalogue.service import Catalogue


def read(question: str, catalogue: Catalogue) -> Reading:
    """Return what a question asks of the catalogue, the survey or the polls; shape NOTHING when it does not."""
    asked = Question(question, catalogue)
    if not asked.tokens:
        return Reading(question)
    if names_survey(asked.words, asked.catalogue):
        # “The Token Metrics survey” names the survey, not the project.
        organiser = catalogue.newest_survey.organiser_project
        asked.mentions = tuple(each for each in asked.mentions if not each.project or each.project.id != organiser)
    return read_named(asked) if asked.mentions else read_unnamed(asked)
