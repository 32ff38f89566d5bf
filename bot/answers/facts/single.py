"""One field of one project in words, the value first."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.answers.facts import claims, wording
from bot.answers.facts.domains import belongs, domains_in
from bot.answers.facts.fields import holds, stands_in
from bot.answers.facts.financing import financed
from bot.answers.facts.making import Asking, answered, filed, known, offers, unknown
from bot.answers.facts.names import lexicon_of
from bot.answers.facts.ordinary import STOP
from bot.answers.facts.tokens import tokenise
from bot.answers.model import Answer, Citation, Kind
from bot.catalogue.days import earliest, is_day
from bot.catalogue.model import STATE_LABELS, Fact, Project
from bot.catalogue.reading import money
from bot.ui.text import clip

# Words that ask for what one wallet got.
_EACH = ("max", "min", "most", "each", "per")
# Words that ask whether a token is there at all, rather than where it trades.
_WHETHER_LIVE = ("live", "launch", "out", "tge", "release", "trad")
# What tells how a project went on.
_SINCE = ("later", "season_2", "scandal", "incident")
_SURVEYED = frozenset({"survey_share", "tech_score", "narrative", "competitors"})


def about(project: Project, key: str, asking: Asking) -> Answer:
    """Return what is known of one field of a project; kind unknown when that is nothing."""
    if key in _SURVEYED:
        return _in_the_survey(project, key, asking)
    made = _MADE.get(key)
    return _with_what_answers(made(project, asking) if made else _of_a_fact(project, key, asking), asking)


def _with_what_answers(answer: Answer, asking: Asking) -> Answer:
    """Return an answer with the sentence of the fact that says what is asked, where it was left out or cut off."""
    passage = asking.passage
    if passage is None or answer.kind is not Kind.ANSWER or passage.text in answer.text:
        return answer
    sentence = f" {passage.text.rstrip('.')}."
    return replace(answer, text=f"{clip(answer.text, wording.MAX_TEXT_CHARS - len(sentence))}{sentence}")


def _of_a_fact(project: Project, key: str, asking: Asking) -> Answer:
    fact = project.facts.get(key)
    found = (key, fact) if fact is not None and fact.known else stands_in(project, key, asking.catalogue)
    if found is None:
        return unknown(project, key, asking)
    kind, fact = found
    note = (
        f" {wording.with_days(fact.note)}" if fact.note and _asks_for_note(fact, asking, stand_in=kind != key) else ""
    )
    return answered(project, key, asking, f"{_sentence(project, kind, fact, asking)}{note}", [fact])


def _asks_for_note(fact: Fact, asking: Asking, *, stand_in: bool) -> bool:
    """Say whether what is asked stands in the note of a sure fact rather than in its value."""
    if fact.status in ("conflicting", "reported"):
        return False  # these show their note anyway
    said = {token.stem for token in tokenise(asking.question) if token.key not in STOP}
    noted = {token.stem for token in tokenise(fact.note or "")} - {
        token.stem for token in tokenise(wording.value(fact))
    }
    return stand_in or bool(said & noted) or asking.says(*_EACH)


def _value(key: str, fact: Fact, asking: Asking) -> str:
    """Return a fact in words; what answers stands first when it would be cut off, or is in the note alone."""
    text, passage = wording.value(fact), asking.passage
    if passage is None or passage.key != key or passage.text in text[: wording.VALUE_CHARS - 1]:
        return text
    rest = text if passage.noted else text.replace(passage.text, "").strip(" ;.")
    return f"{passage.text}; {rest}"


def _sentence(project: Project, key: str, fact: Fact, asking: Asking) -> str:
    """Return a known fact as a sentence."""
    name, text = wording.titled(project), clip(wording.value(fact), wording.VALUE_CHARS)
    match key:
        case "tge_date" if isinstance(fact.value, str) and is_day(fact.value) and not fact.text:
            ahead = earliest(fact.value) > asking.now
            lead = ("No: " if ahead else "Yes: ") if asking.yes_or_no and asking.says(*_WHETHER_LIVE) else ""
            return f"{lead}{name} {'is to launch' if ahead else 'launched'} its token {wording.on_day(fact.value)}."
        case "token_symbol":
            return f"The token of {project.name} has the symbol {text}."
        case "official_domains":
            return f"{_whether_official(project, asking)}Official domains of {name}: {text}."
        case "historic_claim_pages":
            return f"Claims of {name} once ran on {text}. That is over: do not go there to claim."
        case "funding":
            return financed(project, fact, asking)
        case "claim_window":
            return claims.claiming(project, asking.now).sentence
        case _:
            return f"{name}, {wording.called(key)}: {clip(_value(key, fact, asking), wording.VALUE_CHARS).rstrip('.')}."


def _whether_official(project: Project, asking: Asking) -> str:
    """Say whether the domains in the question are the project's own; only those that are may be repeated."""
    domains = domains_in(asking.question, lexicon_of(asking.catalogue).names)
    official = [domain for domain in domains if belongs(domain, project.official_domains)]
    several = len(domains) > 1
    if official:
        if len(official) < len(domains):
            return f"Of those, only {wording.listed(official)} is known to be official: trust no other. "
        return f"Yes, {'those are official domains' if several else 'that is an official domain'}. "
    if several:
        return "None of those is known to be official: do not trust them. "
    was = belongs(domains[0], (page.partition("/")[0] for page in project.historic_claim_pages)) if domains else None
    if was is None:
        return ""
    return "Claims once ran there; they are over. " if was else "That is none of the known ones: do not trust it. "


