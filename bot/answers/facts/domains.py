"""Domains that stand in a question: is that the real site?"""

import re
from collections.abc import Collection, Container, Iterable, Sequence

from bot.answers.facts.tokens import key_of, wordset

_DOMAIN = re.compile(r"(?<![\w@.-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?![\w-])", re.IGNORECASE)


def domains_in(question: str, names: Container[str]) -> tuple[str, ...]:
    """Return the domains in a question, in lower case; a project that is called like one is none."""
    found = (each.group() for each in _DOMAIN.finditer(question))
    return tuple(dict.fromkeys(each.casefold().removeprefix("www.") for each in found if key_of(each) not in names))


_SITES = wordset("site sites website websites link links url urls page homepage domain domains")
_REAL = wordset("real official legit legitimate genuine right correct proper true actual")
# Whoever did this needs help, not the right address.
_DONE = wordset("clicked opened signed approved connected entered typed gave lost drained")


def asks_for_the_real_site(words: Collection[str], domains: Sequence[str]) -> bool:
    """Say whether a question asks which site is a project's own, or whether one is, whatever else it tells."""
    return bool((domains or _SITES.intersection(words)) and _REAL.intersection(words)) and not happened(words)


def happened(words: Collection[str]) -> bool:
    """Say whether something was done with a site already."""
    return bool(_SITES.intersection(words) and _DONE.intersection(words))


def belongs(domain: str, official: Iterable[str]) -> bool:
    """Say whether a domain is one of some official ones, or below one."""
    return any(domain == each or domain.endswith(f".{each}") for each in official)
