"""Discord's limits on what a bot sends: messages, embeds, modals, autocomplete answers.

Numbers are those of Discord's API description, version 10. Nothing here knows who sends.
"""

from collections.abc import Collection, Mapping
from typing import Any

from .component_limits import ComponentCheck
from .errors import Payload
from .problems import Problems
from .world import COMPONENTS_V2, EPHEMERAL

CONTENT_CHARS = 2_000
EMBEDS = 10
EMBED_CHARS = 6_000
FILES = 10
FILE_BYTES = 10 * 1024 * 1024
CHOICES = 25
NONCE_CHARS = 25
MENTIONED_IDS = 100
# Suppress embeds, ephemeral, suppress notifications, voice message, components V2.
SENDABLE_FLAGS = (1 << 2) | EPHEMERAL | (1 << 12) | (1 << 13) | COMPONENTS_V2


def check_message(message: Mapping[str, Any], filenames: Collection[str], *, modal: bool = False) -> Problems:
    """Check a message as it would stand: content, embeds, components, flags, mentions, nonce."""
    problems = Problems()
    flags = message.get("flags") or 0
    v2 = bool(flags & COMPONENTS_V2)
    problems.longest("content", message.get("content"), CONTENT_CHARS)
    if flags & ~SENDABLE_FLAGS:
        problems.add("flags", "MESSAGE_FLAGS_INVALID", f"Flags {flags & ~SENDABLE_FLAGS} cannot be set.")
    if v2:
        for field in ("content", "embeds", "poll", "sticker_ids"):
            if message.get(field):
                problems.add(
                    field,
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"{field} cannot be used in a message that has the IS_COMPONENTS_V2 flag.",
                )
    _embeds(message.get("embeds") or [], filenames, problems)
    ComponentCheck(problems, filenames, v2=v2).message(message.get("components") or [])
    _mentions(message.get("allowed_mentions") or {}, problems)
    problems.longest("nonce", message.get("nonce"), NONCE_CHARS)
    return problems


def is_empty(message: Mapping[str, Any], filenames: Collection[str]) -> bool:
    """Tell whether a message would show nothing."""
    return not (
        message.get("content")
        or message.get("embeds")
        or message.get("components")
        or message.get("sticker_ids")
        or message.get("poll")
        or filenames
    )


def check_files(files: Mapping[str, int], described: list[Payload], problems: Problems) -> None:
    """Check uploads: how many, how large, and that each described one is there."""
    problems.most("attachments", files, FILES)
    for name, size in files.items():
        if size > FILE_BYTES:
            problems.add(name, "BINARY_TYPE_MAX_SIZE", "Request entity too large")
    for index, entry in enumerate(described):
        problems.longest(f"attachments.{index}.description", entry.get("description"), 1_024)
        problems.longest(f"attachments.{index}.filename", entry.get("filename"), 1_024)


def check_choices(data: Payload) -> Problems:
    """Check an autocomplete answer."""
    problems = Problems()
    choices = data.get("choices") or []
    problems.most("choices", choices, CHOICES)
    for index, choice in enumerate(choices):
        problems.between(f"choices.{index}.name", choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            problems.between(f"choices.{index}.value", choice["value"], 1, 100)
        elif not isinstance(choice.get("value"), int | float):
            problems.add(f"choices.{index}.value", "BASE_TYPE_REQUIRED", "This field is required")
    return problems


def check_modal(data: Payload) -> Problems:
    """Check a modal."""
    problems = Problems()
    problems.between("custom_id", data.get("custom_id"), 1, 100)
    problems.between("title", data.get("title"), 1, 45)
    ComponentCheck(problems, (), v2=True).modal(data.get("components") or [])
    return problems


def _mentions(allowed: Mapping[str, Any], problems: Problems) -> None:
    parse = allowed.get("parse") or []
    for kind in ("users", "roles"):
        named = allowed.get(kind) or []
        problems.most(f"allowed_mentions.{kind}", named, MENTIONED_IDS)
        if named and kind in parse:
            problems.add(
                "allowed_mentions.parse",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f"parse:[{kind}] and {kind}:[ids...] are mutually exclusive.",
            )
    for word in parse:
        if word not in ("users", "roles", "everyone"):
            problems.add("allowed_mentions.parse", "BASE_TYPE_CHOICES", f"{word!r} cannot be parsed.")


def _embeds(embeds: list[Payload], filenames: Collection[str], problems: Problems) -> None:
    problems.most("embeds", embeds, EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        at = f"embeds.{index}"
        fields = embed.get("fields") or []
        footer = (embed.get("footer") or {}).get("text")
        author = (embed.get("author") or {}).get("name")
        texts = [
            (f"{at}.title", embed.get("title"), 256),
            (f"{at}.description", embed.get("description"), 4_096),
            (f"{at}.footer.text", footer, 2_048),
            (f"{at}.author.name", author, 256),
        ]
        problems.most(f"{at}.fields", fields, 25)
        for number, field in enumerate(fields):
            for part, most in (("name", 256), ("value", 1_024)):
                problems.between(f"{at}.fields.{number}.{part}", field.get(part), 1, most)
                total += len(field.get(part) or "")
        for where, text, most in texts:
            problems.longest(where, text, most)
            total += len(text or "")
        for part in ("image", "thumbnail"):
            problems.media(f"{at}.{part}.url", (embed.get(part) or {}).get("url"), filenames, required=False)
    if total > EMBED_CHARS:
        problems.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_CHARS}")
