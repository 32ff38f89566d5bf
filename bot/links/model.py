"""What is said about a link: frozen values that a card, the terminal and a test read alike."""

from dataclasses import dataclass
from enum import StrEnum


class Judgement(StrEnum):
    """What a link turned out to be, the worst first."""

    LISTED = "listed"
    LOOKALIKE = "lookalike"
    SUSPICIOUS = "suspicious"
    UNKNOWN = "unknown"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a link is, and why.

    `address` is the link as it was written, `host` the computer that it leads to, `domain` the part of the host that
    somebody registered; both are None when there is no host. `project` is whose domain it is or pretends to be,
    `official` where that project really is. `reasons` are plain sentences, the weightiest first.
    """

    judgement: Judgement
    address: str
    host: str | None = None
    domain: str | None = None
    project: str | None = None
    official: str | None = None
    reasons: tuple[str, ...] = ()

    @property
    def imitates(self) -> str | None:
        """Return the project that a look-alike pretends to be."""
        return self.project if self.judgement is Judgement.LOOKALIKE else None

    @property
    def severity(self) -> int:
        """Return how bad it is, 0 the worst, to put links in order."""
        return list(Judgement).index(self.judgement)
