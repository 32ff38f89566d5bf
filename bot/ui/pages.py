"""Long lists on cards: a page at a time, with buttons to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from discord import ui

from bot.ui.card import Card, button

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, counted from 0."""

    items: Sequence[T]
    number: int
    count: int

    def turn(self, card: Card, prefix: str, more: str = "") -> Card:
        """Say below which page this is, and add the buttons to the others; the only page goes without."""
        if self.count == 1:
            return card
        card.footer(f"Page {self.number + 1} of {self.count}{more}")
        return card.buttons(*turners(prefix, self.number, last=self.count - 1))


def page_of(items: Sequence[T], number: int, size: int) -> Page[T]:
    """Return a page of a list, or the nearest that there is."""
    count = max(1, -(-len(items) // size))
    number = max(0, min(number, count - 1))
    return Page(items[number * size : (number + 1) * size], number, count)


def turners(
    prefix: str, page: int, *, last: int, first: int = 0, onward: str = "Next"
) -> tuple[ui.Button[Any], ui.Button[Any]]:
    """Return the buttons to the page before and after; their custom ids end with the page's number."""
    return (
        button("Previous", f"{prefix}:{page - 1}", disabled=page <= first),
        button(onward, f"{prefix}:{page + 1}", disabled=page >= last),
    )
