"""What moderators see of all their announcements."""

from collections.abc import Sequence

import discord

from bot.announcements.model import Overview, Schedule
from bot.announcements.wording import behind, coming, conditions, last_run, named, problem, times
from bot.ui.card import STATE_COLOURS, Card, choices
from bot.ui.pages import page_of
from bot.ui.text import clip

SCHEDULES_A_PAGE = 5


def list_card(overviews: Sequence[Overview], page: int) -> Card:
    """Return one page of a server's schedules: where, what, when, how it went, and what is wrong."""
    card = Card("Announcements on this server", colour=STATE_COLOURS["notice"])
    if not overviews:
        return card.text("There are none yet. Plan one with `/announce add`.")
    shown = page_of(overviews, page, SCHEDULES_A_PAGE)
    for place, overview in enumerate(shown.items):
        if place:
            card.rule()
        card.text(_entry(overview))
    options = [_option(each.schedule) for each in shown.items]
    card.select(choices("announce:v1:look", "Preview or change one …", options))
    return shown.turn(card, "announce:v1:list", f" · {len(overviews)} announcements")


def _option(schedule: Schedule) -> discord.SelectOption:
    label = clip(f"#{schedule.id} · {schedule.kind} {times(schedule)}", 100)
    return discord.SelectOption(label=label, value=str(schedule.id), emoji="⚠️" if schedule.problem else None)


def _entry(overview: Overview) -> str:
    schedule = overview.schedule
    lines = [
        f"{named(schedule)} · #{schedule.id}",
        (behind(schedule) if overview.overdue else coming(schedule))
        + (f" · mentions <@&{schedule.role_id}>" if schedule.role_id else ""),
        conditions(schedule),
        last_run(schedule, overview.last_run) if overview.last_run or not overview.overdue else "",
        problem(schedule),
    ]
    return "\n".join(line for line in lines if line)
