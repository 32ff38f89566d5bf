"""Who put how much into a project, told by what is asked for: investors, a valuation, or the rounds."""

from collections.abc import Iterable, Iterator, Sequence

from bot.answers.facts import wording
from bot.answers.facts.fields import VOCABULARY
from bot.answers.facts.making import Asking
from bot.answers.facts.tokens import stem, tokenise, wordset
from bot.catalogue.days import earliest, in_words
from bot.catalogue.model import Fact, FundingRound, Project
from bot.catalogue.reading import money
from bot.ui.text import clip


def rounds_of(fact: Fact) -> list[FundingRound]:
    """Return the rounds of a funding fact, in the order in which it gives them."""
    return [each for each in fact.value if isinstance(each, FundingRound)] if isinstance(fact.value, tuple) else []


def investors_of(fact: Fact) -> list[str]:
    """Return everybody whom a funding fact names, once."""
    return list(dict.fromkeys(name for each in rounds_of(fact) for name in (*each.leads, *each.others)))


def financed(project: Project, fact: Fact, asking: Asking) -> str:
    """Return a project's funding, with what is asked for first."""
    rounds = rounds_of(fact)
    text = clip(wording.value(fact), wording.VALUE_CHARS).rstrip(".")
    default = f"{wording.titled(project)}, funding: {text}."
    if asking.says("valu", "worth"):
        return _valued(project, rounds) or f"No valuation of {project.name} is known. {default}"
    named = _named(fact, asking)
    if named and asking.yes_or_no:
        return f"Yes: {wording.listed(named)} invested. {default}"
    if asking.says("who", "invest", "backe", "vc") and not investors_of(fact):
        return f"Which investors took part is not known. {default}"
    return default


def _valued(project: Project, rounds: Sequence[FundingRound]) -> str:
    """Return at what rounds valued the project, the newest first."""
    valued = [each for each in rounds if each.valuation_usd]
    valued.sort(key=lambda each: earliest(each.date).timestamp() if each.date else 0.0, reverse=True)
    texts = [
        f"{money(each.valuation_usd or 0)} ({each.round}{f', {in_words(each.date)}' if each.date else ''}"
        f"{f'; {each.doubt}' if each.doubt else ''})"
        for each in valued
    ]
    return f"{wording.titled(project)}, valuation: {wording.listed(texts)}." if texts else ""


def _named(fact: Fact, asking: Asking) -> list[str]:
    """Return the investors whose name stands in the question."""
    return named_in([token.key for token in tokenise(asking.question)], investors_of(fact))


def named_in(words: Sequence[str], investors: Iterable[str]) -> list[str]:
    """Return those investors whose name is among some words, with or without “Ventures” and the like at its end."""
    said = f" {' '.join(words)} "
    return [name for name in investors if any(f" {each} " in said for each in _ways_to_name(name))]


def _ways_to_name(investor: str) -> Iterator[str]:
    words = [token.key for token in tokenise(investor)]
    yield " ".join(words)
    if len(words) == len(("name", "kind")) and words[1] in _KINDS and stem(words[0]) not in VOCABULARY:
        yield words[0]


_KINDS = wordset("ventures capital labs fund vc holdings")
