"""Clicks at less cost: nothing is read of them that nobody looks at, and nothing stays of them."""

from collections.abc import Callable
from typing import Any

import discord

_CLICK = discord.InteractionType.component.value


def leave_messages(client: discord.Client, unread: Callable[[str], bool]) -> None:
    """Have discord.py not take the message apart that comes with a click on a custom id of which `unread` is true.

    It would build each of its components anew: on the path of a vote, an eighth of the whole cost.
    """
    parsers = client._connection.parsers  # there is no public place between the gateway and an interaction
    parse = parsers["INTERACTION_CREATE"]

    def parse_click(data: dict[str, Any]) -> None:
        if data["type"] == _CLICK and unread(data["data"]["custom_id"]):
            data.pop("message", None)
        parse(data)

    parsers["INTERACTION_CREATE"] = parse_click


def let_go(interaction: discord.Interaction[Any]) -> None:
    """Untie a click that is over from its answer.

    Each refers to the other, so that they and all they know would stay until the garbage collector comes round.
    """
    interaction.response._parent = None  # type: ignore[assignment]
