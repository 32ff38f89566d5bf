"""How facts read: one line of Discord's markdown from one value, with its mark and its sources' numbers."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.catalogue.days import earliest, is_day, noon
from bot.catalogue.model import AirdropState, Fact, FactStatus, FundingRound, Source, Window
from bot.ui.text import clip, escape, moment

MARKS: Mapping[FactStatus, str] = {
    "confirmed": "✓",
    "single_source": "◐",
    "conflicting": "⚠",
    "reported": "≈",
    "unknown": "?",
}
MARK_MEANINGS: Mapping[FactStatus, str] = {
    "confirmed": "confirmed",
    "single_source": "single source",
    "conflicting": "sources disagree",
    "reported": "reported, not checked",
    "unknown": "not known",
}

STATE_SIGNS: Mapping[AirdropState, str] = {
    "upcoming": "🔜",
    "claimable": "🟢",
    "phases": "🔁",
    "closed": "🔒",
    "missed": "⌛",
    "unclear": "❔",
}

KEY_FACTS = ("tge_date", "claim_window", "snapshot", "airdrop_share", "funding", "official_domains")
LABELS: Mapping[str, str] = {
    "tge_date": "Token launch",
    "claim_window": "Claim window",
    "snapshot": "Snapshot",
    "airdrop_share": "Share of supply",
    "funding": "Funding",
    "official_domains": "Official domains",
    "historic_claim_pages": "Former claim page",
    "official_claim_page": "Official claim page",
    "token_symbol": "Symbol",
    "coingecko_id": "CoinGecko id",
    "github_org": "GitHub",
    "sybil": "Sybil rules",
    "later": "What came later",
    "airdrop_allegation": "Allegation",
    "conflict_of_interest": "Conflict of interest",
    "price_note": "Price, history",
    "supply_note": "Supply",
}

# Values that are names for machines: shown as code, so that none of them becomes a link.
_CODED = frozenset({"official_domains", "historic_claim_pages", "coingecko_id", "github_org"})
# A narrow space at which no line breaks, so that a number stays with what it belongs to.
NARROW = "\u202f"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def label(key: str) -> str:
    """Return what a fact is called."""
    return LABELS.get(key, key.replace("_", " ").capitalize())


def day(text: str) -> str:
    """Return a day as exactly as it is known: a timestamp for days and minutes, words for months and years."""
    if len(text) <= 7:
        return earliest(text).strftime("%B %Y" if len(text) == 7 else "%Y")
    if "T" in text:
        return moment(earliest(text))
    return date_stamp(date.fromisoformat(text))


def code(text: str, width: int = 0) -> str:
    """Return `text` as code, at least `width` wide: nothing in it is a link, a mention or markdown."""
    return f"`{text.replace('`', chr(39)):<{width}}`"


def date_stamp(when: date) -> str:
    """Return a date that reads the same in nearly every zone."""
    return moment(noon(when), "D")


def money(amount_usd: int) -> str:
    """Return an amount such as USD 6.7M."""
    for unit, name in ((10**9, "bn"), (10**6, "M"), (10**3, "k")):
        if amount_usd >= unit:
            return f"USD {f'{amount_usd / unit:.2f}'.rstrip('0').rstrip('.')}{name}"
    return f"USD {amount_usd}"


def value(key: str, fact: Fact) -> str:
    """Return a fact's value as a reader sees it, made safe."""
    if not fact.known:
        return "not known"
    match fact.text or fact.value:
        case str(text) if key in _CODED:
            return code(text)
        case str(text):
            return day(text) if is_day(text) else escape(text)
        case Window() as window:
            return _window(window)
        case [FundingRound(), *_] as rounds:
            return "".join(f"\n• {_round(entry)}" for entry in rounds if isinstance(entry, FundingRound))
        case [*names]:
            return " ".join(code(str(name)) for name in names) if key in _CODED else escape(", ".join(map(str, names)))
        case _:
            return "not known"


