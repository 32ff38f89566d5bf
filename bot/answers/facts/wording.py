"""Facts as plain sentences: no markup, no addresses, no figure that the fact does not have."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.answers.model import Citation
from bot.catalogue.days import after, in_words, is_day
from bot.catalogue.model import Fact, FundingRound, Project, Source, Window
from bot.catalogue.reading import LABELS, money
from bot.ui.text import clip

MAX_TEXT_CHARS = 500
VALUE_CHARS = 400
NOTE_CHARS = 150
# A question on a button.
MAX_LABEL_CHARS = 80
MAX_SOURCES = 4

# How long something that may still change is good for; a day in the past stays as it is.
FRESH_DAYS = 180
LASTING = frozenset(
    {"token_symbol", "tge_date", "snapshot", "airdrop_share", "recipients", "eligibility", "funding", "category", "tax"}
)

_DAY_IN_TEXT = re.compile(r"\b\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?)?(?![\w-])")

# What a text calls a field; the others are called by their own name.
NAMES = {
    **{key: name[0].lower() + name[1:] for key, name in LABELS.items()},
    "airdrop": "state of the airdrop",
    "airdrop_share": "share of supply",
    "airdrop_allegation": "an allegation",
    "claim_condition": "condition of claims",
    "claim_window": "claims",
    "coingecko_id": "CoinGecko id",
    "github_org": "GitHub organisation",
    "incident": "what went wrong",
    "impostors": "impostors",
    "later": "what came later",
    "overview": "overview",
    "price": "present price",
    "price_note": "past price",
    "recipients": "who got it",
    "season_2": "second season",
    "survey_share": "survey result",
    "sybil": "Sybil rules",
    "unclaimed": "unclaimed tokens",
}

_SMALL_NUMBERS = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)


def called(key: str) -> str:
    """Return what a field is called in the middle of a sentence."""
    return NAMES.get(key, key.replace("_", " "))


def titled(project: Project) -> str:
    """Return a project's name with its symbol, once when they are the same."""
    same = project.symbol.casefold() in project.name.casefold().split()
    return project.name if same else f"{project.name} ({project.symbol})"


def count_word(number: int) -> str:
    """Return a small number as a word, so that it is not taken for a figure of some source."""
    words = _SMALL_NUMBERS.split()
    return words[number] if 0 <= number < len(words) else f"{number:,}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Return `a, b and c`."""
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else "".join(names)


def on_day(text: str) -> str:
    """Return when something was: on 20 June 2024, in June 2024."""
    return f"{'on' if len(text) >= len('2024-06-20') else 'in'} {in_words(text)}"


def date_words(when: date) -> str:
    """Return a date in words."""
    return f"{when.day} {when:%B %Y}"


def moment_words(when: datetime) -> str:
    """Return a moment in words; a card may show it in the reader's own zone."""
    return f"{when.day} {when:%B %Y}, {when:%H:%M} UTC"


def with_days(text: str) -> str:
    """Return a text with its days in words."""
    return _DAY_IN_TEXT.sub(lambda found: in_words(found.group()) if is_day(found.group()) else found.group(), text)


def value(fact: Fact) -> str:
    """Return a known fact's value in words."""
    match fact.text or fact.value:
        case str(text):
            return in_words(text) if is_day(text) else with_days(text)
        case Window() as window:
            return _window(window)
        case [FundingRound(), *_] as rounds:
            return "; ".join(round_words(each) for each in rounds if isinstance(each, FundingRound))
        case [*names]:
            return listed([str(name) for name in names])
        case _:
            return "not known"


def _window(window: Window) -> str:
    if window.opens and window.closes:
        return f"from {in_words(window.opens)} to {in_words(window.closes)}"
    if window.opens:
        return f"from {in_words(window.opens)}; the closing day is not known"
    return f"until {in_words(window.closes)}" if window.closes else "not known"


def round_words(entry: FundingRound) -> str:
    """Return one funding round: amount first, then when and who."""
    amount = money(entry.amount_usd) if entry.amount_usd is not None else "an amount that is not known"
    company = f" of {entry.company}" if entry.company else ""
    at = f" at a valuation of {money(entry.valuation_usd)}" if entry.valuation_usd else ""
    when = f", {in_words(entry.date)}" if entry.date else ""
    led = f", led by {listed(entry.leads)}" if entry.leads else ""
    others = f", with {listed(entry.others)}" if entry.others else ""
    doubt = f" ({entry.doubt})" if entry.doubt else ""
    return f"{entry.round}{company} {amount}{at}{when}{led}{others}{doubt}"


def hedge(fact: Fact) -> str:
    """Say in a few words how sure a fact is; nothing when it is confirmed."""
    note = f" {clip(with_days(fact.note), NOTE_CHARS)}" if fact.note else ""
    match fact.status:
        case "single_source":
            return " This rests on a single source."
        case "conflicting":
            return f" Sources disagree.{note}"
        case "reported":
            return f" Reported, not checked.{note}"
        case _:
            return ""


def goes_stale(key: str, fact: Fact, now: datetime) -> bool:
    """Say whether a fact that may have changed was looked up too long ago."""
    return key not in LASTING and not _is_history(fact) and now.date() > fact.as_of + timedelta(days=FRESH_DAYS)


def _is_history(fact: Fact) -> bool:
    """Say whether a fact is a window that had closed when it was looked up."""
    closes = fact.value.closes if isinstance(fact.value, Window) else None
    return closes is not None and after(closes).date() <= fact.as_of


def aged(stale: Sequence[Fact]) -> str:
    """Say when facts were looked up that may be out of date by now."""
    when = min((fact.as_of for fact in stale), default=None)
    return f"Looked up on {date_words(when)}; it may be out of date." if when else ""


def citations(facts: Iterable[Fact]) -> tuple[Citation, ...]:
    """Return what facts rest on, each source once, up to MAX_SOURCES."""
    found = {_citation(source, fact.as_of): None for fact in facts for source in fact.sources}
    return tuple(found)[:MAX_SOURCES]


def _citation(source: Source, looked_up: date) -> Citation:
    return Citation(source.name, source.link, source.as_of or looked_up)


def fitted(*parts: str, length: int = MAX_TEXT_CHARS) -> str:
    """Return as many of the parts as fit, one after another; the first always, cut when it must be."""
    text = clip(parts[0].strip(), length)
    for part in parts[1:]:
        if part.strip() and len(text) + 1 + len(part.strip()) <= length:
            text = f"{text} {part.strip()}"
    return text
