"""Whether a plan makes sense, and when it comes next."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.announcements.kinds import Event, EventKind, Kind
from bot.announcements.model import NewSchedule
from bot.announcements.recurrence import EVENT, describe
from bot.announcements.span import next_due, span
from bot.errors import BadInput, Refused

NO_NEXT_TIME = "Its next time cannot be worked out any more. Remove it and add it anew."


def check(plan: NewSchedule, kinds: Mapping[str, Kind], others: Iterable[NewSchedule]) -> None:
    """Raise `BadInput` or `Refused` for a plan that makes no sense, or that a server has already."""
    kind = kinds.get(plan.kind)
    if kind is None:
        raise Refused(f"I cannot announce {plan.kind} yet.", f"Choose one of: {', '.join(kinds)}.")
    if isinstance(kind, EventKind) != (plan.recurrence.every == EVENT):
        raise BadInput(
            f"{plan.kind} and `every` do not go together.",
            "Some posts come by the clock, some when something happens.",
            "Leave `every` out for what happens, or choose another kind.",
        )
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        raise BadInput("The last day lies before the first.", "So nothing would be posted.", "Swap the two.")
    if any(_same(plan, other) for other in others):
        raise Refused(
            f"<#{plan.channel_id}> gets {plan.kind} {describe(plan.recurrence)} already.", "See `/announce list`."
        )


def following(plan: NewSchedule, kinds: Mapping[str, Kind], now: datetime) -> datetime | None:
    """Return the next due time, or the next event that is foreseen; raise when nothing will ever be posted."""
    _, ends = span(plan)
    if plan.recurrence.every == EVENT:
        if ends is not None and ends <= now:
            raise _never()
        coming = (event.at for event in events_of(plan, kinds) if event.at > now)
        return min((at for at in coming if ends is None or at < ends), default=None)
    try:
        found = next_due(plan, now)
    except LookupError:
        raise Refused(NO_NEXT_TIME) from None
    if found is None:
        raise _never()
    return found


def events_of(plan: NewSchedule, kinds: Mapping[str, Kind]) -> list[Event]:
    """Return the events of a plan's server, in the order of their times."""
    kind = kinds[plan.kind]
    return sorted(kind.events(plan.guild_id), key=lambda each: each.at) if isinstance(kind, EventKind) else []


def _never() -> BadInput:
    return BadInput(
        "Nothing would be posted any more.", "Its last day is over before the next time.", "Choose a later last day."
    )


def _same(plan: NewSchedule, other: NewSchedule) -> bool:
    ours = (plan.kind, plan.channel_id, plan.recurrence.cron, plan.recurrence.timezone)
    theirs = other.recurrence
    return ours == (other.kind, other.channel_id, theirs.cron, theirs.timezone) and plan.options == other.options
