"""The HTTP server: API, gateway, stored files and control on one port."""

import asyncio
import json
import time
from typing import Any

from aiohttp import web
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader

from .body import Sent, read_body
from .commands import Commands
from .control import Control
from .errors import FAULTY_CODES, ApiError, ControlError, Payload, unauthorized
from .faults import Fault, Faults
from .gateway import Gateway
from .interactions import Interactions
from .load import Load
from .member_actions import MemberActions
from .messages import Messages
from .payloads import dump
from .rates import Rates, TooMany
from .record import RequestLog
from .rest import Rest
from .settings import Settings
from .world import World

API = "/api/v10"
LARGEST_REQUEST_BYTES = 64 * 1024 * 1024
# Discord's own proxy; without it discord.py takes a 429 for a ban.
VIA = {"Via": "1.1 google"}


class Loopback:
    """A Discord of one's own, on 127.0.0.1."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.world = World()
        self.faults = Faults()
        self.log = RequestLog()
        self.rates = Rates()
        self.gateway = Gateway(self.world, self.settings)
        self.messages = Messages(self.world, self.gateway, self.settings)
        self.commands = Commands(self.world)
        self.interactions = Interactions(self.world, self.gateway, self.messages, self.settings)
        self._rest = Rest(self.world, self.gateway, self.messages, self.commands, self.settings)
        self._control = Control(
            world=self.world,
            gateway=self.gateway,
            messages=self.messages,
            commands=self.commands,
            interactions=self.interactions,
            actions=MemberActions(self.world, self.commands, self.interactions),
            load=Load(self.world, self.interactions, self.commands, self.settings),
            faults=self.faults,
            log=self.log,
            rates=self.rates,
            settings=self.settings,
        )

    async def listen(self, port: int) -> tuple[web.ServerRunner, int]:
        """Begin to listen; give the runner and the port that was found."""
        server = web.Server(self.handle, request_factory=_request, access_log=None)
        runner = web.ServerRunner(server)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, shutdown_timeout=0.5, backlog=1024)
        await site.start()
        found: int = runner.addresses[0][1]
        self.gateway.address = f"ws://127.0.0.1:{found}/gateway"
        self.messages.address = f"http://127.0.0.1:{found}"
        return runner, found

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request, whatever it is."""
        path, _, query = request.raw_path.partition("?")
        if path.startswith(API + "/"):
            return await self._api(request, path[len(API) :], query)
        if path.startswith("/gateway"):
            return await self.gateway.serve(request)
        if path.startswith("/control/"):
            return await self._controlled(request, path[len("/control") :], query)
        if path.startswith("/cdn/attachments/"):
            return self._file(path)
        return _json(404, {"message": "404: Not Found", "code": 0})

    async def _api(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        began = time.perf_counter()
        sent = await read_body(request)
        fault = self.faults.take(request.method, path) if self.faults.armed else None
        too_many = self.rates.take(request.method, path) if self.settings.rate_limits else None
        response = None if too_many is None else _limited(too_many)
        if response is None and fault is not None and not fault.after:
            response = await self._misbehave(request, fault)
        quiet = False
        if response is None:
            response, quiet = self._answered(request, path, query, sent)
            if fault is not None and fault.after:
                response = await self._misbehave(request, fault) or response
        if not quiet or fault is not None:
            seconds = time.perf_counter() - began
            if self.settings.rate_limits and response.status < 300:
                response.headers.update(self.rates.headers(request.method, path))
            self.log.note(request.method, path, query, response.status, seconds, sent.shown())
        return response

    def _answered(self, request: web.BaseRequest, path: str, query: str, sent: Sent) -> tuple[web.Response, bool]:
        """Give the answer, and whether the log may do without it."""
        try:
            if path.startswith("/interactions/"):
                return self._callback(path, query, sent)
            if path.startswith("/webhooks/"):
                return _result(self._webhook(request.method, path, sent)), False
            self._authorize(request)
            return _result(self._rest.answer(request.method, path, query, sent)), False
        except ApiError as error:
            if error.code in FAULTY_CODES and error is not unauthorized:
                self.log.violated(request.method, path, error, sent.shown())
            return _json(error.status, error.body), False

    def _callback(self, path: str, query: str, sent: Sent) -> tuple[web.Response, bool]:
        parts = path.split("/")
        if len(parts) != 5 or parts[4] != "callback":
            raise ApiError(404, 0, "404: Not Found")
        interaction = self.interactions.known.get(parts[3])
        wanted = "with_response=1" in query or "with_response=true" in query
        body = self.interactions.callback(parts[2], parts[3], sent, with_response=wanted)
        # The callbacks of a load run are counted by the run; the log keeps what tests read.
        return _result(body), interaction is not None and interaction.on_ack is not None

    def _webhook(self, method: str, path: str, sent: Sent) -> Payload | None:
        parts = path.split("/")
        if parts[2] != str(self.world.app_id):
            raise ApiError(404, 10015, "Unknown Webhook")
        token = parts[3]
        if method == "POST" and len(parts) == 4:
            return self.interactions.followup(token, sent)
        if len(parts) == 6 and parts[4] == "messages":
            if method == "PATCH":
                return self.interactions.edit(token, parts[5], sent)
            if method == "GET":
                return self.interactions.get(token, parts[5])
            if method == "DELETE":
                self.interactions.delete(token, parts[5])
                return None
        raise ApiError(404, 0, "404: Not Found")

    def _authorize(self, request: web.BaseRequest) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bot" or not token or token in self.settings.bad_tokens:
            raise unauthorized

    async def _misbehave(self, request: web.BaseRequest, fault: Fault) -> web.Response | None:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.hang:
            await fault.released.wait()
        if fault.drop:
            if request.transport is not None:
                request.transport.abort()
            # Nobody reads it; the log shows that the line was cut.
            return web.Response(status=499)
        if fault.status is None:
            return None
        if fault.status == 429:
            return _too_many(fault)
        return _json(fault.status, {"message": fault.message or f"{fault.status}: fault", "code": fault.code})

    async def _controlled(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        text = await request.text()
        try:
            return _result(await self._control.answer(request.method, path, query, json.loads(text) if text else {}))
        except ApiError as error:
            return _json(error.status, error.body)
        except (ControlError, KeyError, ValueError) as error:
            return _json(409, {"error": f"{type(error).__name__}: {error}"})

    def _file(self, path: str) -> web.Response:
        kept = self.world.files.get(int(path.split("/")[4]))
        if kept is None:
            return _json(404, {"message": "404: Not Found", "code": 0})
        return web.Response(body=kept[2], headers={"Content-Type": kept[1]})


def _request(
    message: RawRequestMessage, payload: StreamReader, protocol: Any, writer: Any, task: asyncio.Task[None]
) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_REQUEST_BYTES)


def _result(value: Any) -> web.Response:
    return web.Response(status=204) if value is None else _json(200, value)


def _json(status: int, value: Any) -> web.Response:
    # discord.py compares the whole content type, so it carries no charset.
    return web.Response(status=status, body=dump(value).encode(), headers={"Content-Type": "application/json"})


def _too_many(fault: Fault) -> web.Response:
    return _limited(TooMany(fault.retry_after, "global" if fault.is_global else "user", 5, f"loopback{fault.id}"))


def _limited(early: TooMany) -> web.Response:
    is_global = early.scope == "global"
    body = {"message": "You are being rate limited.", "retry_after": early.retry_after, "global": is_global}
    response = _json(429, body)
    response.headers.update(VIA)
    response.headers.update(
        {
            "Retry-After": str(max(1, round(early.retry_after))),
            "X-RateLimit-Limit": str(early.limit),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": f"{time.time() + early.retry_after:.3f}",
            "X-RateLimit-Reset-After": f"{early.retry_after:.3f}",
            "X-RateLimit-Bucket": early.bucket,
            "X-RateLimit-Scope": early.scope,
        }
    )
    if is_global:
        response.headers["X-RateLimit-Global"] = "true"
    return response
