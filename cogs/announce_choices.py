"""Suggestions while a moderator types an announcement, answered from memory."""

from datetime import datetime
from zoneinfo import ZoneInfo

from discord import app_commands
from rapidfuzz import fuzz, process

from bot.announcements.model import Schedule
from bot.announcements.recurrence import PRESETS, describe, parse, zones
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
    return f"{mark}{where} · {schedule.kind} {describe(schedule.recurrence)} · #{schedule.id}"


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
