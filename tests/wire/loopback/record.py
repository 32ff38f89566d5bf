"""What was asked, and what was asked wrongly."""

import time
from collections import deque

from .errors import ApiError, Payload

KEPT_REQUESTS = 20_000


class RequestLog:
    """The newest requests of the bot, and every violation of Discord's rules."""

    def __init__(self) -> None:
        self._count = 0
        self.requests: deque[Payload] = deque(maxlen=KEPT_REQUESTS)
        self.violations: list[Payload] = []

    def note(self, method: str, path: str, query: str, status: int, seconds: float, body: Payload) -> None:
        """Note one answered request."""
        self._count += 1
        self.requests.append(
            {
                "n": self._count,
                "at": time.time(),
                "method": method,
                "path": path,
                "query": query,
                "status": status,
                "ms": round(seconds * 1000, 3),
                "body": body,
            }
        )

    def violated(self, method: str, path: str, error: ApiError, body: Payload) -> None:
        """Note a request that a correct bot would not make."""
        self.violations.append({"method": method, "path": path, **error.body, "payload": body})
