"""The gateway: greeting, events, resuming, and being upset on purpose."""

import json
from typing import Any

from aiohttp import WSMsgType, web

from .compression import compressor_for
from .errors import Payload
from .payloads import dump, guild_create_json, member_json, user_json
from .session import Connection, Session
from .settings import Settings
from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS = 0, 1, 2, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
AUTHENTICATION_FAILED, DISALLOWED_INTENTS, NOT_AUTHENTICATED, DECODE_ERROR = 4004, 4014, 4003, 4002
GUILDS, MEMBERS, PRESENCES, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = (
    1 << 0, 1 << 1, 1 << 8, 1 << 9, 1 << 12, 1 << 15,
)  # fmt: skip
PRIVILEGED = MEMBERS | PRESENCES | MESSAGE_CONTENT


class Gateway:
    """All sessions, and what is sent to them."""

    def __init__(self, world: World, settings: Settings) -> None:
        self._world = world
        self._settings = settings
        self.address = ""
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.silent = False
        self.counts = {"connects": 0, "identifies": 0, "resumes": 0, "invalidated": 0, "heartbeats": 0}

    def dispatch(self, event: str, data: Payload, guild_id: int | None) -> None:
        """Send an event to every session that should see it."""
        self.dispatch_text(event, dump(data), guild_id)

    def dispatch_text(self, event: str, data_text: str, guild_id: int | None) -> bool:
        """Send a ready-made event; tell whether any session took it."""
        taken = False
        for session in self.sessions.values():
            if session.covers(guild_id):
                session.emit(event, data_text)
                taken = True
        return taken

    def dispatch_message(self, event: str, message: Payload, guild_id: int | None) -> None:
        """Send a message event; what the bot may not read is left out."""
        whole = dump(message)
        bare = dump(message | {"content": "", "embeds": [], "attachments": [], "components": []})
        wanted = GUILD_MESSAGES if guild_id is not None else DIRECT_MESSAGES
        mine = str(self._world.me.id)
        mentioned = any(user["id"] == mine for user in message.get("mentions", []))
        readable = guild_id is None or mentioned or (message.get("author") or {}).get("id") == mine
        for session in self.sessions.values():
            if session.covers(guild_id) and session.intents & wanted:
                session.emit(event, whole if readable or session.intents & MESSAGE_CONTENT else bare)

    def hush(self, *, silent: bool) -> None:
        """Stop sending anything at all, or begin again."""
        self.silent = silent
        for connection in self.connections:
            connection.hush(silent=silent)

    def ask_reconnect(self) -> None:
        """Send op 7 to everyone."""
        for connection in self.connections:
            connection.put(dump({"op": RECONNECT, "d": None, "s": None, "t": None}))

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9 to everyone; unless resumable, the sessions are gone."""
        for connection in self.connections:
            connection.put(dump({"op": INVALID_SESSION, "d": resumable, "s": None, "t": None}))
        if not resumable:
            self.counts["invalidated"] += len(self.sessions)
            self.sessions.clear()

    async def drop(self, code: int | None) -> None:
        """Close every socket with a code; without one, cut the line."""
        for connection in list(self.connections):
            if code is None:
                connection.abort()
            else:
                await connection.socket.close(code=code)

    async def serve(self, request: web.BaseRequest) -> web.WebSocketResponse:
        """Hold one connection from HELLO to its end."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=0, autoping=True, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket, request, compressor_for(request.query.get("compress")))
        connection.hush(silent=self.silent)
        self.connections.add(connection)
        self.counts["connects"] += 1
        connection.put(dump({"op": HELLO, "d": {"heartbeat_interval": self._settings.heartbeat_interval_ms}}))
        session: Session | None = None
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                message = json.loads(frame.data)
                if message["op"] == HEARTBEAT:
                    self.counts["heartbeats"] += 1
                    connection.put('{"op":11,"d":null,"s":null,"t":null}')
                elif message["op"] == IDENTIFY:
                    session = await self._identify(connection, message["d"])
                elif message["op"] == RESUME:
                    session = await self._resume(connection, message["d"])
                elif session is None:
                    await socket.close(code=NOT_AUTHENTICATED)
                elif message["op"] == REQUEST_MEMBERS:
                    self._send_members(session, message["d"])
        finally:
            connection.task.cancel()
            self.connections.discard(connection)
            if session is not None and session.connection is connection:
                session.connection = None
        return socket

    def _token_is_bad(self, token: str) -> bool:
        return token in self._settings.bad_tokens or token in self._settings.bad_gateway_tokens

    async def _identify(self, connection: Connection, wish: Payload) -> Session | None:
        if self._token_is_bad(wish["token"]):
            await connection.socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
            return None
        if wish["intents"] & PRIVILEGED and not self._settings.privileged_intents:
            await connection.socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        shard_id, shard_count = wish.get("shard") or (0, 1)
        session = Session((shard_id, shard_count), wish["intents"])
        # A bot that identifies anew does not come back to the sessions it lost.
        stale = [old.id for old in self.sessions.values() if old.connection is None and old.shard == session.shard]
        for old_id in stale:
            del self.sessions[old_id]
        self.sessions[session.id] = session
        session.connection = connection
        self.counts["identifies"] += 1
        self._greet(session)
        return session

    def _greet(self, session: Session) -> None:
        guilds = [guild for guild in self._world.guilds.values() if session.covers(guild.id)]
        ready: dict[str, Any] = {
            "v": 10,
            "user": user_json(self._world.me) | {"verified": True, "mfa_enabled": False, "email": None, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.address,
            "shard": list(session.shard),
            "application": {"id": str(self._world.app_id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "user_settings": {},
        }
        session.emit("READY", dump(ready))
        if session.intents & GUILDS:
            for guild in guilds:
                shown = guild_create_json(guild, self._world.me.id, all_members=bool(session.intents & MEMBERS))
                session.emit("GUILD_CREATE", dump(shown))

    async def _resume(self, connection: Connection, wish: Payload) -> Session | None:
        if self._token_is_bad(wish["token"]):
            await connection.socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
            return None
        session = self.sessions.get(wish["session_id"])
        if session is None or self._settings.refuse_resume or not session.can_replay(wish["seq"]):
            if session is not None:
                del self.sessions[session.id]
            self.counts["invalidated"] += 1
            connection.put(dump({"op": INVALID_SESSION, "d": False, "s": None, "t": None}))
            return None
        self.counts["resumes"] += 1
        for number, text in session.kept:
            if number > wish["seq"]:
                connection.put(text)
        session.connection = connection
        session.emit("RESUMED", '{"_trace":[]}')
        return session

    def _send_members(self, session: Session, wish: Payload) -> None:
        guild = self._world.guilds.get(int(wish["guild_id"]))
        if guild is None:
            return
        wanted = {int(user_id) for user_id in wish.get("user_ids") or []}
        found = [member for member in guild.members.values() if not wanted or member.user.id in wanted]
        session.emit(
            "GUILD_MEMBERS_CHUNK",
            dump(
                {
                    "guild_id": str(guild.id),
                    "members": [member_json(member) for member in found],
                    "chunk_index": 0,
                    "chunk_count": 1,
                    "not_found": [],
                    "nonce": wish.get("nonce"),
                }
            ),
        )
