"""Clicks whose message is left out still come in from the real gateway, and are answered in their place."""

import asyncio
import logging

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.ui.clicks import leave_messages

from .bare_bot import BUTTON_ID, SELECT_ID, BareBot
from .discord_loopback import Discord, LoopbackProcess


class SeeingBot(BareBot):
    """A bot that notes which message each click brought along; lists are said never to look at theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.brought: list[str | None] = []
        leave_messages(self, lambda custom_id: custom_id == SELECT_ID)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            self.brought.append(str(interaction.message.id) if interaction.message else None)


async def test_a_click_is_answered_in_its_place_without_its_message(
    loopback: LoopbackProcess, discord_side: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", loopback.api)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://127.0.0.1:{loopback.port}/gateway"))
    monkeypatch.setattr(logging.getLogger("discord"), "propagate", False)
    club = await discord_side.guild(channels=[{"name": "general"}], members=[{"name": "ada"}])
    ada, general = club["members"]["ada"], club["channels"]["general"]
    async with SeeingBot() as bot:
        running = asyncio.create_task(bot.start("any token"))
        await asyncio.wait_for(bot.is_there.wait(), 10)
        board = (await discord_side.slash(ada, general, "board"))["message"]
        await discord_side.press(ada, board, BUTTON_ID)
        await discord_side.pick(ada, board, SELECT_ID, "b")
    await running
    assert bot.brought == [board["id"], None]
    assert [each["content"] for each in await discord_side.messages(general)] == ["picked b"]
