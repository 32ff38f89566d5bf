"""The answers that ship in data/answers/: read, checked file by file and across files."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.answers.entry import Entry, Topic
from bot.catalogue.load import parse, text_of, toml_files
from bot.catalogue.search import key_of
from bot.errors import BrokenData

# An entry, the file that it stands in, and where in there.
Placed = tuple[Path, str, Entry]


def load_entries(folder: Path) -> tuple[Entry, ...]:
    """Read every file in `folder`, in order of their names; raise BrokenData for the first thing that is wrong."""
    placed = [
        (path, f"entries.{number}", entry)
        for path in toml_files(folder)
        for number, entry in enumerate(parse(text_of(path), Topic, str(path)).entries)
    ]
    _check_ids(placed)
    _check_wordings(placed)
    return tuple(entry for _, _, entry in placed)


def _check_ids(placed: Sequence[Placed]) -> None:
    owners: dict[str, Path] = {}
    for path, place, entry in placed:
        if owner := owners.get(entry.id):
            raise BrokenData(str(path), f"{place}.id", f"{entry.id!r} stands twice (also in {owner.name})")
        owners[entry.id] = path


def _check_wordings(placed: Sequence[Placed]) -> None:
    owners: dict[str, tuple[Path, Entry]] = {}
    for path, place, entry in placed:
        for field, wording in _wordings(entry):
            key = key_of(wording)
            if not key:
                raise BrokenData(str(path), f"{place}.{field}", f"{wording!r} has no letter or digit to find it by")
            if owner := owners.get(key):
                reason = f"{wording!r} asks for {owner[1].id} already ({owner[0].name})"
                raise BrokenData(str(path), f"{place}.{field}", reason)
            owners[key] = (path, entry)


def _wordings(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "question", entry.question
    yield from ((f"phrasings.{number}", phrasing) for number, phrasing in enumerate(entry.phrasings))
