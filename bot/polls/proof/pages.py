"""The receipts of a closed poll, page by page in the order of their salts, each with the number of its ballot's row."""

from bisect import bisect_left
from collections.abc import Iterable
from struct import Struct

_ENTRY = Struct(">16sq")  # the salt, the row


def page_of(entries: Iterable[tuple[bytes, int]]) -> bytes:
    """Write salts, in ascending order, and the rows of their ballots."""
    return b"".join(_ENTRY.pack(salt, row) for salt, row in entries)


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
