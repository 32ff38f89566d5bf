"""What is never answered, and what is said instead: rules for the plain cases, examples for the rest."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.catalogue.fields import Id, Text, Value
from bot.catalogue.load import parse, text_of, toml_files
from bot.errors import BrokenData

_PART = re.compile(r"\{([A-Z]+)\}")


class Ground(StrEnum):
    """Why a question is refused; when several hold, the first counts."""

    DISTRESS = "distress"
    INJECTION = "injection"
    SECRETS = "secrets"
    SECRECY = "secrecy"
    HARM = "harm"
    EVASION = "evasion"
    ADVICE = "advice"
    PRICE = "price"
    OFF_TOPIC = "off-topic"


class Rule(Value):
    """A pattern that a refused question holds, and one that an innocent one holds besides."""

    what: Text
    when: str
    unless: str | None = None


class Refusal(Value):
    """A ground to refuse, what is said, what is offered instead, and which questions it is for."""

    kind: Ground
    text: Annotated[str, Field(min_length=1, max_length=400)]
    offers: tuple[Id, ...] = ()
    examples: Annotated[tuple[str, ...], Field(min_length=1)]
    # Questions that look like these and are none, by the entry that answers them.
    innocent: dict[Id, tuple[str, ...]] = Field(default_factory=dict)
    # Patterns by name, written {NAME} in rules and in other parts.
    parts: dict[str, str] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _patterns_hold(self) -> Self:
        try:
            self.patterns  # noqa: B018 - made here, so that a broken one is found at the start
        except (re.error, KeyError) as error:
            raise ValueError(f"has a broken pattern: {error}") from error
        return self

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]:
        """Return the rules, compiled."""
        return tuple(
            (self._compiled(rule.when), self._compiled(rule.unless) if rule.unless else None) for rule in self.rules
        )

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        while _PART.search(pattern):
            pattern = _PART.sub(lambda found: self.parts[found[1]].strip(), pattern)
        return re.compile(pattern, re.VERBOSE)

    def holds(self, text: str) -> bool:
        """Say whether a rule fits a plain, decoded text."""
        return any(when.search(text) and not (unless and unless.search(text)) for when, unless in self.patterns)


def load_refusals(folder: Path) -> tuple[Refusal, ...]:
    """Read every file in `folder`, one for each ground; raise BrokenData for the first thing that is wrong."""
    found = {}
    for path in toml_files(folder):
        refusal = parse(text_of(path), Refusal, str(path))
        if refusal.kind != path.stem:
            raise BrokenData(str(path), "kind", f"is {refusal.kind.value!r}, but the file is called {path.name}")
        found[refusal.kind] = refusal
    if missing := [ground for ground in Ground if ground not in found]:
        raise BrokenData(str(folder), "", f"holds no {missing[0]}.toml")
    return tuple(found[ground] for ground in Ground)


def refused(text: str, refusals: Iterable[Refusal]) -> Ground | None:
    """Return why a plain, decoded text must be refused; None when no rule says so."""
    return next((refusal.kind for refusal in refusals if refusal.holds(text)), None)
