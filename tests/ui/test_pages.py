import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.card import Card
from bot.ui.pages import page_of, turners


@given(count=st.integers(0, 60), size=st.integers(1, 25))
def test_the_pages_are_the_list(count: int, size: int) -> None:
    items = list(range(count))
    first = page_of(items, 0, size)
    pages = [page_of(items, number, size) for number in range(first.count)]
    assert [item for page in pages for item in page.items] == items
    assert all(page.items for page in pages) or not items


@pytest.mark.parametrize(("asked", "given"), [(-1, 0), (0, 0), (2, 2), (3, 2), (10**9, 2)])
def test_a_page_that_is_not_there_any_more_is_the_nearest(asked: int, given: int) -> None:
    assert page_of(range(11), asked, 5).number == given


@pytest.mark.parametrize(("page", "disabled"), [(1, [True, False]), (2, [False, False]), (3, [False, True])])
def test_there_is_no_way_beyond_the_ends(page: int, disabled: list[bool]) -> None:
    back, onward = turners("room:v1:list", page, first=1, last=3)
    assert [back.disabled, onward.disabled] == disabled
    assert [back.custom_id, onward.custom_id] == [f"room:v1:list:{page - 1}", f"room:v1:list:{page + 1}"]


@pytest.mark.parametrize(("count", "buttons"), [(5, 0), (6, 2)])
def test_only_a_list_of_several_pages_has_buttons(count: int, buttons: int) -> None:
    card = page_of(range(count), 0, 5).turn(Card("List"), "room:v1:list", " · of all")
    assert sum(isinstance(part, ui.Button) for part in card.walk_children()) == buttons
    said = [part.content for part in card.walk_children() if isinstance(part, ui.TextDisplay)]
    assert any("-# Page 1 of 2 · of all" in text for text in said) == bool(buttons)
