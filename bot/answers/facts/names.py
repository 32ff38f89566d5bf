"""Projects named inside a sentence, in every way of naming, and not where a name is just a word."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.answers.facts import ordinary
from bot.answers.facts.fields import VOCABULARY
from bot.answers.facts.tokens import Token, key_of, stem, tokenise, wordset
from bot.catalogue.model import Project
from bot.catalogue.search import PIECE_FRACTION, Kind
from bot.catalogue.service import Catalogue

MAX_NAME_WORDS = 4
# A slip of the finger: letters that may differ, by how long the name is; shorter names have to be right.
SLIPS = ((8, 2), (5, 1), (4, 1))
# How long a beginning or a misspelling has to be; that of two words in one; and a name whose first letter may be wrong.
PREFIX_CHARS, MISSPELT_CHARS, PAIR_CHARS, LONG_NAME_CHARS = 5, 4, 7, 5
# Shorter names and tickers are words first; a plural has to leave more than that.
SHORT_NAME_CHARS = 3
# Catalogues whose names are kept ready; servers that changed nothing share one.
KEPT_LEXICONS = 64


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a question that names a project, or several of which one is meant.

    `kind` says how: `NAME` and `SYMBOL` are as sure as they can be, `PIECE` is the beginning of a name, `FUZZY` a
    misspelling.
    """

    projects: tuple[Project, ...]
    kind: Kind
    start: int
    end: int
    # Others outside the catalogue have the same ticker: it alone does not say who is meant.
    shared: bool = False

    @property
    def project(self) -> Project | None:
        """Return the project that is named; None when it is not clear which."""
        return self.projects[0] if len(self.projects) == 1 and not self.shared else None


