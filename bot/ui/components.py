"""Clicks find their handler by the custom id alone, so every button outlives a restart."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord

Handler = Callable[..., Awaitable[None]]


class ComponentRouter:
    """Route component interactions whose custom id begins with `room:v1:action`."""

    def __init__(self) -> None:
        self._handlers: dict[tuple[str, ...], Handler] = {}

    def route(self, prefix: str, handler: Handler) -> None:
        """Send clicks on `prefix` or `prefix:arg:arg…` to `handler(interaction, *args)`."""
        key = tuple(prefix.split(":"))
        if len(key) != 3:
            raise ValueError(f"a prefix has three parts, room:version:action, not {prefix!r}")
        self._handlers[key] = handler

    def find(self, interaction: discord.Interaction[Any]) -> tuple[Handler, list[str]] | None:
        """Return the handler for a click and its arguments; None when the id is not of this bot's making."""
        if interaction.type is not discord.InteractionType.component or not interaction.data:
            return None
        parts = str(interaction.data.get("custom_id", "")).split(":")
        handler = self._handlers.get(tuple(parts[:3]))
        return (handler, parts[3:]) if handler else None


def picked(interaction: discord.Interaction[Any]) -> list[str]:
    """Return what was picked in a drop-down list."""
    data: Any = interaction.data or {}
    return [str(value) for value in data.get("values", [])]
