"""A circuit breaker: whoever fails again and again is left alone for a while."""

from datetime import datetime, timedelta


class Breaker:
    """Let requests through until some failed in a row; after a pause let one through to see, then as before."""

    def __init__(self, failures: int, pause: timedelta) -> None:
        self._most_failures = failures
        self._pause = pause
        self._failures = 0
        self._shut_until: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Say whether a request may be sent now. The one after a pause is alone: others wait for what becomes of it."""
        if self._shut_until is None:
            return True
        if now < self._shut_until:
            return False
        self._shut_until = now + self._pause
        return True

    def succeeded(self) -> None:
        """Take note of an answer."""
        self._failures = 0
        self._shut_until = None

    def failed(self, now: datetime, wait: timedelta | None = None) -> None:
        """Take note of a failure; with `wait`, no request is sent for so long, however few have failed."""
        self._failures += 1
        if wait is not None or self._failures >= self._most_failures:
            self._shut_until = now + max(wait or self._pause, self._pause)
