from hypothesis import given
from hypothesis import strategies as st

from bot.polls.proof.pages import page_of, row_on

SALTS = st.binary(min_size=16, max_size=16)
ENTRIES = st.dictionaries(SALTS, st.integers(1, 2**63 - 1), max_size=50)


@given(ENTRIES)
def test_each_salt_on_a_page_leads_to_its_row(entries: dict[bytes, int]) -> None:
    page = page_of(sorted(entries.items()))
    assert {salt: row_on(page, salt) for salt in entries} == entries


@given(ENTRIES, SALTS)
def test_a_salt_that_is_not_on_a_page_leads_nowhere(entries: dict[bytes, int], salt: bytes) -> None:
    entries.pop(salt, None)
    assert row_on(page_of(sorted(entries.items())), salt) is None


def test_a_salt_is_not_found_across_two_others() -> None:
    first, second = b"a" * 16, b"c" * 16
    page = page_of([(first, 1), (second, 2)])
    assert row_on(page, page[8:24]) is None
