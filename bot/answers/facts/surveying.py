"""Questions about the newest survey, and their answers."""

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.answers.facts.fields import SURVEY_QUESTIONS, best
from bot.answers.facts.filters import NUMBER_WORDS, ORDINALS, limit_of, names_survey
from bot.answers.facts.tokens import tokenise, wordset
from bot.answers.facts.wording import MAX_TEXT_CHARS, citations, count_word, fitted, hedge, listed, with_days
from bot.answers.facts.wording import value as value_of
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.catalogue.model import Fact, Survey, SurveyResult
from bot.catalogue.service import Catalogue

# “Who won” and little else.
BARE_WORDS = 6
# What may be a misprint that somebody asks about.
MAX_PRINTED_WORDS = 2
# A place, and no year.
MAX_PLACE_DIGITS = 2
_WINNING = wordset("won win wins winner winners winning victory")
_RANKING = wordset(
    "came come comes finished finish placed place position rank ranked ranks ranking rankings spot runner number"
)


_OUTCOME = wordset("result results ranking standings list show which who projects share shares")
_WHOLE = wordset("ranking rankings leaderboard scoreboard")
_PROJECTS = wordset("projects airdrops tokens coins")
_KNOWN = wordset("you know list catalogue listed covered supported track cover")
_MEANING = wordset("mean means meaning define defined calculated computed based measure measures stand come")
_NAMING = wordset("highest lowest best which who")


def rank_asked(words: Sequence[str]) -> str | None:
    """Return the topic of a question about a place, where nobody says in which vote."""
    said = set(words)
    if said & {"why", "hidden"}:
        return None
    if said & _WINNING and said & {"who", "which", "what", "winner", "won"} and len(words) <= BARE_WORDS:
        return "rank:1"
    if {"runner", "up"} <= said:
        return "rank:2"
    if not said & (_RANKING | _WHOLE) and "top" not in said:
        return None
    if said & {"last"} and said & {"came", "come", "finished", "place", "placed"}:
        return "rank:last"
    if "top" in said and (limit := limit_of(words)):
        return f"rank:top-{limit}"
    place = next((ORDINALS[word] for word in words if word in ORDINALS), None) or _place_number(words)
    return f"rank:{place}" if place and said & _RANKING else "rank:all" if said & _WHOLE else None


def _place_number(words: Sequence[str]) -> int | None:
    for word, following in pairwise(words):
        if word in ("place", "number", "rank", "position"):
            if following.isdigit() and len(following) <= MAX_PLACE_DIGITS:
                return int(following)
            if following in NUMBER_WORDS:
                return NUMBER_WORDS[following]
    return None


def asks_for_the_list(words: Sequence[str]) -> bool:
    """Say whether all projects are asked for: which do you know, how many are there."""
    said = set(words)
    if not said & _PROJECTS:
        return False
    if "number" in said:
        return True
    if {"how", "many"} <= said:
        return bool(said & (_KNOWN | {"have", "there"}))
    return bool(
        words[0] in ("list", "show") or (said & {"which", "what"} and said & _KNOWN) or {"all", "projects"} <= said
    )


def asked(words: Sequence[str], stems: Sequence[str], catalogue: Catalogue) -> str | None:
    """Return the topic of a question about the survey; without its name, only what nothing else can mean."""
    said = set(words)
    if not names_survey(words, catalogue):
        return _unmistakable(said, catalogue.newest_survey)
    if (rank := rank_asked(words)) and rank != "rank:1":
        return f"survey:{rank.removeprefix('rank:')}"
    return f"survey:{best(stems, SURVEY_QUESTIONS) or 'all'}"


def asks_for_results(words: Sequence[str]) -> bool:
    """Say whether the outcome of the survey is asked for, rather than what it is."""
    return bool(set(words) & _OUTCOME)


def _unmistakable(said: set[str], survey: Survey) -> str | None:
    """Return the topic of a question that can only be about the survey, though it does not name it."""
    if "score" in said and said & _MEANING and not said & _NAMING:
        return "survey:tech_score"
    if {"add", "up"} <= said and said & {"share", "shares", "percentages", "percent"}:
        return "survey:unnamed"
    if {str(survey.unnamed_share), f"{survey.unnamed_share}%"} & said and said & {"other", "others", "rest", "missing"}:
        return "survey:unnamed"
    for number, correction in enumerate(survey.corrections):
        printed = {token.key for token in tokenise(correction.printed)}
        if len(printed) <= MAX_PRINTED_WORDS and printed <= said:
            return f"survey:correction-{number}"
    return "survey:all" if said & {"six", "6"} and said & {"projects", "airdrops"} else None


def answer(topic: str, catalogue: Catalogue) -> Answer | None:
    """Return what the newest survey says on `survey:<what>`."""
    survey = catalogue.newest_survey
    what = topic.partition(":")[2]
    if what in survey.facts and what != "tech_score":
        return _fact(topic, survey, what)
    text = _text(what, survey, catalogue)
    if text is None:
        return None
    source = Citation(survey.title, survey.url, survey.as_of)
    # A question whose answer was never published has no answer, however well that is known.
    kind = Kind.UNKNOWN if what == "question" and survey.question is None else Kind.ANSWER
    return Answer(
        kind,
        fitted(text),
        topic,
        (source,),
        0.93,
        survey.as_of,
        suggestions=_ask_on(what) if kind is Kind.UNKNOWN else (),
    )


