"""What the catalogue itself says about domains: official ones, former claim pages, and those of its sources."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.catalogue.model import Project, Source, Window
from bot.catalogue.service import Catalogue
from bot.links.address import Address, read, within
from bot.links.words import KNOWN_DOMAINS


@dataclass(frozen=True, slots=True)
class Place:
    """A domain, or a page and what is below it, and whose it is."""

    host: str
    path: str
    domain: str
    project: Project

    def holds(self, address: Address) -> bool:
        """Say whether an address is here or below."""
        if self.path:
            # Of a host that is shared only the page itself is meant, so nothing below the host.
            return address.host == self.host and f"{address.path}/".startswith(f"{self.path}/")
        return within(address.host, self.host)

    @property
    def written(self) -> str:
        """Return it as people write it."""
        return self.host + self.path


class Known:
    """The places that a catalogue names."""

    def __init__(self, catalogue: Catalogue) -> None:
        projects = catalogue.projects
        self.official = tuple(_places(projects, "official_domains"))
        self._former = tuple(_places(projects, "historic_claim_pages"))
        self._cited: set[str] = set()
        self._shunned: dict[str, str] = {}
        for source in _sources(catalogue):
            host = (urlsplit(source.url or "").hostname or "").removeprefix("www.")
            if source.not_linked:
                self._shunned[host] = source.not_linked
            elif host:
                self._cited.add(host)

    def owner(self, address: Address) -> Place | None:
        """Return the official place that an address is in."""
        return next((place for place in self.official if place.holds(address)), None)

    def former_claim_page(self, address: Address) -> Place | None:
        """Return the claim page of the past that an address is in."""
        return next((place for place in self._former if place.holds(address)), None)

    def home_of_claims(self, address: Address) -> Place | None:
        """Return the claim page of the past that ran on the same domain."""
        same = (place for place in self._former if place.domain == address.domain)
        return None if address.hosted else next(same, None)

    def doubt(self, address: Address) -> str | None:
        """Return why the catalogue does not link to an address that it has read."""
        return next((self._shunned[domain] for domain in address.parents if domain in self._shunned), None)

    def is_cited(self, address: Address) -> bool:
        """Say whether a source of the catalogue stands on this host."""
        return not self._cited.isdisjoint(address.parents)

    def is_known(self, address: Address) -> bool:
        """Say whether the domain is known to be somebody's honest own."""
        return address.domain in KNOWN_DOMAINS


def year_of_claims(project: Project) -> str:
    """Return the year in which claims ended or began; empty when it is not known."""
    fact = project.facts.get("claim_window")
    window = fact.value if fact else None
    return ((window.opens or window.closes or "") if isinstance(window, Window) else "")[:4]


def _places(projects: Iterable[Project], key: str) -> Iterator[Place]:
    for project in projects:
        for domain in getattr(project, key):
            if address := read(domain):
                yield Place(address.host, address.path.rstrip("/"), address.domain, project)


def _sources(catalogue: Catalogue) -> Iterator[Source]:
    facts = [thing.facts for thing in catalogue.projects] + [survey.facts for survey in catalogue.surveys]
    for fact in (fact for each in facts for fact in each.values()):
        yield from fact.sources
    for survey in catalogue.surveys:
        yield Source(url=survey.url)
