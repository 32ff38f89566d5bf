"""simcord's preview made fit for a person: several tabs, several channels, always up to date.

The preview shows one channel to a test and refuses a second action while one runs. Here each browser page has its own
channel and viewer, actions wait for their turn, and every change is published at once.

Besides what `live` lists it relies on these private parts of simcord 3.2.1: `Preview._action`, `_open_page`,
`_close_page`, `_publish`, `_pages`, `_python`, `_server`, `_get_page`, `_page_payload`, `_reset_queries`,
`_advance_presentation_time`, `_target_message`, `_publish_message_pages`, `_PAGE_LEASE_SECONDS`, `_MAX_PAGES`,
`_LOCALES`, and `PreviewServer`'s handlers, `_STATIC_FILES`, `_SECURITY_HEADERS`, `_authorized` and `_allowed_hosts`.
"""

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from time import monotonic
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web
from simcord.actors import MemberActor
from simcord.backend.errors import BackendError, SetupError
from simcord.builders import ChannelHandle, UserHandle
from simcord.preview import Preview, _server
from simcord.preview._pages import _Page
from simcord.preview._server import PreviewServer
from simcord.results import ResponseMessage

from bot.playground.live import LiveEnv

log = logging.getLogger(__name__)

DIRECT = "direct"
"""The place, beside the channels, where a person writes to the bot alone."""
COALESCE_SECONDS = 0.1
"""Changes that come together are shown together."""
RELATIVE_TIMES_SECONDS = 20.0
"""How often "3 minutes ago" is written anew when nothing else changes."""
TIDY_SECONDS = 30.0
UNWATCHED_SECONDS = 5.0
"""A page that has not asked for this long is in a hidden tab: it is drawn when it asks again."""

# simcord's server binds this name only when it opens a socket of its own, which it does not do here.
_server.web = web  # type: ignore[attr-defined]
_shown: ContextVar[ChannelHandle | None] = ContextVar("shown", default=None)


