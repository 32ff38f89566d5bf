"""What changes look like: before they are made, once they are made, and looked back on; and the calendar."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import discord

from bot.catalogue import reading
from bot.catalogue.calendar import Event, as_file
from bot.catalogue.changes import FIELDS, Change, Edition, Json, NewChange, parsed
from bot.catalogue.following import still_said
from bot.catalogue.model import STATE_LABELS, Fact, Project
from bot.catalogue.proposal import Changed, Proposal, Saved, Shown, former_domains, official_domains
from bot.catalogue.reading import code
from bot.catalogue.timing import as_of_now, closes_at
from bot.ui.card import STATE_COLOURS, Card, button
from bot.ui.pages import turners
from bot.ui.text import ago, clip, escape, plural

CHANGES_SHOWN = 8
LINES_A_PAGE = 10
EVENTS_SHOWN = 12
VALUE_CHARS = 140
# Before it is saved, the whole address is shown; later its beginning will do.
URL_CHARS, SHORT_URL_CHARS = 200, 80

FIELD_LABELS: Mapping[str, str] = dict(
    zip(
        FIELDS,
        ("Name", "Symbol", "Aliases", "Category", "About", "State of the airdrop", "Line on the airdrop"),
        strict=True,
    )
)


def label(key: str) -> str:
    """Return what a field or a fact is called."""
    return FIELD_LABELS.get(key) or reading.label(key)


def value(key: str, document: Json) -> str:
    """Return a field or a fact as a reader sees it, made safe and short."""
    if document is None:
        return "nothing"
    if key not in FIELDS:
        fact = parsed(Fact, document)
        return f"{reading.MARKS[fact.status]} {reading.brief(key, fact, VALUE_CHARS)}"
    if key == "project.state":
        document = STATE_LABELS.get(document, document)
    text = ", ".join(document) if isinstance(document, list) else str(document)
    return escape(clip(text, VALUE_CHARS)) or "none"


def proposal_card(shown: Shown) -> Card:
    """Show what would change, each value beside the one that it replaces, and ask."""
    proposal, after = shown.proposal, shown.after
    card = Card(_title(proposal.changes, after), colour=STATE_COLOURS["closing"])
    for change in shown.meanwhile[:1]:
        card.text(
            f"⚠️ <@{change.by}> changed this {ago(change.at)}. **Now** is what they wrote: save only if you know better."
        )
    card.text("\n".join(_lines(proposal.changes, after, two_lines=True)))
    card.text("\n".join(_warnings(proposal, after)))
    if any(change.action == "retire" for change in proposal.changes):
        card.text("It leaves the lists and suggestions. Polls keep its name, and `/catalogue restore` brings it back.")
    sure = "ask" if any(official_domains(after, proposal.changes)) else "save"
    card.footer("\n".join([*_legend(proposal.changes), "It counts on this server alone, and can be undone."]))
    return card.buttons(
        button("Save", f"catalogue:v1:{sure}:{proposal.id}", style=discord.ButtonStyle.success),
        button("Leave it", f"catalogue:v1:drop:{proposal.id}"),
    )


def _warnings(proposal: Proposal, after: Edition) -> Iterator[str]:
    changes = proposal.changes
    former = [domain for _, domain in former_domains(after, changes)]
    if former:
        more = f" and {len(former) - CHANGES_SHOWN} more" if len(former) > CHANGES_SHOWN else ""
        yield f"⚠️ No longer official: {' '.join(map(code, former[:CHANGES_SHOWN]))}{more}"
    if len(changes) <= 2:  # one edit, not a file
        yield from _contradictions(after.projects[changes[0].project_id], proposal)


def _contradictions(project: Project, proposal: Proposal) -> Iterator[str]:
    line = project.airdrop.line
    if any(still_said(line, change.old, change.new) for change in proposal.changes if change.key not in FIELDS):
        yield (
            f"⚠️ The line on the airdrop still says “{escape(clip(line, VALUE_CHARS))}”. "
            "If that is not so any more, change **Line on the airdrop** too."
        )
    keys, name = {change.key for change in proposal.changes}, escape(project.name)
    end, state = closes_at(project), project.airdrop.state
    if "claim_window" in keys and state == "closed" and (end is None or end > proposal.at):
        yield (
            f"⚠️ {name} is still written down as **claims over**, and members are warned of every claim. "
            "If that is not so any more, change **State of the airdrop** too."
        )
    if "project.state" in keys and as_of_now(project, proposal.at).airdrop.state == "missed":
        yield f"⚠️ By its claim window, claims on {name} are over, and are shown so. Change **Claim window** too."


def domain_card(shown: Shown) -> Card:
    """Ask once more before a domain becomes official."""
    domains = [(project, domain) for project, domain in official_domains(shown.after, shown.proposal.changes)]
    card = Card("Is this really theirs?", colour=STATE_COLOURS["cancelled"])
    card.text(
        "\n".join(f"{code(domain)} for **{escape(project.name)}**" for project, domain in domains[:CHANGES_SHOWN])
    )
    if len(domains) > CHANGES_SHOWN:
        card.text(f"and {len(domains) - CHANGES_SHOWN} more")
    card.text(
        "⚠️ I will call every link there **safe**, and members will connect wallets to it. Compare it letter by letter "
        "with what the project itself announces; never take it from a direct message."
    )
    card.footer("The log channel of /setup log_channel is told who made it official.")
    return card.buttons(
        button("Yes, it is theirs", f"catalogue:v1:save:{shown.proposal.id}", style=discord.ButtonStyle.danger),
        button("Leave it", f"catalogue:v1:drop:{shown.proposal.id}"),
    )


def saved_card(saved: Saved) -> Card:
    """Confirm what was changed, and offer to take it back."""
    card = Card("Taken back" if saved.undoing else "Saved", colour=STATE_COLOURS["open"])
    card.text("\n".join(_lines(saved.changes, saved.edition, two_lines=False)))
    card.footer("\n".join([*_legend(saved.changes), "/project changes shows it to everybody here."]))
    return card if saved.undoing else card.buttons(button("Undo", f"catalogue:v1:undo:{saved.batch}", emoji="↩️"))


def export_card(filename: str, data: bytes, edition: Edition) -> Card:
    """Hand over a server's edition as a file."""
    card = Card("This server's catalogue", colour=STATE_COLOURS["notice"])
    retired = f", {len(edition.retired)} of them retired" if edition.retired else ""
    card.text(f"{plural(len(edition.projects), 'project')}{retired}, with every change that was made here.")
    return card.file(filename, data).footer("/catalogue import takes it on any server.")


