"""data/intents/: examples of what is asked of a project, the survey, the polls here, and of many projects at once.

Whoever is named stands in them as `{project}`. What they teach is learned by `python -m bot.answers.keep`.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import RootModel

from bot.answers.entry import Phrasing
from bot.answers.facts.question import BEYOND, LIST, SHARE, SOMEBODY
from bot.answers.facts.vocabulary import CUES, POLL_CUES, SURVEY_CUES
from bot.answers.retrieval.document import Document
from bot.catalogue.fields import Name
from bot.catalogue.load import parse, text_of
from bot.catalogue.search import key_of
from bot.errors import BrokenData

FOLDER = "intents"

Examples = RootModel[dict[Name, tuple[Phrasing, ...]]]

# The files, what a key in them becomes, and which keys there are.
_FILES = (
    ("facts", "fact:{}", frozenset(CUES)),
    ("survey", "survey:{}", frozenset(SURVEY_CUES)),
    ("polls", "poll:{}", frozenset(POLL_CUES) | {SHARE}),
    ("lists", "{}", frozenset({LIST})),
    ("beyond", "{}", frozenset({BEYOND})),
)


def load_intents(folder: Path) -> tuple[Document, ...]:
    """Read all examples; raise BrokenData for one of an unknown key, or that stands twice."""
    owners: dict[str, str] = {}
    return tuple(
        _document(path, topic.format(key), key, wordings, owners)
        for name, topic, keys in _FILES
        for path in (folder / f"{name}.toml",)
        for key, wordings in _checked(path, keys)
    )


def _checked(path: Path, keys: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, wordings in parse(text_of(path), Examples, str(path)).root.items():
        if key not in keys:
            raise BrokenData(str(path), key, "is nothing that can be asked")
        yield key, wordings


def _document(path: Path, topic: str, key: str, wordings: tuple[str, ...], owners: dict[str, str]) -> Document:
    for wording in wordings:
        if owner := owners.get(plain := key_of(wording)):
            raise BrokenData(str(path), key, f"{wording!r} asks for {owner} already")
        owners[plain] = topic
    masked = (wording.replace("{project}", SOMEBODY).replace("{other}", SOMEBODY) for wording in wordings)
    return Document(topic, tuple(masked))
