"""The receipts of a closed poll, page by page in the order of their salts, each with the number of its ballot's row."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice
from struct import Struct

# Part of what is stored, as are the bytes of an entry: a close that is tried again writes the same pages.
ENTRIES_A_PAGE = 1_000
_ENTRY = Struct(">16sq")  # the salt, the row
ENTRY_BYTES = _ENTRY.size

entry_of = _ENTRY.pack


def pages_of(entries: Iterable[bytes]) -> Iterator[bytes]:
    """Put entries, which come in ascending order, on pages."""
    rest = iter(entries)
    while page := b"".join(islice(rest, ENTRIES_A_PAGE)):
        yield page


def first_on(page: bytes) -> bytes:
    """Return the first salt on a page."""
    return page[:16]


def row_on(page: bytes, salt: bytes) -> int | None:
    """Return the row of the ballot with this salt; None when the page does not have it."""

    def salt_at(place: int) -> bytes:
        found: bytes = _ENTRY.unpack_from(page, place * _ENTRY.size)[0]
        return found

    place = bisect_left(range(len(page) // _ENTRY.size), salt, key=salt_at)
    if place * _ENTRY.size == len(page) or salt_at(place) != salt:
        return None
    row: int = _ENTRY.unpack_from(page, place * _ENTRY.size)[1]
    return row
