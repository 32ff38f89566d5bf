"""What ships for answering: entries, refusals, examples of other questions, and words of other languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from bot.answers.entry import Entry
from bot.answers.facts.intents import FOLDER, load_intents
from bot.answers.facts.question import BEYOND as NOTHING_HERE
from bot.answers.facts.strangers import FILE as ELSEWHERE
from bot.answers.facts.strangers import NOBODY, Strangers, load_strangers
from bot.answers.load import load_entries, load_phrasings
from bot.answers.refusals import Refusal, load_refusals
from bot.answers.retrieval.document import Document
from bot.answers.tongues import NO_TONGUES, Tongues, load_tongues
from bot.catalogue.fields import Value
from bot.catalogue.load import parse, text_of

BEYOND, FACTS = "unknown:beyond", "facts"


class Others(Value):
    """Questions that are not for entries: those for facts, and those about crypto that nothing here answers."""

    facts: Annotated[tuple[str, ...], Field(min_length=1)]
    beyond: Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Shipped:
    """All of it."""

    entries: tuple[Entry, ...]
    refusals: tuple[Refusal, ...]
    others: Others
    tongues: Tongues = NO_TONGUES
    # More ways to ask for an entry, by its id.
    phrasings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What facts are asked for, with the project left out.
    intents: tuple[Document, ...] = ()
    # Projects that the catalogue does not have.
    strangers: Strangers = NOBODY

    @cached_property
    def documents(self) -> list[Document]:
        """Return it as it is searched: what is nearest to a refused question is refused as well."""
        more = dict(self.phrasings)
        for refusal in self.refusals:
            for entry_id, wordings in refusal.innocent.items():
                more[entry_id] = more.get(entry_id, ()) + wordings
        refused = [Document(f"refusal:{refusal.kind}", refusal.examples) for refusal in self.refusals]
        beyond, unnamed = Document(BEYOND, self.others.beyond), Document(FACTS, self.others.facts)
        # Each intent on its own, since one is hardly like the other.
        intents = [
            Document(BEYOND if intent.key == NOTHING_HERE else FACTS, intent.wordings) for intent in self.intents
        ]
        return [*documents_of("entry", self.entries, more), *refused, beyond, unnamed, *intents]


def documents_of(
    kind: str, entries: Iterable[Entry], more: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> list[Document]:
    """Return entries as they are searched, with more wordings by their ids."""
    return [
        Document(f"{kind}:{entry.id}", entry.wordings + more.get(entry.id, ()), entry.keywords, entry.answer)
        for entry in entries
    ]


def load_shipped(data: Path) -> Shipped:
    """Read what ships in a folder; raise BrokenData for the first thing that is wrong."""
    others = data / "others.toml"
    entries = load_entries(data / "answers")
    return Shipped(
        entries=entries,
        refusals=load_refusals(data / "refusals"),
        others=parse(text_of(others), Others, str(others)),
        tongues=load_tongues(data / "glossary.toml"),
        phrasings=load_phrasings(data / "phrasings", entries),
        intents=load_intents(data / FOLDER),
        strangers=load_strangers(data / ELSEWHERE),
    )
