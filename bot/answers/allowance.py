"""How much one member may ask, so that nobody floods a channel or the bot."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

A_DAY, DAY = 60, timedelta(days=1)
AT_ONCE, MOMENT = 6, timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Wait:
    """No more for now: until when, by which rule, and whether the member hears it for the first time."""

    until: datetime
    rule: str
    first: bool


class Allowance:
    """Count what each member asked within a day; in memory, since it only has to slow people down."""

    def __init__(self) -> None:
        self._asked: dict[int, deque[datetime]] = {}
        self._told: dict[int, datetime] = {}

    def remember(self, member_id: int, at: datetime) -> None:
        """Count a question from before the start; oldest first."""
        self._asked.setdefault(member_id, deque()).append(at)

    def take(self, member_id: int, now: datetime) -> Wait | None:
        """Count one more question, or say how long to wait; what is refused does not count."""
        asked = self._recent(member_id, now)
        until, rule = _refused_until(asked, now)
        if until is None:
            asked.append(now)
            return None
        first = self._told.get(member_id) != until
        self._told[member_id] = until
        return Wait(until, rule, first)

    def _recent(self, member_id: int, now: datetime) -> deque[datetime]:
        asked = self._asked.setdefault(member_id, deque())
        while asked and asked[0] <= now - DAY:
            asked.popleft()
        return asked

    def tidy(self, now: datetime) -> None:
        """Let go of members who asked nothing for a day."""
        self._asked = {member: asked for member, asked in self._asked.items() if asked and asked[-1] > now - DAY}
        self._told = {member: until for member, until in self._told.items() if until > now}


def _refused_until(asked: deque[datetime], now: datetime) -> tuple[datetime | None, str]:
    if len(asked) >= A_DAY:
        return asked[-A_DAY] + DAY, f"{A_DAY} questions a day"
    if len(asked) >= AT_ONCE and asked[-AT_ONCE] > now - MOMENT:
        return asked[-AT_ONCE] + MOMENT, f"{AT_ONCE} questions in {MOMENT.seconds} seconds"
    return None, ""
