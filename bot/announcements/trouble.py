"""What can be in a post's way, and when it is tried again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import MoonballotError

# After the first try, the second, and so on; the last one is repeated.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# A deleted channel may be a fault of Discord's, or of a moderator who makes it anew.
GONE_FOR = timedelta(minutes=30)


class Trouble(StrEnum):
    """What kind of thing is in the way."""

    # A right is missing: a moderator can give it.
    ACCESS = "access"
    # The channel is not there any more.
    GONE = "gone"
    # Discord, or the way to it, is out of order.
    PASSING = "passing"
    # Our own fault.
    FAULT = "fault"


# So many tries have to fail before moderators are bothered with what may pass by itself.
TOLD_AFTER: Mapping[Trouble, int] = {Trouble.ACCESS: 1, Trouble.GONE: 1, Trouble.PASSING: 3, Trouble.FAULT: 1}


class Undeliverable(MoonballotError):
    """A post could not be sent; `problem` says in whole sentences what is wrong and what to do.

    `in_doubt` says that it may stand in the channel all the same: the answer was lost, not the post.
    """

    def __init__(self, problem: str, trouble: Trouble = Trouble.PASSING, *, in_doubt: bool = False) -> None:
        self.problem, self.trouble, self.in_doubt = problem, trouble, in_doubt
        super().__init__(problem)


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries that failed."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def next_try(tries: int, now: datetime, no_later_than: datetime) -> datetime | None:
    """Return when to try again; None when that would be too late."""
    at = now + pause_after(tries)
    return at if at < no_later_than else None
