"""Clicks and typed answers find their handler by the custom id alone, so every button outlives a restart."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

Handler = Callable[..., Awaitable[None]]

_ROUTED = (discord.InteractionType.component, discord.InteractionType.modal_submit)


class ComponentRouter:
    """Route clicks, picks and submitted modals whose custom id begins with `room:v1:action`."""

    def __init__(self) -> None:
        self._handlers: dict[tuple[str, ...], Handler] = {}
        self._unread: set[tuple[str, ...]] = set()

    def route(self, prefix: str, handler: Handler, *, message: bool = True) -> None:
        """Send clicks on `prefix` or `prefix:arg:arg…` to `handler(interaction, *args)`.

        A handler that never looks at `interaction.message` says so, and spares the bot to read it.
        """
        key = tuple(prefix.split(":"))
        if len(key) != 3:
            raise ValueError(f"a prefix has three parts, room:version:action, not {prefix!r}")
        self._handlers[key] = handler
        if not message:
            self._unread.add(key)

    def leaves_message(self, custom_id: str) -> bool:
        """Say whether the handler of a click never looks at the message that was clicked."""
        return tuple(custom_id.split(":")[:3]) in self._unread

    def find(self, interaction: discord.Interaction[Any]) -> tuple[Handler, list[str]] | None:
        """Return the handler for a click and its arguments; None when the id is not of this bot's making."""
        if interaction.type not in _ROUTED or not interaction.data:
            return None
        parts = str(interaction.data.get("custom_id", "")).split(":")
        handler = self._handlers.get(tuple(parts[:3]))
        return (handler, parts[3:]) if handler else None


def picked(interaction: discord.Interaction[Any]) -> list[str]:
    """Return what was picked in a drop-down list."""
    data: Any = interaction.data or {}
    return [str(value) for value in data.get("values", [])]


class _Modal(ui.Modal):
    def is_finished(self) -> bool:
        """Say yes, so that discord.py keeps no modal in memory: what is typed is routed by its custom id."""
        return True


def text_modal(title: str, custom_id: str, label: str, most_chars: int) -> ui.Modal:
    """Return a modal that asks for one line of text."""
    modal = _Modal(title=title, custom_id=custom_id)
    field: ui.TextInput[Any] = ui.TextInput(custom_id="text", max_length=most_chars)
    return modal.add_item(ui.Label(text=label, component=field))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its name, what it asks for, what is there already, and how much fits."""

    name: str
    label: str
    hint: str
    most_chars: int
    default: str = ""
    lines: bool = False
    needed: bool = True


def form_modal(title: str, custom_id: str, *fields: Field) -> ui.Modal:
    """Return a modal with up to five fields."""
    modal = _Modal(title=title, custom_id=custom_id)
    for field in fields:
        text: ui.TextInput[Any] = ui.TextInput(
            custom_id=field.name,
            style=discord.TextStyle.paragraph if field.lines else discord.TextStyle.short,
            placeholder=field.hint,
            default=field.default or None,
            max_length=field.most_chars,
            required=field.needed,
        )
        modal.add_item(ui.Label(text=field.label, component=text))
    return modal


def typed_fields(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """Return what was typed into each field of a form."""
    data: Any = interaction.data or {}
    return {
        str(part["custom_id"]): str(part["value"]) for part in _parts(data.get("components", [])) if "value" in part
    }


def typed(interaction: discord.Interaction[Any]) -> str:
    """Return the text that was typed into a modal."""
    return next(iter(typed_fields(interaction).values()), "")


def _parts(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from _parts([*part.get("components", []), *([part["component"]] if "component" in part else [])])
