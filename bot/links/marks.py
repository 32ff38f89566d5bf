"""The names that look-alikes imitate, drawn from the catalogue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from bot.catalogue.model import Project
from bot.links.address import Address, read
from bot.links.likeness import fold
from bot.links.segments import words_of
from bot.links.words import EVERYDAY

# Shorter ones are tickers, or look like them.
MIN_NAME_CHARS = 4


class Strength(IntEnum):
    """How surely a name in a domain means the project."""

    # A ticker, or a word that people use every day: only with bait beside it.
    WORD = 1
    # The project's own name, but no source says where it lives: another domain may be the real one.
    NAME = 2
    # The name of an official domain: whoever else uses it imitates.
    OWN = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A name, whose it is, and where that project really is."""

    text: str
    strength: Strength
    project: str
    official: str | None
    suffixes: frozenset[str] = frozenset()
    # What of the name is the project's alone.
    stem: str = ""


def marks_of(projects: Iterable[Project]) -> tuple[Mark, ...]:
    """Return every name worth protecting, the strongest and longest first; the first project that has one keeps it."""
    marks: dict[str, Mark] = {}
    for mark in sorted((mark for project in projects for mark in _marks(project)), key=lambda mark: -mark.strength):
        # A ticker of one letter, such as W, is in every word.
        if len(mark.text) > 1:
            marks.setdefault(mark.text, mark)
    return tuple(sorted(marks.values(), key=lambda mark: (-mark.strength, -len(mark.text))))


def _marks(project: Project) -> Iterator[Mark]:
    homes = [home for domain in project.official_domains if (home := home_of(domain))]
    official = homes[0].domain if homes else None
    own: dict[str, set[str]] = {}
    for home in homes:
        own.setdefault(compact(home.label), set()).add(home.suffix)
    for label, suffixes in own.items():
        strength = Strength.WORD if label in EVERYDAY else Strength.OWN
        yield Mark(label, strength, project.name, official, frozenset(suffixes))
    for name in (project.name, *project.aliases):
        text, stem = compact(name), _stem(name)
        for reading in {text, stem} - own.keys():
            if reading != text and words_of(reading) is not None:
                continue
            is_word = reading in EVERYDAY or len(reading) < MIN_NAME_CHARS or words_of(reading) is not None
            yield Mark(reading, Strength.WORD if is_word else Strength.NAME, project.name, official, stem=stem)
    yield Mark(compact(project.symbol), Strength.WORD, project.name, official)


def _stem(name: str) -> str:
    """Return a name without the words at its end that many share: network, protocol, airdrop 1."""
    words = [compact(word) for word in name.split()]
    while len(words) > 1 and words_of(words[-1]) is not None:
        words.pop()
    return "".join(words)


def home_of(domain: str) -> Address | None:
    """Return an official domain as an address when all of the registered domain is the project's."""
    address = read(domain)
    return address if address and address.is_name and address.label and address.path == "/" else None


def compact(name: str) -> str:
    """Return a name as it stands in domains: folded, letters and digits alone."""
    return "".join(letter for letter in fold(name) if letter.isalnum())
