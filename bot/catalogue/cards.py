"""What Discord shows of the catalogue: one project, page by page, and lists of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import discord

from bot.catalogue import reading
from bot.catalogue.days import is_day
from bot.catalogue.model import STATE_LABELS, AirdropState, Fact, Project
from bot.catalogue.service import Profile
from bot.prices.model import Market
from bot.ui.card import MAX_TEXT_CHARS, STATE_COLOURS, Card, choices
from bot.ui.pages import turners
from bot.ui.text import ago, clip, escape, plural

PAGE_SIZE = 10
# Stands in a custom id for a filter that is not set.
ANY = "all"
# Room is left for the heads and feet that pages add to their facts.
PAGE_CHARS = MAX_TEXT_CHARS - 500
PAGE_PARAGRAPHS = 20


_COLOURS: Mapping[AirdropState, discord.Colour] = {
    "upcoming": STATE_COLOURS["published"],
    "claimable": STATE_COLOURS["open"],
    "phases": STATE_COLOURS["closing"],
    "closed": STATE_COLOURS["closed"],
    "missed": STATE_COLOURS["closed"],
    "unclear": STATE_COLOURS["notice"],
}
MEDALS = ("🥇", "🥈", "🥉")


@dataclass
class Page:
    """What fits on one card: paragraphs, their facts, and the sources that they cite."""

    texts: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    citations: reading.Citations = field(default_factory=reading.Citations)
    unknown: bool = False

    def add(self, key: str, fact: Fact, newest: date, *, noted: bool) -> None:
        """Add a fact; it says its own date when it is older than the others."""
        self.facts.append(fact)
        line = _line(key, fact, newest, self.citations)
        self.texts.append(f"{line}\n-# {escape(fact.note)}" if noted and fact.note else line)

    def copy(self) -> "Page":
        """Return a page with the same content, to try what else fits."""
        return Page(list(self.texts), list(self.facts), self.citations.copy(), self.unknown)

    @property
    def size(self) -> int:
        """Return how many characters the page takes."""
        return sum(map(len, self.texts)) + len(str(self.citations))


def show(profile: Profile, page: int = 1, market: Market | None = None) -> Card:
    """Return one page of a project: its state and key facts first, the rest on the pages after."""
    project = profile.project
    pages = _pages(profile)
    page = max(1, min(page, len(pages)))
    here = pages[page - 1]
    card = Card(_title(project), colour=_COLOURS[project.airdrop.state])
    if page == 1:
        card.text(_head(profile)).text(_market(market) if market else "")
        card.rule()
    for paragraph in here.texts:
        card.text(paragraph)
    card.rule()
    card.footer(_foot(here, page, len(pages)))
    if len(pages) > 1:
        onward = "More facts" if page == 1 else "Next"
        card.buttons(*turners(f"project:v1:show:{project.id}", page, first=1, last=len(pages), onward=onward))
    return card


def _title(project: Project) -> str:
    return f"{escape(project.name)} · {escape(project.symbol)}"


def _head(profile: Profile) -> str:
    project = profile.project
    state, sign = project.airdrop.state, reading.STATE_SIGNS[project.airdrop.state]
    about = f"{escape(project.about)}\n-# Category: {project.category}"
    line = escape(project.airdrop.line)
    if profile.retired_at:
        about = f"🗄️ **Retired** on this server {ago(profile.retired_at)}: no longer kept up to date here.\n{about}"
    if state in ("closed", "missed"):
        return f"{about}\n{sign} {line}\n⚠️ **Claims are over: anyone offering one is a scam.**"
    return f"{about}\n{sign} **{STATE_LABELS[state].capitalize()}.** {line}"


def _market(market: Market) -> str:
    parts = [market.price]
    if market.change_24h_pct is not None:
        parts.append(f"{market.change_24h_pct:+.1f}% in 24 h")
    if market.market_cap_usd is not None:
        parts.append(f"market cap {reading.money(int(market.market_cap_usd))}")
    when = f"{'last known ' if market.stale else ''}{ago(market.as_of)}"
    return f"**Price** {' · '.join(parts)}\n-# {escape(market.source)}, {when}"


def survey_line(profile: Profile) -> str:
    """Return a project's place in the newest survey, with its tech score; empty when it was not listed."""
    if not profile.placement:
        return ""
    survey, result = profile.placement.survey, profile.placement.result
    medal = MEDALS[result.place - 1] + " " if result.place <= len(MEDALS) else ""
    score = "none given" if result.tech_score is None else f"{result.tech_score} of 100; the survey does not define it"
    return (
        f"**Survey** {medal}place {result.place} with {result.share:.1f}% in [{escape(survey.title)}](<{survey.url}>), "
        f"{escape(survey.published)}\n**Tech score** (from the survey) {score}"
    )


def printed_lines(profile: Profile) -> str:
    """Return what the survey printed about a project beside its share, misprints corrected; empty when nothing."""
    if not profile.placement:
        return ""
    result = profile.placement.result
    printed = {
        "narrative": result.narrative,
        "competitors": ", ".join(result.competitors),
        "funding": result.funding,
    }
    found = [f"{name}: {escape(text)}" for name, text in printed.items() if text]
    head = f"**Printed by the survey** {'; '.join(found) or 'nothing more that was found'}"
    return f"{head}\n-# {escape(result.note)}" if result.note else head


