"""What moderators type about an announcement, and the plan that it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from bot.announcements.kinds import EventKind, Kind
from bot.announcements.kinds.deadlines import DAYS_AHEAD
from bot.announcements.kinds.digest import DAYS_BACK
from bot.announcements.model import Missed, NewSchedule
from bot.announcements.recurrence import CRON, EVENT, Recurrence, event_recurrence, parse, parse_zone
from bot.errors import BadInput, Refused

# How many days a kind looks ahead or back when nobody says so.
DAYS: Mapping[str, int] = MappingProxyType({"deadlines": DAYS_AHEAD, "digest": DAYS_BACK})
MOST_DAYS = 90
NONE = "none"

# How often a kind is posted when nobody says so; the others each day.
_EVERY = MappingProxyType({"digest": "week"})
_DAY_FIX = "Try `2026-12-31`, `today` or `tomorrow`."


@dataclass(frozen=True, slots=True)
class Typed:
    """The options of a command or the fields of a form; None was left out."""

    kind: str | None = None
    channel_id: int | None = None
    every: str | None = None
    at: str | None = None
    timezone: str | None = None
    role_id: int | None = None
    missed: str | None = None
    starts: str | None = None
    ends: str | None = None
    only_news: bool | None = None
    board: bool | None = None
    days: int | None = None
    # Mentions nobody any more.
    no_role: bool = False


def changed(typed: Typed, plan: NewSchedule, now: datetime, kinds: Mapping[str, Kind]) -> NewSchedule:
    """Return the plan after what was typed; raise `Refused` when that changes nothing."""
    wanted = planned(typed, plan, now, kinds)
    if wanted == plan:
        raise Refused("It is like that already, so nothing was changed.", "Choose what is to be different.")
    return wanted


def planned(typed: Typed, plan: NewSchedule, now: datetime, kinds: Mapping[str, Kind]) -> NewSchedule:
    """Return a plan with what was typed in it."""
    kind = typed.kind or plan.kind
    recurrence = _recurrence(typed, kind, plan.recurrence, by_event=isinstance(kinds.get(kind), EventKind))
    today = now.astimezone(ZoneInfo(recurrence.timezone)).date()
    return replace(
        plan,
        kind=kind,
        channel_id=typed.channel_id or plan.channel_id,
        recurrence=recurrence,
        role_id=None if typed.no_role else typed.role_id or plan.role_id,
        missed=Missed(typed.missed) if typed.missed else plan.missed,
        starts_on=plan.starts_on if typed.starts is None else parse_day(typed.starts, today),
        ends_on=plan.ends_on if typed.ends is None else parse_day(typed.ends, today),
        only_news=plan.only_news if typed.only_news is None else typed.only_news,
        board=plan.board if typed.board is None else typed.board,
        options=_options(typed.days, kind, plan.options if kind == plan.kind else {}),
    )


def _recurrence(typed: Typed, kind: str, before: Recurrence, *, by_event: bool) -> Recurrence:
    zone = parse_zone(typed.timezone) if typed.timezone else before.timezone
    at_events = before.every == EVENT
    if not typed.every and not typed.at:
        if at_events == by_event:
            return replace(before, timezone=zone)
        if by_event:
            return event_recurrence(zone)
    usual = _EVERY.get(kind, "day")
    kept = usual if at_events else before.cron if before.every == CRON else before.every
    return parse(typed.every or kept, typed.at, zone)


def _options(days: int | None, kind: str, before: Mapping[str, Any]) -> Mapping[str, Any]:
    if days is None:
        return before
    if kind not in DAYS:
        raise BadInput(f"`days` says nothing for {kind}.", f"It is for {' and '.join(DAYS)}.", "Leave it out.")
    return {"days": days}


def parse_day(text: str, today: date) -> date | None:
    """Read a day such as `2026-12-31`, `today` or `tomorrow`; `none` or nothing means that there is none."""
    words = text.strip().lower()
    if words in ("", NONE):
        return None
    if words in ("today", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise BadInput("That day cannot be read.", "It is written year-month-day.", _DAY_FIX) from None