def _overview(project: Project, asking: Asking) -> Answer:
    result = asking.catalogue.newest_survey.result_of(project.id)
    facts = known(project, "tge_date", "airdrop_share", "claim_window")
    launch, share = known(project, "tge_date"), known(project, "airdrop_share")
    text = wording.fitted(
        f"{wording.titled(project)}: {project.about}",
        claims.claiming(project, asking.now).line,
        f"Token launch: {wording.value(launch[0])}." if launch else "",
        f"Airdrop: {clip(wording.value(share[0]), 140)}." if share else "",
        f"Place {result.place} in the survey with {result.share}%." if result else "",
    )
    if not facts:
        return filed(project, "overview", text)
    when = min(fact.as_of for fact in facts)
    sources = wording.citations(facts)
    topic = f"fact:{project.id}:overview"
    return Answer(Kind.ANSWER, text, topic, sources, 0.9, when, suggestions=offers(project, asking, "overview"))


def _airdrop(project: Project, asking: Asking) -> Answer:
    state = claims.claiming(project, asking.now)
    opening = f"{wording.titled(project)}, {STATE_LABELS[state.state]}. {state.line}"
    windows = [f"Claims: {wording.value(fact)}." for fact in known(project, "claim_window")]
    return filed(project, "airdrop", wording.fitted(opening, *windows))


def _category(project: Project, asking: Asking) -> Answer:
    asked = asking.question.casefold().replace("l1", "layer 1").replace("l2", "layer 2")
    named = [each for each in asking.catalogue.categories if each.casefold() in asked]
    lead = ("Yes: " if project.category in named else "No: ") if asking.yes_or_no and named else ""
    opening = f"{lead}{wording.titled(project)} is filed under {project.category}"
    for fact in known(project, "category"):
        return answered(project, "category", asking, f"{opening}: {wording.value(fact)}.", [fact])
    return filed(project, "category", f"{opening}. {project.about}")


def _price(project: Project, asking: Asking) -> Answer:
    market = asking.markets.get(project.id)
    if market is None:
        past = [f"Past price: {wording.value(fact)}." for fact in known(project, "price_note")]
        return unknown(project, "price", asking, "No prices are kept here.", *past)
    cap = f"; market value {money(int(market.market_cap_usd))}" if market.market_cap_usd else ""
    change = f"; {market.change_24h_pct:+.1f}% in 24 hours" if market.change_24h_pct is not None else ""
    text = f"{wording.titled(project)} trades at {market.price}{cap}{change}."
    when = f"As of {wording.moment_words(market.as_of)}."
    old = "Nothing newer could be had; it may be out of date." if market.stale else ""
    source = Citation(market.source, None, market.as_of.date())
    topic, sureness = f"fact:{project.id}:price", 0.8 if market.stale else 0.95
    text = wording.fitted(text, when, old)
    return Answer(Kind.ANSWER, text, topic, (source,), sureness, market.as_of.date(), market.stale)


def _since(project: Project, asking: Asking) -> Answer:
    if asking.says("unlock", "vest"):
        return _unlocks(project, asking)
    facts = known(project, *_SINCE)
    opening = f"{wording.titled(project)}: {claims.claiming(project, asking.now).line}"
    if not facts:
        return filed(project, "later", opening, 0.75)
    texts = [f"{clip(wording.value(fact), 300).rstrip('.')}." for fact in facts]
    return answered(project, "later", asking, wording.fitted(opening, *texts, length=430), facts)


def _unlocks(project: Project, asking: Asking) -> Answer:
    """Return the fact that speaks of unlocks, whichever that is."""
    for key, fact in project.facts.items():
        if fact.known and holds(r"(?i)unlock|vest(?!or)", wording.value(fact)):
            return answered(project, "later", asking, _sentence(project, key, fact, asking), [fact])
    return unknown(project, "later", asking, name="vesting and unlocks")


def _other(project: Project, asking: Asking) -> Answer:
    text = f"That about {wording.titled(project)} is not known here. These are:"
    found = offers(project, asking)
    text = wording.fitted(text, " ".join(offer.question for offer in found))
    return Answer(Kind.UNKNOWN, text, f"fact:{project.id}:other", confidence=0.5, suggestions=found)


def _in_the_survey(project: Project, key: str, asking: Asking) -> Answer:
    survey = asking.catalogue.newest_survey
    result = survey.result_of(project.id)
    if result is None:
        return unknown(project, key, asking, "The survey did not list it.")
    name, named = wording.titled(project), f"the {survey.organiser} survey of {survey.published}"
    text = ""
    match key:
        case "survey_share":
            text = f"{name} had {result.share}% of the votes in {named}: place {result.place}."
        case "tech_score" if result.tech_score is not None:
            text = f"{name} has a tech score of {result.tech_score}, from {named}."
            text += " What the score means is not defined there." if survey.tech_score_means else ""
        case "narrative" if result.narrative:
            text = f"Narrative of {name} in the survey: {result.narrative}."
        case "competitors" if result.competitors:
            text = f"Competitors of {name} that the survey names: {wording.listed(result.competitors)}."
    if not text:
        return unknown(project, key, asking, "The survey gives none that was found.")
    source = Citation(survey.title, survey.url, survey.as_of)
    return Answer(Kind.ANSWER, wording.fitted(text), f"fact:{project.id}:{key}", (source,), 0.93, survey.as_of)


def _chain(project: Project, asking: Asking) -> Answer:
    if known(project, "chain"):
        return _of_a_fact(project, "chain", asking)
    return filed(project, "chain", f"{wording.titled(project)}: {project.about} More on its chain is not known here.")


_MADE: Mapping[str, Callable[[Project, Asking], Answer]] = {
    "overview": _overview,
    "airdrop": _airdrop,
    "category": _category,
    "chain": _chain,
    "price": _price,
    "claim_window": claims.when_to_claim,
    "official_claim_page": claims.where_to_claim,
    "later": _since,
    "other": _other,
}
