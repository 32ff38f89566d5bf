"""Questions that name no project: about polls, the survey, or many projects at once."""

from dataclasses import replace
from itertools import takewhile

from bot.answers.facts import filters, ordinary, polling, surveying
from bot.answers.facts.fields import fields_of, scores
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.quantities import QUANTITIES
from bot.answers.facts.query import Query
from bot.answers.facts.question import LEAST_SURE, LIST, LITTLE, MANY, POLL, STRONG, SURVEY, UNNAMED_DOUBT, Question
from bot.answers.facts.tokens import wordset
from bot.answers.facts.unlisted import guess_unlisted

SURE = 0.93
# From which likelihood on what was learned decides.
LIKELY = 0.6
UNMISTAKABLE, RANKED = 0.75, 0.85
# From which sureness on a poll is meant even where there is none; but how one votes is answered in general then.
FIRM, _GENERAL = 0.9, (":how", ":closes")
# Which of a kind stand in the catalogue.
OF_WHAT_IS_HERE = 0.9
# “The moon awards” without a question asks what they are as much as how they came out.
WHOLE_SURVEY = 0.7
# “The first airdrop” may mean in all of history.
HISTORY_DOUBT = 0.28
HEADING_WORDS = 5
# How many words a superlative may leave that were not understood.
FEW_LEFT = 1

_PLURALS = wordset("projects airdrops drops ones")
_OPENING = wordset("which who whom whose what list show name rank sort top any there anything count")
# Words of questions about what a kind of project is or brings.
_WHAT_IT_IS = wordset("mean means for use need should")
_JUDGING = wordset("good bad better best worst safe safest risky")


def read_unnamed(asked: Question) -> Reading:
    """Return the reading of a question that names no project."""
    by_cues = _by_cues(asked)
    return _as_learned(asked, by_cues) or by_cues


def _as_learned(asked: Question, by_cues: Reading) -> Reading | None:
    """Read what was learned to be about a poll here, the survey or many projects; None when it is about neither."""
    if by_cues.shape is Shape.SET and asked.likely_about(POLL) < LIKELY:
        return None
    if asked.likely_about(POLL) >= LIKELY:
        topic = polling.topic(asked.words, asked.likeliest(POLL), by_cues.topic, asked.likely)
        reading = asked.read_as_learned(Shape.POLL, topic, asked.likely_about(POLL))
        named = polling.names_here(asked.words) or polling.names_poll(asked.words)
        return replace(reading, firm=named and reading.sureness >= FIRM and not topic.endswith(_GENERAL))
    if asked.likely_about(SURVEY) >= LIKELY:
        topic = surveying.topic(asked.words, asked.likeliest(SURVEY), by_cues.topic, asked.likely)
        return asked.read_as_learned(Shape.SURVEY, topic, asked.likely_about(SURVEY))
    if asked.likely.get(LIST, 0.0) < LIKELY:
        return None
    wanted = filters.asked(asked.tokens, asked.found, asked.catalogue)
    if wanted != Query() or surveying.asks_how_many(asked.words):
        return asked.read_as_learned(Shape.SET, wanted.topic, asked.likely[LIST])
    return None


