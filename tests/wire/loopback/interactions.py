"""Interactions on the wire: sent over the gateway, answered over REST."""

import asyncio
import secrets
import time
from collections import OrderedDict
from typing import Any

from .body import Sent
from .errors import (
    ApiError,
    Payload,
    already_acknowledged,
    unknown_interaction,
    unknown_message,
    unknown_webhook,
)
from .gateway import Gateway
from .interaction import (
    ANSWERS,
    CHOICES,
    COMMAND,
    DEFER_MESSAGE,
    DEFER_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
)
from .limits import check_choices, check_modal
from .messages import Messages
from .payloads import blank_message, dump, interaction_place, member_json, user_json
from .permissions import permissions_of
from .settings import Settings
from .world import EPHEMERAL, LOADING, Channel, StoredMessage, User, World

KEPT_INTERACTIONS = 20_000


class Interactions:
    """Fires interactions and takes their answers."""

    def __init__(self, world: World, gateway: Gateway, messages: Messages, settings: Settings) -> None:
        self._world = world
        self._gateway = gateway
        self._messages = messages
        self._settings = settings
        self.known: OrderedDict[str, Interaction] = OrderedDict()
        self._changed = asyncio.Event()

    def fire(
        self, kind: int, channel: Channel, user: User, data: Payload, source: StoredMessage | None = None
    ) -> Interaction:
        """Send one interaction as a member of the channel's guild, or of a direct message."""
        event = interaction_place(self._world, channel, user.id) | {"type": kind, "data": data}
        guild = self._world.guild_of(channel)
        if guild is None:
            event["user"] = user_json(user)
        else:
            rights = str(permissions_of(guild, user.id, channel))
            event["member"] = member_json(guild.members[user.id]) | {"permissions": rights}
        if source is not None:
            event["message"] = source.payload
        return self.fire_text(kind, channel, user.id, dump(event)[1:], source)

    def fire_text(
        self, kind: int, channel: Channel, user_id: int, rest: str, source: StoredMessage | None
    ) -> Interaction:
        """Send one interaction whose JSON, but for id and token, is already written."""
        number, token = self._world.ids.next(), secrets.token_hex(16)
        interaction = Interaction(number, token, kind, channel, user_id, source, time.perf_counter())
        self.known[token] = interaction
        if len(self.known) > KEPT_INTERACTIONS:
            self._forget_oldest()
        text = f'{{"id":"{number}","token":"{token}",{rest}'
        self._gateway.dispatch_text("INTERACTION_CREATE", text, channel.guild_id)
        return interaction

    def find(self, number: int) -> Interaction | None:
        """Give an interaction by its id."""
        return next((each for each in reversed(self.known.values()) if each.id == number), None)

    async def settled(self, interaction: Interaction, *, until: str, seconds: float) -> None:
        """Wait until an interaction is acknowledged (`ack`) or answered with something (`answer`)."""
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            done = interaction.ack_ms if until == "ack" else interaction.answered_ms
            if done is not None:
                return
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), deadline - time.perf_counter())
            except TimeoutError:
                return

    def callback(self, number: str, token: str, sent: Sent, *, with_response: bool) -> Payload | None:
        """Take the first answer to an interaction."""
        interaction = self.known.get(token)
        if interaction is None or str(interaction.id) != number:
            raise unknown_interaction
        if interaction.answer is not None:
            raise already_acknowledged
        if time.perf_counter() - interaction.sent_at > self._settings.acknowledge_within_s:
            raise unknown_interaction
        answer, data = sent.fields.get("type"), sent.fields.get("data") or {}
        if not isinstance(answer, int) or answer not in ANSWERS[interaction.kind]:
            raise ApiError(400, 50035, "Invalid Form Body", _wrong_type(answer))
        if answer in (DEFER_UPDATE, UPDATE) and interaction.source is None:
            raise ApiError(400, 50035, "Invalid Form Body", _wrong_type(answer))
        self._take(interaction, answer, sent.of(data))
        interaction.acknowledge(answer)
        self._changed.set()
        if interaction.on_ack is not None:
            interaction.on_ack(interaction, data)
        return self._response(interaction, answer) if with_response else None

    def _take(self, interaction: Interaction, answer: int, sent: Sent) -> None:
        if answer == CHOICES:
            check_choices(sent.fields).refuse()
            interaction.choices = sent.fields.get("choices") or []
        elif answer == MODAL:
            check_modal(sent.fields).refuse()
            interaction.modal = sent.fields
        elif answer == MESSAGE:
            interaction.original = self._make(interaction, sent)
        elif answer == DEFER_MESSAGE:
            interaction.original = self._thinking(interaction, sent.fields)
        else:
            if answer == UPDATE and interaction.source is not None and sent.fields:
                self._messages.edit(interaction.source, sent)
            interaction.original = interaction.source

    def followup(self, token: str, sent: Sent) -> Payload:
        """Create a follow-up message; the first one after a deferral takes the place of the thinking."""
        interaction = self._acknowledged(token)
        if interaction.loading and interaction.original is not None:
            return self.edit(token, "@original", sent)
        message = self._make(interaction, sent)
        interaction.followups.append(message)
        interaction.fulfilled()
        self._changed.set()
        return message.payload

    def edit(self, token: str, which: str, sent: Sent) -> Payload:
        """Change the original answer or a follow-up."""
        interaction = self._acknowledged(token)
        message = self._which(interaction, which)
        was_loading = bool(message.payload["flags"] & LOADING)
        self._messages.edit(message, sent)
        if was_loading:
            message.payload["flags"] &= ~LOADING
            message.payload["edited_timestamp"] = None
        interaction.edits += 1
        interaction.fulfilled()
        self._changed.set()
        return message.payload

    def get(self, token: str, which: str) -> Payload:
        """Show the original answer or a follow-up."""
        return self._which(self._acknowledged(token), which).payload

    def delete(self, token: str, which: str) -> None:
        """Delete the original answer or a follow-up."""
        interaction = self._acknowledged(token)
        message = self._which(interaction, which)
        self._messages.remove(message)
        interaction.fulfilled()
        if message is interaction.original:
            interaction.original = None
        else:
            interaction.followups.remove(message)
        self._changed.set()

    def _acknowledged(self, token: str) -> Interaction:
        interaction = self.known.get(token)
        if interaction is None:
            raise unknown_webhook
        if interaction.answer is None:
            raise unknown_webhook
        return interaction

    def _which(self, interaction: Interaction, which: str) -> StoredMessage:
        if which in ("@original", "%40original"):
            if interaction.original is None:
                raise unknown_message
            return interaction.original
        mine = [*interaction.followups, *([interaction.original] if interaction.original else [])]
        for message in mine:
            if message.payload["id"] == which:
                return message
        raise unknown_message

    def _make(self, interaction: Interaction, sent: Sent) -> StoredMessage:
        hidden = (sent.fields.get("flags") or 0) & EPHEMERAL
        viewer = interaction.user_id if hidden else None
        message = self._messages.make(interaction.channel, sent, viewer=viewer)
        self._own(interaction, message)
        return message

    def _thinking(self, interaction: Interaction, data: Payload) -> StoredMessage:
        hidden = (data.get("flags") or 0) & EPHEMERAL
        payload = blank_message(self._world, interaction.channel, self._world.me) | {"flags": LOADING | hidden}
        message = StoredMessage(payload, interaction.user_id if hidden else None)
        self._own(interaction, message)
        return message

    def _own(self, interaction: Interaction, message: StoredMessage) -> None:
        kind = 20 if interaction.kind == COMMAND else 23 if interaction.source is None else 19
        message.payload |= {
            "type": kind,
            "application_id": str(self._world.app_id),
            "webhook_id": str(self._world.app_id),
            "interaction_metadata": {
                "id": str(interaction.id),
                "type": interaction.kind,
                "user": {"id": str(interaction.user_id), "username": "member", "discriminator": "0", "avatar": None},
                "authorizing_integration_owners": {},
            },
        }
        # An ephemeral answer to a load run is read by nobody; thousands of them would stay for ever.
        if message.viewer is None or interaction.on_ack is None:
            self._world.keep(interaction.channel, message)
        if message.viewer is None:
            self._messages.announce("MESSAGE_CREATE", interaction.channel, message)

    def _response(self, interaction: Interaction, answer: int) -> Payload:
        shown: Payload = {"id": str(interaction.id), "type": interaction.kind}
        body: Payload = {"interaction": shown}
        message = interaction.original
        if message is not None:
            shown |= {
                "response_message_id": message.payload["id"],
                "response_message_loading": bool(message.payload["flags"] & LOADING),
                "response_message_ephemeral": message.viewer is not None,
                "channel_id": str(interaction.channel.id),
            }
            if answer not in (DEFER_UPDATE,):
                body["resource"] = {"type": answer, "message": message.payload}
        return body

    def _forget_oldest(self) -> None:
        _, old = self.known.popitem(last=False)
        for message in (old.original, *old.followups):
            if message is not None and message.viewer is not None and message is not old.source:
                self._world.messages.pop(message.id, None)


def _wrong_type(answer: Any) -> Payload:
    problem = {"code": "INTERACTION_APPLICATION_CALLBACK_TYPE_INVALID", "message": f"{answer} cannot answer this."}
    return {"type": {"_errors": [problem]}}
