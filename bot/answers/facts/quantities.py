"""What of a project can be compared: amounts, days and scores, with how they read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from bot.answers.facts.financing import rounds_of
from bot.answers.facts.wording import value
from bot.catalogue.days import after, earliest, in_words, is_day
from bot.catalogue.model import Fact, FundingRound, Project, Window
from bot.catalogue.reading import money
from bot.catalogue.service import Catalogue


@dataclass(frozen=True, slots=True)
class Amount:
    """One project's figure: what to order it by, and how it reads."""

    order: Decimal
    text: str
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that projects can be ordered by.

    `of` reads it from a project and is None where it is not known. `most` and `least` finish the sentence “X has …”.
    """

    key: str
    field: str
    name: str
    most: str
    least: str
    of: Callable[[Catalogue, Project], Amount | None]
    is_day: bool = False


_PERCENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_ISO_DAY = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?:T\d{2}:\d{2}(?::\d{2})?Z)?")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = re.compile(rf"({'|'.join(_MONTHS)}) (\d{{4}})")


def _settled(fact: Fact | None) -> list[FundingRound]:
    return [each for each in rounds_of(fact) if not each.doubt] if fact else []


def raised(_: Catalogue, project: Project) -> Amount | None:
    """Return all that a project raised in rounds that nothing speaks against."""
    fact = project.facts.get("funding")
    amounts = [each.amount_usd for each in _settled(fact) if each.amount_usd is not None]
    text = " + ".join(
        money(amount) if not place else money(amount).removeprefix("USD ") for place, amount in enumerate(amounts)
    )
    return Amount(Decimal(sum(amounts)), text, fact) if amounts else None


def valuation(_: Catalogue, project: Project) -> Amount | None:
    """Return the highest valuation in a round that nothing speaks against."""
    fact = project.facts.get("funding")
    values = [each.valuation_usd for each in _settled(fact) if each.valuation_usd]
    return Amount(Decimal(max(values)), money(max(values)), fact) if values else None


def share_of_supply(_: Catalogue, project: Project) -> Amount | None:
    """Return the first percentage in what is known of an airdrop's share of supply."""
    fact = project.facts.get("airdrop_share")
    found = _PERCENT.search(value(fact)) if fact and fact.known else None
    return Amount(Decimal(found.group(1)), f"{found.group(1)}%", fact) if found else None


_WALLETS = re.compile(r"(\d[\d,]*(?:\.\d+)?)( ?[Mk])? (?:wallets|addresses)")
_SCALES = {"": 1, "k": 10**3, "M": 10**6}


def recipients(_: Catalogue, project: Project) -> Amount | None:
    """Return the first number of wallets in what is known of who got an airdrop, or of its share of supply."""
    for fact in (project.facts.get("recipients"), project.facts.get("airdrop_share")):
        if fact and fact.known and (found := _WALLETS.search(value(fact))):
            number, scale = found.group(1), (found.group(2) or "").strip()
            return Amount(Decimal(number.replace(",", "")) * _SCALES[scale], found.group(), fact)
    return None


def claim_span(_: Catalogue, project: Project) -> Amount | None:
    """Return for how long claims ran, from the first day that is named to the last."""
    fact = project.facts.get("claim_window")
    opens, closes = first_day(fact), last_day(fact) or _last_day_named(fact)
    if fact is None or not opens or not closes or earliest(closes) <= earliest(opens):
        return None
    return Amount(_seconds(earliest(closes)) - _seconds(earliest(opens)), value(fact), fact)


def _last_day_named(fact: Fact | None) -> str | None:
    if fact is None or isinstance(fact.value, Window):
        return None
    text = fact.text or (fact.value if isinstance(fact.value, str) else "")
    return max((day for day in _ISO_DAY.findall(text) if is_day(day)), key=earliest, default=None)


def tech_score(catalogue: Catalogue, project: Project) -> Amount | None:
    """Return the tech score that the newest survey printed."""
    result = catalogue.newest_survey.result_of(project.id)
    return (
        Amount(Decimal(result.tech_score), str(result.tech_score)) if result and result.tech_score is not None else None
    )


