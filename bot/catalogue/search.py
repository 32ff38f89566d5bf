"""Projects found by id, name, alias or symbol, with typos, from memory."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz, process

from bot.catalogue.model import Project

# How like a name a misspelling must be, 0 to 100, and how far ahead of the next project.
FUZZY_FLOOR = 75
FUZZY_LEAD = 8
SUGGESTION_FLOOR = 57
# How much of a name its beginning must be to stand for it: "eigen" means EigenLayer, "ethereum" no name service.
PIECE_CHARS = 4
PIECE_FRACTION = 0.45
SURE_PIECE, VAGUE_PIECE = 90.0, 60.0


class Kind(IntEnum):
    """How a project was matched, the surest last."""

    FUZZY = 1
    PIECE = 2
    SYMBOL = 3
    NAME = 4


@dataclass(frozen=True)
class Match:
    """A project, how it was matched, and how well, 0 to 100."""

    project: Project
    kind: Kind
    score: float


def key_of(text: str) -> str:
    """Return `text` as names are compared: no case, accents, spaces or signs."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def names_of(project: Project) -> Iterator[tuple[str, str]]:
    """Give each name that finds a project, with the field that it stands in."""
    yield "id", project.id
    yield "name", project.name
    yield from (("aliases", alias) for alias in project.aliases)


class Index:
    """All names of all projects, ready to be searched."""

    def __init__(self, projects: Sequence[Project]) -> None:
        self.projects = tuple(projects)
        self._names: dict[str, int] = {}
        self._symbols: dict[str, list[int]] = defaultdict(list)
        for number, project in enumerate(self.projects):
            for _, name in names_of(project):
                self._names.setdefault(key_of(name), number)
            self._symbols[key_of(project.symbol)].append(number)
        self._keys = tuple(self._names)
        self._starts = tuple(self._word_starts())

    def _word_starts(self) -> Iterable[tuple[str, int]]:
        for number, project in enumerate(self.projects):
            for name in (project.name, *project.aliases):
                words = name.split()
                yield from ((key_of("".join(words[at:])), number) for at in range(len(words)))
            yield key_of(project.id), number

    def matches(self, query: str) -> list[Match]:
        """Return what `query` may mean, surest first; several of the same kind mean that it is not clear."""
        key = key_of(query)
        if not key:
            return []
        if (number := self._names.get(key)) is not None:
            return [Match(self.projects[number], Kind.NAME, 100)]
        if numbers := self._symbols.get(key):
            return [Match(self.projects[number], Kind.SYMBOL, 100) for number in numbers]
        pieces = self._pieces(key)
        if len(pieces) > 1 or (pieces and pieces[0].score == SURE_PIECE):
            return pieces
        return self._fuzzy(key, FUZZY_FLOOR) or pieces

    def named(self, query: str) -> Project | None:
        """Return the project that has this very name."""
        number = self._names.get(key_of(query))
        return None if number is None else self.projects[number]

    def meant(self, query: str) -> Project | None:
        """Return the one project that `query` means; None when it is none or not clear which."""
        found = self.matches(query)
        if not found or found[0].score < FUZZY_FLOOR:
            return None
        best = found[0]
        if len(found) > 1 and (best.kind is Kind.PIECE or best.score - found[1].score < FUZZY_LEAD):
            return None
        # A ticker that somebody outside the catalogue shares names nobody by itself.
        return None if best.kind is Kind.SYMBOL and best.project.ticker_shared_with else best.project

    def near(self, query: str, limit: int = 3) -> list[Project]:
        """Return projects that `query` might have meant."""
        found = self.matches(query) or self._fuzzy(key_of(query), SUGGESTION_FLOOR)
        return [match.project for match in found[:limit]]

    def complete(self, text: str, limit: int = 25) -> list[Project]:
        """Return what somebody may be typing, best first."""
        key = key_of(text)
        if not key:
            return list(self.projects[:limit])
        ranks: dict[int, int] = {}
        for symbol, numbers in self._symbols.items():
            if symbol.startswith(key):
                ranks.update(dict.fromkeys(numbers, 1 if symbol == key else 3))
        for name, number in self._starts:
            if name.startswith(key):
                ranks[number] = min(ranks.get(number, 9), 0 if name == key else 2)
        if len(ranks) < limit:
            for name, number in self._names.items():
                if key in name:
                    ranks.setdefault(number, 4)
        if not ranks:
            return [match.project for match in self._fuzzy(key, SUGGESTION_FLOOR)[:limit]]
        best = sorted(ranks, key=lambda number: (ranks[number], number))
        return [self.projects[number] for number in best[:limit]]

    def _pieces(self, key: str) -> list[Match]:
        if len(key) < PIECE_CHARS:
            return []
        names: dict[int, list[str]] = defaultdict(list)
        for name, number in self._names.items():
            if key in name:
                names[number].append(name)
        return [
            Match(self.projects[number], Kind.PIECE, SURE_PIECE if _stands_for(key, found) else VAGUE_PIECE)
            for number, found in names.items()
        ]

    def _fuzzy(self, key: str, floor: float) -> list[Match]:
        scores: dict[int, float] = {}
        for name, score, _ in process.extract(key, self._keys, scorer=fuzz.ratio, score_cutoff=floor, limit=50):
            number = self._names[name]
            scores[number] = max(score, scores.get(number, 0))
        ranked = sorted(scores, key=lambda number: -scores[number])
        return [Match(self.projects[number], Kind.FUZZY, scores[number]) for number in ranked]


def _stands_for(piece: str, names: Iterable[str]) -> bool:
    return any(name.startswith(piece) and len(piece) >= PIECE_FRACTION * len(name) for name in names)
