"""Domains that stand in a question: is that the real site?"""

import re
from collections.abc import Container, Iterable

from bot.answers.facts.tokens import key_of

_DOMAIN = re.compile(r"(?<![\w@.-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?![\w-])", re.IGNORECASE)


def domain_in(question: str, names: Container[str]) -> str | None:
    """Return the first domain in a question, in lower case; a project that is called like one is none."""
    for found in _DOMAIN.finditer(question):
        if key_of(found.group()) not in names:
            return found.group().casefold().removeprefix("www.")
    return None


def belongs(domain: str, official: Iterable[str]) -> bool:
    """Say whether a domain is one of some official ones, or below one."""
    return any(domain == each or domain.endswith(f".{each}") for each in official)
