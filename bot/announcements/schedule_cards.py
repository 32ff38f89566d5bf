"""What moderators see of their announcements: what is planned, how it fares, what may be done with it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import discord
from discord import ui

from bot.announcements.cards import content_card
from bot.announcements.model import Missed, NewSchedule, Preview, Schedule, ScheduleState, Sent
from bot.announcements.recurrence import CRON, EVENT, at_of
from bot.announcements.typed import DAYS, NONE
from bot.announcements.wording import address, coming, named, problem, times, what
from bot.catalogue.reading import date_stamp
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.components import Field, form_modal
from bot.ui.text import ago, clip, escape, moment

DANGER, PRIMARY = discord.ButtonStyle.danger, discord.ButtonStyle.primary

_MISSED = {
    Missed.LATE: "What I miss while I am away is posted once, marked late.",
    Missed.SKIP: "What I miss while I am away is left out.",
}
_NOTHING = {
    "closing": "No poll is open at the moment.",
    "results": "No poll was closed here yet.",
    "deadlines": "No claims are known to open or close in that time.",
    "digest": "Nothing happened in that time.",
}


def added_card(schedule: Schedule, upcoming: Sequence[datetime]) -> Card:
    """Confirm a new schedule: what comes when, and how to change it."""
    card = Card("📣 Announcement planned", colour=STATE_COLOURS["open"]).text(what(schedule))
    card.text(_times_listed(schedule, upcoming))
    who = f"It mentions <@&{schedule.role_id}>." if schedule.role_id else "It mentions nobody."
    card.footer(f"{who} {_MISSED[schedule.missed]}\n/announce list shows how it fares; there it can be changed, too.")
    return card.buttons(
        button("Preview", f"announce:v1:look:{schedule.id}", emoji="👀"),
        button("Post one now", f"announce:v1:run:{schedule.id}", emoji="📣"),
        button("Remove", f"announce:v1:ask:{schedule.id}"),
    )


def preview_card(schedule: Schedule, preview: Preview, png: bytes | None) -> Card:
    """Show a post as it would be now, when it comes next, and what may be done with it."""
    below = Card(colour=_colour(schedule)).text(what(schedule))
    below.text(problem(schedule)).text(_times_listed(schedule, preview.upcoming))
    who = f"It mentions <@&{schedule.role_id}>." if schedule.role_id else "It mentions nobody."
    below.footer(f"{who} {_MISSED[schedule.missed]}").buttons(*_actions(schedule))
    if preview.content is None:
        reason = _NOTHING.get(schedule.kind, "There is nothing to say.")
        return Card("Nothing would be posted now", colour=STATE_COLOURS["closed"]).text(reason).below(below)
    card = content_card(preview.content, png).above("-# This is what it would post now. Nothing was posted.")
    return card.below(below)


def state_card(schedule: Schedule, heading: str) -> Card:
    """Confirm what state an announcement is in now."""
    card = Card(heading, colour=_colour(schedule)).text(what(schedule))
    if schedule.state is not ScheduleState.PAUSED:
        card.text(coming(schedule))
    return card.buttons(*_actions(schedule))


def edited_card(before: NewSchedule, schedule: Schedule, upcoming: Sequence[datetime]) -> Card:
    """Confirm what was changed, each old value beside its new one."""
    old, new = dict(_values(before)), dict(_values(schedule))
    card = Card("Announcement changed", colour=_colour(schedule)).text(what(schedule))
    card.text("\n".join(f"**{name}**: {old[name]} → {new[name]}" for name in new if old[name] != new[name]))
    return card.text(_times_listed(schedule, upcoming)).buttons(*_actions(schedule))


def edit_form(schedule: Schedule) -> ui.Modal:
    """Return a form for when an announcement comes; what else may be changed takes `/announce edit`."""
    recurrence = schedule.recurrence
    every = recurrence.cron if recurrence.every == CRON else recurrence.every
    by_clock = () if recurrence.every == EVENT else (
        Field("every", "Every", "minute, hour, day, week, or a cron line", 100, every),
        Field("at", "At", "18:00, monday 18:00, :30; empty for a cron line", 40, at_of(recurrence), needed=False),
    )  # fmt: skip
    return form_modal(
        clip(f"Edit: {schedule.kind}", 45),
        f"announce:v1:edited:{schedule.id}",
        *by_clock,
        Field("timezone", "Time zone", "Europe/Berlin", 50, recurrence.timezone),
        Field("starts", "First day", "2026-12-01; empty for none", 20, _iso(schedule.starts_on), needed=False),
        Field("ends", "Last day", "2026-12-31; empty for none", 20, _iso(schedule.ends_on), needed=False),
    )


def remove_card(schedule: Schedule) -> Card:
    """Ask before an announcement stops."""
    card = Card("Remove this announcement?", colour=STATE_COLOURS["closing"])
    return card.text(f"{named(schedule)}. Nothing more would be posted; what was posted stays.").buttons(
        button("Remove it", f"announce:v1:remove:{schedule.id}", style=DANGER),
        button("Keep it", f"announce:v1:keep:{schedule.id}"),
    )


def removed_card(schedule: Schedule) -> Card:
    """Confirm that an announcement stopped, and offer to take that back."""
    card = Card("Announcement removed", colour=STATE_COLOURS["closed"])
    card.text(f"{named(schedule)}. Nothing more is posted; what was posted stays.")
    return card.buttons(button("Undo", f"announce:v1:restore:{schedule.id}", emoji="↩️"))


def posted_card(schedule: Schedule, sent: Sent) -> Card:
    """Confirm a post beside the due times, with the way to it."""
    card = Card("📣 Posted", colour=STATE_COLOURS["open"])
    card.text(f"[Here it is]({address(schedule, sent.channel_id, sent.message_id)}), in <#{schedule.channel_id}>.")
    return card.footer("The planned posts come at their times all the same.")


def _times_listed(schedule: Schedule, upcoming: Sequence[datetime]) -> str:
    if schedule.state is ScheduleState.PAUSED:
        return coming(schedule)
    if upcoming:
        return f"Next post {ago(upcoming[0])}:\n" + "\n".join(f"-# {moment(at, 'F')}" for at in upcoming)
    if schedule.recurrence.every == EVENT:
        return "The next post comes as soon as there is a poll that closes."
    return "No post comes any more."


def _values(plan: NewSchedule) -> Iterator[tuple[str, str]]:
    """Name each thing that a moderator may change, with what it is."""
    usual = DAYS.get(plan.kind)
    yield "Kind", plan.kind
    yield "Channel", f"<#{plan.channel_id}>"
    yield "When", escape(times(plan).removesuffix(f" ({plan.recurrence.timezone})"))
    yield "Time zone", plan.recurrence.timezone
    yield "Mentions", f"<@&{plan.role_id}>" if plan.role_id else "nobody"
    yield "Missed posts", plan.missed
    yield "First day", date_stamp(plan.starts_on) if plan.starts_on else NONE
    yield "Last day", date_stamp(plan.ends_on) if plan.ends_on else NONE
    yield "Only with news", "yes" if plan.only_news else "no"
    yield "One message, kept up to date", "yes" if plan.board else "no"
    yield "Days", str(plan.options.get("days", usual)) if usual else NONE


def _actions(schedule: Schedule) -> tuple[ui.Button[Any], ...]:
    number = schedule.id
    stop = (
        button("Pause", f"announce:v1:pause:{number}", emoji="⏸️")
        if schedule.state is ScheduleState.ACTIVE
        else button("Resume", f"announce:v1:resume:{number}", emoji="▶️", style=PRIMARY)
    )
    return (
        button("Post now", f"announce:v1:run:{number}", emoji="📣"),
        stop,
        button("Edit", f"announce:v1:edit:{number}", emoji="✏️"),
        button("Remove", f"announce:v1:ask:{number}"),
    )


def _colour(schedule: Schedule) -> discord.Colour:
    if schedule.problem:
        return STATE_COLOURS["cancelled"]
    return STATE_COLOURS["open" if schedule.state is ScheduleState.ACTIVE else "closed"]


def _iso(day: object) -> str:
    return str(day) if day else ""
