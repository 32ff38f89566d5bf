"""Whether, when and where a project can be claimed: by its window first, and by its stated state else."""

from dataclasses import dataclass
from datetime import datetime

from bot.answers.facts.making import Asking, answered, filed, known, unknown
from bot.answers.facts.quantities import first_day, last_day
from bot.answers.facts.wording import on_day, titled, value
from bot.answers.model import Answer
from bot.catalogue.days import after, earliest
from bot.catalogue.model import AirdropState, Fact, Project
from bot.catalogue.timing import as_of_now

_OVER: dict[AirdropState, bool] = {"closed": True, "missed": True, "claimable": False, "upcoming": False}


@dataclass(frozen=True, slots=True)
class Claiming:
    """The state of a project's claims: `over` is None when that is not known; `line` and `sentence` say it in words."""

    state: AirdropState
    over: bool | None
    line: str
    sentence: str


def claiming(project: Project, now: datetime) -> Claiming:
    """Return the state of claims at `now`; a window that has closed is over, whatever the state says."""
    airdrop = as_of_now(project, now).airdrop
    fact = next(iter(known(project, "claim_window")), None)
    closes = last_day(fact)
    # Later phases may follow a window that has closed.
    over = True if closes and after(closes) <= now and airdrop.state != "phases" else _OVER.get(airdrop.state)
    sentence = _sentence(titled(project), fact, airdrop.state, now) if fact else f"{titled(project)}: {airdrop.line}"
    return Claiming(airdrop.state, over, airdrop.line, sentence)


def _sentence(name: str, fact: Fact, state: AirdropState, now: datetime) -> str:
    opens, closes = first_day(fact), last_day(fact)
    then = " The airdrop is over." if _OVER.get(state) else ""
    if fact.text or isinstance(fact.value, str):
        # Words beside a window say more than its ends.
        ended = " Claims are over." if closes and after(closes) <= now and state != "phases" else then
        return f"Claims of {name}: {value(fact).rstrip('.')}.{ended}"
    if closes and after(closes) <= now:
        return f"Claims of {name} are over: they ran {value(fact)}."
    if opens and earliest(opens) > now:
        return f"Claims of {name} are not open yet: {value(fact)}."
    if closes and not then:
        return f"Claims of {name} are open: {value(fact)}."
    if closes or not opens:
        return f"Claims of {name}: {value(fact)}.{then}"
    opened = f"Claims of {name} opened {on_day(opens)}"
    return f"{opened}; the closing day is not known.{then}"


def when_to_claim(project: Project, asking: Asking) -> Answer:
    """Return when claims run, and whether they still do when that is asked."""
    found = claiming(project, asking.now)
    facts = known(project, "claim_window")
    lead = _lead(found, asking)
    if facts:
        return answered(project, "claim_window", asking, f"{lead}{found.sentence}", facts)
    if lead:
        return filed(project, "claim_window", f"{lead}{project.name}: {found.line}", 0.85)
    return unknown(project, "claim_window", asking, found.line)


def _lead(found: Claiming, asking: Asking) -> str:
    """Return yes or no: “is it over” is answered the other way round than “can I still claim”."""
    if not asking.yes_or_no or found.over is None:
        return ""
    whether_over = asking.says("over", "late", "miss", "closed", "ended", "expire", "finish", "already", "gone", "done")
    return "Yes. " if found.over is whether_over else "No. "


def where_to_claim(project: Project, asking: Asking) -> Answer:
    """Return the official page of a claim that is open; never a page once claims are over."""
    found = claiming(project, asking.now)
    key = "official_claim_page"
    for fact in known(project, key):
        if not found.over:
            text = f"Official claim page of {titled(project)}: {value(fact)}."
            return answered(project, key, asking, text, [fact])
    if not found.over:
        domains = [f"Official domains: {value(fact)}." for fact in known(project, "official_domains")]
        return unknown(project, key, asking, *domains, "" if key in project.facts else found.line)
    warning = "Do not trust a page that still offers a claim."
    facts = known(project, "claim_window")
    if not facts:
        return filed(project, key, f"Nowhere any more. {project.name}: {found.line} {warning}", 0.85)
    return answered(project, key, asking, f"Nowhere any more. {found.sentence} {warning}", facts)
