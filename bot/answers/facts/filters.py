"""What a question asks of many projects, read from its words."""

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from bot.answers.facts import ordinary
from bot.answers.facts.financing import investors_of, named_in
from bot.answers.facts.quantities import QUANTITIES, by_field
from bot.answers.facts.query import Query
from bot.answers.facts.tokens import Token, stem, tokenise, wordset
from bot.catalogue.model import AirdropState, Category, Project
from bot.catalogue.service import Catalogue

# Catalogues whose words are kept ready.
KEPT = 64
MOST = wordset(
    "most highest biggest largest greatest top best latest newest last recent high strongest larg longest priciest "
    "fattest richest"
)
LEAST = wordset("least lowest smallest fewest worst earliest oldest first weakest tiniest stingiest shortest")
# Without those that judge: the best wallet is no number of wallets.
EXTREMES = (MOST | LEAST) - wordset("best worst top first last high")
# These order days alone: the first airdrop, the latest launch.
_IN_TIME = wordset("latest newest last recent earliest oldest first")
_OF_DAYS = _IN_TIME | wordset("top longest shortest most least")
OVER = wordset("above over exceed exceeding exceeds greater higher beyond more")
UNDER = wordset("below under less lower fewer smaller beneath")
_ORDINALS = (
    "first 1st winner gold", "second 2nd silver", "third 3rd bronze", "fourth 4th", "fifth 5th", "sixth 6th",
    "seventh 7th", "eighth 8th", "ninth 9th", "tenth 10th",
)  # fmt: skip
ORDINALS = {word: place for place, words in enumerate(_ORDINALS, 1) for word in words.split()}
_NUMBERS = "zero one two three four five six seven eight nine ten"
NUMBER_WORDS = {word: number for number, word in enumerate(_NUMBERS.split())}

_UNITS = {
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mm", "mn", "mil", "mill", "million", "millions"), 10**6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 10**9),
}
_CATEGORY_WORDS: dict[str, Category] = {
    "layer1": "layer 1",
    "layer2": "layer 2",
    "rollup": "layer 2",
    "rollups": "layer 2",
    "modular": "modular",
    "interoperability": "interoperability",
    "bridges": "interoperability",
    "crosschain": "interoperability",
    "defi": "DeFi",
    "dex": "DeFi",
    "dexes": "DeFi",
    "exchanges": "DeFi",
    "restaking": "staking",
    "depin": "DePIN",
    "ai": "AI",
    "oracle": "oracle",
    "oracles": "oracle",
    "nft": "NFT",
    "nfts": "NFT",
    "rwa": "real-world assets",
    "rwas": "real-world assets",
    "meme": "community token",
    "memecoin": "community token",
    "memecoins": "community token",
    "infrastructure": "infrastructure",
    "infra": "infrastructure",
}
_STATE_WORDS: dict[str, AirdropState] = {
    **dict.fromkeys(("upcoming", "coming", "future", "planned"), "upcoming"),
    **dict.fromkeys(
        ("open", "claimable", "active", "live", "ongoing", "running", "available", "current", "currently"), "claimable"
    ),
    **dict.fromkeys(("closed", "over", "ended", "finished", "expired"), "closed"),
    **dict.fromkeys(("phases", "phase", "seasons", "season"), "phases"),
    "missed": "missed",
    "unclear": "unclear",
}


def asked(tokens: Sequence[Token], scores: dict[str, float], catalogue: Catalogue) -> Query:
    """Return what tokens ask of all projects; `scores` are the fields that they name."""
    words = [token.key for token in tokens]
    query = Query(
        category=_category(words, catalogue),
        count=_counts(words),
        survey=names_survey(words, catalogue),
    )
    if (_INVESTING | _CASH) & set(words) and (investor := _investor(words, catalogue)):
        return replace(query, investor=investor)
    quantity = _quantity(words, scores, catalogue)
    query = _bounded(query, words, quantity)
    if not query.quantity:
        query = _ordered(query, words, quantity)
    taken = OVER | UNDER if query.quantity else frozenset()
    if not query.order and query.quantity not in _DAYS:
        query = replace(query, state=_state(words, taken))
    return query if query.order else replace(query, word=_word(words, catalogue))


def names_survey(words: Sequence[str], catalogue: Catalogue) -> bool:
    """Say whether the newest survey is named: as one, by a word of its title, or as its organiser's vote."""
    return not _survey_names(catalogue).isdisjoint(words) or _vote_of_organiser(catalogue) in f" {' '.join(words)} "


@lru_cache(maxsize=KEPT)
def _vote_of_organiser(catalogue: Catalogue) -> str:
    return f" {' '.join(token.key for token in tokenise(catalogue.newest_survey.organiser))} vote "


@lru_cache(maxsize=KEPT)
def _survey_names(catalogue: Catalogue) -> frozenset[str]:
    title = tokenise(catalogue.newest_survey.title.partition(":")[0])
    return _SURVEY | {token.key for token in title if len(token.key) >= _WORD_CHARS}


