"""What a moderator types for a fact, read into the value that it means."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import get_args
from urllib.parse import urlsplit

from bot.catalogue.changes import FIELDS, Json, parsed, plain, present
from bot.catalogue.days import after, earliest, is_day
from bot.catalogue.model import STATE_LABELS, Category, Fact, FactStatus, Project, Source
from bot.catalogue.reading import LABELS
from bot.errors import BadInput
from bot.ui.text import escape

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
DOMAINS = frozenset({"official_domains", "historic_claim_pages"})
_NAMES = DOMAINS | {"github_org"}
_WINDOWS = frozenset({"claim_window"})
_NUMBER = re.compile(r"^-?\d[\d_,]*$")


@dataclass(frozen=True, slots=True)
class Typed:
    """The options of an edit as they were typed."""

    value: str
    source: str
    status: FactStatus | None = None
    as_of: str | None = None
    note: str | None = None


def field_value(key: str, text: str) -> Json:
    """Return the value that was typed for a field of a project."""
    text = " ".join(text.split())
    if key == "project.aliases":
        return _names(text)
    if key == "project.state":
        return _choice("value:", text, {label: state for state, label in STATE_LABELS.items()})
    if key == "project.category":
        return _choice("value:", text, {category.casefold(): category for category in get_args(Category)})
    return text


def _choice(option: str, text: str, known: dict[str, str]) -> str:
    wanted = text.casefold()
    for name, value in known.items():
        if wanted in (name.casefold(), value.casefold()):
            return value
    raise BadInput(option, f"“{escape(text)}” is none that I know.", f"Choose one of: {', '.join(known.values())}.")


def fact_of(key: str, typed: Typed, project: Project, today: date) -> Json:
    """Return the fact that was typed; raise `BadInput` for what cannot be meant."""
    source = source_of(typed.source)
    unknown = typed.status == "unknown" or typed.value.strip().casefold() in ("unknown", "not known")
    document: dict[str, Json] = {
        "status": "unknown" if unknown else typed.status or "single_source",
        "as_of": _day_of(typed.as_of, today).isoformat(),
        "sources": [plain(source)],
    }
    if typed.note and typed.note.strip():
        document["note"] = " ".join(typed.note.split())
    if not unknown:
        document |= _value(key, typed.value.strip(), present(project, key))
    return plain(parsed(Fact, document))


def key_of(typed: str, project: Project) -> str:
    """Return the key of the field or fact that was typed or picked; raise `BadInput` when it can be none."""
    key = typed.strip().lower().replace(" ", "_")
    if key in FIELDS or key in project.facts:
        return key
    if (field := f"project.{key}") in FIELDS:
        return field
    if KEY.match(key):
        return next((known for known, label in LABELS.items() if label.lower().replace(" ", "_") == key), key)
    raise BadInput("fact:", f"“{escape(typed)}” cannot name a fact.", "Pick one, or use letters, digits and spaces.")


def source_of(typed: str) -> Source:
    """Return the page that was typed; raise `BadInput` unless it is a plain https address."""
    address = urlsplit(typed.strip())
    host = address.hostname or ""
    if address.scheme != "https" or "." not in host or "@" in address.netloc or host.replace(".", "").isdigit():
        raise BadInput("source:", "Every fact needs a page to check it by.", "Give its address, beginning `https://`.")
    return parsed(Source, {"url": typed.strip()})


def _day_of(typed: str | None, today: date) -> date:
    if not typed:
        return today
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise BadInput("as_of:", "is no day that I can read.", "Write it as `2026-11-22`.") from None
    if day > today:
        raise BadInput("as_of:", "lies in the future.", "Give the day on which it was looked up.")
    return day


def _value(key: str, text: str, before: Json) -> dict[str, Json]:
    old = before.get("value") if isinstance(before, dict) else None
    if key in _WINDOWS or (isinstance(old, dict) and old.keys() <= {"opens", "closes"}):
        return {"value": _window(text)}
    if key in _NAMES or (isinstance(old, list) and all(isinstance(name, str) for name in old)):
        return {"value": [_domain(name) for name in _names(text)] if key in DOMAINS else _names(text)}
    if "|" in text and "=" in text.partition("|")[2]:
        return _figures(text)
    return {"value": _moment(text) or " ".join(text.split())}


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name for part in re.split(r"[,;\n]", text) if (name := " ".join(part.split()))))


def _domain(typed: str) -> str:
    domain = re.sub(r"^https?://", "", typed.strip().lower()).rstrip("/")
    host = domain.partition("/")[0]
    if not re.fullmatch(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+", host) or host.replace(".", "").isdigit():
        raise BadInput("value:", f"“{escape(typed)}” is no domain.", "Write it as `starknet.io`, with commas between.")
    return domain


def _window(text: str) -> Json:
    begin, dots, end = re.sub(r"\s+(?:to|until)\s+", "..", text.strip()).partition("..")
    opens, closes = _moment(begin), _moment(end)
    bad = bool(begin.strip()) > bool(opens) or bool(end.strip()) > bool(closes) or not (opens or closes) or not dots
    if bad or (opens and closes and after(closes) <= earliest(opens)):
        raise BadInput(
            "value:",
            "I cannot read when claims open and close.",
            "Write `2026-12-01..2026-12-31`, `..2026-12-31` or `2026-12-01T15:00Z..`.",
        )
    return {name: day for name, day in (("opens", opens), ("closes", closes)) if day}


def _moment(text: str) -> str | None:
    """Return a day as exact as it was typed, a moment in UTC; None when it is neither."""
    text = text.strip()
    if is_day(text):
        return text
    try:
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def _figures(text: str) -> dict[str, Json]:
    reads, _, rest = text.partition("|")
    figures: dict[str, str | int] = {}
    for part in re.split(r"[;,](?=\s*[a-z_0-9]+\s*=)", rest):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not KEY.match(name) or not value:
            raise BadInput(
                "value:", f"I cannot read the figure “{escape(part.strip())}”.", "Write `5% of supply | percent=5`."
            )
        figures[name] = int(re.sub(r"[_,]", "", value)) if _NUMBER.match(value) else value
    if not reads.strip():
        raise BadInput("value:", "Figures need words that say how they read.", "Write `5% of supply | percent=5`.")
    return {"value": figures, "text": " ".join(reads.split())}
