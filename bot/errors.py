"""One tree of errors, and one table from an error to what a member reads."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any


class MoonballotError(Exception):
    """The root of all that a person can cause or meet."""


class NotFound(MoonballotError):
    """Nothing goes by that name; `place` is the title of what was looked through, if it was one thing."""

    def __init__(self, kind: str, query: str, suggestions: Sequence[str] = (), place: str = "") -> None:
        self.kind, self.query, self.suggestions, self.place = kind, query, tuple(suggestions), place
        super().__init__(f"no {kind} called {query!r}")


class Refused(MoonballotError):
    """A rule says no; `reason` and `way_out` are whole sentences."""

    def __init__(self, reason: str, way_out: str = "") -> None:
        self.reason, self.way_out = reason, way_out
        super().__init__(reason)


class PollClosed(MoonballotError):
    """The poll takes no ballots any more; `closed_at` is when it stopped."""

    def __init__(self, title: str, closed_at: datetime) -> None:
        self.title, self.closed_at = title, closed_at
        super().__init__(f"poll {title!r} closed at {closed_at.isoformat()}")


class NeedsModerator(MoonballotError):
    """Only moderators may do this; `what` names the command."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what} needs a moderator")


class BadInput(MoonballotError):
    """Something that was typed cannot be used: what, why, and how to put it right."""

    def __init__(self, what: str, why: str, fix: str) -> None:
        self.what, self.why, self.fix = what, why, fix
        super().__init__(f"{what}: {why}")


class MissingPermissions(MoonballotError):
    """The bot itself lacks rights in a channel."""

    def __init__(self, channel: str, permissions: Sequence[str]) -> None:
        self.channel, self.permissions = channel, tuple(permissions)
        super().__init__(f"missing in {channel}: {', '.join(permissions)}")


class StoreUnavailable(MoonballotError):
    """The database did not take or give what was asked; nothing was written."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class StoreTooNew(MoonballotError):
    """The database was written by a newer version of the bot."""


class BrokenData(MoonballotError):
    """A file in data/ does not hold what it should."""

    def __init__(self, file: str, field: str, reason: str) -> None:
        self.file, self.field, self.reason = file, field, reason
        super().__init__(f"{file}: {field}: {reason}" if field else f"{file}: {reason}")


class BadSetting(MoonballotError):
    """A setting is missing or wrong."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name}: {reason}")


def _did_you_mean(suggestions: Sequence[str]) -> str:
    *others, last = [f"**{name}**" for name in suggestions[:3]] or [""]
    return f" Did you mean {' or '.join([', '.join(others), last] if others else [last])}?" if last else ""


Shown = Callable[[str], str]

# The first class that fits speaks. Texts say what happened and what to do next, in Discord's markdown;
# `shown` makes dead what a person typed.
_MEMBER_TEXTS: tuple[tuple[type[MoonballotError], Callable[[Any, Shown], str]], ...] = (
    (
        NotFound,
        lambda e, shown: (
            f"{f'**{shown(e.place)}** has' if e.place else 'I know'} no {e.kind} called “{shown(e.query[:80])}”."
            + (
                _did_you_mean([shown(name) for name in e.suggestions])
                or " Pick one from the list that appears as you type."
            )
        ),
    ),
    (
        PollClosed,
        lambda e, shown: (
            f"Voting on **{shown(e.title)}** closed <t:{int(e.closed_at.timestamp())}:f>, so nothing was changed. "
            "See the result with `/rankings`."
        ),
    ),
    (
        NeedsModerator,
        lambda e, _: (
            f"{e.what} is for moderators: members with **Manage Server** or the role chosen in `/setup`. "
            "Ask one of them."
        ),
    ),
    (Refused, lambda e, _: f"{e.reason} {e.way_out}".strip()),
    (BadInput, lambda e, _: f"**{e.what}** {e.why} {e.fix}".strip()),
    (
        MissingPermissions,
        lambda e, _: (
            f"I may not post in {e.channel}: I need {', '.join(f'**{name}**' for name in e.permissions)} there. "
            "Grant it in the channel's settings and try again."
        ),
    ),
    (
        StoreUnavailable,
        lambda *_: "My storage is not answering, so nothing was recorded. Try again in a minute.",
    ),
)


def member_text(error: BaseException, shown: Shown) -> str | None:
    """Return the one sentence that a member reads about `error`; None when the table has none.

    `shown` makes typed text safe to show. `Refused` and `BadInput` bring texts that are safe already.
    """
    for kind, text in _MEMBER_TEXTS:
        if isinstance(error, kind):
            return text(error, shown)
    return None


def plain_text(error: MoonballotError) -> str:
    """Return the one line that is read in a terminal."""
    text = member_text(error, str) if isinstance(error, BadInput | Refused | NotFound) else None
    return (text or str(error)).replace("**", "")
