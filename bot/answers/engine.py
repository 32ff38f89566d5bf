"""From a question to an answer: facts, taught and shipped entries, or an honest no. Pure; some milliseconds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import exp
from pathlib import Path

import structlog

from bot.answers import facts
from bot.answers.decision import BESIDE, LEAD, REFUSED, SURE, WEAK, Found, is_meant, leads
from bot.answers.entry import Entry
from bot.answers.facts.polls import PollFacts
from bot.answers.facts.sense import NOTHING_LEARNED, Sense, load_sense
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.answers.refusals import Ground, refused
from bot.answers.retrieval import cloud, kept, learned
from bot.answers.retrieval.document import Document, Index, Method
from bot.answers.retrieval.mix import method, read_encoder
from bot.answers.retrieval.paraphrases import BY_WORDS_ALONE, Paraphrases
from bot.answers.retrieval.remembered import Remembered
from bot.answers.shipped import BEYOND, FACTS, Shipped, documents_of, load_shipped
from bot.answers.words import decoded, plain
from bot.catalogue.search import key_of
from bot.catalogue.service import Catalogue
from bot.prices.model import Market

log = structlog.get_logger(__name__)

# A taught answer has few wordings and so scores less: this makes up for it, and prefers it when about as near.
TAUGHT_WORTH, TAUGHT_LEAD = 1.6, 0.05
# From where on a taught question asks what a shipped one does: it then takes that one's place.
SAME = 0.65
# Scores as confidence: half sure at the first, and how fast it grows from there.
HALF_SURE, STEP = 0.32, 0.05
MOST_SUGGESTIONS = 3

NOTHING = "I do not know that. A moderator can teach me the answer."
NEAR = "I am not sure what you mean. Did you mean one of these?"
EMPTY = "Ask me a question about airdrops, such as what a snapshot is, or when a project's claim ends."

# Said to be polite, or to see whether somebody is there.
_GREETING = re.compile(
    r"(?:hi+|hello|hey+|yo|sup|gm|gn|hola|good (?:morning|evening|day|night)|how are you|are you there|help|start"
    r"|test|ping|thanks?|thx|ty|thank you|ok(?:ay)?|bye)(?: (?:bot|there|all|everyone|guys|sir|friend|you|so much))*\W*"
)


@dataclass(frozen=True, slots=True)
class Passages:
    """Entries that are ready to be found; a server's taught ones are made anew after each change."""

    entries: Mapping[str, Entry]
    topics: tuple[str, ...]
    index: Index | None
    # Whose wording is whose: topic by the key of the wording.
    wordings: Mapping[str, str]
    # Whose place a taught one takes: topic for shipped topic.
    instead: Mapping[str, str] = field(default_factory=dict)

    def find(self, question: str) -> list[Found]:
        """Return every topic with how likely the question means it."""
        scores = self.index.scores(question) if self.index else ()
        return [Found(topic, float(score)) for topic, score in zip(self.topics, scores, strict=True)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with all that an answer may be made of."""

    question: str
    catalogue: Catalogue
    taught: Passages
    polls: tuple[PollFacts, ...]
    now: datetime


class Engine:
    """Finds the answer to a question."""

    def __init__(
        self,
        shipped: Shipped,
        finding: Method,
        paraphrases: Paraphrases = BY_WORDS_ALONE,
        sense: Sense = NOTHING_LEARNED,
    ) -> None:
        self._finding = finding
        self._sense = sense
        self._paraphrases = paraphrases
        self._tongues = shipped.tongues
        self._refusals = {f"refusal:{refusal.kind}": refusal for refusal in shipped.refusals}
        self._shipped = self._made(shipped.documents, "entry", shipped.entries)

    def passages(self, entries: Sequence[Entry]) -> Passages:
        """Make a server's taught entries ready to be found."""
        taught = self._made(documents_of("taught", entries), "taught", entries)
        instead = {}
        for topic, entry in taught.entries.items():
            best = max(self._shipped.find(entry.question), key=lambda found: found.score)
            if best.score >= SAME and best.topic in self._shipped.entries:
                instead[best.topic] = topic
        return replace(taught, instead=instead)

    def alike(self, texts: Sequence[str]) -> list[list[bool]]:
        """Say for each pair of questions whether they ask the same."""
        return self._paraphrases.alike(texts)

    def ask(self, asked: Asked) -> Answer:
        """Answer a question."""
        question = plain(asked.question)
        if not any(letter.isalnum() for letter in question) or _GREETING.fullmatch(question.casefold()):
            return Answer(Kind.UNKNOWN, EMPTY, "unknown:empty")
        english = self._tongues.english(question) or question
        apart = [facts.Question(text, asked.catalogue, self._sense) for text in dict.fromkeys((english, question))]
        self._sense.expect(each.masked for each in apart)
        taught = self._taught(english, asked)
        for text in dict.fromkeys((question, english)):
            ground = refused(decoded(text), self._refusals.values())
            # What a moderator taught is on topic.
            if ground and not (taught and ground is Ground.OFF_TOPIC):
                return self._refusal(f"refusal:{ground}", 1.0)
        if entry := self._asked_verbatim(question, asked):
            return entry
        found = self._found(english, taught, asked)
        reading = max(map(facts.reading_of, apart), key=lambda each: each.sureness)
        fact = facts.answer(reading, asked.catalogue, asked.polls, asked.now)
        if fact and is_meant(fact, reading, found[0]):
            return fact
        return self._of(found, asked)

    def topic(self, topic: str, asked: Asked, markets: Mapping[str, Market] | None = None) -> Answer | None:
        """Find the answer of a suggestion again; None when there is none any more."""
        if entry := self._entry(topic, asked):
            return _answer(topic, entry, asked.now, 1.0)
        if topic in self._refusals:
            return self._refusal(topic, 1.0)
        return facts.topic(topic, asked.catalogue, asked.polls, asked.now, markets)

    def question(self, topic: str, asked: Asked) -> str | None:
        """Return the question that a topic answers, in nobody's words but ours; None where there is no one question."""
        entry = self._entry(topic, asked)
        return entry.question if entry else facts.question(topic, asked.catalogue)

    def _made(self, documents: Sequence[Document], kind: str, entries: Iterable[Entry]) -> Passages:
        index = self._finding.index(documents) if documents else None
        by_topic = {f"{kind}:{entry.id}": entry for entry in entries}
        wordings = {key_of(text): each.key for each in documents if each.key in by_topic for text in each.wordings}
        return Passages(by_topic, tuple(document.key for document in documents), index, wordings)

    def _entry(self, topic: str, asked: Asked) -> Entry | None:
        return asked.taught.entries.get(topic) or self._shipped.entries.get(topic)

    def _asked_verbatim(self, question: str, asked: Asked) -> Answer | None:
        key = key_of(question)
        shipped = self._shipped.wordings.get(key, "")
        topic = asked.taught.wordings.get(key) or asked.taught.instead.get(shipped, shipped)
        entry = self._entry(topic, asked)
        return _answer(topic, entry, asked.now, 1.0) if entry else None

    def _taught(self, question: str, asked: Asked) -> list[Found]:
        found = (Found(each.topic, each.score * TAUGHT_WORTH + TAUGHT_LEAD) for each in asked.taught.find(question))
        return [each for each in found if each.score >= SURE]

    def _found(self, question: str, taught: list[Found], asked: Asked) -> list[Found]:
        shipped = self._shipped.find(question)
        if taught:
            shipped = [each for each in shipped if each.topic not in (BEYOND, f"refusal:{Ground.OFF_TOPIC}")]
        best: dict[str, Found] = {}
        for each in sorted(taught + shipped, key=lambda found: -found.score):
            topic = asked.taught.instead.get(each.topic, each.topic)
            best.setdefault(topic, Found(topic, each.score))
        return list(best.values())

    def _of(self, found: Sequence[Found], asked: Asked) -> Answer:
        looks_like_facts, found = found[0].topic == FACTS, [each for each in found if each.topic != FACTS]
        best = found[0]
        # What looks like a question for facts, and asks for none that is known here, has to be an entry's all the more.
        if looks_like_facts and best.score < SURE:
            return self._unsure(found, asked)
        if best.topic in self._refusals:
            rival = next((each.score for each in found if each.topic not in self._refusals), 0.0)
            sure = best.score >= REFUSED and best.score - rival >= LEAD
            return self._refusal(best.topic, best.score) if sure else self._unsure(found, asked)
        lead = best.score - (found[1].score if len(found) > 1 else 0.0)
        entry = self._entry(best.topic, asked)
        if not entry or not leads(best.score, lead):
            return self._unsure(found, asked)
        beside = self._suggestions([each.topic for each in found[1:3] if each.score > best.score - BESIDE], asked)
        return replace(_answer(best.topic, entry, asked.now, best.score), suggestions=beside)

    def _unsure(self, found: Sequence[Found], asked: Asked) -> Answer:
        near = self._suggestions([each.topic for each in found[:MOST_SUGGESTIONS] if each.score >= WEAK], asked)
        text, topic = (NEAR, "unknown:near") if near else (NOTHING, "unknown:nothing")
        return Answer(Kind.UNKNOWN, text, topic, confidence=_confidence(found[0].score), suggestions=near)

    def _suggestions(self, topics: Iterable[str], asked: Asked) -> tuple[Suggestion, ...]:
        found = ((topic, self._entry(topic, asked)) for topic in topics)
        return tuple(Suggestion(entry.question, topic) for topic, entry in found if entry)

    def _refusal(self, topic: str, score: float) -> Answer:
        refusal = self._refusals[topic]
        offers = [(f"entry:{offer}", self._shipped.entries.get(f"entry:{offer}")) for offer in refusal.offers]
        suggestions = tuple(Suggestion(entry.question, topic) for topic, entry in offers if entry)
        return Answer(Kind.REFUSAL, refusal.text, topic, confidence=_confidence(score), suggestions=suggestions)


def load_engine(data: Path) -> Engine:
    """Read all that ships in `data`, and the sentence model; about half a second."""
    shipped = load_shipped(data)
    model, documents = read_encoder(data / kept.FILE), shipped.documents
    encoder = Remembered(model) if model else None
    taught = learned.read_learned(data / learned.FILE, documents)
    lie = cloud.read_cloud(data / cloud.FILE, documents)
    if encoder and lie is None:
        log.warning("wordings changed: reading them takes minutes until `python -m bot.answers.keep` is run")
        lie = cloud.cloud_of(documents, cloud.rows_of(encoder, documents))
    return Engine(
        shipped,
        method(encoder, documents, taught, lie),
        Paraphrases(encoder, lie),
        load_sense(data, encoder, shipped),
    )


def _answer(topic: str, entry: Entry, now: datetime, confidence: float) -> Answer:
    sources = tuple(Citation(source.name, source.link, source.as_of or entry.as_of) for source in entry.sources)
    return Answer(
        Kind.ANSWER,
        entry.answer,
        topic,
        sources,
        confidence=_confidence(confidence),
        as_of=entry.as_of,
        stale=entry.is_stale(now.date()),
    )


def _confidence(score: float) -> float:
    return round(1 / (1 + exp((HALF_SURE - score) / STEP)), 2)
