"""Texts as Discord shows them: made safe, dated, and short."""

import re
from datetime import datetime
from functools import lru_cache
from typing import Literal

import discord

_SCHEME = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*)://")
_INVITE = re.compile(r"(?i)\b(discord(?:app)?)\.(gg|com)\b")
_LINK_TEXT = re.compile(r"\]\(")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@lru_cache(maxsize=4_096)  # titles and names come again with every ballot
def escape(text: str) -> str:
    """Return `text` with markdown, mentions, links and invisible characters made dead."""
    text = _CONTROL.sub("", text)
    text = _SCHEME.sub("\\1:\u200b//", _INVITE.sub("\\1\u200b.\\2", text))
    # discord.py leaves alone what stands between the first [ and the last ) of a link, so links are broken up first.
    text = _LINK_TEXT.sub("]\u200b(", text)
    text = discord.utils.escape_markdown(discord.utils.escape_mentions(text), ignore_links=False)
    return text.replace("<", "\\<").replace("\n", " ")


def clip(text: str, length: int) -> str:
    """Return `text` cut to `length` characters, the last one an ellipsis when something is missing."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def plural(count: int, word: str) -> str:
    """Return the count with its word: 1 ballot, 2 ballots, 1,000 ballots."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def moment(when: datetime, style: Literal["t", "T", "d", "D", "f", "F", "R"] = "f") -> str:
    """Return a timestamp that each reader sees in their own zone."""
    return f"<t:{int(when.timestamp())}:{style}>"


def ago(when: datetime) -> str:
    """Return a timestamp that reads as a distance from now, such as “in 3 hours”."""
    return moment(when, "R")


def bar(fraction: float, width: int = 12) -> str:
    """Return a bar of block characters, `width` wide when the fraction is 1."""
    filled = round(max(0.0, min(1.0, fraction)) * width)
    return "█" * filled + "░" * (width - filled)
