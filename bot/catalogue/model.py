"""Projects, facts and surveys as frozen values, strict about what they take."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Discriminator, Field, Tag, model_validator

from bot.catalogue.fields import Day, Id, Line, Name, Note, Share, Symbol, Text, Url, Usd, Value, as_domain
from bot.prices.model import Token

FactStatus = Literal["confirmed", "single_source", "conflicting", "reported", "unknown"]

AirdropState = Literal["upcoming", "claimable", "phases", "closed", "missed", "unclear"]

STATE_LABELS: Mapping[AirdropState, str] = {
    "upcoming": "upcoming",
    "claimable": "claims open",
    "phases": "later phases announced",
    "closed": "claims over",
    "missed": "claim deadline passed",
    "unclear": "end of claims not known",
}

Category = Literal[
    "layer 1",
    "layer 2",
    "modular",
    "interoperability",
    "DeFi",
    "staking",
    "DePIN",
    "AI",
    "oracle",
    "NFT",
    "real-world assets",
    "infrastructure",
    "community token",
]


class Source(Value):
    """Where a fact was read: a page, or a text without an address."""

    title: Text | None = None
    url: Url | None = None
    as_of: date | None = None
    # Why readers are not sent there: a copy on somebody else's domain, a look-alike. Such a source is named only.
    not_linked: Name | None = None

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if self.title is None and self.url is None:
            raise ValueError("needs a title or a url")
        return self

    @property
    def name(self) -> str:
        """Return what the source is called: its title, else its domain."""
        return self.title or (urlsplit(self.url or "").hostname or "").removeprefix("www.")

    @property
    def link(self) -> str | None:
        """Return the address when a reader may be sent there."""
        return None if self.not_linked else self.url


class Window(Value):
    """The days from which and until which something is possible."""

    opens: Day | None = None
    closes: Day | None = None


class FundingRound(Value):
    """One round of money from investors; amounts are whole US dollars."""

    round: Text
    company: Text | None = None
    amount_usd: Usd | None = None
    valuation_usd: Usd | None = None
    date: Day | None = None
    leads: tuple[Text, ...] = ()
    others: tuple[Text, ...] = ()
    # What speaks against counting the round at all.
    doubt: Text | None = None
    note: Note | None = None


def _kind_of_value(value: object) -> str:
    match value:
        case str():
            return "text"
        case Window():
            return "window"
        case Mapping() if value.keys() <= Window.model_fields.keys():
            return "window"
        case Mapping():
            return "figures"
        case [FundingRound() | Mapping(), *_]:
            return "rounds"
        case _:
            return "names"


FactValue = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[Window, Tag("window")]
    | Annotated[dict[str, Text | int], Tag("figures")]
    | Annotated[tuple[FundingRound, ...], Tag("rounds")]
    | Annotated[tuple[Text, ...], Tag("names")],
    Discriminator(_kind_of_value),
]


class Fact(Value):
    """One value about a project, with how sure it is, from where, and as of when."""

    # Text or a day; or names, a window, figures by name, funding rounds: what can be compared.
    value: FactValue | None = None
    # How a structured value reads; a plain one reads as it is.
    text: Text | None = None
    status: FactStatus
    sources: Annotated[tuple[Source, ...], Field(max_length=4)] = ()
    as_of: date
    note: Note | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.status == "unknown" and (self.value is not None or self.text is not None):
            raise ValueError("an unknown fact has neither value nor text")
        if self.status != "unknown" and self.value is None:
            raise ValueError(f"a {self.status} fact needs a value")
        if self.status != "unknown" and not self.sources:
            raise ValueError(f"a {self.status} fact needs a source")
        if isinstance(self.value, dict) and self.text is None:
            raise ValueError("figures need a text that says how they read")
        return self

    @property
    def known(self) -> bool:
        """Say whether anything was found."""
        return self.status != "unknown"


class Airdrop(Value):
    """The state of a project's airdrop, for filtering, and in one line."""

    state: AirdropState
    line: Line