_SURVEY = wordset("survey surveys surveyed award awards podium")
_DAYS = frozenset(each.key for each in QUANTITIES.values() if each.is_day)


def _quantity(words: Sequence[str], scores: dict[str, float], catalogue: Catalogue) -> str | None:
    """Return what is compared, by the field that is named most."""
    said = set(words)
    best = max((key for key in scores if by_field(key)), key=lambda key: scores[key], default=None)
    if best is None:
        shares = {str(result.share) for result in catalogue.newest_survey.results}
        printed = shares & {word.rstrip("%") for word in words}
        if printed and said & _ASKING_WHO:
            return "survey_share"
        portion = any(word.endswith("%") for word in words) or said & _FRACTIONS.keys()
        return "airdrop_share" if portion and said & {"share", "supply", "tokens"} else None
    if best == "funding" and said & _FUNDERS and said & (MOST | LEAST) and not said & _MONEY:
        return None  # who has the most investors, which nobody counted
    if best == "funding":
        return "valuation" if any(word.startswith("valu") for word in words) else "raised"
    if best == "claim_window" and said & _LENGTHS:
        return "claim_span"
    if best == "claim_window":
        return "claim_opens" if any(word.startswith(("open", "start", "beg")) for word in words) else "claim_closes"
    found = by_field(best)
    return found.key if found else None


_LENGTHS = wordset("longest shortest")
_ASKING_WHO = wordset("who which whose what")
_FUNDERS = wordset("investor investors backer backers vcs vc")
_MONEY = wordset("money raised raise funding funded fund usd million")


def _category(words: Sequence[str], catalogue: Catalogue) -> Category | None:
    text = _LAYERS.sub(lambda found: f"layer {NUMBER_WORDS[found[1]]}", f" {' '.join(words)} ")
    for category in catalogue.categories:
        plain = category.casefold().replace("-", " ")
        if f" {plain} " in text or f" {plain}s " in text:
            return category
    return next((_CATEGORY_WORDS[word] for word in words if word in _CATEGORY_WORDS), None)


_LAYERS = re.compile(r"\blayer (one|two)s?\b")


def _state(words: Sequence[str], taken: frozenset[str]) -> AirdropState | None:
    """Return the state of airdrops that is asked for; `taken` are words that mean something else here."""
    said = set(words)
    if "claim" in said and (said & {"still", "now", "today"} or ("can" in said and said & {"what", "which"})):
        return "claimable"
    if said & {"launched", "released"} and said & _NOT:
        return "upcoming"
    found = next((_STATE_WORDS[word] for word in words if word in _STATE_WORDS and word not in taken), None)
    return "closed" if found == "claimable" and said & _NOT else found


_NOT = wordset("not arent isnt longer havent")
_CASH = wordset("money cash")
_INVESTING = wordset(
    "invest invests invested investor investors back backs backed backer backing fund funded funds portfolio lead led"
)


def _investor(words: Sequence[str], catalogue: Catalogue) -> str:
    """Return the investor who is named in the question."""
    facts = (fact for project in catalogue.projects if (fact := project.facts.get("funding")))
    found = named_in(words, {name for fact in facts for name in investors_of(fact)})
    return max(found, key=lambda name: (len(name), name), default="")


def words_about(project: Project) -> frozenset[str]:
    """Return the words of the line about a project, to be found by."""
    return frozenset(token.key for token in tokenise(project.about))


def _word(words: Sequence[str], catalogue: Catalogue) -> str:
    """Return a chain or the like that some project is about: a word with a capital there that is no other filter."""
    return next((word for word in words if word in _subjects(catalogue)), "")


@lru_cache(maxsize=KEPT)
def _subjects(catalogue: Catalogue) -> frozenset[str]:
    tokens = [token for project in catalogue.projects for token in tokenise(project.about)]
    known = {token.key for token in tokens if token.capital and len(token.key) >= _WORD_CHARS}
    return frozenset(known - _CATEGORY_WORDS.keys() - ordinary.WORD - ordinary.NOUN)


_WORD_CHARS = 4


def _counts(words: Sequence[str]) -> bool:
    text = " ".join(words)
    return "how many" in text or "number of" in text or "count" in words


_PLURALS = wordset("projects airdrops tokens coins ones drops launches")


def _bounded(query: Query, words: Sequence[str], quantity: str | None) -> Query:
    numbers = [(place, number) for place in range(len(words)) if (number := _number(words, place)) is not None]
    said_when = quantity in _DAYS or not _PLURALS.isdisjoint(words)
    if said_when and (year := _year(words)):
        return _dated(query, words, quantity, year)
    if not numbers or not quantity or quantity in _DAYS:
        return query
    place, number = numbers[-1]
    if "between" in words and len(numbers) > 1:
        low, unit = numbers[-2][1], number / Decimal(_digits(words[place]) or 1)
        low = low * unit if low < unit else low
        return replace(query, quantity=quantity, test="~", bound=f"{low:f}-{number:f}")
    before, following = set(words[max(0, place - 4) : place]), set(words[place + 1 : place + 4])
    test = _test(before, following, quantity)
    return replace(query, quantity=quantity, test=test, bound=f"{number:f}") if test else query


