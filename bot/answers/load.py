"""The answers that ship in data/answers/, and the many ways to ask for them in data/phrasings/."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import RootModel

from bot.answers.entry import Entry, Phrasing, Topic
from bot.catalogue.fields import Id
from bot.catalogue.load import parse, text_of, toml_files
from bot.catalogue.search import key_of
from bot.errors import BrokenData

# More ways to ask, by the id of the entry that they ask for.
Phrasings = RootModel[dict[Id, tuple[Phrasing, ...]]]

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


def load_phrasings(folder: Path, entries: Sequence[Entry]) -> Mapping[str, tuple[str, ...]]:
    """Read more ways to ask for `entries`; raise BrokenData for one of an unknown entry, or that stands twice."""
    found: dict[str, tuple[str, ...]] = {entry.id: () for entry in entries}
    owners = {key_of(wording): entry.id for entry in entries for wording in entry.wordings}
    for path in toml_files(folder):
        for entry_id, phrasings in parse(text_of(path), Phrasings, str(path)).root.items():
            if entry_id not in found:
                raise BrokenData(str(path), entry_id, "is the id of no entry")
            for phrasing in phrasings:
                if owner := owners.get(key := key_of(phrasing)):
                    raise BrokenData(str(path), entry_id, f"{phrasing!r} asks for {owner} already")
                owners[key] = entry_id
            found[entry_id] += phrasings
    return found


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
