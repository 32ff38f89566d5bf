"""What is answered: frozen values that a card, the terminal and a test read alike."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What became of a question."""

    ANSWER = "answer"
    REFUSAL = "refusal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from, and as of when that was read."""

    title: str
    url: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that can be answered, offered as a button; `topic` finds its answer again."""

    question: str
    topic: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, a refusal, or the admission that nothing is known.

    `text` is plain, without markup and without addresses. `topic` names what was answered, at most 80 characters, such
    as
    `entry:what-is-a-snapshot`, `fact:starknet:claim_window`, `refusal:price`. A refusal has no sources.
    """

    kind: Kind
    text: str
    topic: str
    sources: tuple[Citation, ...] = ()
    confidence: float = 0.0
    as_of: date | None = None
    stale: bool = False
    suggestions: tuple[Suggestion, ...] = ()
