"""The questions on which answering is judged, each with what a right answer is.

Those of labelled/ are split once and for all by `split_of`: thresholds may be chosen on `tune`, and on all of tuning/;
`test` was kept from that until the rules for short questions. Those of unseen/ are for judging alone.
"""

import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.answers.model import Kind

FOLDER = Path(__file__).parent / "labelled"
SUBJECTS = FOLDER / "subjects.toml"

Split = Literal["tune", "test", "tuning", "unseen"]
PollsHere = Literal["none", "live", "hidden", "closed"]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Subject(Strict):
    """A subject, and the entries that answer it."""

    entries: Annotated[tuple[str, ...], Field(min_length=1)]


class Case(Strict):
    """One label, and the questions that it fits."""

    ask: Annotated[tuple[str, ...], Field(min_length=1)]
    kind: Kind = Kind.ANSWER
    # Other kinds that are right as well.
    otherwise: Annotated[tuple[Kind, ...], Field(alias="or")] = ()
    # Subjects of subjects.toml, and patterns for Answer.topic; none of either: any topic.
    about: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    # What the text of an answer must have, with | between ways to put it; and what it must not have.
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    # Numbers that follow from the facts and stand in none, such as sums.
    derived: tuple[str, ...] = ()
    # The state of the votes on the server that is asked in.
    polls: PollsHere = "none"


class Cases(Strict):
    cases: tuple[Case, ...]


class Labelled(Strict):
    """One question with its label."""

    question: str
    group: str
    kinds: tuple[Kind, ...]
    topics: tuple[str, ...]
    says: tuple[str, ...]
    never: tuple[str, ...]
    derived: tuple[str, ...]
    polls: PollsHere

    @property
    def expects(self) -> Kind:
        """The kind that is hoped for; others may be right too."""
        return self.kinds[0]

    @property
    def split(self) -> Split:
        return split_of(self.question)


def split_of(question: str) -> Split:
    """Two of five questions are for tuning, told by the first byte of their hash."""
    return "tune" if sha256(question.encode()).digest()[0] % 5 < 2 else "test"


def load_subjects() -> dict[str, Subject]:
    return TypeAdapter(dict[str, Subject]).validate_python(tomllib.loads(SUBJECTS.read_text()))


def load_labelled(split: Split | None = None) -> tuple[Labelled, ...]:
    """All questions of labelled/, those of one of its splits, or those of another folder."""
    if split in ("tuning", "unseen"):
        return tuple(_labelled(FOLDER.with_name(split)))
    return tuple(labelled for labelled in _labelled(FOLDER) if split in (None, labelled.split))


def _labelled(folder: Path) -> Iterator[Labelled]:
    subjects = load_subjects()
    for path in sorted(folder.glob("*.toml")):
        if path == SUBJECTS:
            continue
        for case in Cases.model_validate(tomllib.loads(path.read_text())).cases:
            for question in case.ask:
                yield _one(path.stem, question, case, subjects)


def _one(group: str, question: str, case: Case, subjects: dict[str, Subject]) -> Labelled:
    entries = (entry for about in case.about for entry in subjects[about].entries)
    return Labelled(
        question=question,
        group=group,
        kinds=(case.kind, *case.otherwise),
        topics=(*case.topics, *(f"entry:{entry}" for entry in entries)),
        says=case.says,
        never=case.never,
        derived=case.derived,
        polls=case.polls,
    )
