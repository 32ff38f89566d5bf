"""Changes as a moderator means them, drawn up from what was typed; none of them is made here."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.catalogue.changes import FIELDS, Edition, Json, Misfit, NewChange, applied, check_names, parsed, plain, present
from bot.catalogue.following import following
from bot.catalogue.model import STATE_LABELS, AirdropState, Project
from bot.catalogue.proposal import official_domains
from bot.catalogue.typed import Typed, fact_of, field_value, key_of, source_of
from bot.errors import BadInput, Refused
from bot.ui.text import escape

MAX_ID_CHARS = 40


@dataclass(frozen=True, slots=True)
class NewProject:
    """What was typed to add a project."""

    name: str
    symbol: str
    category: str
    state: AirdropState
    about: str
    source: str
    line: str | None = None
    aliases: str | None = None


def edit(project: Project, key: str, typed: Typed, today: date) -> list[NewChange]:
    """Draw up another value for a field or a fact; raise `BadInput` or `Refused` for one that cannot be."""
    key, source = key_of(key, project), plain(source_of(typed.source))
    values = _field(key, typed) if key in FIELDS else {key: fact_of(key, typed, project, today)}
    changes = [
        NewChange(project.id, "edit", name, old, new, source)
        for name, new in values.items()
        if new != (old := present(project, name))
    ]
    if not changes:
        raise Refused(f"{escape(project.name)} says exactly that already.", "Nothing was changed.")
    return [*changes, *_followed(project, changes)]


def _followed(project: Project, changes: Sequence[NewChange]) -> Iterator[NewChange]:
    """Give the change of the airdrop's line that goes with a corrected day."""
    line = project.airdrop.line
    for change in changes:
        if change.key not in FIELDS and (after := following(line, change.old, change.new)) != line:
            yield NewChange(project.id, "edit", "project.line", line, after, change.source)


def _field(key: str, typed: Typed) -> dict[str, Json]:
    value = field_value(key, typed.value)
    if key == "project.state":
        # The old line would speak of the old state.
        return {key: value, "project.line": " ".join((typed.note or "").split()) or _line_for(value)}
    if typed.status or typed.as_of or typed.note:
        raise BadInput("status, as_of, note:", "belong to facts, and this is none.", "Leave them out.")
    return {key: value}


def _line_for(state: AirdropState) -> str:
    return f"{STATE_LABELS[state].capitalize()}."


def add(new: NewProject, edition: Edition, today: date) -> NewChange:
    """Draw up a new project; its ticker is its first fact."""
    source = plain(source_of(new.source))
    symbol = new.symbol.strip().lstrip("$").upper()
    document: dict[str, Json] = {
        "id": _id_for(new.name, edition),
        "name": " ".join(new.name.split()),
        "symbol": symbol,
        "aliases": field_value("project.aliases", new.aliases or ""),
        "category": field_value("project.category", new.category),
        "about": " ".join(new.about.split()),
        "airdrop": {"state": new.state, "line": new.line or _line_for(new.state)},
        "facts": {
            "token_symbol": {
                "value": symbol,
                "status": "single_source",
                "as_of": today.isoformat(),
                "sources": [source],
            }
        },
    }
    project = parsed(Project, document)
    return NewChange(project.id, "add", new=plain(project), source=source)


def _id_for(name: str, edition: Edition) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[: MAX_ID_CHARS - 4].strip("-") or "project"
    taken = edition.projects.keys()
    return next(name for name in (base, *(f"{base}-{number}" for number in range(2, 999))) if name not in taken)


def checked(edition: Edition, changes: Sequence[NewChange], at: datetime) -> Edition:
    """Return the edition after changes; raise `BadInput` or `Refused` when one of them cannot be."""
    after = edition
    try:
        for change in changes:
            after = applied(after, change, at)
    except Misfit:
        raise Refused(
            "Somebody else was quicker: this does not go with the catalogue any more.",
            "Look at `/project show` or `/project changes`, and try again.",
        ) from None
    check_names(after, [change.project_id for change in changes])
    for project, domain in official_domains(after, changes):
        _refuse_anothers(after, project, domain)
    return after


def _refuse_anothers(edition: Edition, project: Project, domain: str) -> None:
    for other in edition.projects.values():
        if other.id == project.id or other.id in edition.retired:
            continue
        for theirs in other.official_domains:
            if _related(domain, theirs):
                raise Refused(
                    f"`{domain}` belongs to {escape(other.name)}: `{theirs}` is official there.",
                    "Look at the address again, letter by letter.",
                )


def _related(one: str, other: str) -> bool:
    one, other = one.partition("/")[0], other.partition("/")[0]
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def addresses(change: NewChange) -> Iterator[str]:
    """Give every address and official domain that a change brings along."""
    if isinstance(change.source, dict) and "url" in change.source:
        yield change.source["url"]
    facts = change.new["facts"] if change.action == "add" else {change.key: change.new}
    for key, fact in facts.items():
        if isinstance(fact, dict):
            # One that is not linked may be as bad as can be: it is named to warn of it.
            yield from (each["url"] for each in fact.get("sources", ()) if "url" in each and "not_linked" not in each)
            yield from fact.get("value", ()) if key == "official_domains" else ()
