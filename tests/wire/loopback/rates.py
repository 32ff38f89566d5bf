"""Discord's rate limits, for tests that want them: so many requests a second, and so many posts in a channel."""

import re
import time
from collections import Counter, deque
from dataclasses import dataclass

GLOBAL_A_SECOND = 50
# Answers to interactions do not count.
_FREE = ("/interactions/", "/webhooks/")


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests of one kind go in how many seconds, each channel for itself."""

    name: str
    method: str
    path: re.Pattern[str]
    most: int
    seconds: float


LIMITS = (
    Limit("post", "POST", re.compile(r"/channels/(\d+)/(?:messages|threads)"), 5, 5.0),
    Limit("edit", "PATCH", re.compile(r"/channels/(\d+)/messages/\d+"), 5, 5.0),
    Limit("publish", "POST", re.compile(r"/channels/(\d+)/messages/\d+/crosspost"), 10, 3_600.0),
)


@dataclass(frozen=True, slots=True)
class TooMany:
    """A request that comes too early."""

    retry_after: float
    scope: str
    limit: int
    bucket: str


class Rates:
    """Counts requests in sliding windows; what is refused does not count."""

    def __init__(self) -> None:
        self._all: deque[float] = deque()
        self._buckets: dict[str, deque[float]] = {}
        self.refused: Counter[str] = Counter()

    def take(self, method: str, path: str) -> TooMany | None:
        """Count a request, or say by how much it comes too early."""
        if path.startswith(_FREE):
            return None
        now = time.monotonic()
        found = _limit(method, path)
        too_many = _too_many(self._all, GLOBAL_A_SECOND, 1.0, now, "global", "global")
        if found is not None:
            limit, bucket = found
            times = self._buckets.setdefault(bucket, deque())
            too_many = _too_many(times, limit.most, limit.seconds, now, "user", bucket) or too_many
        if too_many is not None:
            self.refused[too_many.scope] += 1
            return too_many
        self._all.append(now)
        if found is not None:
            times.append(now)
        return None

    def headers(self, method: str, path: str) -> dict[str, str]:
        """Say how much of a channel's limit is left, as Discord does in its answers."""
        found = _limit(method, path)
        times = self._buckets.get(found[1]) if found is not None else None
        if found is None or not times:
            return {}
        limit, bucket = found
        reset_after = max(0.0, times[0] + limit.seconds - time.monotonic())
        return {
            "X-RateLimit-Limit": str(limit.most),
            "X-RateLimit-Remaining": str(limit.most - len(times)),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
            "X-RateLimit-Bucket": bucket,
        }


def _limit(method: str, path: str) -> tuple[Limit, str] | None:
    for limit in LIMITS:
        match = limit.path.fullmatch(path) if limit.method == method else None
        if match is not None:
            return limit, f"{limit.name}{match[1]}"
    return None


def _too_many(times: deque[float], most: int, seconds: float, now: float, scope: str, bucket: str) -> TooMany | None:
    while times and times[0] <= now - seconds:
        times.popleft()
    return TooMany(times[0] + seconds - now, scope, most, bucket) if len(times) >= most else None
