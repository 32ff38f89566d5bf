"""A small bot in the simulated Discord, with the playground's page around it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest
from discord.ext import commands
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from bot.playground.frame import LivePreview
from bot.playground.live import LiveEnv
from bot.playground.page import PlaygroundPage, open_socket
from bot.playground.world import World, build_world
from tests.playground.visitor import CHROMIUM, QUIET, address_of, start, stop, visit

SLOW_SECONDS = 0.3


class SmallBot(commands.AutoShardedBot):
    """One command that takes its time."""

    def __init__(self) -> None:
        super().__init__(commands.when_mentioned, intents=discord.Intents.default())

    async def setup_hook(self) -> None:
        @self.tree.command(name="slow", description="Answer after a while")
        async def slow(interaction: discord.Interaction[Any]) -> None:
            await asyncio.sleep(SLOW_SECONDS)
            await interaction.response.send_message("Here I am", ephemeral=True)

        @self.tree.context_menu(name="Read this")
        async def read_this(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            await interaction.response.send_message(f"It says: {message.content}", ephemeral=True)

        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Answer who calls, and in direct messages everybody."""
        if not message.author.bot and (message.guild is None or self.user in message.mentions):
            await message.channel.send("You called")


class Tab:
    """What one browser tab does, without a browser."""

    def __init__(self, http: aiohttp.ClientSession, key: str, context: str = "") -> None:
        self._http = http
        self.headers = {"X-Simcord-Capability": key, "X-Simcord-Context": context}

    async def state(self) -> dict[str, Any]:
        """Return what the tab shows."""
        async with self._http.get("/api/state", headers=self.headers) as answer:
            return dict(await answer.json())

    async def texts(self) -> list[str]:
        """Return the messages that the tab shows."""
        state = await self.state()
        return [state["messages"][number]["content"] for number in state["timeline"]]

    async def view(self, channel: str, person: str) -> int:
        """Look at another channel or as another person."""
        wish = {"channel": channel, "person": person}
        async with self._http.post("/playground/view", json=wish, headers=self.headers) as answer:
            return answer.status

    async def run(self, command: str) -> dict[str, Any]:
        """Send a command without options."""
        async with self._http.get("/api/commands", headers=self.headers) as answer:
            entry = next(each for each in (await answer.json())["entries"] if each["invocation"] == command)
        return await self._act(
            kind="run_command",
            command_id=entry["commandId"],
            path=entry["path"],
            schema_fingerprint=entry["schemaFingerprint"],
            options={},
        )

    async def write(self, text: str) -> dict[str, Any]:
        """Send what stands in the message box."""
        return await self._act(kind="send_message", content=text)

    async def choose(self, name: str, message: str) -> int:
        """Choose a command from a message's menu."""
        wish = {"name": name, "message": message}
        async with self._http.post("/playground/menu", json=wish, headers=self.headers) as answer:
            return answer.status

    async def _act(self, **what: Any) -> dict[str, Any]:
        state = await self.state()
        action = {
            "protocol_version": 3,
            "sequence": 1,
            "request_id": f"{self.headers['X-Simcord-Context']}-1",
            "generation": state["context"]["generation"],
            "bot_generation": state["botGeneration"],
            "published_revision": state["publishedRevision"],
            **what,
        }
        async with self._http.post("/api/action", json=action, headers=self.headers) as answer:
            return dict(await answer.json())


@dataclass
class Running:
    """The playground with the small bot in it."""

    bot: SmallBot
    env: LiveEnv
    world: World
    preview: LivePreview
    http: aiohttp.ClientSession

    async def open_tab(self, channel: str = "general", person: str = "member") -> Tab:
        """Open one more tab."""
        key = self.preview.capability
        wish = {"X-Simcord-Capability": key, "X-Playground-Channel": channel, "X-Playground-Person": person}
        async with self.http.post("/api/pages", json={}, headers=wish) as answer:
            return Tab(self.http, key, (await answer.json())["context"]["id"])

    async def post(self, channel: str, text: str) -> None:
        """Let the bot write into a channel by itself."""
        await self.bot.get_partial_messageable(self.world.channels[channel].id).send(text)


@pytest.fixture
async def playground() -> AsyncIterator[Running]:
    """Run the small bot and its page on a free port."""
    bot = SmallBot()
    env = LiveEnv(bot)
    world = build_world(env)
    await env.start()
    preview = LivePreview(env, world.channels, world.people, world.assets)
    page = PlaygroundPage(preview)
    async with preview:
        with open_socket(0) as listener:
            address = await page.start(listener)
            fresh = asyncio.create_task(preview.keep_fresh())
            async with aiohttp.ClientSession(address) as http:
                yield Running(bot, env, world, preview, http)
            fresh.cancel()
            await asyncio.gather(fresh, return_exceptions=True)
            await page.close()
    await bot.close()
    await env.shutdown()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    process = start(tmp_path_factory.mktemp("playground"), "--port", "0")
    try:
        yield address_of(process)
    finally:
        stop(process)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    page = context.new_page()
    visit(page, address)
    yield page
    context.close()
