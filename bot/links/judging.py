"""The order in which a link is judged: official, listed, known, imitating, baiting, unknown."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.catalogue.model import FactStatus, Project
from bot.catalogue.service import Catalogue
from bot.links.address import NO_PLACE, Address, read, within
from bot.links.finding import Found
from bot.links.imitation import OTHER_WORDS, Imitation
from bot.links.known import Known, year_of_claims
from bot.links.marks import marks_of
from bot.links.model import Judgement, Verdict
from bot.links.pretence import is_account_host, is_site_host, pretence_in
from bot.links.warning import warnings_of

_NO_ADDRESS = "There is no address in it."
_SUSPICIOUS = list(Judgement).index(Judgement.SUSPICIOUS)
_STANDINGS: Mapping[FactStatus, str] = {
    "confirmed": "Confirmed",
    "single_source": "Only one source says so",
    "conflicting": "Sources disagree about it",
    "reported": "Reported, not confirmed",
    "unknown": "Not known",
}


class Judge:
    """All that is needed to judge links by one edition of the catalogue, worked out once."""

    def __init__(self, catalogue: Catalogue, blocked: Collection[str] = frozenset()) -> None:
        self._known = Known(catalogue)
        self._marks = marks_of(catalogue.projects)
        self._blocked = blocked

    def judge(self, found: Found) -> Verdict:
        """Return the verdict on a link as it stands in a text."""
        # A backslash is a slash to a browser, and nothing to markdown: both ways to read it count.
        readings = dict.fromkeys((found.address, found.address.replace("\\", "")))
        worst = min((self._judge(reading) for reading in readings), key=lambda verdict: verdict.severity)
        verdict = replace(worst, address=found.address)
        return self._compared(verdict, found.shown) if found.shown else verdict

    def _judge(self, text: str) -> Verdict:
        address = read(text)
        if address is None:
            return Verdict(Judgement.UNKNOWN, text, reasons=(_NO_ADDRESS,))
        if address.scheme in NO_PLACE:
            why = f"It begins with {address.scheme}: and runs or shows what it carries, instead of leading to a place."
            return Verdict(Judgement.SUSPICIOUS, text, reasons=(why,))
        verdict = self._official(address) or self._listed(address) or self._by_its_looks(address)
        if address.scheme not in ("http", "https") and verdict.severity > _SUSPICIOUS:
            why = f"It begins with {address.scheme}: and opens a program, not a page."
            verdict = Verdict(Judgement.SUSPICIOUS, text, reasons=(why, *verdict.reasons))
        return replace(verdict, address=text, host=address.host, domain=address.domain)

    def _official(self, address: Address) -> Verdict | None:
        if former := self._known.former_claim_page(address):
            year, name = year_of_claims(former.project), former.project.name
            when = f" of {year}" if year else ""
            why = f"This was {name}'s claim page{when}. It is closed: nothing can be claimed there."
            official = next((place.host for place in self._known.official if place.project is former.project), None)
            return Verdict(Judgement.SUSPICIOUS, "", project=name, official=official, reasons=(why,))
        if place := self._known.owner(address):
            name = place.project.name
            why = f"{place.written} is an official domain of {name}."
            reasons = (why, *_standing(place.project))
            return Verdict(Judgement.OFFICIAL, "", project=name, official=place.written, reasons=reasons)
        return None

    def _listed(self, address: Address) -> Verdict | None:
        listed = next((it for it in address.parents if it in self._blocked and within(address.host, it)), None)
        return Verdict(Judgement.LISTED, "", reasons=(f"{listed} is on the list of known scams.",)) if listed else None

    def _by_its_looks(self, address: Address) -> Verdict:
        if doubt := self._known.doubt(address):
            return Verdict(Judgement.SUSPICIOUS, "", reasons=(f"The catalogue warns of it: {doubt}.",))
        vouched = self._vouched(address)
        shared = is_account_host(address) or is_site_host(address)
        imitation = None if vouched and not shared else pretence_in(address, self._marks)
        if imitation and imitation.sure:
            return _imitating(Judgement.LOOKALIKE, imitation)
        warnings = tuple(warnings_of(address)) if not vouched or address.user or "\\" in address.text else ()
        if imitation and is_site_host(address):
            warnings = ("Anybody can open a site there under any name.", *warnings)
        if imitation and imitation.how == OTHER_WORDS and not vouched and not shared:
            warnings = ("Its own domains seldom look like that.", *warnings)
        if warnings:
            return _imitating(Judgement.SUSPICIOUS, imitation, warnings)
        return _imitating(Judgement.UNKNOWN, imitation, vouched or _of_unknown(address))

    def _vouched(self, address: Address) -> tuple[str, ...]:
        """Return what speaks for a domain that no source calls official; empty when nothing does."""
        if home := self._known.home_of_claims(address):
            return (f"Claims of {home.project.name} once ran on this domain, but no source calls it official.",)
        if self._known.is_cited(address):
            return ("It is a source that I cite: known, but official for no project.",)
        if self._known.is_known(address):
            return ("It is known to be real, but no source calls it official.",)
        return ()

    def _compared(self, verdict: Verdict, label: str) -> Verdict:
        """Judge a link behind a text that is an address itself and says something else."""
        said = read(label) if "." in label and " " not in label else None
        if said is None or not said.is_name or said.domain == verdict.domain:
            return verdict
        why = f"Its text says {said.host}, but it leads to {verdict.host or 'no place'}."
        place = self._known.owner(said)
        if place and verdict.judgement is not Judgement.OFFICIAL:
            worse = replace(verdict, project=place.project.name, official=place.written)
            lesser = verdict.judgement if verdict.judgement is Judgement.LISTED else Judgement.LOOKALIKE
            return replace(worse, judgement=lesser, reasons=(why, *verdict.reasons))
        least = Judgement.SUSPICIOUS if verdict.judgement is Judgement.UNKNOWN else verdict.judgement
        return replace(verdict, judgement=least, reasons=(why, *verdict.reasons))


def _standing(project: Project) -> tuple[str, ...]:
    """Return how sure the catalogue is of a project's official domains, and since when."""
    fact = project.facts.get("official_domains")
    return (f"{_STANDINGS[fact.status]}, as of {fact.as_of:%-d %B %Y}.",) if fact else ()


def _imitating(judgement: Judgement, imitation: Imitation | None, reasons: tuple[str, ...] = ()) -> Verdict:
    if imitation is None:
        return Verdict(judgement, "", reasons=reasons)
    mark = imitation.mark
    return Verdict(judgement, "", project=mark.project, official=mark.official, reasons=(imitation.reason, *reasons))


def _of_unknown(address: Address) -> tuple[str, ...]:
    if is_account_host(address):
        return ("Anybody can open an account there under any name.",)
    if not address.is_name:
        return ("It is no name under a public ending.",)
    return ("No source in the catalogue knows this domain.",)
