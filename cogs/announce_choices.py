"""Suggestions while a moderator types an announcement, answered from memory."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from rapidfuzz import fuzz, process

from bot.announcements.model import Schedule
from bot.announcements.recurrence import PRESETS, describe, parse, zones
from bot.announcements.typed import NONE
from bot.announcements.wording import times
from bot.client import Interaction
from bot.errors import BadInput
from bot.ui.text import clip
from cogs.rights import guild_of

MAX_CHOICES = 25
MAX_NAME_CHARS = 100
GOOD_MATCH = 70

_CRON_EXAMPLES = (
    "0 18 * * 1-5",
    "0 12 * * 6,0",
    "0 9,21 * * *",
    "0 */6 * * *",
    "*/15 9-17 * * *",
    "0 12 1 * *",
    "0 12 L * *",
    "0 18 * * 5#1",
)
_TIMES = {
    "hour": (":00", ":15", ":30", ":45"),
    "day": ("08:00", "09:00", "12:00", "15:00", "18:00", "20:00", "21:00"),
    "week": tuple(
        f"{day} {at}"
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        for at in ("09:00", "12:00", "18:00")
    ),
}

Choice = app_commands.Choice[str]
Command = TypeVar("Command")
Where = discord.TextChannel | discord.ForumChannel | discord.Thread

KINDS = [
    app_commands.Choice(name="rankings: the standings with their picture", value="rankings"),
    app_commands.Choice(name="closing: a reminder one day and one hour before a poll closes", value="closing"),
    app_commands.Choice(name="results: the final result when a poll closes", value="results"),
    app_commands.Choice(name="deadlines: claims that open or close soon", value="deadlines"),
    app_commands.Choice(name="digest: new facts, polls and what many asked, in short", value="digest"),
]
MISSED = [
    app_commands.Choice(name="late: after an outage, post one and say that it is late", value="late"),
    app_commands.Choice(name="skip: after an outage, wait for the next time", value="skip"),
]
OPTIONS: Mapping[str, str] = {
    "kind": "What is posted",
    "channel": "Where it is posted",
    "every": "minute, hour, day, week, or a cron line such as 0 18 * * 1-5; not for closing and results",
    "at": "18:00 for a day, monday 18:00 for a week, :30 for an hour; left out: 12:00, monday 12:00, :00",
    "timezone": "Whose clock; left out, this server's (/setup timezone)",
    "role": "A role to mention each time; left out, nobody is mentioned",
    "missed": "What becomes of posts missed while the bot is away; left out, late",
    "starts": "The first day, such as 2026-12-01; left out, now",
    "ends": "The last day, such as 2026-12-31; left out, never",
    "only_news": "Leave a post out that would say what the last one said",
    "board": "Keep one message up to date instead of posting anew",
    "days": "How far deadlines looks ahead (14 if left out), or digest back (7)",
}


async def every_choices(interaction: Interaction, typed: str) -> list[Choice]:
    """Suggest how often: the presets, cron lines with their meaning, and what the typed line means."""
    zone = _zone_of(interaction)
    needle = " ".join(typed.lower().split())
    presets = [app_commands.Choice(name=f"every {word}", value=word) for word in PRESETS if needle in f"every {word}"]
    if needle and not presets and (meaning := _meaning(needle, zone)):
        return [app_commands.Choice(name=_name(f"{needle.upper()} · {meaning}"), value=needle.upper())]
    examples = [(line, _meaning(line, zone)) for line in _CRON_EXAMPLES]
    fitting = [
        app_commands.Choice(name=_name(f"{line} · {meaning}"), value=line)
        for line, meaning in examples
        if needle in f"{line} {meaning}".lower()
    ]
    return [*presets, *fitting]


async def at_choices(interaction: Interaction, typed: str) -> list[Choice]:
    """Suggest times that fit what was chosen for `every`."""
    every = str(getattr(interaction.namespace, "every", "") or "day").lower()
    times = _TIMES.get(every, ())
    needle = " ".join(typed.lower().split())
    fitting = [at for at in times if needle in at]
    if needle and needle not in fitting and _reads(every, needle):
        fitting.insert(0, needle)
    return [app_commands.Choice(name=_name(at), value=at) for at in fitting[:MAX_CHOICES]]


async def zone_choices(interaction: Interaction, typed: str) -> list[Choice]:
    """Suggest time zones with the time that it is there, best matches first."""
    now = interaction.client.services.clock.now()
    return [
        app_commands.Choice(name=f"{zone} (it is {_local(now, zone)})", value=zone)
        for zone in matching_zones(typed, _zone_of(interaction))
    ]


def matching_zones(typed: str, here: str) -> list[str]:
    """Return zones whose name fits: those of that beginning, those that contain it, those that look alike."""
    known = zones()
    needle = typed.strip().replace(" ", "_").casefold()
    if not needle:
        usual = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Singapore")
        return list(dict.fromkeys((here, *usual)))
    starts = [name for key, name in known.items() if any(part.startswith(needle) for part in (key, *key.split("/")))]
    contains = [name for key, name in known.items() if needle in key]
    alike = process.extract(needle, known.keys(), scorer=fuzz.WRatio, limit=5, score_cutoff=GOOD_MATCH)
    return list(dict.fromkeys([*starts, *contains, *(known[key] for key, _, _ in alike)]))[:MAX_CHOICES]


async def day_choices(interaction: Interaction, typed: str) -> list[Choice]:
    """Suggest days: the next ones, the next Monday, the next first and last of a month."""
    today = interaction.client.services.clock.now().astimezone(ZoneInfo(_zone_of(interaction))).date()
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    days = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "next Monday": today + timedelta(days=7 - today.weekday()),
        "in 30 days": today + timedelta(days=30),
        "the first of next month": first,
        "the end of this month": first - timedelta(days=1),
        "the end of the year": date(today.year, 12, 31),
    }
    named = [(f"{day.isoformat()} · {day:%A}, {name}", day.isoformat()) for name, day in days.items()]
    if interaction.command is not None and interaction.command.name == "edit":
        named.append(("none: no such day", NONE))
    needle = typed.strip().lower()
    fitting = [app_commands.Choice(name=name, value=value) for name, value in named if needle in name.lower()]
    return fitting or [app_commands.Choice(name=_name(typed), value=_name(typed))]


async def schedule_choices(interaction: Interaction, typed: str) -> list[Choice]:
    """Suggest this server's announcements by where, what and when."""
    here = interaction.client.services.announcements.listing(guild_of(interaction))
    named = [(_schedule_name(interaction, schedule), schedule) for schedule in here]
    needle = typed.strip().casefold()
    return [
        app_commands.Choice(name=_name(name), value=str(schedule.id))
        for name, schedule in named
        if needle in name.casefold()
    ][:MAX_CHOICES]