def _test(before: set[str], following: set[str], quantity: str) -> str:
    """Return how a figure bounds what is asked for, by the words beside it."""
    if {"least", "minimum"} & before or {"plus", "up"} & following or ("or" in following and _MORE & following):
        return "≥"
    if {"most", "maximum"} & before and "at" in before:
        return "≤"
    if before & OVER:
        return ">"
    if before & UNDER or {"less", "lower"} & following:
        return "<"
    return "=" if quantity in ("tech_score", "survey_share") and before & _EQUAL else ""


_MORE = wordset("more better higher above over")
_EQUAL = wordset("of exactly equal equals score scored with is has have had got get gets")


def _year(words: Sequence[str]) -> str | None:
    return next((word for word in words if len(word) == 4 and word.isdigit() and "2009" <= word <= "2100"), None)


def _dated(query: Query, words: Sequence[str], quantity: str | None, year: str) -> Query:
    quantity = quantity if quantity in _DAYS else "tge_date"
    months = [month for month in _MONTHS if month and month in words]
    bound = f"{year}-{_MONTHS.index(months[0]):02}" if months else year
    before = set(words[: words.index(year)])
    test = ">" if before & {"after", "since"} else "<" if "before" in before else "@"
    return replace(query, quantity=quantity, test=test, bound=bound)


_MONTHS = [name.casefold() for name in month_name]


MAX_DIGITS = 15
# “A fifth of its tokens”, in percent.
_FRACTIONS = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "tenth": 10, "twentieth": 5}


def _digits(word: str) -> str:
    return word.replace(",", "").rstrip("%").strip().rstrip("abcdefghijklmnopqrstuvwxyz ")


def _number(words: Sequence[str], place: int) -> Decimal | None:
    """Return the number at a place, with its unit: 100m, 1.5 billion, 88; “a billion” too."""
    word, digits = words[place], _digits(words[place])
    if word in _FRACTIONS and place and words[place - 1] in ("a", "one"):
        return Decimal(_FRACTIONS[word])
    if word in _UNITS and place and words[place - 1] in ("a", "one"):
        return Decimal(_UNITS[word])
    plain = digits.isascii() and digits.replace(".", "", 1).isdigit()
    if not plain or len(digits) > MAX_DIGITS:
        return None
    unit = word.replace(",", "")[len(digits) :].strip() or (words[place + 1] if place + 1 < len(words) else "")
    return Decimal(digits) * _UNITS.get(unit, 1)


def _ordered(query: Query, words: Sequence[str], quantity: str | None) -> Query:
    said = set(words)
    extremes = said & (MOST | LEAST)
    if quantity is None and extremes and said & _AIRDROP and not said & _VALUE:
        quantity = "tge_date" if said & _IN_TIME else "airdrop_share"
    # Days are early or late, and neither high nor low.
    extremes = extremes & _OF_DAYS if quantity in _DAYS else extremes - _IN_TIME
    if quantity is None or "long" in said:
        return query
    if not extremes:
        sorting = said & _SORTING or (said & _EVERY_ONE and said & _EVERYBODY)
        return replace(query, order=quantity, limit=SORTED) if sorting else query
    nth = next((ORDINALS[word] for word in words if word in ORDINALS and ORDINALS[word] > 1), 0)
    return replace(query, order=quantity, most=not extremes & LEAST, limit=limit_of(words) or nth)


# “Rank them by tech score”, “the tech scores of all projects”: how many are shown.
_SORTING = wordset("rank ranked sort sorted ordered list table")
_EVERYBODY, _EVERY_ONE = wordset("all every each"), wordset("project projects airdrops")
SORTED = 10
_AIRDROP = wordset("airdrop airdrops")
# What nothing here orders airdrops by: the worth of what was handed out.
_VALUE = wordset("value worth valuable usd dollar dollars money profitable")


def limit_of(words: Sequence[str]) -> int:
    """Return how many are wanted: the 3 of “top 3”; 0 when nobody said."""
    for word, following in pairwise(words):
        if word in ("top", "first", "best", "last", "bottom", "biggest", "largest", "highest", "lowest"):
            if following.isdigit() and 0 < int(following) <= 25:
                return int(following)
            if following in NUMBER_WORDS and NUMBER_WORDS[following] > 1:
                return NUMBER_WORDS[following]
    return 0


# The words of filters, as stems.
WORDS = frozenset(
    stem(word)
    for word in (*_CATEGORY_WORDS, *_STATE_WORDS, *_UNITS, *_MONTHS, *ORDINALS, "layer", "world", "asset", "before")
)
