"""One interaction: what a member did, and what the bot made of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import Payload
from .world import LOADING, Channel, StoredMessage

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
PONG, MESSAGE, DEFER_MESSAGE, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
ANSWERS = {
    COMMAND: {MESSAGE, DEFER_MESSAGE, MODAL},
    COMPONENT: {MESSAGE, DEFER_MESSAGE, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {MESSAGE, DEFER_MESSAGE, DEFER_UPDATE, UPDATE},
}


@dataclass(slots=True)
class Interaction:
    """One thing a member did, and what the bot made of it."""

    id: int
    token: str
    kind: int
    channel: Channel
    user_id: int
    source: StoredMessage | None
    sent_at: float
    ack_ms: float | None = None
    answered_ms: float | None = None
    answer: int | None = None
    original: StoredMessage | None = None
    followups: list[StoredMessage] = field(default_factory=list)
    choices: list[Payload] | None = None
    modal: Payload | None = None
    edits: int = 0
    on_ack: Callable[[Interaction, Payload], None] | None = None

    @property
    def loading(self) -> bool:
        """Tell whether the member still sees the bot thinking."""
        return self.original is not None and bool(self.original.payload["flags"] & LOADING)

    def acknowledge(self, answer: int) -> None:
        """Note the first answer and its time."""
        self.answer = answer
        self.ack_ms = (time.perf_counter() - self.sent_at) * 1000
        if answer not in (DEFER_MESSAGE, DEFER_UPDATE):
            self.answered_ms = self.ack_ms

    def fulfilled(self) -> None:
        """Note the time of the first answer with something in it."""
        if self.answered_ms is None:
            self.answered_ms = (time.perf_counter() - self.sent_at) * 1000

    def shown(self) -> Payload:
        """Show what a test reads."""
        return {
            "id": str(self.id),
            "token": self.token,
            "user_id": str(self.user_id),
            "acknowledged": self.answer is not None,
            "ms": self.ack_ms,
            "answered_ms": self.answered_ms,
            "type": self.answer,
            "deferred": self.answer in (DEFER_MESSAGE, DEFER_UPDATE),
            "loading": self.loading,
            "ephemeral": self.original is not None and self.original.viewer is not None,
            "message": self.original.payload if self.original is not None else None,
            "followups": [message.payload for message in self.followups],
            "choices": self.choices,
            "modal": self.modal,
            "edits": self.edits,
        }
