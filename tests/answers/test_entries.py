"""Every answer that ships holds what it promises."""

import re
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from bot.answers.entry import Entry
from bot.answers.load import load_entries
from bot.catalogue.load import Content, load
from bot.catalogue.model import Window

DATA = Path(__file__).parents[2] / "data"
ENTRIES = load_entries(DATA / "answers")

MARKUP = re.compile(r"[*_`~|<>\[\]\\]|^\s*[#>-]|\n")
# A domain or a path, such as example.org; "(2) Connect" and "10.8bn" are none.
ADDRESS = re.compile(r"(?i)https?:|www\.|\b[a-z0-9-]+\.[a-z]{2,}\b|@\w")
CONTRACT = re.compile(r"(?i)\b0x[0-9a-f]{8,}")
ADVICE = re.compile(
    r"(?i)\b(?:you|one) (?:should|ought to|must|can safely) (?:buy|sell|hold|invest)\b"
    r"|\b(?:buy|sell) (?:now|early)\b|\bgood (?:buy|investment)\b|\bguaranteed\b"
    r"|\b(?:price|value) (?:will|is going to)\b|\bto the moon\b"
)

each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def of(id_: str) -> Entry:
    """Return the entry of an id."""
    return next(entry for entry in ENTRIES if entry.id == id_)


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", text.casefold()))


def test_there_are_answers_to_the_questions_that_members_ask() -> None:
    assert len(ENTRIES) >= 95


@each
def test_the_text_is_plain(entry: Entry) -> None:
    texts = (entry.answer, *entry.wordings, *entry.keywords)

    assert [text for text in texts if MARKUP.search(text) or CONTRACT.search(text)] == []
    assert [text for text in texts if ADDRESS.search(text)] == []
    assert [text for text in texts if text != " ".join(text.split())] == []


@each
def test_the_answer_is_whole_sentences_and_no_advice(entry: Entry) -> None:
    assert entry.question.endswith("?")
    assert entry.answer[0].isupper()
    assert entry.answer.endswith(".")
    assert ADVICE.search(entry.answer) is None
    assert 80 <= len(entry.answer) <= 700


@each
def test_the_answer_has_dated_sources_that_readers_may_open_or_know_why_not(entry: Entry) -> None:
    assert entry.sources
    assert all(source.title for source in entry.sources)
    assert entry.as_of >= date(2026, 11, 22)
    assert [source for source in entry.sources if source.as_of and source.as_of > entry.as_of] == []
    own = [source for source in entry.sources if source.name.startswith("Moonballot documentation: ")]
    assert [source for source in entry.sources if source.url is None] == own
    assert not own or entry.basis == "official"


@each
def test_it_can_be_asked_in_five_to_twelve_other_ways(entry: Entry) -> None:
    assert 5 <= len(entry.phrasings) <= 12
    alike = [
        (one, other)
        for one, other in combinations(entry.wordings, 2)
        if len(words(one) & words(other)) > 0.75 * len(words(one) | words(other))
    ]
    assert alike == []


@each
def test_it_goes_stale_after_its_days_and_not_before(entry: Entry) -> None:
    last = entry.as_of + timedelta(days=entry.good_for_days)

    assert not entry.is_stale(last)
    assert entry.is_stale(last + timedelta(days=1))


@pytest.fixture(scope="module")
def content() -> Content:
    """Give the catalogue that ships."""
    return load(DATA)


def test_no_answer_leads_to_a_former_claim_page_or_to_a_site_that_the_catalogue_does_not_link(content: Content) -> None:
    facts = [fact for project in content.projects for fact in project.facts.values()]
    unlinked = {source.url for fact in facts for source in fact.sources if source.not_linked}
    pages = {page for project in content.projects for page in project.historic_claim_pages}
    links = [source.link for entry in ENTRIES for source in entry.sources if source.link]

    assert unlinked
    assert pages
    assert [link for link in links if link in unlinked] == []
    assert [link for link in links if re.sub(r"^https?://(www\.)?", "", link).rstrip("/") in pages] == []


def test_law_and_tax_are_said_to_be_general() -> None:
    general = {entry.id for entry in ENTRIES if "General information, not " in entry.answer}

    assert {entry.id for entry in ENTRIES if entry.id.startswith(("tax-in-", "mica-"))} <= general
    assert {"is-an-airdrop-taxed", "tax-records"} <= general


def test_what_is_worth_knowing_only_for_a_time_is_not_good_for_years() -> None:
    assert of("tax-in-germany").good_for_days <= 365
    assert of("altcoin-season").good_for_days <= 365
    assert of("how-to-vote").good_for_days <= 365


def test_the_first_step_after_a_bad_signature_is_to_save_what_is_left() -> None:
    steps = re.split(r"\(\d\) ", of("i-signed-something-bad").answer)

    assert "at once" in steps[0]
    assert "new wallet" in steps[1]
    assert "Send what is left" in steps[2]
    assert [number for number, step in enumerate(steps) if "Revoke" in step] == [3]


def test_figures_that_the_catalogue_has_too_are_the_same_in_both(content: Content) -> None:
    projects = {project.id: project for project in content.projects}
    window = projects["starknet"].facts["claim_window"].value
    survey = content.surveys[-1]

    assert isinstance(window, Window)
    assert (window.opens, window.closes) == ("2024-02-20T12:00:00Z", "2024-06-20")
    assert "from 20 February to 20 June 2024" in of("what-is-a-claim-window").answer
    assert f"{survey.named_share}%" in of("survey-shares-sum").answer
    assert f"{survey.unnamed_share}%" in of("survey-shares-sum").answer
    assert "58642080" in projects["arbitrum"].facts["snapshot"].model_dump_json()
    assert "58642080" in of("what-is-a-snapshot").answer
    assert "803,093" in projects["layerzero"].facts["sybil"].model_dump_json()
    assert "803,093" in of("layerzero-sybils").answer