def _window(window: Window) -> str:
    if window.opens and window.closes:
        return f"{day(window.opens)} to {day(window.closes)}"
    if window.opens:
        return f"from {day(window.opens)}; the closing day is not known"
    return f"until {day(window.closes)}" if window.closes else "not known"


def _round(entry: FundingRound) -> str:
    amount = money(entry.amount_usd) if entry.amount_usd is not None else "amount not known"
    at = f" at a valuation of {money(entry.valuation_usd)}" if entry.valuation_usd else ""
    when = f", {day(entry.date)}" if entry.date else ""
    who = f" · led by {escape(', '.join(entry.leads))}" if entry.leads else ""
    others = f" · with {escape(', '.join(entry.others))}" if entry.others else ""
    company = f" ({escape(entry.company)})" if entry.company else ""
    asides = "".join(f" · {escape(aside)}" for aside in (entry.doubt, entry.note) if aside)
    return f"{escape(entry.round)}{company}: {amount}{at}{when}{who}{others}{asides}"


def brief(key: str, fact: Fact, length: int = 150) -> str:
    """Return a fact's value in about `length` characters, for places where two stand side by side."""
    match fact.value:
        case [FundingRound(), *_] as rounds:
            brief_rounds = (_brief_round(entry) for entry in rounds if isinstance(entry, FundingRound))
            return _cut_at_a_word("; ".join(brief_rounds), 2 * length)
        case _:
            return _cut_at_a_word(value(key, fact), length)


def _brief_round(entry: FundingRound) -> str:
    amount = money(entry.amount_usd) if entry.amount_usd is not None else "amount not known"
    at = f" at {money(entry.valuation_usd)}" if entry.valuation_usd else ""
    doubt = f" ({escape(entry.doubt)})" if entry.doubt else ""
    return f"{escape(entry.round)} {amount}{at}{doubt}"


def _cut_at_a_word(text: str, length: int) -> str:
    # Between words no timestamp, code or escape can be broken in two.
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0].rstrip(' ;,·')} …"


class Citations:
    """Sources, numbered in the order in which they are first cited."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._lines: list[str] = []

    def cite(self, sources: Iterable[Source]) -> str:
        """Return the numbers of `sources`, small and raised."""
        numbers = dict.fromkeys(self._number(source) for source in sources)
        return NARROW.join(str(number).translate(_SUPERSCRIPTS) for number in numbers)

    def _number(self, source: Source) -> int:
        line = _source(source)
        if line not in self._numbers:
            self._numbers[line] = len(self._numbers) + 1
            self._lines.append(f"{str(self._numbers[line]).translate(_SUPERSCRIPTS)}{NARROW}{line}")
        return self._numbers[line]

    def __str__(self) -> str:
        return " · ".join(self._lines)

    def copy(self) -> "Citations":
        """Return citations that go on from here without changing these."""
        twin = Citations()
        twin._numbers, twin._lines = dict(self._numbers), list(self._lines)
        return twin

    def within(self, length: int) -> str:
        """Return as many sources as fit in `length` characters, and how many are left out."""
        kept = list(self._lines)
        while kept and len(" · ".join(kept)) > length:
            kept.pop()
        left_out = len(self._lines) - len(kept)
        return " · ".join([*kept, f"and {left_out} more"] if left_out else kept)


def _source(source: Source) -> str:
    name = escape(clip(source.name, 80))
    if source.link:
        # Angle brackets keep Discord from adding a preview; none may stand in the address itself.
        return f"[{name}](<{source.link.replace('>', '%3E').replace('<', '%3C')}>)"
    return f"{name} (not linked: {escape(source.not_linked)})" if source.not_linked else name


def legend(statuses: Iterable[FactStatus]) -> str:
    """Return what the marks in use mean."""
    used = set(statuses)
    return " · ".join(f"{MARKS[status]} {meaning}" for status, meaning in MARK_MEANINGS.items() if status in used)