def _legend(changes: Iterable[NewChange]) -> list[str]:
    """Say what the marks beside the values mean, as one line where there are some."""
    documents = [
        document
        for change in changes
        if change.action == "edit" and change.key not in FIELDS
        for document in (change.old, change.new)
        if document is not None
    ]
    meanings = reading.legend(parsed(Fact, document).status for document in documents)
    return [meanings] if meanings else []


def _one_edit(changes: Sequence[NewChange]) -> bool:
    """Say whether all is one edit: of one value, and at most of the line that goes with it."""
    return (
        len(changes) <= 2
        and len({change.project_id for change in changes}) == 1
        and all(change.action == "edit" for change in changes)
    )


def _title(changes: Sequence[NewChange], after: Edition) -> str:
    if len(changes) == 1 or _one_edit(changes):
        verb = {"add": "Add", "edit": "Change", "retire": "Retire", "restore": "Restore"}[changes[0].action]
        return f"{verb} {escape(after.projects[changes[0].project_id].name)}?"
    counts = Counter(change.action for change in changes)
    parts = [
        plural(counts["add"], "new project") if counts["add"] else "",
        plural(counts["edit"], "changed value") if counts["edit"] else "",
        f"{counts['retire']} retired" if counts["retire"] else "",
    ]
    return f"Import {', '.join(part for part in parts if part)}?"


def _lines(changes: Sequence[NewChange], edition: Edition, *, two_lines: bool) -> Iterator[str]:
    alone = len(changes) == 1 or _one_edit(changes)
    for change in changes[:CHANGES_SHOWN]:
        yield line(change, edition.projects[change.project_id], two_lines=two_lines and alone)
    if len(changes) > CHANGES_SHOWN:
        yield f"-# and {len(changes) - CHANGES_SHOWN} more"