class Project(Value):
    """Something that may airdrop or has airdropped a token."""

    id: Id
    name: Name
    symbol: Symbol
    aliases: tuple[Name, ...] = ()
    # Projects outside the catalogue that trade under the same ticker: it alone names nobody.
    ticker_shared_with: tuple[Text, ...] = ()
    category: Category
    about: Line
    airdrop: Airdrop
    facts: dict[str, Fact]

    @model_validator(mode="after")
    def _domains_are_domains(self) -> Self:
        for domain in self.official_domains + self.historic_claim_pages:
            as_domain(domain)
        return self

    def _names(self, key: str) -> tuple[str, ...]:
        fact = self.facts.get(key)
        value = fact.value if fact else None
        return tuple(name for name in value if isinstance(name, str)) if isinstance(value, tuple) else ()

    @property
    def official_domains(self) -> tuple[str, ...]:
        """Return the domains that a source calls the project's own."""
        return self._names("official_domains")

    @property
    def historic_claim_pages(self) -> tuple[str, ...]:
        """Return where claims once ran: to warn with, never to link to."""
        return self._names("historic_claim_pages")

    @property
    def claim_window(self) -> Window | None:
        """Return from when until when claims run, as far as that is known."""
        fact = self.facts.get("claim_window")
        return fact.value if fact and isinstance(fact.value, Window) else None

    @property
    def coingecko_id(self) -> str | None:
        """Return the project's id at CoinGecko when one is known."""
        fact = self.facts.get("coingecko_id")
        return fact.value if fact and isinstance(fact.value, str) else None

    @property
    def token(self) -> Token:
        """Return what a market may know the project's token by."""
        fact = self.facts.get("coingecko_id")
        is_sure = fact is not None and fact.status in ("confirmed", "single_source")
        return Token(self.symbol, (self.name, *self.aliases), self.coingecko_id, is_sure)


class Correction(Value):
    """What a survey printed, and what it must mean."""

    printed: Text
    meaning: Text
    status: Text
    evidence: Text
    project: Id | None = None


class SurveyResult(Value):
    """One project's place in a survey, with what the survey printed about it."""

    project: Id
    place: Annotated[int, Field(ge=1)]
    share: Share
    tech_score: Annotated[int, Field(ge=0, le=100)] | None = None
    narrative: Text | None = None
    competitors: tuple[Text, ...] = ()
    funding: Text | None = None
    note: Note | None = None


class Survey(Value):
    """A finished vote from elsewhere: published shares, no ballots."""

    id: Id
    title: Text
    organiser: Text
    organiser_project: Id | None = None
    url: Url
    # When, as published, for people; and as exactly as known, for order.
    published: Text
    dated: Day
    question: Text | None = None
    method: Text
    sample_size: Annotated[int, Field(ge=1)] | None = None
    unnamed_share: Share
    tech_score_means: Text | None = None
    as_of: date
    remarks: tuple[Text, ...] = ()
    facts: dict[str, Fact]
    results: Annotated[tuple[SurveyResult, ...], Field(min_length=1)]
    corrections: tuple[Correction, ...] = ()

    @property
    def named_share(self) -> Decimal:
        """Return the sum of the shares that were published with a name."""
        return sum((result.share for result in self.results), Decimal(0))

    def result_of(self, project_id: str) -> SurveyResult | None:
        """Return a project's result, if it was listed."""
        return next((result for result in self.results if result.project == project_id), None)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if (total := self.named_share + self.unnamed_share) != 100:
            raise ValueError(f"shares and unnamed_share add up to {total}, not to 100")
        shares = [result.share for result in self.results]
        if shares != sorted(shares, reverse=True):
            raise ValueError("results must stand in order of share, largest first")
        if [result.place for result in self.results] != [shares.index(share) + 1 for share in shares]:
            raise ValueError("places must follow the shares: 1, 2, 3 …, equal shares in the same place")
        return self
