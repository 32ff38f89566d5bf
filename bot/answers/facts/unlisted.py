"""Questions about a project that is not in the catalogue: one that is known by name, or what looks like a name."""

from collections.abc import Sequence

from bot.answers.facts import filters, ordinary, polling, surveying
from bot.answers.facts.model import Reading, Shape
from bot.answers.facts.question import BEYOND, LEARNED, LEARNED_BY_HEART, LIST, NONE, STRONG, Question
from bot.answers.facts.strangers import Stranger
from bot.answers.facts.tokens import Token, wordset

FACT = "fact:"
# From which likelihood on something is asked about a project that is known by name alone.
LIKELY = 0.5
# How sure it is by words alone; and how sure a name is that only looks like one.
BY_WORDS, GUESSED, GUESSED_PLAINLY = 0.7, 0.35, 0.55
SHORTEST_NAME_CHARS = 3
MAX_NAME_WORDS, MAX_NAME_CHARS = 2, 30

# Fields of which a person may ask without any other word than a name in front.
_SPECIFIC = wordset(
    "tge_date snapshot claim_window price funding airdrop airdrop_share eligibility token_symbol overview"
)
_BEFORE_AN_OBJECT = wordset("of for in about on behind back backs backed fund funds funded into does did is has")


def read_unlisted(asked: Question) -> Reading | None:
    """Return the reading of a question about a project known by name alone; None when it only speaks of one."""
    stranger = asked.stranger
    if stranger is None or _is_about_a_vote(asked):
        return None
    likely = asked.likely_of_stranger
    if not likely:
        return _by_cues(asked, stranger)
    # Who is named is not asked for with others: what looks like a list is a fact of one.
    about = sum(much for topic, much in likely.items() if topic.startswith(FACT)) + likely[BEYOND] + likely[LIST]
    if about < LIKELY:
        return None
    sureness = round(LEARNED + (LEARNED_BY_HEART - LEARNED) * about, 3)
    return _known(asked, stranger, sureness, likely[NONE])


def _is_about_a_vote(asked: Question) -> bool:
    """Say whether the survey is named, a misprint in it, or a poll."""
    of_survey = surveying.asked(asked.words, asked.stems, asked.catalogue) or ""
    return asked.names_survey or polling.names_poll(asked.words) or of_survey.startswith(_MISPRINT)


_MISPRINT = "survey:correction-"


def _by_cues(asked: Question, stranger: Stranger) -> Reading | None:
    said = {token.key for token in asked.tokens[stranger.start : stranger.end]}
    key, left = asked.best(), set(asked.left_over(asked.found)) - said
    plain = key in _SPECIFIC or (key is None and not left)
    return _known(asked, stranger, BY_WORDS, None) if plain else None


def _known(asked: Question, stranger: Stranger, sureness: float, elsewhere: float | None) -> Reading:
    return Reading(
        asked.text,
        Shape.UNLISTED,
        f"unlisted:{stranger.name}",
        sureness,
        field=asked.best(),
        yes_or_no=asked.yes_or_no,
        elsewhere=elsewhere,
        firm=True,
    )


def guess_unlisted(asked: Question) -> Reading:
    """Read a name that is none of the catalogue's; a guess, since any word may look like a name."""
    left = asked.left_over(asked.found)
    key = asked.best() or ("overview" if "overview" in asked.found else None)
    if key is None and {"when", "date"} & set(asked.words):
        key = "tge_date"
    outright = key is not None and asked.found.get(key, 0.0) >= STRONG
    # Whoever is known by name, and was not asked about, only stands there.
    known = {token for each in asked.strangers for token in asked.tokens[each.start : each.end]}
    unknown = [token for token in asked.rest if token.key in left and token not in known]
    names = [token for token in unknown if _looks_like_a_name(token, asked.tokens, outright)]
    if not names or len(left) > MAX_NAME_WORDS or (key not in _SPECIFIC and not names[0].dollar):
        return Reading(asked.text, left_over=left)
    name = " ".join(token.text for token in names)[:MAX_NAME_CHARS]
    plain = names[0].dollar or (outright and len(names) == len(left))
    return asked.read_as(Shape.UNLISTED, f"unlisted:{name}", GUESSED_PLAINLY if plain else GUESSED, key)


_NEVER_A_NAME = ordinary.NO_MISSPELLING | filters.MOST | filters.LEAST | filters.OVER | filters.UNDER
# In front of these stands any adjective: a profitable airdrop.
_AFTER_ANY_WORD = wordset("airdrop token coin claim drop")


def _looks_like_a_name(token: Token, tokens: Sequence[Token], outright: bool) -> bool:
    """Say whether an unknown word is placed or written as a name; `outright` when a field is asked for by its name."""
    if token.dollar or (token.capital and any(each.text.islower() for each in tokens)):
        return True
    if len(token.key) < SHORTEST_NAME_CHARS or not token.text.isalpha() or token.key in _NEVER_A_NAME:
        return False
    place = tokens.index(token)
    before = tokens[place - 1].key if place else ""
    after = tokens[place + 1].stem if place + 1 < len(tokens) else ""
    if after in _AFTER_ANY_WORD:
        return not place or before in _BEFORE_AN_OBJECT
    return after in ordinary.POSSESSIONS or (outright and not after and before in _BEFORE_AN_OBJECT)
