"""How answers about one project are made: from facts, from the catalogue's own filing, or as “not known”."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.answers.facts import wording
from bot.answers.facts.passages import Passage
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.catalogue.model import Fact, FactStatus, Project
from bot.catalogue.service import Catalogue
from bot.prices.model import Market

# How much weight an answer has by how sure its fact is.
CONFIDENCE: Mapping[FactStatus, float] = {
    "confirmed": 0.95,
    "single_source": 0.88,
    "conflicting": 0.8,
    "reported": 0.75,
    "unknown": 0.85,
}
MAX_SUGGESTIONS = 3
CATALOGUE = "This bot's catalogue"

# What is offered first when something else is not known.
_OFFERED = (
    "claim_window",
    "tge_date",
    "airdrop_share",
    "funding",
    "eligibility",
    "snapshot",
    "survey_share",
    "later",
)
_QUESTIONS = {
    "claim_window": "When could {} be claimed?",
    "tge_date": "When did {} launch its token?",
    "funding": "Who invested in {}?",
    "eligibility": "Who was eligible for {}?",
    "snapshot": "When was the snapshot of {}?",
    "airdrop_share": "How big was the airdrop of {}?",
    "survey_share": "How did {} do in the survey?",
    "later": "What happened to {} since?",
    "recipients": "How many got the airdrop of {}?",
    "official_domains": "What is the official site of {}?",
    "overview": "What is {}?",
}
# What is behind the catalogue's own words about a project.
_BEHIND = ("chain", "claim_window", "tge_date", "airdrop_share", "token_symbol")


@dataclass(frozen=True, slots=True)
class Asking:
    """What an answer is made from: the catalogue, the moment, market values, and how the question was put."""

    catalogue: Catalogue
    now: datetime
    markets: Mapping[str, Market]
    yes_or_no: bool = False
    question: str = ""
    # The sentence that answers, which the text has to hold.
    passage: Passage | None = None

    def says(self, *beginnings: str) -> bool:
        """Say whether the question has a word that begins like this."""
        words = self.question.casefold().replace("'", " ").split()
        return any(word.startswith(beginnings) for word in words)


def known(project: Project, *keys: str) -> list[Fact]:
    """Return those facts of a project about which something was found."""
    return [fact for key in keys if (fact := project.facts.get(key)) and fact.known]


def answered(project: Project, key: str, asking: Asking, text: str, facts: Sequence[Fact]) -> Answer:
    """Return an answer that rests on facts, as old as the oldest and as sure as the least sure of them."""
    stale = [fact for fact in facts if wording.goes_stale(key, fact, asking.now)]
    return Answer(
        Kind.ANSWER,
        wording.fitted(text, wording.hedge(facts[0]), wording.aged(stale)),
        f"fact:{project.id}:{key}",
        wording.citations(facts),
        min(CONFIDENCE[fact.status] for fact in facts),
        min(fact.as_of for fact in facts),
        bool(stale),
    )


def filed(project: Project, key: str, text: str, confidence: float = 0.9) -> Answer:
    """Return an answer in the catalogue's own words about a project, with what they rest on."""
    behind = known(project, *_BEHIND)[:2]
    when = max((fact.as_of for fact in project.facts.values()), default=None)
    sources = wording.citations(behind) or (Citation(CATALOGUE, None, when),)
    return Answer(Kind.ANSWER, wording.fitted(text), f"fact:{project.id}:{key}", sources, confidence, when)


def unknown(project: Project, key: str, asking: Asking, *more: str, name: str = "") -> Answer:
    """Return the admission that a field is not known, with what is known instead as suggestions."""
    fact = project.facts.get(key)
    name = name or wording.called(key)
    note = wording.with_days(fact.note) if fact and fact.note else ""
    note = note or ("" if fact or any(more) else "The catalogue has nothing on it.")
    looked_up = f"Looked up on {wording.date_words(fact.as_of)}." if fact else ""
    return Answer(
        Kind.UNKNOWN,
        wording.fitted(f"{wording.titled(project)}, {name}: not known.", *more, note, looked_up),
        f"fact:{project.id}:{key}",
        confidence=CONFIDENCE["unknown"],
        as_of=fact.as_of if fact else None,
        suggestions=offers(project, asking, without=key),
    )


def offers(project: Project, asking: Asking, without: str = "") -> tuple[Suggestion, ...]:
    """Return questions about a project that have an answer."""
    listed = asking.catalogue.newest_survey.result_of(project.id) is not None
    keys = [key for key in _OFFERED if key != without and (known(project, key) or (key == "survey_share" and listed))]
    keys = [*keys[: MAX_SUGGESTIONS - 1], "overview"] if without != "overview" else keys[:MAX_SUGGESTIONS]
    return tuple(offer(project, key) for key in keys)


def offer(project: Project, key: str) -> Suggestion:
    """Return the question about one field of a project, as a button asks it."""
    asked = _QUESTIONS.get(key, f"{{}}: {wording.called(key)}?").format(project.name)
    return Suggestion(asked[: wording.MAX_LABEL_CHARS], f"fact:{project.id}:{key}")
