"""One gateway connection, and the session that outlives it."""

import asyncio
import secrets
from collections import deque

from aiohttp import web

from .compression import Compressor

KEPT_EVENTS = 5_000


class Connection:
    """One open socket: a queue that one task writes in order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest, compressor: Compressor | None) -> None:
        self.socket = socket
        self._request = request
        self._compressor = compressor
        self._queue: deque[str] = deque()
        self._wake = asyncio.Event()
        self._loud = asyncio.Event()
        self._loud.set()
        self.task = asyncio.create_task(self._write())

    def put(self, text: str) -> None:
        """Queue one message."""
        self._queue.append(text)
        self._wake.set()

    def hush(self, *, silent: bool) -> None:
        """Hold back everything, or let it go again."""
        if silent:
            self._loud.clear()
        else:
            self._loud.set()

    def abort(self) -> None:
        """Cut the line without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._loud.wait()
                text = self._queue.popleft()
                try:
                    if self._compressor is None:
                        await self.socket.send_str(text)
                    else:
                        await self.socket.send_bytes(self._compressor.frame(text))
                except (ConnectionError, RuntimeError):
                    return


class Session:
    """What a bot may come back to: numbered events, kept for replay."""

    def __init__(self, shard: tuple[int, int], intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.intents = intents
        self.seq = 0
        self.kept: deque[tuple[int, str]] = deque(maxlen=KEPT_EVENTS)
        self.connection: Connection | None = None

    def emit(self, event: str, data_text: str) -> None:
        """Number an event, keep it, and send it if the bot is there."""
        self.seq += 1
        text = f'{{"t":"{event}","s":{self.seq},"op":0,"d":{data_text}}}'
        self.kept.append((self.seq, text))
        if self.connection is not None:
            self.connection.put(text)

    def covers(self, guild_id: int | None) -> bool:
        """Tell whether a guild's events, or direct messages, come over this shard."""
        return (0 if guild_id is None else (guild_id >> 22) % self.shard[1]) == self.shard[0]

    def can_replay(self, after: int) -> bool:
        """Tell whether every event after a number is still kept."""
        return self.seq == after or (bool(self.kept) and self.kept[0][0] <= after + 1 <= self.seq)
