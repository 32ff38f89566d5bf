"""What a moderator sees when a poll could not be opened: why, all that was typed, and a form to mend it in."""

from collections.abc import Iterable
from typing import Any

from discord import ui

from bot.polls.cards import PRIMARY
from bot.polls.opening import Typed, read, typed_as, written
from bot.polls.service import MAX_TITLE_CHARS
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.components import Field, form_modal

# What fits on the card, beside what went wrong, and into one field of a form.
MOST_KEPT_CHARS = 3_000
MOST_FIELD_CHARS = 4_000
_IN_FIELDS = ("title", "projects", "closes_in", "opens_in")
_FENCE = "```"
# Typed backticks would end the block; broken up they look the same, and are put together again when it is read.
_BROKEN_FENCE = "`\u200b`\u200b`"


def refused_card(problem: str, typed: Typed) -> Card:
    """Say why no poll was opened; what was typed stands below, so that nothing has to be typed again."""
    card = Card(colour=STATE_COLOURS["cancelled"]).text(f"⚠️ {problem}")
    kept = written(typed)
    if len(kept) > MOST_KEPT_CHARS:
        card.text("No poll was opened. What you typed is in this file.")
        return card.file("poll-open.txt", kept.encode())
    card.text(f"No poll was opened. This is what you typed:\n{_FENCE}\n{kept.replace(_FENCE, _BROKEN_FENCE)}\n{_FENCE}")
    return card.buttons(button("Mend and open", "poll:v1:mend", style=PRIMARY))


def kept_in(message: Any) -> dict[str, str]:
    """Return what was typed from the card that holds it: it outlives a restart, and nothing is stored."""
    for text in _texts(message.components):
        _, opened, rest = text.partition(f"{_FENCE}\n")
        if opened:
            return read(rest.rpartition(f"\n{_FENCE}")[0].replace(_BROKEN_FENCE, _FENCE))
    return {}


def _texts(components: Iterable[Any]) -> Iterable[str]:
    for component in components:
        if content := getattr(component, "content", None):
            yield content
        yield from _texts(getattr(component, "children", ()))


def mend_form(typed: Typed) -> ui.Modal:
    """Return the form with all that was typed in it."""
    title, projects, closes_in, opens_in = (typed.get(name, "") for name in _IN_FIELDS)
    return form_modal(
        "Mend and open",
        "poll:v1:mended",
        Field("title", "Title", "What the vote is about", max(MAX_TITLE_CHARS, len(title)), title),
        Field(
            "projects",
            "Candidates, with commas between",
            "Left empty: the newest survey's projects",
            MOST_FIELD_CHARS,
            projects,
            lines=True,
            needed=False,
        ),
        Field("closes_in", "Closes in", "2h, 7d; empty: until you close it", 100, closes_in[:100], needed=False),
        Field("opens_in", "Opens in", "1h; empty: now", 100, opens_in[:100], needed=False),
        Field(
            "others",
            "All other options, a line each",
            "method: approval",
            MOST_FIELD_CHARS,
            written(typed, without=_IN_FIELDS),
            lines=True,
            needed=False,
        ),
    )


def mended(fields: dict[str, str]) -> dict[str, str]:
    """Read the form."""
    typed = typed_as(**{name: fields.get(name) for name in _IN_FIELDS})
    return {name: value for name, value in typed.items() if value} | read(fields.get("others", ""))