def _pages(profile: Profile) -> list[Page]:
    facts = profile.project.facts
    pages = [Page()]
    if line := survey_line(profile):
        pages[0].texts.append(line)
    blank = [key for key in reading.KEY_FACTS if key not in facts or _says_nothing(facts[key])]
    first = [key for key in ("conflict_of_interest", *reading.KEY_FACTS) if key in facts and key not in blank]
    later = [key for key in facts if key not in first and key not in blank]
    newest = max((fact.as_of for fact in facts.values()), default=date.min)
    first_room = PAGE_CHARS - len(_head(profile))
    for key in first:
        _add_where_it_fits(pages, key, facts[key], newest, first_room, noted=_needs_its_note(facts[key]))
    _add_blanks(pages, blank)
    noted_later = [key for key in first if facts[key].note and not _needs_its_note(facts[key])]
    if later or noted_later or profile.placement:
        pages.append(Page())
    pages[-1].texts += [printed] if (printed := printed_lines(profile)) else []
    pages[-1].texts += [f"-# {reading.label(key)}: {escape(facts[key].note or '')}" for key in noted_later]
    for key in later:
        _add_where_it_fits(pages, key, facts[key], newest, first_room, noted=not _says_nothing(facts[key]))
    return pages


def _add_blanks(pages: list[Page], keys: Sequence[str]) -> None:
    """Say in one line which key facts nothing was found about."""
    if keys:
        names = ", ".join(reading.label(key) for key in keys).capitalize()
        pages[-1].texts.append(f"**{names}** {reading.MARKS['unknown']} not known")
        pages[-1].unknown = True


def _needs_its_note(fact: Fact) -> bool:
    """Say whether a fact of the first page is misread without its note; the notes of sure ones follow later."""
    return fact.status != "confirmed" and not _says_nothing(fact)


def _add_where_it_fits(pages: list[Page], key: str, fact: Fact, newest: date, first_room: int, *, noted: bool) -> None:
    trial = pages[-1].copy()
    trial.add(key, fact, newest, noted=noted)
    room = first_room if len(pages) == 1 else PAGE_CHARS
    if (trial.size > room and (pages[-1].texts or room < PAGE_CHARS)) or len(trial.texts) > PAGE_PARAGRAPHS:
        pages.append(Page())
    pages[-1].add(key, fact, newest, noted=noted)


def _line(key: str, fact: Fact, newest: date, citations: reading.Citations) -> str:
    cited = f"{reading.NARROW}{numbers}" if (numbers := citations.cite(fact.sources)) else ""
    read = reading.value(key, fact)
    line = f"**{reading.label(key)}** {reading.MARKS[fact.status]}"
    line += f"{cited}{read}" if read.startswith("\n") else f" {read}{cited}"
    return line if fact.as_of == newest else f"{line} (as of {reading.date_stamp(fact.as_of)})"


def _says_nothing(fact: Fact) -> bool:
    return not fact.known and (fact.note is None or fact.note.startswith("Not found in the sources"))


def _foot(page: Page, number: int, count: int) -> str:
    lines = []
    if sources := str(page.citations):
        lines.append(f"Sources: {sources}")
    if page.facts:
        when = f"As of {reading.date_stamp(max(fact.as_of for fact in page.facts))}"
        pages = f" · page {number} of {count}" if count > 1 else ""
        statuses = [fact.status for fact in page.facts] + (["unknown"] if page.unknown else [])
        lines.append(f"{reading.legend(statuses)}\n{when}{pages}")
    return "\n".join(lines)


def listing(projects: Sequence[Project], status: str | None, category: str | None, page: int = 1) -> Card:
    """Return one page of a list: symbol, token launch, name, state; and a drop-down list to open one."""
    count = max(1, -(-len(projects) // PAGE_SIZE))
    page = max(1, min(page, count))
    here = projects[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    card = Card(f"Airdrops · {plural(len(projects), 'project')}", colour=STATE_COLOURS["notice"])
    filters = [STATE_LABELS.get(status, status)] if status else []  # type: ignore[call-overload]
    filters += [category] if category else []
    card.text(f"Only: {', '.join(map(escape, filters))}" if filters else "")
    if not here:
        return card.text("None is like that. Take one of the filters away to see more.")
    card.text("\n".join(_rows(here)))
    card.footer(_list_foot(here, page, count))
    if count > 1:
        card.buttons(*turners(f"project:v1:list:{status or ANY}:{category or ANY}", page, first=1, last=count))
    options = [
        discord.SelectOption(
            label=clip(f"{project.name} ({project.symbol})", 100),
            value=project.id,
            description=clip(project.about, 100),
        )
        for project in here
    ]
    return card.select(choices("project:v1:open", "Choose a project…", options))


def _rows(projects: Iterable[Project]) -> list[str]:
    projects = list(projects)
    width = max(len(project.symbol) for project in projects)
    return [
        f"{reading.code(f'{project.symbol:<{width}} {_launch(project):<11}')} "
        f"{reading.STATE_SIGNS[project.airdrop.state]} **{escape(project.name)}**"
        for project in projects
    ]


def _launch(project: Project) -> str:
    fact = project.facts.get("tge_date")
    if fact is None or not isinstance(fact.value, str) or not is_day(fact.value):
        return " –"
    return (" " if fact.status in ("confirmed", "single_source") else "~") + fact.value[:10]


def _list_foot(projects: Sequence[Project], page: int, count: int) -> str:
    states = dict.fromkeys(project.airdrop.state for project in projects)
    signs = " · ".join(f"{reading.STATE_SIGNS[state]} {STATE_LABELS[state]}" for state in states)
    when = max((fact.as_of for project in projects for fact in project.facts.values()), default=None)
    pages = f" · page {page} of {count}" if count > 1 else ""
    return (
        f"{signs}\nThe date is the token's launch: ~ not settled, – not known\n"
        f"{f'As of {reading.date_stamp(when)}' if when else 'No fact has a date yet'}{pages}"
    )