def _by_cues(asked: Question) -> Reading:
    if not asked.found and not filters.EXTREMES.isdisjoint(asked.words):
        # “Most wallets”: with a superlative, a field's weaker word is enough.
        asked.found = scores(asked.stems, fields_of(asked.catalogue), LITTLE)
    named_survey = filters.names_survey(asked.words, asked.catalogue)
    poll = polling.asked(asked.words, asked.stems)
    if poll and (polling.names_poll(asked.words) or not named_survey):
        return asked.read_as(Shape.POLL, poll, SURE)
    if of_scores := surveying.of_scores(asked.words):
        return asked.read_as(Shape.SURVEY, of_scores, SURE)
    wanted = filters.asked(asked.tokens, asked.found, asked.catalogue)
    asked.filters = wordset(f"{wanted.word} {wanted.investor}".casefold())
    asked.compared = _compared(wanted)
    survey = surveying.asked(asked.words, asked.stems, asked.catalogue)
    if survey and wanted.survey and wanted.order in (None, "survey_share"):
        plain = survey != "survey:all" or surveying.asks_for_results(asked.words)
        return asked.read_as(Shape.SURVEY, survey, SURE if plain else WHOLE_SURVEY)
    many = _asks_of_many(asked, wanted)
    rank = surveying.rank_asked(asked.words)
    if rank and not (many and wanted.order not in (None, "survey_share")):
        return asked.read_as(Shape.WINNER, rank, RANKED)
    if many:
        reading = asked.read_as(Shape.SET, wanted.topic, _set_sureness(asked, wanted))
        reading = replace(reading, sureness=round(max(LEAST_SURE, reading.sureness - _ordered_by_else(asked)), 3))
        plain = _is_filtered(wanted) and _asks_what_is_here(set(asked.words))
        return replace(reading, sureness=max(reading.sureness, OF_WHAT_IS_HERE)) if plain else reading
    if survey:
        return asked.read_as(Shape.SURVEY, survey, SURE if named_survey else UNMISTAKABLE)
    return guess_unlisted(asked)


def _asks_of_many(asked: Question, wanted: Query) -> bool:
    """Say whether this asks which projects, rather than what something is or how it works."""
    said = set(asked.words)
    if "why" in said or ("how" in said and not said & {"many", "list"}):
        return False
    left = asked.not_understood(Shape.SET)
    understood = not left or (wanted.order is not None and len(left) <= FEW_LEFT and bool(said & filters.EXTREMES))
    opening = bool(said & _OPENING) or {"how", "many"} <= said
    if wanted.order or wanted.quantity or wanted.investor:
        return opening or understood or len(asked.words) <= HEADING_WORDS
    if _is_filtered(wanted) and _asks_what_is_here(said):
        return True
    if wanted.word and not said & _PLURALS:
        return False
    if wanted.state == "claimable" and ("claimable" in said or {"what", "can", "claim"} <= said):
        return understood
    by_kind = (wanted.category or wanted.state == "phases") and said & {"which", "who", "list", "many"}
    if (wanted.word or wanted.category or wanted.state) and (said & MANY or by_kind):
        return not said & _JUDGING and (understood or (opening and not said & _WHAT_IT_IS))
    return surveying.asks_for_the_list(asked.words)


def _is_filtered(wanted: Query) -> bool:
    return bool(wanted.word or wanted.category or wanted.state or wanted.investor)


def _asks_what_is_here(said: set[str]) -> bool:
    """Say whether what stands in the catalogue is asked for: in your list, that you cover."""
    return bool(said & _CATALOGUE and said & _YOURS) or bool(said & _COVERING and "you" in said) or "yours" in said


_CATALOGUE = wordset("catalogue collection list database data")
_YOURS = wordset("your you here the")
_COVERING = wordset("cover track know have got hold list data")


def _compared(wanted: Query) -> tuple[str, ...]:
    """Return the fields whose words a question about many projects may hold."""
    quantities = [QUANTITIES[key].field for key in (wanted.quantity, wanted.order) if key]
    states = ["claim_window", "airdrop"] if wanted.state else []
    return (*quantities, *states, *(["funding"] if wanted.investor else []))


def _ordered_by_else(asked: Question) -> float:
    """Return the doubt that something is ordered by what no field is: “lowest trading fees”, “most validators”."""
    left = set(asked.not_understood(Shape.SET))
    place = next((place for place, word in enumerate(asked.words) if word in filters.EXTREMES), len(asked.words))
    named = takewhile(lambda word: word not in ordinary.STOP, asked.words[place + 1 :])
    return UNNAMED_DOUBT * len(left & set(named))


def _set_sureness(asked: Question, wanted: Query) -> float:
    strongest = max((score for key, score in asked.found.items() if key in ("airdrop_share", "tge_date")), default=0.0)
    vague = wanted.order in ("airdrop_share", "tge_date") and strongest < STRONG
    return SURE - (HISTORY_DOUBT if vague else 0.0)
