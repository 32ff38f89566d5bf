"""The playground's web page: our frame around simcord's preview, on one port of the loopback interface."""

import socket
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from aiohttp import web
from simcord.backend.errors import BackendError, SetupError

from bot.playground.frame import DIRECT, FrameServer, LivePreview

HOST: Final = "127.0.0.1"
MODERATORS_ONLY: Final = ("mod-log",)
MESSAGE_MENU: Final = 3
_OURS: Final = {
    "/": ("page.html", "text/html"),
    "/playground/page.css": ("page.css", "text/css"),
    "/playground/page.js": ("page.js", "text/javascript"),
    "/playground/frame.css": ("frame.css", "text/css"),
    "/playground/frame.js": ("frame.js", "text/javascript"),
    "/playground/command.js": ("command.js", "text/javascript"),
    "/playground/mention.js": ("mention.js", "text/javascript"),
    "/playground/emblem.svg": ("emblem.svg", "image/svg+xml"),
}
_STYLE: Final = '<link rel="stylesheet" href="/playground/frame.css">'
_SCRIPTS: Final = "".join(f'<script src="/playground/{name}.js"></script>' for name in ("frame", "command", "mention"))


def open_socket(port: int) -> socket.socket:
    """Take the port, or raise OSError when someone else has it."""
    return socket.create_server((HOST, port))


class PlaygroundPage:
    """Serve the page, the preview inside it and the little that keeps both in step."""

    def __init__(self, preview: LivePreview) -> None:
        self._preview = preview
        self._server: FrameServer = preview.server
        self._runner: web.AppRunner | None = None

    async def start(self, listener: socket.socket) -> str:
        """Serve on `listener` and return the address to open."""
        self._server.port = port = listener.getsockname()[1]
        app = web.Application(middlewares=[self._only_from_here])
        app.add_routes([web.get(path, self._file) for path in _OURS])
        app.add_routes(
            [
                web.get("/frame", self._frame),
                web.get("/playground/session", self._session),
                web.get("/playground/pulse", self._pulse),
                web.post("/playground/view", self._view),
                web.post("/playground/menu", self._menu),
                *self._server.routes(),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        return f"http://{HOST}:{port}"

    async def close(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _only_from_here(self, request: web.Request, handler: Any) -> web.StreamResponse:
        # A page elsewhere that lets its name point to this machine would still name itself as the host.
        if not self._server.is_ours(request):
            raise web.HTTPForbidden
        response: web.StreamResponse = await handler(request)
        return response

    async def _file(self, request: web.Request) -> web.Response:
        name, kind = _OURS[request.path]
        return self._answer(_read("bot.playground", "static", name), kind)

    async def _frame(self, _request: web.Request) -> web.Response:
        html = _read("simcord.preview", "static", "index.html").replace("</head>", f"{_STYLE}{_SCRIPTS}</head>")
        return self._answer(html, "text/html")

    def _answer(self, text: str, kind: str) -> web.Response:
        return web.Response(text=text, content_type=kind, headers=self._server._SECURITY_HEADERS)

    def _json(self, value: Mapping[str, Any], status: int = 200) -> web.Response:
        return web.json_response(value, status=status, headers=self._server._SECURITY_HEADERS)

    async def _session(self, _request: web.Request) -> web.Response:
        # No other site can read this: it is not shared across origins, and the host was checked.
        channels = [
            {
                "name": name,
                "id": str(handle.id),
                "topic": handle._channel.topic or "",
                "moderators": name in MODERATORS_ONLY,
            }
            for name, handle in self._preview.channels.items()
        ]
        channels.append({"name": DIRECT, "id": "", "topic": "Only you and the bot", "moderators": False})
        channels.sort(key=lambda channel: bool(channel["moderators"]))
        menus = [name for name, kind in self._preview.env.backend.commands.get(None, ()) if kind == MESSAGE_MENU]
        bot = self._preview.env.backend.bot_user.name
        return self._json(
            {"key": self._preview.capability, "bot": bot, "channels": channels, "menus": menus, **self._state()}
        )

    async def _pulse(self, _request: web.Request) -> web.Response:
        return self._json(self._state())

    def _state(self) -> dict[str, Any]:
        return {"run": self._preview.capability[:8], "posted": self._preview.posted()}

    async def _view(self, request: web.Request) -> web.Response:
        context = request.headers.get("X-Simcord-Context")
        if not self._server._authorized(request, context=context):
            raise web.HTTPUnauthorized
        wish = await request.json()
        try:
            generation = await self._preview.switch(context, wish["channel"], wish["person"])
        except (KeyError, TypeError, SetupError, BackendError):
            return self._json({"error": "no such page, channel or person"}, status=410)
        return self._json({"generation": generation})

    async def _menu(self, request: web.Request) -> web.Response:
        context = request.headers.get("X-Simcord-Context")
        if not self._server._authorized(request, context=context):
            raise web.HTTPUnauthorized
        wish = await request.json()
        try:
            await self._preview.menu(context, wish["name"], int(wish["message"]))
        except (KeyError, TypeError, ValueError, SetupError, BackendError):
            return self._json({"error": "no such page, message or command"}, status=410)
        return self._json({})


def _read(package: str, *path: str) -> str:
    return files(package).joinpath(*path).read_text(encoding="utf-8")
