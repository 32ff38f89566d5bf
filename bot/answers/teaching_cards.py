"""What moderators see of questions without an answer, and of the answers that they teach."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import ui

from bot.answers.cards import shown
from bot.answers.learning import Cluster
from bot.answers.taught import (
    MAX_ADDRESS_CHARS,
    MAX_ANSWER_CHARS,
    MAX_QUESTION_CHARS,
    MAX_TITLE_CHARS,
    Taught,
    Typed,
)
from bot.answers.teaching import Draft
from bot.catalogue.reading import date_stamp
from bot.links.model import Judgement
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.components import Field, form_modal
from bot.ui.text import ago, clip, escape, plural

CLUSTERS_A_PAGE = 5
ANSWERS_A_PAGE = 5
WORDINGS_SHOWN = 3
DANGER = discord.ButtonStyle.danger
SUCCESS = discord.ButtonStyle.success


def gaps_card(clusters: Sequence[Cluster], page: int) -> Card:
    """Return one page of the questions that need an answer, most asked first."""
    card = Card("Questions that need an answer", colour=STATE_COLOURS["notice"])
    if not clusters:
        return card.text("None in the last 30 days: everything got an answer, and none was marked down.")
    pages = -(-len(clusters) // CLUSTERS_A_PAGE)
    page = max(0, min(page, pages - 1))
    for cluster in clusters[page * CLUSTERS_A_PAGE : (page + 1) * CLUSTERS_A_PAGE]:
        teach = button("Teach", f"answers:v1:teach:{cluster.lead.id}", style=SUCCESS)
        card.section(_cluster(cluster), teach)
    card.footer(f"The last 30 days, like questions together, nobody named · {plural(len(clusters), 'question')}")
    return _turning(card, "answers:v1:gaps", page, pages)


def _cluster(cluster: Cluster) -> str:
    first, *others = cluster.wordings
    count = len(cluster.gaps)
    signs = [f"asked {plural(count, 'time')}" if count > 1 else "asked once", f"last {ago(cluster.last_asked_at)}"]
    if cluster.marked_down:
        signs.append(f"👎 {cluster.marked_down}")
    lines = [f"**{_quoted(first)}**"]
    if others:
        lines.append(f"-# also: {_some(others)}")
    return "\n".join([*lines, f"-# {' · '.join(signs)}"])


def _some(wordings: Sequence[str]) -> str:
    more = f" and {len(wordings) - WORDINGS_SHOWN} more" if len(wordings) > WORDINGS_SHOWN else ""
    return " · ".join(map(_quoted, wordings[:WORDINGS_SHOWN])) + more


def _quoted(text: str) -> str:
    return shown(clip(text, MAX_QUESTION_CHARS), ()).replace("\n", " ")


def form(custom_id: str, typed: Typed) -> ui.Modal:
    """Return the form in which an answer is typed."""
    return form_modal(
        "Teach an answer",
        custom_id,
        Field("question", "Question", "As a member would put it", MAX_QUESTION_CHARS, typed.question),
        Field("answer", "Answer", "The answer first, no addresses", MAX_ANSWER_CHARS, typed.answer, lines=True),
        Field("source_title", "Source: its title", "What the page is called", MAX_TITLE_CHARS, typed.source_title),
        Field("source_url", "Source: its address", "https://…", MAX_ADDRESS_CHARS, typed.source_url),
        Field("as_of", "As of: the day you read it, as 2026-03-01", "2026-03-01", 10, typed.as_of),
    )


def draft_card(draft: Draft) -> Card:
    """Show a draft as members will see it, or say what is still missing."""
    number = draft.taught.id
    again = button("Change it", f"answers:v1:change:{number}")
    away = button("Discard", f"answers:v1:discard:{number}")
    if draft.problems:
        card = Card("Not yet", colour=STATE_COLOURS["closing"])
        official = (draft.verdict.official,) if draft.verdict.official else ()
        card.text("\n".join(f"- {shown(problem, official)}" for problem in draft.problems))
        return card.footer("What you typed is kept for a day.").buttons(again, away)
    card = Card("Is this right?", colour=STATE_COLOURS["notice"])
    card.text(_as_shown(draft.taught)).rule()
    card.text("\n".join(_warnings(draft)))
    if wordings := draft.taught.phrasings:
        card.footer(f"It also answers: {_some(wordings)}")
    card.footer("Published, it answers on this server at once, and on no other.")
    return card.buttons(button("Publish", f"answers:v1:publish:{number}", style=SUCCESS), again, away)


def _warnings(draft: Draft) -> list[str]:
    lines = []
    if draft.verdict.judgement is Judgement.SUSPICIOUS:
        reasons = shown(" ".join(draft.verdict.reasons), ())
        lines.append(f"⚠️ The source's address looks suspicious: {reasons} Publish it only if you know the page.")
    elif draft.verdict.judgement is not Judgement.OFFICIAL:
        lines.append(
            f"ℹ️ `{escape(draft.taught.host)}` is no project's official domain. Members are sent there: be sure of it."
        )
    if draft.replaces is not None:
        lines.append("♻️ It takes the place of the answer that was taught to this question before.")
    if not draft.found:
        lines.append("⚠️ Asked word for word, this question would still get another answer. Put it more exactly.")
    return lines


def _as_shown(taught: Taught) -> str:
    typed, own = taught.typed, (taught.host,)
    title = shown(typed.source_title, own)
    return (
        f"**{shown(typed.question, own)}**\n{shown(typed.answer, own)}\n"
        f"-# Source: [{title}](<{typed.source_url}>), {_day(typed.as_of)}"
    )


def _day(text: str) -> str:
    return date_stamp(date.fromisoformat(text))


def published_card(taught: Taught) -> Card:
    """Confirm that an answer is live."""
    card = Card("Taught", colour=STATE_COLOURS["open"]).text(_as_shown(taught))
    card.footer("Members of this server get this answer from now on. Try it with /ask.")
    return card.buttons(button("Forget it", f"answers:v1:ask:{taught.id}"))


def discarded_card(taught: Taught) -> Card:
    """Confirm that a draft is thrown away."""
    return Card(colour=STATE_COLOURS["closed"]).text(f"The draft “{_quoted(taught.typed.question)}” is thrown away.")


def list_card(answers: Sequence[Taught], page: int) -> Card:
    """Return one page of a server's taught answers, the newest first."""
    card = Card("Answers taught on this server", colour=STATE_COLOURS["notice"])
    if not answers:
        return card.text("There are none yet. `/answers gaps` shows what members asked in vain.")
    pages = -(-len(answers) // ANSWERS_A_PAGE)
    page = max(0, min(page, pages - 1))
    newest_first = answers[::-1]
    for taught in newest_first[page * ANSWERS_A_PAGE : (page + 1) * ANSWERS_A_PAGE]:
        short = _quoted(taught.typed.answer)
        title = shown(clip(taught.typed.source_title, 40), (taught.host,))
        card.section(
            f"**{_quoted(taught.typed.question)}**\n{short}\n"
            f"-# [{title}](<{taught.typed.source_url}>), {_day(taught.typed.as_of)}",
            button("Forget", f"answers:v1:ask:{taught.id}"),
        )
    card.footer(plural(len(answers), "answer"))
    return _turning(card, "answers:v1:list", page, pages)


def forget_card(taught: Taught) -> Card:
    """Ask before an answer is forgotten."""
    card = Card("Forget this answer?", colour=STATE_COLOURS["closing"]).text(_as_shown(taught))
    return card.buttons(
        button("Forget it", f"answers:v1:forget:{taught.id}", style=DANGER),
        button("Keep it", f"answers:v1:keep:{taught.id}"),
    )


def forgotten_card(taught: Taught) -> Card:
    """Confirm that an answer is forgotten, and offer to take that back."""
    card = Card("Forgotten", colour=STATE_COLOURS["closed"]).text(_as_shown(taught))
    return card.buttons(button("Undo", f"answers:v1:restore:{taught.id}", emoji="↩️"))


def kept_card(taught: Taught, heading: str = "The answer stays") -> Card:
    """Confirm that an answer goes on."""
    return Card(heading, colour=STATE_COLOURS["open"]).text(_as_shown(taught))


def _turning(card: Card, prefix: str, page: int, pages: int) -> Card:
    if pages == 1:
        return card
    return card.footer(f"Page {page + 1} of {pages}").buttons(
        button("Previous", f"{prefix}:{page - 1}", disabled=page == 0),
        button("Next", f"{prefix}:{page + 1}", disabled=page == pages - 1),
    )
