"""What announcements look like: the post itself, and what moderators see of their schedules."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import ui

from bot.announcements.model import Missed, Overview, Post, Run, RunState, Schedule, ScheduleState, is_late
from bot.announcements.recurrence import describe
from bot.rankings.cards import ranking_card
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.text import ago, clip, escape, moment, plural

SCHEDULES_A_PAGE = 6
MAX_PROBLEM_CHARS = 300
DANGER = discord.ButtonStyle.danger

_MISSED = {
    Missed.LATE: "What I miss while I am away is posted once, marked late.",
    Missed.SKIP: "What I miss while I am away is left out.",
}


def post_card(post: Post, png: bytes | None) -> Card:
    """Return what appears in the channel."""
    card = ranking_card(post.ranking, png)
    if post.late_since is not None:
        card.footer(f"⏰ Late: this was due {moment(post.late_since)}.")
    return _opened_with(card, f"<@&{post.schedule.role_id}>") if post.schedule.role_id else card


def _opened_with(card: Card, line: str) -> Card:
    """Put a line above the box, where a mention pings."""
    parts = card.children
    card.clear_items()
    for part in (ui.TextDisplay(line), *parts):
        card.add_item(part)
    return card


def added_card(schedule: Schedule, upcoming: Sequence[datetime]) -> Card:
    """Confirm a new schedule: what comes when, and how to change it."""
    card = Card("📣 Announcement planned", colour=STATE_COLOURS["open"]).text(_what(schedule))
    card.text("Next posts:\n" + "\n".join(f"- {moment(at, 'F')}, {ago(at)}" for at in upcoming))
    who = f"It mentions <@&{schedule.role_id}>." if schedule.role_id else "It mentions nobody."
    card.footer(
        f"{who} {_MISSED[schedule.missed]}\n"
        "To change it, take it away with /announce remove and add it anew. /announce list shows how it fares."
    )
    return card.buttons(
        button("Post one now", f"announce:v1:run:{schedule.id}", emoji="📣"),
        button("Remove", f"announce:v1:ask:{schedule.id}"),
    )


def remove_card(schedule: Schedule) -> Card:
    """Ask before an announcement stops."""
    card = Card("Remove this announcement?", colour=STATE_COLOURS["closing"]).text(_what(schedule))
    return card.text("Nothing more is posted. What was posted stays.").buttons(
        button("Remove it", f"announce:v1:remove:{schedule.id}", style=DANGER),
        button("Keep it", f"announce:v1:keep:{schedule.id}"),
    )


def removed_card(schedule: Schedule) -> Card:
    """Confirm that an announcement stopped, and offer to take that back."""
    card = Card("Announcement removed", colour=STATE_COLOURS["closed"]).text(_what(schedule))
    return card.buttons(button("Undo", f"announce:v1:restore:{schedule.id}", emoji="↩️"))


def kept_card(schedule: Schedule, heading: str = "The announcement stays") -> Card:
    """Confirm that an announcement goes on."""
    card = Card(heading, colour=STATE_COLOURS["open"]).text(_what(schedule))
    return card.text(_next(schedule))


def posted_card(schedule: Schedule, message_id: int) -> Card:
    """Confirm a post beside the due times, with the way to it."""
    card = Card("📣 Posted", colour=STATE_COLOURS["open"])
    card.text(f"[Here it is]({_address(schedule, message_id)}), in <#{schedule.channel_id}>.")
    return card.footer("The planned posts come at their times all the same.")


def list_card(overviews: Sequence[Overview], page: int) -> Card:
    """Return one page of a server's schedules: where, what, when, how it went, and what is wrong."""
    card = Card("Announcements on this server", colour=STATE_COLOURS["notice"])
    if not overviews:
        return card.text("There are none yet. Plan one with `/announce add`.")
    pages = (len(overviews) + SCHEDULES_A_PAGE - 1) // SCHEDULES_A_PAGE
    page = max(0, min(page, pages - 1))
    shown = overviews[page * SCHEDULES_A_PAGE : (page + 1) * SCHEDULES_A_PAGE]
    for place, overview in enumerate(shown):
        if place:
            card.rule()
        card.text(_entry(overview))
    if pages > 1:
        card.footer(f"Page {page + 1} of {pages} · {plural(len(overviews), 'announcement')}")
        card.buttons(
            button("Previous", f"announce:v1:list:{page - 1}", disabled=page == 0),
            button("Next", f"announce:v1:list:{page + 1}", disabled=page == pages - 1),
        )
    return card


def _entry(overview: Overview) -> str:
    schedule = overview.schedule
    lines = [
        f"**{schedule.kind}** in <#{schedule.channel_id}>, {escape(describe(schedule.recurrence))}",
        _next(schedule) + (f" · mentions <@&{schedule.role_id}>" if schedule.role_id else ""),
        _last(schedule, overview.last_run),
        f"⚠️ {clip(schedule.problem, MAX_PROBLEM_CHARS)}" if schedule.problem else "",
    ]
    return "\n".join(line for line in lines if line)


def _what(schedule: Schedule) -> str:
    return f"<#{schedule.channel_id}> gets **{schedule.kind}** {escape(describe(schedule.recurrence))}."


def _next(schedule: Schedule) -> str:
    if schedule.state is ScheduleState.PAUSED or schedule.next_due_at is None:
        return "⏸️ Paused"
    return f"Next {ago(schedule.next_due_at)}, {moment(schedule.next_due_at)}"


def _last(schedule: Schedule, run: Run | None) -> str:
    if run is None:
        return "-# Nothing was due yet"
    if run.state is RunState.SENT and run.message_id is not None:
        at = run.finished_at or run.due_at
        late = ", late" if is_late(run.due_at, at) else ""
        return f"-# ✅ [Last posted]({_address(schedule, run.message_id)}) {ago(at)}{late}"
    if run.state is RunState.SKIPPED:
        return f"-# ⏭️ {moment(run.due_at)} was left out, since I was away"
    if run.state is RunState.FAILED:
        return f"-# ❌ {moment(run.due_at)} could not be posted"
    return f"-# ⏳ {moment(run.due_at)} is on its way"


def _address(schedule: Schedule, message_id: int) -> str:
    return f"https://discord.com/channels/{schedule.guild_id}/{schedule.channel_id}/{message_id}"
