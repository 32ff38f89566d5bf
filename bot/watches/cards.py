"""What a member sees of what they watch."""

from collections.abc import Mapping, Sequence

import discord

from bot.catalogue import reading
from bot.catalogue.model import STATE_LABELS, Project
from bot.ui.card import MAX_TEXT_CHARS, STATE_COLOURS, Card, button, choices
from bot.ui.text import ago, clip, escape, moment, plural
from bot.watches.model import AIRDROP, RETIRED, Letter, NewNotice
from bot.watches.service import Elsewhere, Missed, Watched

FACTS_SHOWN = 8
MISSED_SHOWN = 10
FACT_CHARS = 150
# An answer takes most of a card: what stands above it has to be short.
SERVERS_SHOWN, BRIEF_FACTS, BRIEF_CHARS, MAX_SERVER_CHARS = 1, 2, 60, 40


def notice_card(letter: Letter, server: str, *, mention: bool = False) -> Card:
    """Return the message that a member gets: what changed, and when claims close; in a channel it names them."""
    project, new = letter.project, letter.notice.new
    name = escape(project.name)
    near = new.closes_at is not None
    card = Card(
        f"⏳ {name}: claims close soon" if near else f"🔔 {name} changed on {escape(server)}",
        colour=STATE_COLOURS["closing" if near else "notice"],
    )
    if new.closes_at is not None:
        card.text(f"Claims close {moment(new.closes_at, 'F')}, {ago(new.closes_at)}.")
    if new.changed:
        card.text("\n".join(_changes(project, new.changed, retired=letter.retired)))
    if domains := project.official_domains:
        card.text(f"Go there only by its official domains: {' '.join(map(reading.code, domains[:FACTS_SHOWN]))}")
    late = f"⏰ Late: this was due {moment(new.due_at)}.\n" if letter.late else ""
    card.footer(
        f"{_legend(project, new.changed)}{late}This is how {escape(server)} has it, where you watch it; another server "
        "may say otherwise. /project show there has the sources.\n"
        "I never ask for a wallet, a key or a seed phrase."
    )
    card.buttons(
        button("Stop watching", f"watch:v1:stop:{new.guild_id}:{new.project_id}:{letter.notice.mark}", emoji="🔕")
    )
    return card.above(f"<@{new.member_id}>") if mention else card


def _changes(project: Project, keys: Sequence[str], *, retired: bool, brief: bool = False) -> list[str]:
    lines = []
    most, chars = (BRIEF_FACTS, BRIEF_CHARS) if brief else (FACTS_SHOWN, FACT_CHARS)
    if RETIRED in keys:
        lines.append("It was retired from the lists." if retired else "It is back in the lists.")
    if AIRDROP in keys:
        state = project.airdrop.state
        line = escape(clip(project.airdrop.line, chars)) if brief else escape(project.airdrop.line)
        lines.append(f"{reading.STATE_SIGNS[state]} **{STATE_LABELS[state].capitalize()}.** {line}")
    facts = _facts(keys)
    lines += [_fact(project, key, chars) for key in facts[:most]]
    return [*lines, *([f"and {plural(len(facts) - most, 'more fact')}"] if len(facts) > most else [])]


def _facts(keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key not in (AIRDROP, RETIRED)]


def _fact(project: Project, key: str, chars: int) -> str:
    fact = project.facts.get(key)
    read = "no longer said" if fact is None else f"{reading.MARKS[fact.status]} {reading.brief(key, fact, chars)}"
    return f"**{reading.label(key)}** is now {read}"


def _legend(project: Project, keys: Sequence[str]) -> str:
    """Say what the marks of the facts mean, as a line of its own where there are some."""
    meanings = reading.legend(project.facts[key].status for key in keys[:FACTS_SHOWN] if key in project.facts)
    return f"{meanings}\n" if meanings else ""


