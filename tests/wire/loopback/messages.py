"""Making, changing and removing messages, as REST and interactions both do."""

import mimetypes
import re
import time
from collections.abc import Mapping
from typing import Any

from .body import Sent
from .errors import (
    ApiError,
    Payload,
    dms_closed,
    empty_message,
    missing_access,
    missing_permissions,
    not_in_a_forum,
    thread_archived,
)
from .gateway import Gateway
from .limits import check_files, check_message, is_empty
from .payloads import blank_message, channel_json, member_json, now_text, user_json
from .permissions import may
from .problems import Problems
from .settings import Settings
from .shaping import as_stored, resolved
from .world import COMPONENTS_V2, DM, EPHEMERAL, FORUM, THREAD, Channel, StoredMessage, User, World

MENTION = re.compile(r"<@!?(\d+)>")
# What an edit may change; everything else of a message stays.
EDITABLE = ("content", "embeds", "components")


class Messages:
    """Writes messages into the world and tells the gateway."""

    def __init__(self, world: World, gateway: Gateway, settings: Settings) -> None:
        self._world = world
        self._gateway = gateway
        self._settings = settings
        self.address = ""

    def permit(self, channel: Channel, *names: str) -> None:
        """Refuse what the bot may not do in a channel."""
        guild = self._world.guild_of(channel)
        if guild is None:
            return
        if not may(guild, self._world.me.id, channel, "view_channel"):
            raise missing_access
        for name in names:
            if not may(guild, self._world.me.id, channel, name):
                raise missing_permissions

    def post(self, channel: Channel, sent: Sent) -> StoredMessage:
        """Create a message by the bot in a channel; the same enforced nonce gives the same message."""
        if channel.kind == FORUM:
            raise not_in_a_forum
        write = "send_messages_in_threads" if channel.kind == THREAD else "send_messages"
        self.permit(channel, *((write, "attach_files") if sent.files else (write,)))
        self._wake(channel)
        if channel.kind == DM and channel.recipient is not None and channel.recipient.dms_closed:
            raise dms_closed
        nonce = str(sent.fields.get("nonce"))
        if sent.fields.get("enforce_nonce") and nonce in channel.nonces:
            known, at = channel.nonces[nonce]
            if time.monotonic() - at < self._settings.nonce_known_s:
                return self._world.message(channel, known)
        message = self.make(channel, sent)
        self._world.keep(channel, message)
        shown = message
        if sent.fields.get("nonce") is not None:
            # Whoever reads the channel later does not see it.
            shown = StoredMessage(message.payload | {"nonce": sent.fields["nonce"]})
            channel.nonces[nonce] = (message.id, time.monotonic())
        self.announce("MESSAGE_CREATE", channel, shown)
        return shown

    def open_thread(self, forum: Channel, sent: Sent) -> Payload:
        """Create a thread with its first message in a forum, by the bot."""
        fields = sent.fields
        self.permit(forum, "send_messages", *(("attach_files",) if sent.files else ()))
        if forum.kind != FORUM:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        problems = Problems()
        problems.between("name", fields.get("name"), 1, 100)
        problems.refuse()
        thread = Channel(self._world.ids.next(), fields["name"], THREAD, forum.guild_id, parent_id=forum.id)
        thread.owner_id = self._world.me.id
        first = sent.of(fields["message"])
        message = self.make(thread, first)
        message.payload["id"] = str(thread.id)
        guild = self._world.guild(forum.guild_id or 0)
        self._world.channels[thread.id] = guild.threads[thread.id] = thread
        self._world.keep(thread, message)
        self._gateway.dispatch("THREAD_CREATE", channel_json(thread) | {"newly_created": True}, guild.id)
        self.announce("MESSAGE_CREATE", thread, message)
        return channel_json(thread) | {"message": message.payload}

    def _wake(self, channel: Channel) -> None:
        """Bring a thread back that sleeps, as writing in it does."""
        if channel.kind != THREAD or not channel.archived:
            return
        if channel.locked:
            raise thread_archived
        channel.archived = False
        self._gateway.dispatch("THREAD_UPDATE", channel_json(channel), channel.guild_id)

    def make(self, channel: Channel, sent: Sent, *, viewer: int | None = None, flags: int = 0) -> StoredMessage:
        """Check a payload and make a message of it, without putting it anywhere."""
        fields = sent.fields
        self._check(fields, sent, kept=())
        attachments = self._store(channel, fields, sent)
        payload = blank_message(self._world, channel, self._world.me)
        payload["flags"] = (fields.get("flags") or 0) | flags
        payload["attachments"] = attachments
        self._fill(payload, fields, attachments)
        reference = fields.get("message_reference")
        if reference:
            payload |= {"type": 19, "message_reference": reference}
        if viewer is not None:
            payload["flags"] |= EPHEMERAL
        return StoredMessage(payload, viewer)

    def member_says(self, channel: Channel, user: User, content: str) -> StoredMessage:
        """Create a message by a member."""
        message = StoredMessage(blank_message(self._world, channel, user))
        message.payload["content"] = content
        message.payload["mentions"] = self._mentioned(content)
        self._world.keep(channel, message)
        self.announce("MESSAGE_CREATE", channel, message)
        return message

    def edit(self, message: StoredMessage, sent: Sent) -> None:
        """Change a message by the bot; the message as it would stand must be right."""
        fields, payload = sent.fields, message.payload
        channel = self._world.channel(int(payload["channel_id"]))
        if channel.archived:
            raise thread_archived
        kept_ids = {str(entry["id"]) for entry in fields.get("attachments") or []}
        kept = [a for a in payload["attachments"] if fields.get("attachments") is None or a["id"] in kept_ids]
        merged = {name: fields[name] if name in fields else payload[name] for name in EDITABLE}
        merged["flags"] = (fields.get("flags") or 0) | (payload["flags"] & COMPONENTS_V2)
        merged["allowed_mentions"] = fields.get("allowed_mentions")
        self._check(merged, sent, kept=[a["filename"] for a in kept], described=fields.get("attachments") or [])
        attachments = kept + self._store(channel, fields, sent)
        payload["flags"] |= merged["flags"] & COMPONENTS_V2
        payload["attachments"] = attachments
        payload["edited_timestamp"] = now_text()
        self._fill(payload, {name: fields[name] for name in EDITABLE if name in fields}, attachments)
        message.edits += 1
        if message.viewer is None:
            self.announce("MESSAGE_UPDATE", channel, message)

    def remove(self, message: StoredMessage) -> None:
        """Delete a message."""
        channel = self._world.channels.get(int(message.payload["channel_id"]))
        self._world.forget_message(message)
        if channel is None or message.viewer is not None:
            return
        gone = {"id": message.payload["id"], "channel_id": str(channel.id)}
        if channel.guild_id is not None:
            gone["guild_id"] = str(channel.guild_id)
        self._gateway.dispatch_message("MESSAGE_DELETE", gone, channel.guild_id)

    def announce(self, event: str, channel: Channel, message: StoredMessage) -> None:
        """Tell the gateway about a message that all can see."""
        guild = self._world.guild_of(channel)
        if guild is None:
            self._gateway.dispatch_message(event, message.payload | {"channel_type": 1}, None)
            return
        shown = message.payload | {"guild_id": str(guild.id)}
        author = guild.members.get(int(message.payload["author"]["id"]))
        if author is not None:
            shown["member"] = member_json(author, with_user=False)
        self._gateway.dispatch_message(event, shown, guild.id)

    def _check(
        self, fields: Mapping[str, Any], sent: Sent, *, kept: Any, described: list[Payload] | None = None
    ) -> None:
        names = {upload.filename for upload in sent.files.values()} | set(kept)
        problems = check_message(fields, names)
        sizes = {name: len(upload.content) for name, upload in sent.files.items()}
        entries = described if described is not None else fields.get("attachments") or []
        check_files(sizes, entries, problems)
        problems.refuse()
        v2 = (fields.get("flags") or 0) & COMPONENTS_V2
        if is_empty(fields, names) or (v2 and not fields.get("components")):
            raise empty_message

    def _store(self, channel: Channel, fields: Payload, sent: Sent) -> list[Payload]:
        described = {str(entry["id"]): entry for entry in fields.get("attachments") or []}
        stored = []
        for name, upload in sent.files.items():
            index = name.removeprefix("files[").removesuffix("]")
            kind = mimetypes.guess_type(upload.filename)[0] or upload.content_type
            file_id = self._world.keep_file(upload.filename, kind, upload.content)
            url = f"{self.address}/cdn/attachments/{channel.id}/{file_id}/{upload.filename}"
            entry: Payload = {
                "id": str(file_id),
                "filename": upload.filename,
                "size": len(upload.content),
                "url": url,
                "proxy_url": url,
                "content_type": kind,
            }
            if described.get(index, {}).get("description"):
                entry["description"] = described[index]["description"]
            stored.append(entry)
        return stored

    def _fill(self, payload: Payload, fields: Payload, attachments: list[Payload]) -> None:
        urls = {f"attachment://{entry['filename']}": entry["url"] for entry in attachments}
        if "content" in fields:
            payload["content"] = fields["content"] or ""
            payload["mentions"] = self._mentioned(payload["content"])
        if "embeds" in fields:
            payload["embeds"] = [{"type": "rich"} | resolved(embed, urls) for embed in fields["embeds"] or []]
        if "components" in fields:
            payload["components"] = as_stored(resolved(fields["components"] or [], urls))

    def _mentioned(self, content: str) -> list[Payload]:
        ids = {int(found) for found in MENTION.findall(content)}
        return [user_json(self._world.users[each]) for each in sorted(ids) if each in self._world.users]


def refuse_unless_own(message: StoredMessage, me: User, error: ApiError) -> None:
    """Refuse to touch another's message."""
    if message.payload["author"]["id"] != str(me.id):
        raise error
