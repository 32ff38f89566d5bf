"""What a moderator typed to open a poll: the poll that it asks for, and the text that it comes back as."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.errors import BadInput
from bot.polls.counting import METHODS
from bot.polls.duration import parse_duration
from bot.polls.eligibility import parse_roles, parse_weights
from bot.polls.model import Candidate, NewPoll, Rules, Visibility
from bot.polls.service import most_choices
from bot.ui.text import clip, escape

Typed = Mapping[str, str]

# The options of `/poll open`, in the order in which they are given back.
OPTIONS = (
    "title",
    "projects",
    "closes_in",
    "opens_in",
    "method",
    "channel",
    "results",
    "min_account_age_days",
    "min_member_days",
    "role",
    "or_roles",
    "max_choices",
    "excluded_roles",
    "weights",
)
# Where lines of a form are kept that name none of them.
UNREAD = "unread"
MOST_DAYS = 3_650
MOST_CHOICES = 100

_CHANNEL = re.compile(r"<#(\d{1,20})>")


def typed_as(**options: object) -> dict[str, str]:
    """Return the options that were given, as text of one line each; lines of candidates are candidates."""
    given = {name: str(value) for name, value in options.items() if value is not None}
    if "projects" in given:
        given["projects"] = given["projects"].replace("\n", ", ")
    return {name: " ".join(value.split()) for name, value in given.items()}


def written(typed: Typed, *, without: tuple[str, ...] = ()) -> str:
    """Return options as lines of `option: text`."""
    lines = [f"{name}: {typed[name]}" for name in OPTIONS if name in typed and name not in without]
    return "\n".join([*lines, *([typed[UNREAD]] if UNREAD in typed else [])])


def read(text: str) -> dict[str, str]:
    """Read what `written` wrote; lines that name no option are kept as they are."""
    typed: dict[str, str] = {}
    unread = []
    for line in filter(str.strip, text.splitlines()):
        name, colon, value = line.partition(":")
        if colon and (option := name.strip().lower()) in OPTIONS:
            typed[option] = value.strip()
        else:
            unread.append(line.strip())
    return {name: value for name, value in typed.items() if value} | ({UNREAD: "\n".join(unread)} if unread else {})


def asked_for(
    typed: Typed, candidates: tuple[Candidate, ...], guild_id: int, channel_id: int, by: int, now: datetime
) -> NewPoll:
    """Return the poll that was typed; raise `BadInput` for what cannot be read."""
    if UNREAD in typed:
        line = escape(clip(typed[UNREAD].splitlines()[0], 60))
        raise BadInput(f"“{line}” is no option.", "Each has a line of its own.", "Try `method: approval`.")
    opens_at = now + (parse_duration(typed["opens_in"]) if "opens_in" in typed else timedelta())
    method = _one_of(typed, "method", METHODS, "single")
    most = _number(typed, "max_choices", 1, MOST_CHOICES) if "max_choices" in typed else None
    return NewPoll(
        guild_id,
        channel_id,
        by,
        typed.get("title", ""),
        candidates,
        opens_at,
        opens_at + parse_duration(typed["closes_in"]) if "closes_in" in typed else None,
        method,
        most_choices(method, len(candidates), most),
        results=Visibility(_one_of(typed, "results", Visibility, Visibility.LIVE)),
        rules=Rules(
            _number(typed, "min_account_age_days", 0, MOST_DAYS),
            _number(typed, "min_member_days", 0, MOST_DAYS),
            parse_roles(f"{typed.get('role', '')} {typed.get('or_roles', '')}"),
            parse_roles(typed.get("excluded_roles")),
            parse_weights(typed.get("weights")),
        ),
    )


def channel_in(typed: Typed) -> int | None:
    """Return the channel that was typed, as Discord writes it; None where none was."""
    if "channel" not in typed:
        return None
    found = _CHANNEL.fullmatch(typed["channel"])
    if found is None:
        what = f"“{escape(clip(typed['channel'], 60))}” is no channel."
        raise BadInput(what, "A channel is written as `<#` and its number.", "Leave it out for this channel.")
    return int(found[1])


def _one_of(typed: Typed, option: str, known: Iterable[str], otherwise: str) -> str:
    value, names = typed.get(option, otherwise).lower(), list(known)
    if value not in names:
        fix = f"Choose one of: {', '.join(names)}."
        raise BadInput(f"`{option}`:", f"“{escape(clip(value, 60))}” is none that I know.", fix)
    return value


def _number(typed: Typed, option: str, least: int, most: int) -> int:
    text = typed.get(option, str(least))
    if not (text.isdecimal() and text.isascii() and least <= int(text[:9]) <= most):
        why = f"“{escape(clip(text, 60))}” does not work."
        raise BadInput(f"`{option}`:", why, f"It is a number from {least} to {most:,}.")
    return int(text)