class Lexicon:
    """All names of a catalogue, ready to be found in sentences."""

    def __init__(self, projects: Sequence[Project]) -> None:
        self.names: dict[str, Project] = {}
        self.symbols: dict[str, list[Project]] = defaultdict(list)
        self.families: dict[str, list[Project]] = defaultdict(list)
        self.wordings: dict[str, list[frozenset[str]]] = {}
        self.by_id = {project.id: project for project in projects}
        for project in projects:
            names = (project.id, project.name, *project.aliases)
            for name in names:
                self.names.setdefault(_joined(tokenise(name)), project)
            self.symbols[_joined(tokenise(project.symbol))].append(project)
            self.wordings[project.id] = [frozenset(token.key for token in tokenise(name)) for name in names]
            self.families[(tokenise(project.name) or tokenise(project.id))[0].key].append(project)
        self.symbols.pop("", None)
        self.families = {word: found for word, found in self.families.items() if len(found) > 1}
        # Short names and those that are ordinary words have to be written right.
        self.guessable = [name for name in self.names if len(name) >= MISSPELT_CHARS and name not in ordinary.WORD]

    def find(self, tokens: Sequence[Token]) -> list[Mention]:
        """Return who is named, in the order of the sentence; nobody twice."""
        found = list(self._exact(tokens))
        taken = {place for mention in found for place in range(mention.start, mention.end)}
        found += self._guessed(tokens, taken)
        return _without_repeats(sorted(found, key=lambda mention: mention.start))

    def doubtful(self, tokens: Sequence[Token]) -> list[Mention]:
        """Return the ordinary words that may name somebody: “halted move”, “my hype”."""
        found = []
        for place, token in enumerate(tokens):
            ordinary_name = token.key in ordinary.NOUN or token.key in ordinary.WORD
            if ordinary_name and (token.upper or token.key not in ordinary.ONLY_IF_WRITTEN):
                mention = self._called(token.key, tokens, place, place + 1)
                found += [mention] if mention and mention.project else []
        return _without_repeats(found)

    def near(self, name: str, least: int, limit: int = 3) -> list[Project]:
        """Return the projects whose names are much like one that is none of them: by `least`, of 100, or more."""
        key = _joined(tokenise(name))
        found = process.extract(key, list(self.names), scorer=fuzz.ratio, score_cutoff=least, limit=limit)
        return list({self.names[each].id: self.names[each] for each, _, _ in found}.values())

    def _exact(self, tokens: Sequence[Token]) -> Iterator[Mention]:
        place = 0
        while place < len(tokens):
            mention = self._longest(tokens, place)
            if mention is not None:
                yield mention
            place = mention.end if mention else place + 1

    def _longest(self, tokens: Sequence[Token], start: int) -> Mention | None:
        for end in range(min(len(tokens), start + MAX_NAME_WORDS), start, -1):
            span = tokens[start:end]
            for key in _spellings(_joined(span)):
                mention = self._called(key, tokens, start, end)
                if mention is not None and _is_a_name(key, tokens, start, end):
                    return mention
        return None

    def _called(self, key: str, tokens: Sequence[Token], start: int, end: int) -> Mention | None:
        if key in self.families and end - start == 1:
            return Mention(self._of_family(self.families[key], tokens), Kind.NAME, start, end)
        if key in self.names:
            return Mention((self.names[key],), Kind.NAME, start, end)
        if key in self.symbols and end - start == 1:
            projects = self._of_family(self.symbols[key], tokens)
            shared = any(project.ticker_shared_with for project in projects)
            return Mention(projects, Kind.SYMBOL, start, end, shared)
        return None

    def _of_family(self, projects: Sequence[Project], tokens: Sequence[Token]) -> tuple[Project, ...]:
        """Return the one of several namesakes whose own word or number stands in the sentence; else all."""
        said = {token.key for token in tokens}
        meant = [each for each in projects if any(words <= said for words in self.wordings[each.id] if len(words) > 1)]
        if len(meant) != 1:
            meant = [each for each in projects if self._own_words(each, projects) & _counted(tokens)]
        return tuple(meant) if len(meant) == 1 else tuple(projects)

    def _own_words(self, project: Project, namesakes: Sequence[Project]) -> frozenset[str]:
        """Return the words by which a project is told from its namesakes: 5, fifth."""
        others = (words for each in namesakes if each is not project for words in self.wordings[each.id])
        return frozenset().union(*self.wordings[project.id]).difference(*others)

    def _guessed(self, tokens: Sequence[Token], taken: set[int]) -> Iterator[Mention]:
        for place, token in enumerate(tokens):
            if place in taken:
                continue
            pair = tokens[place : place + 2]
            if len(pair) == 2 and place + 1 not in taken and (project := self._misspelt(pair, PAIR_CHARS)):
                taken.update((place, place + 1))
                yield Mention((project,), Kind.FUZZY, place, place + 2)
            elif project := self._begun(token.key):
                yield Mention((project,), Kind.PIECE, place, place + 1)
            elif project := self._misspelt([token], MISSPELT_CHARS):
                yield Mention((project,), Kind.FUZZY, place, place + 1)

    def _begun(self, key: str) -> Project | None:
        """Return the one project of whose names this is the beginning, or a word that no other has."""
        if len(key) < PREFIX_CHARS or not _may_be_misspelt(key):
            return None
        having = {project_id for project_id, names in self.wordings.items() if any(key in words for words in names)}
        if len(having) == 1 and len(key) > PREFIX_CHARS:
            return self.by_id[having.pop()]
        found = {
            project.id: project
            for name, project in self.names.items()
            if name.startswith(key) and len(key) >= PIECE_FRACTION * len(name)
        }
        return next(iter(found.values())) if len(found) == 1 else None

    def _misspelt(self, span: Sequence[Token], shortest: int) -> Project | None:
        key = _joined(span)
        if len(key) < shortest or not _may_be_misspelt(span[0].key) or span[-1].key in ordinary.STOP:
            return None
        best = process.extract(key, self.guessable, scorer=OSA.distance, score_cutoff=2, limit=3)
        near = {self.names[name].id: self.names[name] for name, slips, _ in best if slips <= _slips(key, name)}
        return next(iter(near.values())) if len(near) == 1 else None


# What is counted: “the fifth drop”, “drop 5”.
_COUNTED = wordset("airdrop airdrops drop drops round one distribution number")
_DIGITS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


def _counted(tokens: Sequence[Token]) -> set[str]:
    """Return the words and numbers that say which airdrop of several is meant."""
    keys = [_DIGITS.get(token.key, token.key) for token in tokens]
    before = {key for place, key in enumerate(keys) if not _COUNTED.isdisjoint(keys[place + 1 : place + 3])}
    return before | {key for place, key in enumerate(keys) if place and keys[place - 1] in _COUNTED}


