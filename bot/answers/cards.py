"""What an answer looks like: the text, where it comes from, what else may have been meant, and how it can be rated."""

from collections.abc import Collection, Mapping
from datetime import date
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.answers.model import Answer, Citation, Kind
from bot.answers.service import Answered
from bot.catalogue.reading import NARROW, date_stamp
from bot.links.defang import defang
from bot.ui.card import MAX_BUTTONS_A_ROW, STATE_COLOURS, Card, button
from bot.ui.text import clip, escape

MAX_HEADING_CHARS = 150
# What a card may hold is shared out so that a question, an answer and its sources always fit.
HEADING_ROOM, TEXT_ROOM, FOOT_ROOM = 400, 2_400, 1_100
MAX_LABEL_CHARS = 80

_COLOURS: Mapping[Kind, discord.Colour] = {
    Kind.ANSWER: STATE_COLOURS["published"],
    Kind.REFUSAL: STATE_COLOURS["closed"],
    Kind.UNKNOWN: STATE_COLOURS["closing"],
}
_RAISED = "¹²³⁴⁵⁶⁷⁸⁹"


def answer_card(answered: Answered, *, heading: bool = True, share: bool = False) -> Card:
    """Show an answer; with `share`, its only reader may show it to all."""
    answer, domains = answered.answer, answered.domains
    question = _fitting(clip(answered.question, MAX_HEADING_CHARS), domains, HEADING_ROOM).replace("\n", " ")
    card = Card(question if heading else None, colour=_COLOURS[answer.kind])
    card.text(_fitting(answer.text, domains, TEXT_ROOM))
    card.footer(_foot(answer, domains))
    if answered.number is None:
        # Buttons lead to what was written down, and nothing was.
        return card
    _offer(card, answered)
    return card.buttons(*_rating(answered.number), *_sharing(answered, share=share))


def shown(text: str, domains: Collection[str]) -> str:
    """Return a text made safe line by line, with addresses dead that lead elsewhere than to `domains`."""
    return "\n".join(escape(line) for line in defang(text, domains).splitlines())


def _fitting(text: str, domains: Collection[str], room: int) -> str:
    """Return as much of a text as takes no more than `room` once it is safe."""
    while len(safe := shown(text, domains)) > room:
        text = clip(text, min(len(text) * 4 // 5, room))
    return safe


def _foot(answer: Answer, domains: Collection[str]) -> str:
    lines = []
    if answer.stale:
        lines.append("⚠️ This was checked long ago and may be out of date.")
    if answer.sources:
        lines.append(f"Sources: {_cited(answer, domains)}")
    if answer.as_of:
        lines.append(f"As of {date_stamp(answer.as_of)}")
    return "\n".join(lines)


def _cited(answer: Answer, domains: Collection[str]) -> str:
    cited: list[str] = []
    left = len(answer.sources)
    for sign, source in zip(_RAISED, answer.sources, strict=False):
        line = f"{sign}{NARROW}{_source(source, answer.as_of, domains)}"
        if sum(map(len, cited)) + len(line) > FOOT_ROOM:
            break
        cited.append(line)
        left -= 1
    return " · ".join([*cited, f"and {left} more"] if left else cited)


def _source(source: Citation, as_of: date | None, domains: Collection[str]) -> str:
    name = shown(clip(source.title, 100), domains)
    # The last line has the date of those that were read with the others.
    when = f", {date_stamp(source.as_of)}" if source.as_of and source.as_of != as_of else ""
    if source.url is None or urlsplit(source.url).scheme != "https":
        return f"{name}{when}"
    # Angle brackets keep Discord from adding a preview; none may stand in the address itself.
    return f"[{name}](<{source.url.replace('>', '%3E').replace('<', '%3C')}>){when}"


def _offer(card: Card, answered: Answered) -> None:
    offered = answered.answer.suggestions[:MAX_BUTTONS_A_ROW]
    if offered:
        card.text("" if answered.answer.text.endswith("?") else "You can ask:")
        card.buttons(
            *(
                button(clip(each.question, MAX_LABEL_CHARS), f"ask:v1:pick:{answered.number}:{place}")
                for place, each in enumerate(offered)
            )
        )


def _rating(number: int) -> list[ui.Button[ui.View]]:
    return [
        button("Helpful", f"ask:v1:rate:{number}:1", emoji="👍"),
        button("Not helpful", f"ask:v1:rate:{number}:0", emoji="👎"),
    ]


def _sharing(answered: Answered, *, share: bool) -> list[ui.Button[ui.View]]:
    if share and answered.answer.kind is Kind.ANSWER and answered.guild_id is not None:
        return [button("Share", f"ask:v1:share:{answered.number}", emoji="📣")]
    return []


def how_to_ask_card() -> Card:
    """Say how to ask, to somebody who called without a question."""
    card = Card("Ask me about airdrops", colour=STATE_COLOURS["notice"])
    card.text(
        "Write your question after my name, or use `/ask`. For example:\n"
        "- Can I still claim STRK?\n"
        "- Which project raised the most?\n"
        "- What is a Sybil attack?"
    )
    return card.footer("I never ask for a wallet, a key or a seed phrase. Whoever does is not me.")


def thanks_text(*, helpful: bool, moderated: bool) -> str:
    """Thank for a rating, and say what it does."""
    if helpful:
        return "👍 Thanks, noted. You can change your mind with the other button."
    who = " The moderators see the question among those that need a better answer, without your name." * moderated
    return f"👎 Thanks, noted.{who} You can change your mind with the other button."
