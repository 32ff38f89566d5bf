"""What markets' APIs answer, read strictly: a row that is not as documented is left out."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.prices.fetching import NoAnswer


def _number(value: object) -> Decimal:
    """Take numbers alone: no text, no truth value."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a number")
    return Decimal(value)


def _date(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("not a date")
    return value


# Bounds are what a price could be at all; beyond them somebody is mistaken.
Price = Annotated[Decimal, BeforeValidator(_number), Field(ge=Decimal("1e-15"), le=Decimal("1e9"))]
Worth = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=Decimal("1e15"))]
Change = Annotated[Decimal, BeforeValidator(_number), Field(ge=-100, le=Decimal("1e6"))]
Moment = Annotated[AwareDatetime, BeforeValidator(_date)]
Text = Annotated[str, Field(min_length=1, max_length=200)]

R = TypeVar("R", bound=BaseModel)


class Row(BaseModel):
    """One row of an answer; fields that are not needed here are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Coin(Row):
    """A row of CoinGecko's /coins/markets; a coin that nobody trades has no price."""

    id: Text
    symbol: Text
    name: Text
    current_price: Price | None
    market_cap: Worth | None = None
    price_change_percentage_24h: Change | None = None
    last_updated: Moment | None


class ListedToken(Row):
    """A row of Token Metrics' /tokens."""

    id: int = Field(alias="TOKEN_ID", strict=True)
    name: Text = Field(alias="TOKEN_NAME")
    symbol: Text = Field(alias="TOKEN_SYMBOL")


class TokenPrice(Row):
    """A row of Token Metrics' /price."""

    id: int = Field(alias="TOKEN_ID", strict=True)
    price: Price | None = Field(alias="CURRENT_PRICE")


def rows(kind: type[R], answer: Any) -> tuple[list[R], int]:
    """Return the rows of an answer, and how many could not be read; raise `NoAnswer` when none of them could."""
    if not isinstance(answer, list):
        raise NoAnswer("it answers with what is no list")
    found = list(_readable(kind, answer))
    if answer and not found:
        raise NoAnswer("none of its rows is as documented")
    return found, len(answer) - len(found)


def _readable(kind: type[R], answer: list[Any]) -> Iterator[R]:
    for row in answer:
        try:
            yield kind.model_validate(row)
        except ValidationError:
            continue


def enveloped(answer: Any) -> Any:
    """Return the rows in Token Metrics' envelope; raise `NoAnswer` when it says that it failed."""
    if not isinstance(answer, dict) or answer.get("success") is not True:
        raise NoAnswer("it says that it failed")
    return answer.get("data")