def _ask_on(what: str) -> tuple[Suggestion, ...]:
    offers = (
        Suggestion("Who won the survey?", "survey:winner"),
        Suggestion("How were the votes taken?", "survey:method"),
        Suggestion("Is the survey biased?", "survey:conflict_of_interest"),
    )
    return tuple(offer for offer in offers if offer.topic != f"survey:{what}")


def _fact(topic: str, survey: Survey, what: str) -> Answer:
    fact = survey.facts[what]
    if not fact.known:
        note = with_days(fact.note or "It was looked for and not found.")
        name = what.replace("_", " ")
        source = Citation(survey.title, survey.url, fact.as_of)
        return Answer(
            Kind.UNKNOWN,
            fitted(f"The survey's {name} is not known.", note),
            topic,
            (source,),
            0.9,
            fact.as_of,
            suggestions=_ask_on(what),
        )
    return Answer(Kind.ANSWER, fitted(_opening(what, fact), hedge(fact)), topic, citations([fact]), 0.93, fact.as_of)


def _opening(what: str, fact: Fact) -> str:
    if what == "conflict_of_interest":
        return f"There is a conflict of interest: {value_of(fact)}."
    if what == "other_categories":
        return f"The other categories of the awards: {value_of(fact)}."
    return f"{what.replace('_', ' ').capitalize()} of the survey: {value_of(fact)}."


def _text(what: str, survey: Survey, catalogue: Catalogue) -> str | None:
    places = _outcome(what, survey, catalogue)
    return places if places is not None else _about_it(what, survey)


def _outcome(what: str, survey: Survey, catalogue: Catalogue) -> str | None:
    """Return who came where: the winner, a place, the first few, or all."""
    named = f"the {survey.title.partition(':')[0]} survey"
    if what == "winner":
        return _winner(survey, catalogue, named)
    if what in ("all", "top-all"):
        shares = f"{_lines(survey.results, catalogue)}. Others, not named: {survey.unnamed_share}%."
        return f"Results of {named} ({survey.organiser}, {survey.published}): {shares}"
    if what == "last":
        return _place(survey.results[-1].place, survey, catalogue, named)
    if what.startswith("top-") and what.removeprefix("top-").isdecimal():
        first = [result for result in survey.results if result.place <= int(what.removeprefix("top-"))]
        return f"The first {count_word(len(first))} in {named}: {_lines(first, catalogue)}."
    return _place(int(what), survey, catalogue, named) if what.isdecimal() else None


def _about_it(what: str, survey: Survey) -> str | None:
    """Return how the survey came about, and what is to be known of it."""
    match what:
        case "unnamed":
            rest = f"the published shares add up to {survey.named_share}%"
            return f"{survey.unnamed_share}% went to others that the survey did not name; {rest}."
        case "organiser":
            own = survey.organiser_project == survey.results[0].project
            return f"{survey.organiser} ran the survey.{' It placed itself first.' if own else ''}"
        case "when":
            return f"The survey was published in {survey.published}; no exact date is known."
        case "question" if survey.question:
            return f"The survey asked: {survey.question}"
        case "question":
            return "The wording of the survey's question is not known; it was never published."
        case "tech_score" if means := survey.tech_score_means:
            return f"The tech score: {means[0].lower()}{means[1:]}"
        case "corrections" if survey.corrections:
            return _corrections(survey)
        case _:
            return _correction(what, survey)


def _correction(what: str, survey: Survey) -> str | None:
    number = what.removeprefix("correction-")
    if not number.isdecimal() or number == what or int(number) >= len(survey.corrections):
        return None
    found = survey.corrections[int(number)]
    reading = f"“{found.printed}” in the survey is read as {found.meaning} ({found.status})."
    return f"{reading} {_without_addresses(found.evidence)}"


def _without_addresses(text: str) -> str:
    return re.sub(r" ?\(https?://[^)]*\)|https?://\S+", "", text)


def _name(result: SurveyResult, catalogue: Catalogue) -> str:
    project = catalogue.by_id(result.project)
    return project.name if project else result.project


def _lines(results: Sequence[SurveyResult], catalogue: Catalogue) -> str:
    return ", ".join(f"{result.place}. {_name(result, catalogue)} {result.share}%" for result in results)


def _winner(survey: Survey, catalogue: Catalogue, named: str) -> str:
    top = [result for result in survey.results if result.place == 1]
    text = f"{listed([_name(result, catalogue) for result in top])} won {named} with {top[0].share}% of the votes"
    own = any(result.project == survey.organiser_project for result in top)
    then = survey.results[len(top) : len(top) + 2]
    after = f" Then came {listed([f'{_name(each, catalogue)} with {each.share}%' for each in then])}." if then else ""
    return f"{text}.{after}{' Mind that the winner ran the survey itself.' if own else ''}"


def _place(place: int, survey: Survey, catalogue: Catalogue, named: str) -> str | None:
    there = [result for result in survey.results if result.place == place]
    if not there:
        count = count_word(len(survey.results))
        return f"{named[0].upper()}{named[1:]} names {count} projects; nobody holds place {place}."
    names = listed([f"{_name(result, catalogue)} with {result.share}% of the votes" for result in there])
    return f"Place {place} in {named}: {names}."


def _corrections(survey: Survey) -> str:
    """Return as many corrections as fit, the short ones."""
    lines = [f"“{each.printed}” is read as {each.meaning} ({each.status})" for each in survey.corrections]
    text = "Misprints and doubtful readings of the survey's page: "
    for line in lines:
        if len(text) + len(line) + 1 <= MAX_TEXT_CHARS:
            text += f"{line}; "
    return f"{text.rstrip('; ')}."