def line(change: NewChange, project: Project, *, two_lines: bool = False) -> str:
    """Return what one change does, in one line or with the two values below each other."""
    name = f"**{escape(project.name)}**"
    if change.action == "add":
        return f"➕ {name} ({escape(project.symbol)}), {project.category}: {escape(clip(project.about, VALUE_CHARS))}"
    if change.action in ("retire", "restore"):
        return f"🗄️ {name} retired" if change.action == "retire" else f"♻️ {name} back in the lists"
    key = change.key or ""
    old, new = value(key, change.old), value(key, change.new)
    source = f"\n-# {_source(change.source)}" if change.source and two_lines else ""
    if two_lines:
        return f"**{label(key)}**\nNow: {old}\nThen: {new}{source}"
    return f"✏️ {name} · {label(key)}: {old} → {new}"


def _source(document: Json, length: int = URL_CHARS) -> str:
    return f"Source: {code(clip(document.get('url') or document.get('title', ''), length))}"


def changes_card(changed: Changed, page: int) -> Card:
    """Return one page of what changed: this server's own changes first, then what was looked up anew as it ships."""
    card = Card(
        f"What changed · {'today' if changed.days == 1 else f'last {changed.days} days'}",
        colour=STATE_COLOURS["notice"],
    )
    rows = [("Changed by moderators here", _made(change, changed.edition)) for change in changed.made]
    rows += [("Looked up anew, as it ships", _looked_up(project, changed.since.date())) for project in changed.anew]
    if not rows:
        return card.text("Nothing. Take more days: `/project changes days:365`.")
    pages = -(-len(rows) // LINES_A_PAGE)
    page = max(1, min(page, pages))
    heading = ""
    for head, row in rows[(page - 1) * LINES_A_PAGE : page * LINES_A_PAGE]:
        card.text(f"**{head}**" if head != heading else "").text(row)
        heading = head
    card.footer(
        "\n".join(_legend(change.new for change in changed.made[(page - 1) * LINES_A_PAGE : page * LINES_A_PAGE]))
    )
    if pages > 1:
        card.footer(f"page {page} of {pages}")
        card.buttons(*turners(f"project:v1:changes:{changed.days}", page, first=1, last=pages))
    return card


def _made(change: Change, edition: Edition) -> str:
    project = edition.projects.get(change.new.project_id)
    told = line(change.new, project) if project else f"{code(change.new.project_id)} {change.new.action}"
    source = f" · {_source(change.new.source, SHORT_URL_CHARS)}" if change.new.source else ""
    return f"{told}\n-# {ago(change.at)} by <@{change.by}>{source}"


def _looked_up(project: Project, since: date) -> str:
    days = [fact.as_of for fact in project.facts.values() if fact.as_of >= since]
    return f"**{escape(project.name)}** {plural(len(days), 'fact')}, {reading.date_stamp(max(days))}"


def calendar_card(coming: Sequence[Event], filename: str, all_events: Sequence[Event], server: int | None) -> Card:
    """Show what comes next, with a calendar file of it and of what was this year."""
    count = sum(event.exact for event in all_events)
    card = Card("Airdrop calendar", colour=STATE_COLOURS["notice"])
    if coming:
        card.text("\n".join(_event(event) for event in coming[:EVENTS_SHOWN]))
        if len(coming) > EVENTS_SHOWN:
            card.text(f"and {len(coming) - EVENTS_SHOWN} more in the file")
    else:
        card.text("No day to come is known. `/watch add` tells you when that changes.")
    if count:
        card.file(filename, as_file(all_events, server))
        card.footer(f"{plural(count, 'event')} whose day is known, with those of this year that are over.")
    return card


def _event(event: Event) -> str:
    doubt = "" if event.fact.status in ("confirmed", "single_source") else f" {reading.MARKS[event.fact.status]}"
    return f"{reading.day(event.day)} **{escape(event.project.name)}** {escape(event.what)}{doubt}"
