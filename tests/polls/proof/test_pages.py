import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polls.proof import pages
from bot.polls.proof.pages import ENTRY_BYTES, entry_of, first_on, pages_of, row_on

SALTS = st.binary(min_size=16, max_size=16)
ENTRIES = st.dictionaries(SALTS, st.integers(1, 2**63 - 1), max_size=50)


def page_of(entries: dict[bytes, int]) -> bytes:
    return b"".join(pages_of(entry_of(*entry) for entry in sorted(entries.items())))


@given(ENTRIES)
def test_each_salt_on_a_page_leads_to_its_row(entries: dict[bytes, int]) -> None:
    page = page_of(entries)
    assert {salt: row_on(page, salt) for salt in entries} == entries


@given(ENTRIES, SALTS)
def test_a_salt_that_is_not_on_a_page_leads_nowhere(entries: dict[bytes, int], salt: bytes) -> None:
    entries.pop(salt, None)
    assert row_on(page_of(entries), salt) is None


def test_a_salt_is_not_found_across_two_others() -> None:
    first, second = b"a" * 16, b"c" * 16
    page = page_of({first: 1, second: 2})
    assert row_on(page, page[8:24]) is None


@given(SALTS, SALTS, st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))
def test_entries_sort_as_their_salts(one: bytes, other: bytes, row: int, another: int) -> None:
    assert len(entry_of(one, row)) == ENTRY_BYTES
    if one != other:
        assert (entry_of(one, row) < entry_of(other, another)) == (one < other)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 9])
def test_every_entry_is_on_one_page_and_a_page_is_known_by_its_first_salt(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(pages, "ENTRIES_A_PAGE", 4)
    salts = [bytes([number]) * 16 for number in range(count)]
    made = list(pages_of(entry_of(salt, number) for number, salt in enumerate(salts)))
    assert [first_on(page) for page in made] == salts[::4]
    assert [row_on(page, salt) for page in made for salt in salts if row_on(page, salt) is not None] == [*range(count)]
