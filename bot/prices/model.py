"""What a token trades at, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

# How many figures of a price below one dollar are shown.
FIGURES = 4


@dataclass(frozen=True, slots=True)
class Token:
    """What a market may know a token by; two markets' coins of one ticker are told apart by their names."""

    symbol: str
    names: tuple[str, ...]
    coingecko_id: str | None = None
    # Whether the id was seen to be this token's. If not, the market has to call its coin by one of the names.
    id_is_sure: bool = False

    def is_called(self, symbol: str, name: str | None = None) -> bool:
        """Say whether a market's coin has the token's symbol and, when a name is given, one of its names."""
        if symbol.casefold() != self.symbol.casefold():
            return False
        return name is None or _plain(name) in map(_plain, self.names)


@dataclass(frozen=True, slots=True)
class Market:
    """One token's price, as of when and from where; `stale` when nothing newer could be had."""

    price_usd: Decimal
    market_cap_usd: Decimal | None
    change_24h_pct: Decimal | None
    as_of: datetime
    stale: bool
    source: str

    @property
    def price(self) -> str:
        """Return the price as people read it: USD 1,234.56, USD 0.1234, USD 0.00001234."""
        decimals = 2 if self.price_usd >= 1 else FIGURES - 1 - self.price_usd.adjusted()
        return f"USD {self.price_usd:,.{decimals}f}"


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
