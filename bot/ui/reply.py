"""Answer an interaction once, in time, whatever the database does."""

import asyncio
from typing import Any, Self

import discord

from bot.ui.card import Card

# Discord gives 3 s until the first word; a member who waits wants a sign sooner.
DEFER_AFTER_S = 0.8


class Answer:
    """Send the card of one interaction: at once, or into the place that a deferral has kept.

    Entered, it acknowledges by itself when the work inside takes longer than a moment.
    """

    def __init__(self, interaction: discord.Interaction[Any], *, ephemeral: bool, update: bool) -> None:
        self._interaction = interaction
        self._ephemeral = ephemeral
        self._update = update
        self._begun = False
        self._deferral: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._alarm = asyncio.get_running_loop().call_later(DEFER_AFTER_S, self.defer)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._alarm.cancel()
        await self.deferred()

    async def __call__(self, card: Card) -> None:
        """Send `card`, replacing the clicked message when the answer is an update."""
        self._begun = True
        await self.deferred()
        response = self._interaction.response
        if response.is_done():
            await self._interaction.edit_original_response(view=card, attachments=card.files)
        elif self._update:
            await response.edit_message(view=card, attachments=card.files)
        else:
            await response.send_message(view=card, files=card.files, ephemeral=self._ephemeral)
        card.let_go()

    def defer(self) -> None:
        """Acknowledge now and answer later; does nothing when the answer is out or on its way."""
        if not self._begun:
            self._deferral = asyncio.create_task(self._defer())

    async def _defer(self) -> None:
        if not self._interaction.response.is_done():
            await self._interaction.response.defer(ephemeral=self._ephemeral, thinking=not self._update)

    async def deferred(self) -> None:
        """Wait until a deferral that has begun is over, however it ends: the answer itself tells of trouble."""
        if self._deferral is not None:
            await asyncio.gather(self._deferral, return_exceptions=True)


def answering(interaction: discord.Interaction[Any], *, ephemeral: bool = True, update: bool = False) -> Answer:
    """Return the `Answer` to be entered: `async with answering(interaction) as answer: await answer(card)`."""
    return Answer(interaction, ephemeral=ephemeral, update=update)