def _schedule_name(interaction: Interaction, schedule: Schedule) -> str:
    guild = interaction.guild
    channel = guild.get_channel_or_thread(schedule.channel_id) if guild else None
    where = f"#{channel.name}" if channel else "a deleted channel"
    mark = "⚠️ " if schedule.problem else ""
    return f"{mark}{where} · {schedule.kind} {times(schedule)} · #{schedule.id}"


def plan_options(command: Command) -> Command:
    """Describe what a plan is made of, and suggest it while it is typed."""
    app_commands.describe(**OPTIONS)(command)
    app_commands.choices(kind=KINDS, missed=MISSED)(command)
    suggested = {"every": every_choices, "at": at_choices, "timezone": zone_choices}
    return app_commands.autocomplete(**suggested, starts=day_choices, ends=day_choices)(command)


def _zone_of(interaction: Interaction) -> str:
    return interaction.client.services.guilds.get(guild_of(interaction)).timezone


def _meaning(line: str, zone: str) -> str | None:
    try:
        return describe(parse(line, None, zone))
    except BadInput:
        return None


def _reads(every: str, at: str) -> bool:
    try:
        parse(every, at, "UTC")
    except BadInput:
        return False
    return True


def _local(now: datetime, zone: str) -> str:
    return now.astimezone(ZoneInfo(zone)).strftime("%a %H:%M")


def _name(text: str) -> str:
    return clip(text, MAX_NAME_CHARS)
