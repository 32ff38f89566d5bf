"""The kinds of field that projects, facts and surveys are made of."""

from decimal import Decimal
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.catalogue.days import is_day


def _as_day(text: str) -> str:
    if not is_day(text):
        raise ValueError("is not a day such as 2024, 2024-06, 2024-06-20 or 2024-06-20T12:00:00Z")
    return text


def _as_url(text: str) -> str:
    address = urlsplit(text)
    if address.scheme not in ("http", "https") or not address.hostname or " " in text:
        raise ValueError("is not an http(s) address")
    return text


def as_domain(text: str) -> str:
    """Return `text`, a domain with or without a path; raise ValueError when it is none."""
    address = urlsplit(f"//{text}")
    if address.hostname is None or "." not in address.hostname or text != text.strip().lower() or " " in text:
        raise ValueError(f"{text!r} is not a domain in lower case, such as starknet.io")
    return text


# Lengths that leave room for any fact, with its sources, on one card.
Name = Annotated[str, Field(min_length=1, max_length=60)]
Symbol = Annotated[str, Field(min_length=1, max_length=12)]
Line = Annotated[str, Field(min_length=1, max_length=300)]
Note = Annotated[str, Field(min_length=1, max_length=400)]
Text = Annotated[str, Field(min_length=1, max_length=600)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Day = Annotated[str, AfterValidator(_as_day)]
Url = Annotated[str, Field(max_length=200), AfterValidator(_as_url)]
Usd = Annotated[int, Field(ge=0)]
Share = Annotated[Decimal, Field(ge=0, le=100)]


class Value(BaseModel):
    """Frozen, strict, and closed to fields that it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
