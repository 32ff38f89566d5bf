"""Which of what was found is meant: an entry, a refusal, facts, or nothing surely."""

from dataclasses import dataclass

from bot.answers import facts
from bot.answers.model import Answer, Kind
from bot.answers.shipped import BEYOND, FACTS

# Chosen on the questions for tuning (docs/answers.md). Below WEAK nothing is near. From SURE on, and LEAD ahead of the
# next, it is what was asked; from VERY_SURE on, CLOSE_LEAD is enough, and from LEAST_SURE on, FAR_LEAD is. Between:
# "did you mean".
WEAK, SURE, LEAD = 0.2, 0.36, 0.02
VERY_SURE, CLOSE_LEAD = 0.42, 0.01
LEAST_SURE, FAR_LEAD = 0.22, 0.12
# What comes so close behind an answer is offered with it.
BESIDE = 0.06
# A refusal that only examples speak for: little is needed, since whatever can be answered is further ahead.
REFUSED = 0.3
# How far an entry, or a refusal, may lie behind a reading of facts and still be meant: readings are sure sooner.
FACT_LEAD, FACT_LEAD_OF_REFUSALS = 0.1, 0.25
# Where what facts are asked for was learned: from which likelihood on something else is asked, and how well that has to
# be found; how far an entry may lie behind; and how plain a refusal has to be, the more so beside a plain fact.
ELSEWHERE, ELSEWHERE_SCORE, ELSEWHERE_LEAD, LEARNED_LEAD = 0.5, 0.6, 0.2, 0.1
PLAINLY_A_FACT, REFUSED_PLAINLY, REFUSED_THOUGH_A_FACT = 0.9, 0.55, 0.74
# From where on an entry is meant though a project is named and facts are likely: safety before a claim's dates.
OUTRIGHT = 0.7
# From where on a reading is taken though the question looks like those that nothing here answers, and how much more is
# needed the more it does.
PLAIN, LOOKS_BEYOND, BEYOND_WORTH = 0.7, 0.4, 0.55
# How much surer it has to be found when the question names a project, or seems to name one that is not known here.
NAMED_LEAD, UNLISTED_LEAD = 0.1, 0.3

# Shapes that are guesses.
_GUESSED = (facts.Shape.UNLISTED, facts.Shape.OTHER, facts.Shape.UNCLEAR, facts.Shape.NOTHING)


@dataclass(frozen=True, slots=True)
class Found:
    """What a question may mean: a topic, and how likely."""

    topic: str
    score: float


def leads(score: float, lead: float) -> bool:
    """Say whether the best that was found is likely enough, and far enough ahead of the next."""
    if score < SURE:
        return score >= LEAST_SURE and lead >= FAR_LEAD
    return lead >= (LEAD if score < VERY_SURE else CLOSE_LEAD)


def is_meant(fact: Answer, reading: facts.Reading, best: Found) -> bool:
    """Say whether facts are meant rather than the best that was found."""
    if reading.shape is facts.Shape.UNLISTED and reading.firm:
        # A project that is known by name alone: that nothing is known about it is the answer.
        return best.topic in (FACTS, BEYOND) or best.score < reading.sureness - ELSEWHERE_LEAD
    if best.topic == FACTS:
        return fact.kind is Kind.ANSWER or bool(reading.mentions)
    if best.topic == BEYOND and fact.kind is Kind.ANSWER:
        return reading.sureness >= PLAIN + BEYOND_WORTH * max(0.0, best.score - LOOKS_BEYOND)
    is_refusal = best.topic.startswith("refusal:")
    if is_refusal and facts.asks_present_price(reading):
        return True
    if reading.elsewhere is not None and reading.shape not in _GUESSED:
        return _is_learned_to_be_meant(fact, reading, best)
    enough, lead = (REFUSED, FACT_LEAD_OF_REFUSALS) if is_refusal else (SURE, FACT_LEAD)
    if reading.shape is facts.Shape.UNLISTED:
        return best.score < enough + UNLISTED_LEAD
    # That nothing is known about a project is an answer. That there is no poll here is none while an entry has one.
    if fact.kind is Kind.UNKNOWN and not reading.mentions and not reading.firm:
        return best.score < enough
    named = NAMED_LEAD if reading.mentions and not is_refusal else 0.0
    return best.score < max(enough + named, reading.sureness - lead)


def _is_learned_to_be_meant(fact: Answer, reading: facts.Reading, best: Found) -> bool:
    """Say the same where it was learned, with all names masked, how likely something else is asked."""
    elsewhere = reading.elsewhere or 0.0
    if best.topic.startswith("refusal:"):
        plain = reading.sureness >= PLAINLY_A_FACT and (fact.kind is Kind.ANSWER or reading.firm)
        return best.score < (REFUSED_THOUGH_A_FACT if plain else REFUSED_PLAINLY)
    if reading.mentions:
        if best.topic != BEYOND and best.score >= OUTRIGHT and best.score > reading.sureness:
            return False
        return best.topic == BEYOND or elsewhere < ELSEWHERE or best.score < ELSEWHERE_SCORE
    if fact.kind is Kind.UNKNOWN and not reading.firm:
        return best.score < SURE
    if reading.shape is facts.Shape.POLL and elsewhere < ELSEWHERE:
        return best.score < reading.sureness
    return best.score < reading.sureness - (ELSEWHERE_LEAD if elsewhere >= ELSEWHERE else LEARNED_LEAD)