class LivePreview(Preview):
    """What the browser pages see of the simulated Discord."""

    _PAGE_LEASE_SECONDS = 6 * 3600.0
    _MAX_PAGES = 12
    env: LiveEnv

    def __init__(
        self,
        env: LiveEnv,
        channels: Mapping[str, ChannelHandle],
        people: Mapping[str, MemberActor],
        assets: Mapping[str, tuple[str, bytes]],
    ) -> None:
        self.channels, self.people = dict(channels), dict(people)
        self._turn = asyncio.Lock()
        self._behind: set[str] = set()
        super().__init__(
            env,
            next(iter(channels.values())),
            tuple(people.values()),
            layout="channel",
            display="responsive",
            width=960,
            height=720,
            locale="en-US",
            timezone="UTC",
            presentation_time=None,
            assets=assets,
            port=0,
        )
        self.server = self._server = FrameServer(self)

    # simcord asks for "the" channel in the middle of an action; the answer depends on whose action it is.
    @property
    def channel(self) -> ChannelHandle:
        """Return the channel of the page whose turn it is."""
        return _shown.get() or self._first_channel

    @channel.setter
    def channel(self, channel: ChannelHandle) -> None:
        self._first_channel = channel

    async def __aenter__(self) -> "LivePreview":
        await super().__aenter__()
        if self._python is not None:  # the page that others start as a copy of: follow the newest message
            self._python.target_id = self._python.window_end_id = None
        return self

    def open(self, channel: str | None, person: str | None) -> _Page:
        """Open a page for one browser tab; the one that was quiet for longest gives way when there are too many."""
        tabs = [page for page in self._pages.values() if page is not self._python]
        if len(tabs) >= self._MAX_PAGES:
            self._close_page(min(tabs, key=lambda page: page.last_activity).id)
        handle, viewer = self._place(channel, person)
        with self._showing(handle if channel in self.channels else None):
            page = self._open_page(viewer.id)
        if channel == DIRECT:
            self._move(page, handle, viewer)
        return page

    def speak(self, locale: str | None, zone: str | None) -> None:
        """Write dates and times as the visitor's browser does, where the preview knows how."""
        if locale in self._LOCALES:
            self.locale = locale
        if zone is not None and _is_zone(zone):
            self.timezone = zone

    async def switch(self, context_id: str | None, channel: str, person: str) -> int:
        """Show another channel, or the same as another person, in one tab; return the generation that shows it."""
        async with self._turn:
            if channel not in (*self.channels, DIRECT):
                raise SetupError("no such channel")
            page = self._get_page(context_id)
            self._move(page, *self._place(channel, person))
            return page.generation

    def _move(self, page: _Page, handle: ChannelHandle, viewer: MemberActor | UserHandle) -> None:
        page.channel_id, page.viewer = handle.id, viewer
        page.target_id = page.window_end_id = page.modal = page.modal_handle = None
        page.generation += 1
        self._reset_queries(page)
        self._publish(page, reason="navigation")

    def _place(self, channel: str | None, person: str | None) -> tuple[ChannelHandle, MemberActor | UserHandle]:
        """Return a channel with who looks at it: beyond the server, a person is no member of it."""
        member = self._person(person)
        if channel == DIRECT:
            return member.user.dm_channel, member.user
        return self.channels.get(channel or "") or self._first_channel, member

    def posted(self) -> dict[str, int]:
        """Count what was written in each place; each person's direct messages are a place of their own."""
        counts = {name: self.env.posted[handle.id] for name, handle in self.channels.items()}
        direct = {f"{DIRECT}/{name}": who.user.dm_channel.id for name, who in self.people.items()}
        return counts | {place: self.env.posted[channel_id] for place, channel_id in direct.items()}

    async def menu(self, context_id: str | None, name: str, message_id: int) -> None:
        """Choose a command from a message's menu, as the person of that tab."""
        async with self._turn:
            page = self._get_page(context_id)
            handle, viewer = self._handle(page.channel_id), page.viewer
            if handle is None or not isinstance(viewer, MemberActor):
                raise SetupError("message menus are for channels")
            with self._showing(handle):
                message = self._target_message(page, message_id)
                await viewer.context_menu(handle, name, ResponseMessage(self.env, message))
                self._publish_message_pages()

    def _person(self, name: str | None) -> MemberActor:
        return self.people.get(name or "") or next(iter(self.people.values()))

    async def _action(self, context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        if isinstance(body, Mapping) and body.get("kind") == "close":
            raise SetupError("the playground ends in the terminal")
        async with self._turn:
            page = self._get_page(context_id)
            if isinstance(body, Mapping) and "published_revision" in body:
                # A page that has not yet drawn the last change may act all the same; the control itself is checked.
                body = {**body, "published_revision": page.revision}
            if isinstance(body, Mapping) and isinstance(body.get("content"), str):
                body = {**body, "content": self._with_mentions(body["content"])}
            with self._showing(self._handle(page.channel_id)):
                result = await super()._action(context_id, body)
                if page.status == "stale":
                    self._publish(page)
            return result

    def _with_mentions(self, text: str) -> str:
        # Discord's own message box offers names while one types; here a name is typed out.
        bot = self.env.backend.bot_user
        return re.sub(rf"(?i)@{re.escape(bot.name)}\b", f"<@{bot.id}>", text)

    @contextmanager
    def _showing(self, channel: ChannelHandle | None) -> Iterator[None]:
        token = _shown.set(channel)
        try:
            yield
        finally:
            _shown.reset(token)

    def _handle(self, channel_id: int) -> ChannelHandle | None:
        direct = (who.user.dm_channel for who in self.people.values())
        return next((handle for handle in (*self.channels.values(), *direct) if handle.id == channel_id), None)

    async def keep_fresh(self) -> None:
        """Publish every change to every open page, for ever."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.env.changed.wait(), RELATIVE_TIMES_SECONDS)
            await asyncio.sleep(COALESCE_SECONDS)
            self.env.changed.clear()
            self._advance_presentation_time()
            for page in [page for page in self._pages.values() if page is not self._python]:
                if monotonic() - page.last_activity > UNWATCHED_SECONDS:
                    self._behind.add(page.id)
                    continue
                self._refresh(page)
                await asyncio.sleep(0)  # one page takes some milliseconds: let the bot answer in between
            self._behind.intersection_update(self._pages)

    def catch_up(self, context_id: str | None) -> None:
        """Draw a page that was left out while nobody looked at it."""
        if context_id in self._behind and context_id in self._pages:
            self._behind.discard(context_id)
            self._refresh(self._pages[context_id])

    def _refresh(self, page: _Page) -> None:
        if page.id not in self._pages:
            return
        try:
            self._publish(page, reason="refresh")
        except (SetupError, BackendError, LookupError):
            log.exception("the playground could not draw a page")

    async def keep_tidy(self) -> None:
        """Forget what is old now and then, for ever."""
        while True:
            await asyncio.sleep(TIDY_SECONDS)
            self.env.tidy()


class FrameServer(PreviewServer):
    """The preview's handlers without a socket of their own: the playground's page serves them on its port."""

    preview: LivePreview
    _SECURITY_HEADERS: ClassVar[dict[str, str]] = {
        **PreviewServer._SECURITY_HEADERS,
        "X-Frame-Options": "SAMEORIGIN",
        "Content-Security-Policy": PreviewServer._SECURITY_HEADERS["Content-Security-Policy"].replace(
            "frame-ancestors 'none'", "frame-ancestors 'self'"
        ),
    }

    async def start(self) -> None:
        """Open nothing; the page sets `port` when it listens."""

    async def close(self) -> None:
        """Close nothing."""

    def routes(self) -> list[web.RouteDef]:
        """Return what the preview serves, all but its own index."""
        static = [web.get(path, self._static) for path in self._STATIC_FILES if path != "/"]
        return [
            *static,
            web.post("/api/pages", self._pages),
            web.delete("/api/pages/{context_id}", self._delete_page),
            web.get("/api/state", self._state),
            web.get("/api/commands", self._commands),
            web.get("/api/action-result", self._action_result),
            web.post("/api/action", self._action),
            web.get("/api/assets/{asset_id}", self._asset),
        ]

    def is_ours(self, request: web.Request) -> bool:
        """Tell whether a request names this machine as its host, which keeps other sites out."""
        return request.headers.get("Host", "") in self._allowed_hosts()

    async def _static(self, request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await super()._static(request)
        if request.path.startswith("/fonts/"):  # 30 MB that never change
            response.headers["Cache-Control"] = "private, max-age=86400"
            response.headers.pop("Pragma", None)
        return response

    async def _state(self, request: web.Request) -> web.Response:
        self.preview.catch_up(request.headers.get("X-Simcord-Context"))
        response: web.Response = await super()._state(request)
        return response

    async def _pages(self, request: web.Request) -> web.Response:
        if not self._authorized(request):
            raise web.HTTPUnauthorized()
        wish = {name: request.headers.get(f"X-Playground-{name}") for name in ("Channel", "Person", "Locale", "Zone")}
        self.preview.speak(wish["Locale"], wish["Zone"])
        page = self.preview.open(wish["Channel"], wish["Person"])
        return web.json_response(self.preview._page_payload(page), headers=self._SECURITY_HEADERS)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
