"""Two projects side by side, on one card that reads on a phone."""

from collections.abc import Sequence

from bot.catalogue import reading
from bot.catalogue.model import STATE_LABELS, Fact, Project
from bot.catalogue.service import Profile
from bot.ui.card import MAX_TEXT_CHARS, STATE_COLOURS, Card, button
from bot.ui.text import clip, escape

# What the lines under the sources take at most.
FOOT_CHARS = 350


def compare_card(first: Profile, second: Profile) -> Card:
    """Return two projects field by field, the one above the other so that it reads on a phone."""
    one, other = first.project, second.project
    tags = _tags(one, other)
    citations = reading.Citations()
    card = Card(f"{escape(one.name)} and {escape(other.name)}", colour=STATE_COLOURS["notice"])
    rows: list[tuple[str, list[str]]] = [
        ("Airdrop", [f"{reading.STATE_SIGNS[p.airdrop.state]} {STATE_LABELS[p.airdrop.state]}" for p in (one, other)]),
        ("Category", [one.category, other.category]),
        *_survey_rows(first, second),
    ]
    facts = [(one.facts.get(key), other.facts.get(key)) for key in reading.KEY_FACTS]
    rows += [
        (reading.label(key), [_compared(key, fact, citations) for fact in pair])
        for key, pair in zip(reading.KEY_FACTS, facts, strict=True)
        if any(pair)
    ]
    for name, values in rows:
        lines = (f"{tag} {value}" for tag, value in zip(tags, values, strict=True))
        card.text("\n".join([f"**{name}**", *lines]))
    card.rule()
    room = MAX_TEXT_CHARS - card.content_length() - FOOT_CHARS
    card.footer(_comparison_foot(citations.within(room), [fact for pair in facts for fact in pair if fact]))
    card.buttons(*(button(clip(p.name, 80), f"project:v1:open:{p.id}") for p in (one, other)))
    return card


def _tags(one: Project, other: Project) -> list[str]:
    names = [one.symbol, other.symbol] if one.symbol != other.symbol else [one.id, other.id]
    width = max(map(len, names))
    return [reading.code(name, width) for name in names]


def _survey_rows(first: Profile, second: Profile) -> list[tuple[str, list[str]]]:
    found = [profile.placement.result if profile.placement else None for profile in (first, second)]
    if not any(found):
        return []
    shares = [f"place {r.place}, {r.share:.1f}%" if r else "not listed" for r in found]
    scores = [str(r.tech_score) if r and r.tech_score is not None else "none given" for r in found]
    return [("Survey", shares), ("Tech score, from the survey", scores)]


def _compared(key: str, fact: Fact | None, citations: reading.Citations) -> str:
    if fact is None or not fact.known:
        return f"{reading.MARKS['unknown']} not known"
    return f"{reading.MARKS[fact.status]} {reading.brief(key, fact)}{reading.NARROW}{citations.cite(fact.sources[:1])}"


def _comparison_foot(sources: str, facts: Sequence[Fact]) -> str:
    lines = [f"Sources: {sources}"] if sources else []
    lines.append(reading.legend([*(fact.status for fact in facts), "unknown"]))
    when = f"As of {reading.date_stamp(max(fact.as_of for fact in facts))} · " if facts else ""
    lines.append(f"{when}one source a value here; notes and all sources with the buttons")
    return "\n".join(lines)
