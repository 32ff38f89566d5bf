"""What a question means beyond its words: what it asks for, as learned from examples, and which sentence is near it."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from bot.answers.facts.passages import Passage, passages_of
from bot.answers.facts.question import NONE, Question
from bot.answers.facts.strangers import NOBODY, Strangers
from bot.answers.facts.tokens import stem
from bot.answers.retrieval import learned
from bot.answers.retrieval.document import Document, Encoder, Floats
from bot.answers.retrieval.learned import Learned
from bot.answers.retrieval.remembered import Remembered
from bot.answers.retrieval.spelling import WORDS
from bot.answers.retrieval.wordpieces import PIECES
from bot.answers.shipped import Shipped
from bot.answers.words import spoken
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue

# Of what asks for something else, so many are left out for each that is learned: they are many more than the examples.
EVERY = 3
# Projects whose sentences are kept ready: all that ship, and what servers changed.
PROJECTS_KEPT = 512


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a project in sentences, and a vector for each."""

    project: Project
    passages: tuple[Passage, ...]
    rows: Floats | None


# How long a word has to be that belongs to one project alone.
OWN_CHARS = 5
CATALOGUES_KEPT = 16
# Facts that name others: investors, rivals.
_OF_OTHERS = frozenset({"funding", "conflict_of_interest", "official_domains", "historic_claim_pages", "github_org"})


class Sense:
    """Understands questions in which names are masked; without an encoder it understands nothing.

    `common` are words that belong to no project: those of English, and those of the general answers; `strangers` are
    projects that are not in the catalogue.
    """

    def __init__(
        self,
        encoder: Remembered | None = None,
        taught: Learned | None = None,
        topics: Sequence[str] = (),
        common: frozenset[str] = frozenset(),
        strangers: Strangers = NOBODY,
    ) -> None:
        self.strangers = strangers
        self._encoder = encoder
        self._taught = taught
        self._topics = topics
        self._common = common
        self._told: OrderedDict[int, Told] = OrderedDict()
        self._owners = lru_cache(maxsize=CATALOGUES_KEPT)(self._owners_in)

    def owners(self, words: Iterable[str], catalogue: Catalogue) -> tuple[Project, ...]:
        """Return the projects to which some word of these belongs alone: DYMONDs are Dymension's."""
        if not self._common:
            return ()
        owners = self._owners(catalogue)
        return tuple({owners[word].id: owners[word] for word in words if word in owners}.values())

    def _owners_in(self, catalogue: Catalogue) -> Mapping[str, Project]:
        having: dict[str, list[Project]] = {}
        for project in catalogue.projects:
            own = (each for each in self._about(project).passages if not each.noted and each.key not in _OF_OTHERS)
            for word in frozenset().union(*(passage.names for passage in own)):
                having.setdefault(word, []).append(project)
        return {
            word: projects[0]
            for word, projects in having.items()
            if len(projects) == 1 and len(word) >= OWN_CHARS and word.isalpha() and word not in self._common
        }

    def expect(self, masked: Iterable[str]) -> None:
        """Let the vectors of a question's readings be computed along with its own."""
        if self._encoder:
            self._encoder.expect(map(spoken, masked))

    def vector(self, masked: str) -> Floats | None:
        """Return a question's vector."""
        return self._encoder.vectors([spoken(masked)])[0] if self._encoder else None

    def likely(self, vector: Floats | None, masked: str) -> Mapping[str, float]:
        """Return how likely each thing is asked for, all together 1; nothing when that was not learned."""
        if vector is None or self._taught is None:
            return {}
        return dict(zip(self._topics, self._taught.probabilities(vector, spoken(masked)).tolist(), strict=True))

    def near(self, vector: Floats | None, project: Project) -> list[tuple[Passage, float]]:
        """Return all sentences about a project with how near each is to a question."""
        told = self._about(project)
        if vector is None or told.rows is None:
            return [(passage, 0.0) for passage in told.passages]
        return list(zip(told.passages, (told.rows @ vector).tolist(), strict=True))

    def _about(self, project: Project) -> Told:
        # By identity: a server's own edition of a project is another object, and unchanged ones are shared.
        told = self._told.get(id(project))
        if told is None or told.project is not project:
            passages = tuple(passages_of(project))
            rows = self._encoder.vectors([each.sentence for each in passages]) if self._encoder else None
            told = self._told[id(project)] = Told(project, passages, rows)
        self._told.move_to_end(id(project))
        if len(self._told) > PROJECTS_KEPT:
            self._told.popitem(last=False)
        return told


NOTHING_LEARNED = Sense()


def load_sense(data: Path, encoder: Remembered | None, shipped: Shipped) -> Sense:
    """Read what was learned of the examples that ship."""
    taught = learned.read_learned(data / learned.FILE, shipped.intents)
    general = (text for entry in shipped.entries for text in (*entry.wordings, *entry.keywords, entry.answer))
    words = {word for text in general for word in WORDS.findall(text.casefold())}
    words.update(PIECES.read_text("utf-8").split())
    common = frozenset(words | {stem(word) for word in words})
    return Sense(encoder, taught, topics_of(shipped.intents), common, shipped.strangers)


def topics_of(intents: Sequence[Document]) -> tuple[str, ...]:
    """Return what can be asked for, in the order in which it was learned."""
    return (*(each.key for each in intents), NONE)


def fitted(encoder: Encoder, intents: Sequence[Document], others: Sequence[Document], catalogue: Catalogue) -> Learned:
    """Learn the examples, with the wordings of `others` for what asks for none of them."""
    own = {text for each in intents for text in each.wordings}
    # What is refused is mostly asked of somebody: without the name, it must not look like a question for a fact.
    refused = [_masked(text, catalogue) for each in others if each.key.startswith("refusal:") for text in each.wordings]
    general = [text for each in others if not each.key.startswith("refusal:") for text in each.wordings]
    wordings = tuple(dict.fromkeys([*refused, *[text for text in general if text not in own][::EVERY]]))
    found = learned.fitted(encoder, [*intents, Document(NONE, wordings)])
    # Kept under the examples alone: what the others are worded like changes often and matters little.
    return replace(found, corpus=learned.corpus_of(intents))


def _masked(text: str, catalogue: Catalogue) -> str:
    return Question(text, catalogue).masked