def _joined(tokens: Iterable[Token]) -> str:
    return "".join(token.key for token in tokens)


def _spellings(key: str) -> Iterator[str]:
    yield key
    if key.endswith("s") and len(key) > SHORT_NAME_CHARS:
        yield key[:-1]


def _slips(key: str, name: str) -> int:
    length = min(len(key), len(name))
    if key[:1] != name[:1]:
        return 1 if length >= LONG_NAME_CHARS else 0
    return next((slips for chars, slips in SLIPS if length >= chars), 0)


@lru_cache(maxsize=8_192)
def _may_be_misspelt(key: str) -> bool:
    known = ordinary.STOP | ordinary.NO_MISSPELLING | ordinary.NOUN | ordinary.WORD
    return not key[:1].isdigit() and key not in known and stem(key) not in VOCABULARY and key_of(key) == key


def _is_a_name(key: str, tokens: Sequence[Token], start: int, end: int) -> bool:
    """Say whether a word that may be a name is one here."""
    if key in ordinary.NOUN:
        return _written_as_a_name(tokens, start, key) or _noun_is_a_name(tokens, start, end)
    if key in ordinary.WORD or len(key) < SHORT_NAME_CHARS:
        return _written_as_a_name(tokens, start, key) or _word_is_a_name(key, tokens, start, end)
    return True


def _written_as_a_name(tokens: Sequence[Token], place: int, key: str) -> bool:
    token, after = tokens[place], _key(tokens, place + 1)
    if token.dollar:
        return True
    if token.text.isdigit() or not any(each.text.islower() for each in tokens):
        return False
    if token.upper and key in ordinary.SHOUTED and len(key) > 1:
        return after in _AFTER_A_TICKER
    return token.upper or token.capital


_AFTER_A_TICKER = wordset("token tokens airdrop coin tge holders")


_SURVEYS = wordset("survey award awards")


def _noun_is_a_name(tokens: Sequence[Token], start: int, end: int) -> bool:
    before, after = _key(tokens, start - 1), _key(tokens, end)
    # “Movement in the survey” has a place there.
    surveyed = after == "in" and not _SURVEYS.isdisjoint(token.key for token in tokens[end:])
    if (after in ordinary.NOT_A_NAME_BEFORE and not surveyed) or before in ordinary.NEVER_BEFORE_A_NAME:
        return False
    if stem(after) in ordinary.POSSESSIONS:
        return True
    # “the movement” is no name, “the movement market maker” and “the scroll claim” have one.
    return before not in ordinary.SELDOM_BEFORE_A_NAME or bool(after and after not in ordinary.STOP)


def _word_is_a_name(key: str, tokens: Sequence[Token], start: int, end: int) -> bool:
    before, after = _key(tokens, start - 1), _key(tokens, end)
    if key == "zk" and after in ordinary.AFTER_ZK:
        return False
    singular = after if after != "tokens" else ""
    if stem(singular) in ordinary.POSSESSIONS and before in _BEFORE_A_NAME:
        return key not in ordinary.HARDLY_A_NAME or before == "the"
    ends = not after or after in _AFTER_A_LAST_NAME
    return key not in ordinary.ONLY_IF_WRITTEN and ends and before in _BEFORE_A_LAST_NAME


_BEFORE_A_NAME = wordset(
    "the of for about on when what was is did does has have still claim and versus or price compare who which "
    "first second third fourth fifth"
) | {""}
_BEFORE_A_LAST_NAME = wordset(
    "of for about claim claimed versus and or price compare claiming buy bought sold token is was did has"
)
_AFTER_A_LAST_NAME = wordset("on in from at before after during when and or versus went goes go")


def _key(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].key if 0 <= place < len(tokens) else ""


def _without_repeats(mentions: Iterable[Mention]) -> list[Mention]:
    """Return who is named, each once, by the surest of their names."""
    kept: dict[tuple[str, ...], Mention] = {}
    for mention in mentions:
        who = tuple(project.id for project in mention.projects)
        if who not in kept or mention.kind > kept[who].kind:
            kept[who] = mention
    return list(kept.values())


@lru_cache(maxsize=KEPT_LEXICONS)
def lexicon_of(catalogue: Catalogue) -> Lexicon:
    """Return the names of a catalogue; the same catalogue is read once."""
    return Lexicon(catalogue.projects)
