"""From a question to its reading: who is named first, then which field, then the shape."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answers.facts.model import Reading
from bot.answers.facts.named import read_named
from bot.answers.facts.names import lexicon_of
from bot.answers.facts.question import NONE, Question
from bot.answers.facts.specifics import choices, says_something_rare
from bot.answers.facts.tokens import wordset
from bot.answers.facts.unlisted import read_unlisted
from bot.answers.facts.unnamed import read_unnamed
from bot.catalogue.service import Catalogue

if TYPE_CHECKING:
    from bot.answers.facts.sense import Sense

# From which sureness on nobody else is looked for; how many ordinary words are tried as names; what has to speak for
# one, and how much less sure it is.
SURE_ENOUGH, MOST_DOUBTFUL = 0.6, 2
SAID_PLAINLY, SCORED_PLAINLY, ELSEWHERE, DOUBT = 0.3, 0.8, 0.8, 0.1


def read(question: str, catalogue: Catalogue, sense: "Sense | None" = None) -> Reading:
    """Return what a question asks of the catalogue, the survey or the polls; shape NOTHING when it does not.

    With `sense`, what was learned has its say; without, words alone.
    """
    return reading_of(Question(question, catalogue, sense))


def reading_of(asked: Question) -> Reading:
    """Return what a question that is taken apart asks."""
    if not asked.tokens:
        return Reading(asked.text)
    if asked.names_survey and not _compares(asked):
        # “The Token Metrics survey” names the survey, not the project.
        organiser = asked.catalogue.newest_survey.organiser_project
        asked.mentions = tuple(each for each in asked.mentions if not each.project or each.project.id != organiser)
    reading = read_named(asked) if asked.mentions else _without_names(asked)
    return replace(reading, elsewhere=asked.likely.get(NONE)) if reading.elsewhere is None else reading


def _compares(asked: Question) -> bool:
    """Say whether the survey's organiser is set beside another project: who beat whom."""
    named = [mention for mention in asked.mentions if mention.project]
    return len(named) > 1 and not _AGAINST.isdisjoint(asked.words)


_AGAINST = wordset("beat beats beaten ahead behind than versus between against gap margin difference compare compared")


def _without_names(asked: Question) -> Reading:
    reading = read_unlisted(asked) or read_unnamed(asked)
    return reading if reading.sureness >= SURE_ENOUGH or not asked.likely else _read_doubtful(asked) or reading


def _read_doubtful(asked: Question) -> Reading | None:
    """Read an ordinary word as a name where what is known of that project has the question's other words."""
    for mention in lexicon_of(asked.catalogue).doubtful(asked.tokens)[:MOST_DOUBTFUL]:
        named = asked.naming(mention)
        best = choices(named, mention.projects[0])[0]
        plain = best.said >= SAID_PLAINLY and best.score >= SCORED_PLAINLY and named.likely[NONE] < ELSEWHERE
        if plain and (asked.tokens[mention.start].upper or says_something_rare(named, best)):
            reading = read_named(named)
            return replace(reading, sureness=round(reading.sureness - DOUBT, 3), elsewhere=named.likely.get(NONE))
    return None
