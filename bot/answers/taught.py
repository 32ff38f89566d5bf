"""An answer that a moderator teaches: what was typed, what is wrong with it, and the entry that it becomes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from bot.answers.entry import Entry
from bot.catalogue.fields import as_domain
from bot.catalogue.model import Source
from bot.catalogue.search import key_of

MAX_QUESTION_CHARS = 80
MAX_ANSWER_CHARS = 700
MAX_TITLE_CHARS = 100
MAX_ADDRESS_CHARS = 200
# Each wording of each answer is read again when a server's answers change.
MAX_PHRASINGS = 6
MAX_PHRASING_CHARS = 120
GOOD_FOR_DAYS = 365

_ADDRESS = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://|\bwww\.")
_PREFIX = "taught:"


class State(StrEnum):
    """Where a taught answer stands; forgotten ones are kept, so that forgetting can be taken back."""

    DRAFT = "draft"
    LIVE = "live"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a moderator typed into the form, as typed."""

    question: str
    answer: str
    source_title: str
    source_url: str
    as_of: str

    def problems(self, today: date) -> list[str]:
        """Say in whole sentences what keeps this from being an answer; empty when nothing does."""
        return list(_problems(self, today))


@dataclass(frozen=True, slots=True)
class Taught:
    """A taught answer of one server."""

    id: int
    guild_id: int
    state: State
    typed: Typed
    phrasings: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """Return the topic under which it is answered."""
        return f"{_PREFIX}{self.id}"

    @property
    def question_key(self) -> str:
        """Return the question as questions are compared: a server has one answer to each."""
        return key_of(self.typed.question)

    @property
    def host(self) -> str:
        """Return the source's host; empty when there is none."""
        return host_of(self.typed.source_url)

    def entry(self) -> Entry:
        """Return the entry that is searched and shown; what was typed must have no problems."""
        typed = self.typed
        as_of = date.fromisoformat(typed.as_of)
        return Entry(
            id=str(self.id),
            question=typed.question,
            phrasings=self.phrasings,
            answer=typed.answer,
            as_of=as_of,
            good_for_days=GOOD_FOR_DAYS,
            basis="secondary",
            sources=(Source(title=typed.source_title, url=typed.source_url, as_of=as_of),),
        )


def taught_number(topic: str | None) -> int | None:
    """Return which taught answer a topic names; None for any other topic."""
    number = (topic or "").removeprefix(_PREFIX)
    return int(number) if topic and topic.startswith(_PREFIX) and number.isdecimal() else None


def host_of(address: str) -> str:
    """Return an address's host in lower case; empty when it has none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def tidied(fields: dict[str, Any]) -> Typed:
    """Return what was typed without stray blanks; lines of the answer stay lines."""
    lines = [" ".join(line.split()) for line in str(fields.get("answer", "")).splitlines()]
    one_line = {
        name: " ".join(str(fields.get(name, "")).split())
        for name in ("question", "source_title", "source_url", "as_of")
    }
    return Typed(answer="\n".join(lines).strip(), **one_line)


def _problems(typed: Typed, today: date) -> Iterator[str]:
    if not key_of(typed.question) or len(typed.question) > MAX_QUESTION_CHARS:
        yield f"The question needs 1 to {MAX_QUESTION_CHARS} characters, with letters among them."
    if not 1 <= len(typed.answer) <= MAX_ANSWER_CHARS:
        yield f"The answer needs 1 to {MAX_ANSWER_CHARS} characters."
    if _ADDRESS.search(typed.answer) or _ADDRESS.search(typed.question):
        yield "Leave addresses out of the question and the answer: the source is linked below it."
    if not 1 <= len(typed.source_title) <= MAX_TITLE_CHARS:
        yield f"The source needs a title of 1 to {MAX_TITLE_CHARS} characters."
    if not _is_https(typed.source_url):
        yield "The source needs a whole address, one that begins with “https”."
    if (as_of := _day(typed.as_of)) is None:
        yield "The date needs the form 2026-03-01: the day on which you read the source."
    elif as_of > today:
        yield "The date is in the future; give the day on which you read the source."


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = as_domain(parts.hostname or "")
    except ValueError:
        return False
    plain = not (parts.username or parts.password or set(address) & set(" <>\"'\\`|[]{}"))
    named = not host.rpartition(".")[2].isdigit()
    return parts.scheme == "https" and plain and named and len(address) <= MAX_ADDRESS_CHARS


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
