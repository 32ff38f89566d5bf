"""Small documents and values that the catalogue's tests vary."""

from datetime import date
from typing import Any

from bot.catalogue.model import Airdrop, Fact, Project, Source

PROJECT_TOML = """
id = "alpha"
name = "Alpha"
symbol = "ALP"
aliases = ["Alpha Network"]
category = "layer 2"
about = "A test."

[airdrop]
state = "closed"
line = "It is over."

[facts.tge_date]
value = "2024-02-20"
status = "confirmed"
as_of = 2026-11-22
sources = [{ title = "A page", url = "https://example.org/a" }]

[facts.snapshot]
status = "unknown"
as_of = 2026-11-22
"""

SURVEY_TOML = """
id = "test-2024"
title = "A test"
organiser = "Somebody"
url = "https://example.org/survey"
published = "early 2024"
dated = "2024"
method = "Asked around."
unnamed_share = "20"
as_of = 2026-11-22

[facts]

[[results]]
project = "alpha"
place = 1
share = "80"
"""


def fact(value: Any = "something", **changes: Any) -> Fact:
    """Return a confirmed fact with one source, changed as asked."""
    fields: dict[str, Any] = {
        "value": value,
        "status": "confirmed",
        "as_of": date(2026, 11, 22),
        "sources": (Source(title="A page", url="https://example.org/a"),),
    }
    return Fact(**fields | changes)


def project(name: str, symbol: str = "TST", **changes: Any) -> Project:
    """Return a project with an id made of its name."""
    fields: dict[str, Any] = {
        "id": name.casefold().replace(" ", "-"),
        "name": name,
        "symbol": symbol,
        "category": "layer 1",
        "about": "A test.",
        "airdrop": Airdrop(state="closed", line="It is over."),
        "facts": {},
    }
    return Project(**fields | changes)
