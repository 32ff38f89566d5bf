"""What Discord shows of verdicts on links: never a live link to anything but an official domain."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import discord

from bot.links.address import domain_of
from bot.links.defang import defang
from bot.links.likeness import shown
from bot.links.model import Judgement, Verdict
from bot.ui.card import MAX_TEXT_CHARS, STATE_COLOURS, Card
from bot.ui.text import clip, escape

MAX_SHOWN = 12
# Room is left for the title and the advice.
LINES_CHARS = MAX_TEXT_CHARS - 500
MAX_HOST_CHARS = 120
MAX_REASON_CHARS = 300


class _Look(NamedTuple):
    sign: str
    title: str
    colour: discord.Colour
    advice: str


_LOOKS: Mapping[Judgement, _Look] = {
    Judgement.LISTED: _Look(
        "⛔",
        "A known scam",
        STATE_COLOURS["cancelled"],
        "Do not open it. Connect no wallet, sign nothing, and tell a moderator where you found it.",
    ),
    Judgement.LOOKALIKE: _Look(
        "🚨",
        "A look-alike",
        STATE_COLOURS["cancelled"],
        "Do not open it. Connect no wallet, sign nothing, and tell a moderator where you found it.",
    ),
    Judgement.SUSPICIOUS: _Look(
        "⚠️",
        "Suspicious",
        STATE_COLOURS["closing"],
        "Better leave it. Whatever it offers, look for it on the project's official domain.",
    ),
    Judgement.UNKNOWN: _Look(
        "❔",
        "Unknown",
        STATE_COLOURS["closed"],
        "Unknown is not safe: I found nothing against it, and nothing for it. Type official addresses yourself.",
    ),
    Judgement.OFFICIAL: _Look(
        "✅",
        "Official",
        STATE_COLOURS["open"],
        "The domain is right. No project ever asks for a seed phrase, there or anywhere.",
    ),
}

_SCAMS = (Judgement.LISTED, Judgement.LOOKALIKE)
_ADVICE_ON_SCAMS = "Trust nothing in a message with such a link. Connect no wallet, sign nothing, and tell a moderator."


def verdict_card(verdict: Verdict) -> Card:
    """Return the card of one link."""
    look = _LOOKS[verdict.judgement]
    card = Card(f"{look.sign} {_title(verdict, look)}", colour=look.colour)
    card.text(f"**Leads to** {_dead(verdict)}")
    if verdict.imitates:
        known = _link(verdict.official) if verdict.official else "not known: no source names an official domain"
        card.text(f"**The real one** {known}")
    elif verdict.official:
        card.text(f"**Official domain** {_link(verdict.official)}")
    card.rule()
    card.text("\n".join(_reason(verdict, reason) for reason in verdict.reasons))
    return card.footer(look.advice)


def verdicts_card(verdicts: Sequence[Verdict]) -> Card:
    """Return the card of all links in a message, the worst first."""
    if len(verdicts) == 1:
        return verdict_card(verdicts[0])
    worst = _LOOKS[verdicts[0].judgement]
    card = Card(f"{len(verdicts)} links, the worst first", colour=worst.colour)
    lines = [_lines(verdict) for verdict in verdicts[:MAX_SHOWN]]
    while sum(map(len, lines)) > LINES_CHARS:
        lines.pop()
    for line in lines:
        card.text(line)
    if more := len(verdicts) - len(lines):
        card.text(f"… and {more} more, none of them worse.")
    return card.rule().footer(_ADVICE_ON_SCAMS if verdicts[0].judgement in _SCAMS else worst.advice)


def _lines(verdict: Verdict) -> str:
    look = _LOOKS[verdict.judgement]
    return f"{look.sign} **{_title(verdict, look)}** · {_dead(verdict)}\n-# {_reason(verdict, verdict.reasons[0])}"


def _title(verdict: Verdict, look: _Look) -> str:
    if verdict.imitates:
        return f"{look.title} of {escape(verdict.imitates)}"
    if verdict.judgement is Judgement.OFFICIAL and verdict.project:
        return f"{look.title}: {escape(verdict.project)}"
    return look.title


def _dead(verdict: Verdict) -> str:
    """Return the host so that nobody can click it, in its own letters beside when those are others."""
    if verdict.host is None:
        return escape(clip(defang(verdict.address, ()), MAX_HOST_CHARS)) or "no place"
    letters = shown(verdict.host)
    return _code(verdict.host) + (f", shown as {_code(letters)}" if letters != verdict.host else "")


def _code(host: str) -> str:
    # In code no dot makes a link; with brackets none does after copying, either.
    dead = clip(host, MAX_HOST_CHARS).replace(".", "[.]").replace("`", "'")
    return f"`{dead}`"


def _reason(verdict: Verdict, reason: str) -> str:
    allowed = (domain_of(verdict.official),) if verdict.official else ()
    return escape(clip(defang(reason, allowed), MAX_REASON_CHARS))


def _link(official: str) -> str:
    return f"[{escape(official)}](<https://{official}>)"
