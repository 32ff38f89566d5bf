"""What a test may set about the loopback itself."""

from dataclasses import dataclass, field, fields
from typing import Any

from .errors import ControlError


@dataclass(slots=True)
class Settings:
    """Tokens, shards and time limits; changed by `PATCH /control/settings`."""

    bad_tokens: list[str] = field(default_factory=list)
    bad_gateway_tokens: list[str] = field(default_factory=list)
    privileged_intents: bool = False
    shards: int = 1
    heartbeat_interval_ms: int = 41_250
    refuse_resume: bool = False
    # Discord forgets an interaction that nobody acknowledged within this time.
    acknowledge_within_s: float = 3.0
    # Whether too many requests are refused.
    rate_limits: bool = False
    # For so long the same enforced nonce gives the same message.
    nonce_known_s: float = 300.0

    def change(self, values: dict[str, Any]) -> None:
        """Set some of the values."""
        known = {each.name for each in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ControlError(f"no setting is called {name!r}; known: {', '.join(sorted(known))}")
            setattr(self, name, value)
