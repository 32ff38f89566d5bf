"""Suggestions while a moderator types a change of the catalogue, answered from memory."""

from collections.abc import Iterable, Mapping
from typing import get_args

from discord import app_commands

from bot.catalogue.change_cards import FIELD_LABELS, label
from bot.catalogue.changes import FIELDS, present
from bot.catalogue.model import STATE_LABELS, Category, Fact, Project, Window
from bot.catalogue.reading import KEY_FACTS, LABELS
from bot.client import Interaction
from bot.errors import NotFound
from bot.ui.text import clip

MAX_CHOICES = 25
MAX_NAME_CHARS = 100

Choices = list[app_commands.Choice[str]]


async def project_choices(interaction: Interaction, typed: str) -> Choices:
    """Suggest this server's projects."""
    found = interaction.client.services.catalogues.of(interaction.guild_id).suggest(typed, MAX_CHOICES)
    return _named(found)


async def retired_choices(interaction: Interaction, typed: str) -> Choices:
    """Suggest the projects that this server has retired."""
    retired = interaction.client.services.catalogues.of(interaction.guild_id).retired
    return _named(project for project in retired if typed.casefold().strip() in project.name.casefold())[:MAX_CHOICES]


def _named(projects: Iterable[Project]) -> Choices:
    return [
        app_commands.Choice(name=clip(f"{project.name} ({project.symbol})", MAX_NAME_CHARS), value=project.id)
        for project in projects
    ]


async def fact_choices(interaction: Interaction, typed: str) -> Choices:
    """Suggest what can be changed about the chosen project, each with what it says now."""
    project = _chosen(interaction)
    facts: Mapping[str, Fact] = project.facts if project else {}
    keys = dict.fromkeys((*KEY_FACTS, *facts, *FIELDS, *LABELS))
    needle = typed.casefold().strip()
    fitting = [key for key in keys if needle in label(key).casefold() or needle in key]
    return [
        app_commands.Choice(name=clip(f"{label(key)} · {_now(project, key)}", MAX_NAME_CHARS), value=key)
        for key in fitting[:MAX_CHOICES]
    ]


async def value_choices(interaction: Interaction, typed: str) -> Choices:
    """Suggest the present value to be corrected, or the values that there are to choose from."""
    project, key = _chosen(interaction), str(getattr(interaction.namespace, "fact", "") or "")
    known: Mapping[str, str]
    if key == "project.state":
        known = {state: label for state, label in STATE_LABELS.items()}  # noqa: C416 - the keys become plain texts
    elif key == "project.category":
        known = {category: category for category in get_args(Category)}
    else:
        now = _typable(project, key)
        known = {now: now} if now and len(now) <= MAX_NAME_CHARS and not typed else {}
    return [
        app_commands.Choice(name=name, value=value)
        for value, name in known.items()
        if typed.casefold().strip() in name.casefold()
    ]


def _chosen(interaction: Interaction) -> Project | None:
    try:
        name = str(getattr(interaction.namespace, "name", "") or "")
        return interaction.client.services.catalogues.of(interaction.guild_id).get(name)
    except NotFound:
        return None


def _now(project: Project | None, key: str) -> str:
    if project and key in FIELD_LABELS:
        now = present(project, key)
        return ", ".join(now) if isinstance(now, list) else STATE_LABELS.get(now, str(now))
    if project is None or key not in project.facts:
        return "new"
    return (
        (_typable(project, key) or project.facts[key].text or "as a list") if project.facts[key].known else "not known"
    )


def _typable(project: Project | None, key: str) -> str:
    """Return a value as it would be typed; empty where that is not possible."""
    if project is None or (key not in project.facts and key not in FIELDS):
        return ""
    if key in FIELDS:
        now = present(project, key)
        return ", ".join(now) if isinstance(now, list) else str(now)
    match project.facts[key].value:
        case str(text):
            return text
        case Window(opens=opens, closes=closes):
            return f"{opens or ''}..{closes or ''}"
        case [str(), *_] as names:
            return ", ".join(map(str, names))
        case _:
            return ""
