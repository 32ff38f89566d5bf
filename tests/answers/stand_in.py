"""An engine of a few fixed answers: what is tested with it is all around the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from bot.answers.engine import Asked, Engine
from bot.answers.entry import Entry
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.catalogue.search import key_of

READ = date(2026, 2, 1)
SNAPSHOT = Answer(
    Kind.ANSWER,
    "A snapshot is a record of who held what at one block.",
    "entry:what-is-a-snapshot",
    (Citation("Starknet docs", "https://docs.starknet.io/airdrop", READ),),
    confidence=0.9,
    as_of=READ,
)
PRICE = Answer(Kind.REFUSAL, "I do not foretell prices.", "refusal:price", confidence=1.0)
SEED = Answer(Kind.REFUSAL, "Never show your seed phrase.", "refusal:secrets", confidence=1.0)
NEAR = Answer(
    Kind.UNKNOWN,
    "I am not sure what you mean.",
    "unknown:near",
    suggestions=(Suggestion("What is a snapshot?", SNAPSHOT.topic), Suggestion("Gone?", "entry:gone")),
)
GREETING = Answer(Kind.UNKNOWN, "Ask me a question.", "unknown:empty")
NOTHING = Answer(Kind.UNKNOWN, "I do not know that.", "unknown:nothing")

SHIPPED: Mapping[str, Answer] = {
    "what is a snapshot?": SNAPSHOT,
    "wen 100x": PRICE,
    "my seed is abandon abandon about": SEED,
    "snap?": NEAR,
    "hello": GREETING,
}


@dataclass(frozen=True)
class Taught:
    entries: Mapping[str, Entry]


class StandIn:
    """Answers a question by its wording alone; two questions are alike when they begin with the same three words."""

    def passages(self, entries: Sequence[Entry]) -> Taught:
        return Taught({f"taught:{entry.id}": entry for entry in entries})

    def ask(self, asked: Asked) -> Answer:
        for topic, entry in cast(Taught, asked.taught).entries.items():
            if key_of(asked.question) in map(key_of, entry.wordings):
                return _taught(topic, entry)
        if asked.question == "who leads?":
            return Answer(Kind.ANSWER, f"{len(asked.polls)} polls", "poll:leader")
        return next((kept for text, kept in SHIPPED.items() if key_of(text) == key_of(asked.question)), NOTHING)

    def topic(self, topic: str, asked: Asked, _markets: object = None) -> Answer | None:
        entry = cast(Taught, asked.taught).entries.get(topic)
        return _taught(topic, entry) if entry else {SNAPSHOT.topic: SNAPSHOT}.get(topic)

    def question(self, topic: str, asked: Asked) -> str | None:
        entry = cast(Taught, asked.taught).entries.get(topic)
        return entry.question if entry else {SNAPSHOT.topic: "What is a snapshot?"}.get(topic)

    def alike(self, texts: Sequence[str]) -> list[list[bool]]:
        begins = [text.casefold().split()[:3] for text in texts]
        return [[one == other for other in begins] for one in begins]


def _taught(topic: str, entry: Entry) -> Answer:
    (source,) = entry.sources
    citation = Citation(source.name, source.link, source.as_of)
    return Answer(Kind.ANSWER, entry.answer, topic, (citation,), 0.9, entry.as_of)


def stand_in() -> Engine:
    """Give the stand-in in the place of the engine."""
    return cast(Engine, StandIn())