def survey_share(catalogue: Catalogue, project: Project) -> Amount | None:
    """Return the share of the votes in the newest survey."""
    result = catalogue.newest_survey.result_of(project.id)
    return Amount(result.share, f"{result.share}%") if result else None


def first_day(fact: Fact | None) -> str | None:
    """Return the first day that a fact names, as exactly as it does."""
    if fact is None or not fact.known:
        return None
    if isinstance(fact.value, Window):
        return fact.value.opens
    if isinstance(fact.value, str) and is_day(fact.value):
        return fact.value
    text = fact.text or (fact.value if isinstance(fact.value, str) else "")
    days = [(found.start(), found.group()) for found in _ISO_DAY.finditer(text) if is_day(found.group())]
    days += [
        (found.start(), f"{found.group(2)}-{_MONTHS.index(found.group(1)) + 1:02}") for found in _MONTH.finditer(text)
    ]
    return min(days)[1] if days else None


def last_day(fact: Fact | None) -> str | None:
    """Return the last day on which something was possible, from a window or from figures that name their ends."""
    found = fact.value if fact else None
    if isinstance(found, Window):
        return found.closes
    if isinstance(found, dict):
        ends = [
            each for key, each in found.items() if key.endswith("closes") and isinstance(each, str) and is_day(each)
        ]
        return max(ends, key=earliest) if ends else None
    return None


def _day(key: str, read: Callable[[Fact | None], str | None]) -> Callable[[Catalogue, Project], Amount | None]:
    def of(_: Catalogue, project: Project) -> Amount | None:
        fact = project.facts.get(key)
        when = read(fact)
        return Amount(_seconds(earliest(when)), in_words(when), fact) if when else None

    return of


def _seconds(when: datetime) -> Decimal:
    return Decimal((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


_ALL = (
    Quantity("raised", "funding", "funding", "raised the most", "raised the least", raised),
    Quantity("valuation", "funding", "valuation", "has the highest valuation", "has the lowest valuation", valuation),
    Quantity(
        "tech_score", "tech_score", "tech score", "has the highest tech score", "has the lowest tech score", tech_score
    ),
    Quantity(
        "survey_share",
        "survey_share",
        "share in the survey",
        "had the largest share of votes",
        "had the smallest share of votes",
        survey_share,
    ),
    Quantity(
        "airdrop_share",
        "airdrop_share",
        "share of supply for the airdrop",
        "gave away the largest share of its supply",
        "gave away the smallest share of its supply",
        share_of_supply,
    ),
    Quantity(
        "tge_date",
        "tge_date",
        "token launch",
        "launched its token last",
        "launched its token first",
        _day("tge_date", first_day),
        is_day=True,
    ),
    Quantity(
        "snapshot",
        "snapshot",
        "snapshot",
        "had the latest snapshot",
        "had the earliest snapshot",
        _day("snapshot", first_day),
        is_day=True,
    ),
    Quantity(
        "recipients",
        "recipients",
        "number of wallets",
        "reached the most wallets",
        "reached the fewest wallets",
        recipients,
    ),
    Quantity(
        "claim_closes",
        "claim_window",
        "end of claims",
        "closed its claims last",
        "closed its claims first",
        _day("claim_window", last_day),
        is_day=True,
    ),
    Quantity(
        "claim_opens",
        "claim_window",
        "start of claims",
        "opened its claims last",
        "opened its claims first",
        _day("claim_window", first_day),
        is_day=True,
    ),
    Quantity(
        "claim_span",
        "claim_window",
        "claim window",
        "could be claimed for longest",
        "could be claimed for the shortest",
        claim_span,
    ),
)
QUANTITIES: Mapping[str, Quantity] = {each.key: each for each in _ALL}


def by_field(field: str) -> Quantity | None:
    """Return what a field is compared by."""
    return next((each for each in QUANTITIES.values() if each.field == field), None)


def within_year(amount: Amount, start: str) -> bool:
    """Say whether a day falls within a year or month such as 2024 or 2024-06."""
    return _seconds(earliest(start)) <= amount.order < _seconds(after(start))


def seconds_of(text: str) -> Decimal:
    """Return what a day is ordered by."""
    return _seconds(earliest(text))
