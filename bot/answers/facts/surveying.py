"""Questions about the newest survey, and their answers."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.answers.facts import published
from bot.answers.facts.apart import asks_for_half, asks_how_far
from bot.answers.facts.fields import SURVEY_QUESTIONS, best
from bot.answers.facts.filters import NUMBER_WORDS, ORDINALS, limit_of, names_survey
from bot.answers.facts.outcome import Outcome
from bot.answers.facts.tokens import stem, tokenise, wordset
from bot.answers.facts.wording import MAX_SOURCES, citations, fitted
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.catalogue.model import Fact, Survey
from bot.catalogue.service import Catalogue

# “Who won” and little else.
BARE_WORDS = 6
# What may be a misprint that somebody asks about.
MAX_PRINTED_WORDS = 2
# A place, and no year.
MAX_PLACE_DIGITS = 2
_WINNING = wordset("won win wins winner winners winning victory")
_RANKING = wordset(
    "came come comes finished finish placed place position rank ranked ranks ranking rankings spot runner number"
)


_LAST, _CAME = wordset("last bottom worst lowest"), wordset("came come comes finished finish place placed")
_THE_SIX = wordset("six 6")
_MEDALS = wordset("gold silver bronze medal podium stood")
_OUTCOME = wordset("result results ranking standings list show which who projects share shares")
_WHOLE = wordset("ranking rankings leaderboard scoreboard")
_PROJECTS = wordset("projects airdrops tokens coins")
_KNOWN = wordset("you know list catalogue listed covered supported track cover database collection data")
_MEANING = wordset("mean means meaning define defined calculated computed based measure measures stand come")
_NAMING = wordset("highest lowest best which who")


def rank_asked(words: Sequence[str]) -> str | None:
    """Return the topic of a question about a place, where nobody says in which vote."""
    said = set(words)
    if said & {"why", "hidden"}:
        return None
    if said & _WINNING and said & {"who", "which", "what", "winner", "won"} and len(words) <= BARE_WORDS:
        return "rank:1"
    if {"runner", "up"} <= said:
        return "rank:2"
    if not said & (_RANKING | _WHOLE | _THE_SIX | _MEDALS) and "top" not in said:
        return None
    if said & _LAST and said & (_CAME | _THE_SIX):
        return "rank:last"
    if "top" in said and (limit := limit_of(words)):
        return f"rank:top-{limit}"
    place = next((ORDINALS[word] for word in words if word in ORDINALS), None) or _place_number(words)
    return f"rank:{place}" if place and said & (_RANKING | _MEDALS) else "rank:all" if said & _WHOLE else None


def _place_number(words: Sequence[str]) -> int | None:
    for word, following in pairwise(words):
        if word in ("place", "number", "rank", "position"):
            if following.isdigit() and len(following) <= MAX_PLACE_DIGITS:
                return int(following)
            if following in NUMBER_WORDS:
                return NUMBER_WORDS[following]
    return None


def asks_for_the_list(words: Sequence[str]) -> bool:
    """Say whether all projects are asked for: which do you know, how many are there."""
    said = set(words)
    if not said & _PROJECTS:
        return False
    if "number" in said:
        return True
    if {"how", "many"} <= said:
        return bool(said & (_KNOWN | {"have", "there"}))
    return bool(
        words[0] in ("list", "show") or (said & {"which", "what"} and said & _KNOWN) or {"all", "projects"} <= said
    )


def asked(words: Sequence[str], stems: Sequence[str], catalogue: Catalogue) -> str | None:
    """Return the topic of a question about the survey; without its name, only what nothing else can mean."""
    said = set(words)
    if not names_survey(words, catalogue):
        return _unmistakable(said, catalogue.newest_survey)
    if (rank := rank_asked(words)) and rank != "rank:1":
        return f"survey:{rank.removeprefix('rank:')}"
    return f"survey:{best(stems, SURVEY_QUESTIONS) or 'all'}"


def topic(words: Sequence[str], learned: str, by_cues: str, likely: Mapping[str, float]) -> str:
    """Return what is asked of the survey: a place that is named, else what was learned or what its words say."""
    if rank := rank_asked(words):
        return f"survey:{rank.removeprefix('rank:')}" if rank != "rank:1" else "survey:winner"
    if place := next((ORDINALS[word] for word in words if ORDINALS.get(word, 1) > 1), None):
        return f"survey:{place}"
    return by_cues if likely.get(by_cues, 0.0) >= LIKELY_TOO or by_cues in _PLACES else learned


# From which likelihood on the words decide rather than what is likeliest.
LIKELY_TOO = 0.25
_PLACES = frozenset({"survey:last"})


def of_scores(words: Sequence[str]) -> str | None:
    """Return the topic of a question about what a score means, or who has none; None when who has one is asked."""
    said = set(words)
    if not said & _SCORES or "many" in said:
        return None
    if said & _WITHOUT and said & (_NAMING | _PROJECTS):
        return "survey:tech_scores"
    return "survey:tech_score" if said & _EXPLAINED and not said & (_NAMING | _PROJECTS) else None


_SCORES, _WITHOUT = wordset("score scores"), wordset("no none without lack lacks lacked")
_EXPLAINED = wordset("mean means meaning stand stands define defined represent represents")


def asks_how_many(words: Sequence[str]) -> bool:
    """Say whether projects are counted, whatever they are called."""
    return {"how", "many"} <= set(words) or "number" in words


def asks_for_results(words: Sequence[str]) -> bool:
    """Say whether the outcome of the survey is asked for, rather than what it is."""
    return bool(set(words) & _OUTCOME)


def _unmistakable(said: set[str], survey: Survey) -> str | None:
    """Return the topic of a question that can only be about the survey, though it does not name it."""
    if "score" in said and said & _MEANING and not said & _NAMING:
        return "survey:tech_score"
    if {"add", "up"} <= said and said & {"share", "shares", "percentages", "percent"}:
        return "survey:unnamed"
    if {str(survey.unnamed_share), f"{survey.unnamed_share}%"} & said and said & {"other", "others", "rest", "missing"}:
        return "survey:unnamed"
    for number, correction in enumerate(survey.corrections):
        printed = {token.key for token in tokenise(correction.printed)}
        if len(printed) <= MAX_PRINTED_WORDS and printed <= said:
            return f"survey:correction-{number}"
    return "survey:all" if said & {"six", "6"} and said & {"projects", "airdrops"} else None


def answer(topic: str, catalogue: Catalogue, question: str = "") -> Answer | None:
    """Return what the newest survey says on `survey:<what>`: what is asked first, and the rest after it."""
    survey = catalogue.newest_survey
    outcome = Outcome(survey, catalogue)
    what = _refined(topic.partition(":")[2], question)
    fact = survey.facts.get(what) if what != "tech_score" else None
    first = published.fact_told(what, fact) if fact else published.told(what, survey, outcome)
    if first is None:
        return None
    # A question whose answer was never published has no answer, however well that is known.
    known = fact.known if fact else what != "question" or survey.question is not None
    return Answer(
        Kind.ANSWER if known else Kind.UNKNOWN,
        fitted(first, *published.rest(what, survey, outcome)),
        f"survey:{what}",
        _sources(survey, survey.facts.get("conflict_of_interest") if what == "organiser" else fact),
        0.93 if known or not fact else 0.9,
        min(survey.as_of, fact.as_of) if fact else survey.as_of,
        suggestions=() if known else _ask_on(what),
    )


def _refined(what: str, question: str) -> str:
    """Return what is asked more precisely: how far places are apart, what the first few add up to, all tech scores."""
    words = [token.key for token in tokenise(question)]
    said = set(words)
    if "score" in {stem(word) for word in words} or said & _TECH:
        return "tech_scores" if what in _SCORED and said & _NAMING and not said & _MEANING else what
    if (what in _SUMMED or what.startswith("top-")) and said & _ADDING and (number := limit_of(words)):
        return f"sum-{number}"
    if (what in _OF_PLACES or what.isdecimal()) and asks_how_far(words):
        places = sorted({1, *(ORDINALS[word] for word in words if word in ORDINALS)})
        first, second = places[-2:] if len(places) > 1 else (1, 2)
        return f"margin-{first}-{second}"
    return "winner" if what in _OF_HALF and asks_for_half(words) else what


_TECH = wordset("tech technology")
_SCORED = frozenset({"all", "tech_score", "winner", "last", "conflict_of_interest"})
_SUMMED = frozenset({"all", "unnamed", "winner"})
_OF_PLACES = frozenset({"all", "winner", "last", "conflict_of_interest", "unnamed"})
_OF_HALF = frozenset({"all", "sample_size", "method"})
_ADDING = wordset("add added adding adds up sum together combined total")


def _ask_on(what: str) -> tuple[Suggestion, ...]:
    offers = (
        Suggestion("Who won the survey?", "survey:winner"),
        Suggestion("How were the votes taken?", "survey:method"),
        Suggestion("Is the survey biased?", "survey:conflict_of_interest"),
    )
    return tuple(offer for offer in offers if offer.topic != f"survey:{what}")


def _sources(survey: Survey, fact: Fact | None) -> tuple[Citation, ...]:
    """Return what a fact rests on, and the survey itself."""
    own = Citation(survey.title, survey.url, survey.as_of)
    cited = citations([fact]) if fact else ()
    return cited if any(each.url == own.url for each in cited) else (*cited[: MAX_SOURCES - 1], own)