def elsewhere_card(found: Sequence[Elsewhere], servers: Mapping[int, str], answer: Card) -> Card:
    """Say above an answer from what ships how a server has it where a member watches the project, if there is room."""
    card = Card(colour=STATE_COLOURS["closing"])
    for each in found[:SERVERS_SHOWN]:
        name, server = escape(each.project.name), escape(clip(servers.get(each.guild_id, "a server"), MAX_SERVER_CHARS))
        card.text(f"🔔 On **{server}**, where you watch {name}, it was changed:")
        card.text("\n".join(_changes(each.project, each.changed, retired=each.retired, brief=True)))
    legend = "".join(_legend(each.project, _facts(each.changed)[:BRIEF_FACTS]) for each in found[:SERVERS_SHOWN])
    card.footer(f"{legend}/ask there answers so. Below is what I ship with, without that server's changes:")
    return card.below(answer) if card.content_length() + answer.content_length() <= MAX_TEXT_CHARS else answer


def added_card(watched: Watched) -> Card:
    """Confirm a watch: what comes when, and by which way."""
    project = watched.project
    card = Card(f"🔔 You watch {escape(project.name)}", colour=STATE_COLOURS["open"])
    card.text("I send you a direct message when something about it changes.")
    card.text(_deadline(watched) or "When the day on which claims close is known, also 7 days and 1 day before.")
    way = (
        f"If you take no direct messages, I mention you in <#{watched.fallback_channel_id}>."
        if watched.fallback_channel_id
        else "If you take no direct messages, /watch list shows what you missed."
    )
    return card.footer(way).buttons(_stop(project))


def _deadline(watched: Watched) -> str:
    if watched.closes_at is None:
        return ""
    days = " and ".join(plural(days, "day") for days in watched.reminders)
    remind = f" I remind you {days} before." if days else ""
    return f"Claims close {moment(watched.closes_at)}, {ago(watched.closes_at)}.{remind}"


def _stop(project: Project) -> discord.ui.Button[discord.ui.View]:
    return button("Stop watching", f"watch:v1:remove:{project.id}", emoji="🔕")


def removed_card(guild_id: int, project: Project) -> Card:
    """Confirm that a watch ended, and offer to take that back."""
    card = Card(colour=STATE_COLOURS["closed"]).text(f"You watch **{escape(project.name)}** no longer.")
    return card.buttons(button("Watch it again", f"watch:v1:again:{guild_id}:{project.id}", emoji="🔔"))


def list_card(watched: Sequence[Watched], missed: Sequence[Missed]) -> Card:
    """Show what a member watches here, and what could not be sent to them."""
    card = Card("What you watch here", colour=STATE_COLOURS["notice"])
    if missed:
        card.text("**You missed, since I may not write to you**")
        card.text("\n".join(_missed(each) for each in missed[-MISSED_SHOWN:]))
        card.rule()
    if not watched:
        return card.text("Nothing yet. `/watch add` tells you when a project changes and before its claims close.")
    card.text("\n".join(_entry(each) for each in watched))
    card.footer("/project show has the details.")
    options = [discord.SelectOption(label=clip(each.project.name, 100), value=each.project.id) for each in watched]
    return card.select(choices("watch:v1:remove", "Stop watching…", options))


def _missed(missed: Missed) -> str:
    new: NewNotice = missed.notice.new
    parts = [reading.label(key) for key in new.changed]
    parts += [f"claims close {moment(new.closes_at)}"] if new.closes_at else []
    return (
        f"🔔 **{escape(missed.project.name)}** {ago(missed.notice.recorded_at)}: {escape(clip(', '.join(parts), 200))}"
    )


def _entry(watched: Watched) -> str:
    project = watched.project
    closes = f"\n-# {_deadline(watched)}" if _deadline(watched) else ""
    state = project.airdrop.state
    return f"{reading.STATE_SIGNS[state]} **{escape(project.name)}** {STATE_LABELS[state]}{closes}"
