"""Answers in a terminal: from what ships alone, as text or as JSON."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.answers.engine import Asked, load_engine
from bot.answers.model import Answer
from bot.catalogue.load import load
from bot.catalogue.service import Catalogue
from bot.clock import SystemClock

DATA = Path(__file__).parents[2] / "data"


def answers_to(questions: Iterable[str]) -> Iterator[Answer]:
    """Answer questions one after the other."""
    engine, catalogue, clock = load_engine(DATA), Catalogue(load(DATA)), SystemClock()
    nothing_taught = engine.passages(())
    for question in questions:
        yield engine.ask(Asked(question, catalogue, nothing_taught, (), clock.now()))


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values: what it is, its text, its sources, how sure it is."""
    sources = [
        {"title": source.title, "url": source.url, "as_of": source.as_of and source.as_of.isoformat()}
        for source in answer.sources
    ]
    return {
        "kind": str(answer.kind),
        "text": answer.text,
        "sources": sources,
        "confidence": round(answer.confidence, 2),
    }


def answer_text(answer: Answer) -> str:
    """Return an answer as a person reads it in a terminal."""
    lines = [answer.text]
    if answer.stale:
        lines.append("(This was checked long ago and may be out of date.)")
    lines += [f"  ? {suggestion.question}" for suggestion in answer.suggestions]
    for source in answer.sources:
        when = f", {source.as_of.isoformat()}" if source.as_of else ""
        lines.append(f"  - {source.title}{when}" + (f": {source.url}" if source.url else ""))
    if answer.as_of:
        lines.append(f"  As of {answer.as_of.isoformat()}")
    return "\n".join(lines)
