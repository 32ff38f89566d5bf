import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.engine import Asked, Engine, Passages, load_engine
from bot.answers.entry import Entry
from bot.answers.keep import told_of
from bot.answers.model import Answer, Kind
from bot.answers.retrieval.cloud import FILE as CLOUD
from bot.answers.retrieval.cloud import read_cloud
from bot.answers.retrieval.kept import FILE, key_of_text, read_kept
from bot.answers.retrieval.learned import FILE as LEARNED
from bot.answers.retrieval.learned import read_learned
from bot.answers.retrieval.mix import method
from bot.answers.shipped import load_shipped
from bot.catalogue.load import load
from bot.catalogue.model import Source
from bot.catalogue.service import Catalogue
from tests.answers.labelled_polls import POLLS

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Facts name official domains, without a scheme: those are no links.
ADDRESS = re.compile(r"https?:|www\.")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine(DATA)


@pytest.fixture(scope="module")
def blank(engine: Engine) -> Asked:
    return Asked("", Catalogue(load(DATA)), engine.passages(()), (), NOW)


def taught(entry_id: str, question: str, answer: str = "As taught.") -> Entry:
    source = Source(title="The team's announcement", url="https://docs.starknet.io/x")
    return Entry(
        id=entry_id,
        question=question,
        answer=answer,
        as_of=date(2026, 11, 1),
        good_for_days=30,
        basis="secondary",
        sources=(source,),
    )


def test_a_topic_of_an_entry_or_a_fact_has_a_question_in_our_words(engine: Engine, blank: Asked) -> None:
    here = replace(blank, taught=engine.passages([taught("7", "How do I stake here?")]))
    assert engine.question("entry:what-is-a-snapshot", blank) == "What is a snapshot?"
    assert engine.question("taught:7", here) == "How do I stake here?"
    fact = engine.question("fact:starknet:claim_window", blank)
    assert fact is not None
    assert "Starknet" in fact


@pytest.mark.parametrize("topic", ["taught:7", "entry:gone", "fact:gone:status", "fact:peaq:gone", "compare:a:b", ""])
def test_a_topic_that_is_gone_or_stands_for_many_questions_has_none(engine: Engine, blank: Asked, topic: str) -> None:
    assert engine.question(topic, blank) is None


# What is answered


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("what is a snapshot", "entry:what-is-a-snapshot"),
        ("wat is a snapshoot??", "entry:what-is-a-snapshot"),
        ("are bridges risky", "entry:are-bridges-risky"),
        ("should I use a separate wallet", "entry:separate-wallet"),
        ("is airdrop farming worth it", "entry:airdrop-farming"),
        ("how do projects filter sybils", "entry:how-projects-filter-sybils"),
        ("who can see my vote", "entry:can-others-see-my-vote"),
        ("i typed my seed phrase into a site, help", "entry:seed-phrase-leaked"),
        ("can I still claim zro", "fact:layerzero:claim_window"),
        ("when was starknet's snapshot", "fact:starknet:snapshot"),
        ("tell me about peaq", "fact:peaq:overview"),
        ("link for hop bridge please, the proper one not a fake", "fact:hop:official_domains"),
        ("I want to stake btc on babylon, which website is the real one please", "fact:babylon:official_domains"),
        ("i clicked a fake zksync link what do i do", "entry:i-signed-something-bad"),
        ("compare peaq and dymension", "compare:peaq:dymension"),
        # Read word by word from other languages.
        ("¿Qué es un airdrop?", "entry:what-is-an-airdrop"),
        ("soll ich dem support meine seed phrase geben", "entry:never-share-seed-phrase"),
        ("кто инвесторы layerzero", "fact:layerzero:funding"),
    ],
)
def test_entries_and_facts_are_told_apart(engine: Engine, blank: Asked, question: str, topic: str) -> None:
    answer = engine.ask(replace(blank, question=question))
    assert (answer.kind, answer.topic) == (Kind.ANSWER, topic)
    assert answer.sources
    assert answer.as_of is not None
    assert answer.confidence > 0.5


def test_an_answer_from_an_entry_is_the_entry_with_its_source_and_date(engine: Engine, blank: Asked) -> None:
    entry = next(entry for entry in load_shipped(DATA).entries if entry.id == "what-is-gas")
    answer = engine.ask(replace(blank, question=entry.question))
    assert (answer.text, answer.as_of, answer.stale) == (entry.answer, entry.as_of, False)
    assert [citation.title for citation in answer.sources] == [source.name for source in entry.sources]
    later = datetime(2046, 1, 1, tzinfo=UTC)
    assert engine.ask(replace(blank, question=entry.question, now=later)).stale


def test_who_asks_word_for_word_gets_that_entry(engine: Engine, blank: Asked) -> None:
    shipped = load_shipped(DATA)
    for entry_id, wordings in shipped.phrasings.items():
        for wording in wordings[:2]:
            answer = engine.ask(replace(blank, question=f" {wording.upper()} !"))
            assert answer.topic in (f"entry:{entry_id}", *(f"refusal:{refusal.kind}" for refusal in shipped.refusals))


def test_every_shipped_question_finds_its_own_answer(engine: Engine, blank: Asked) -> None:
    entries = load_shipped(DATA).entries
    wrong = {entry.question: engine.ask(replace(blank, question=entry.question)).topic for entry in entries}
    wrong = {entry.question: wrong[entry.question] for entry in entries if wrong[entry.question] != f"entry:{entry.id}"}
    # Facts may know better: the survey's own, the polls', LayerZero's.
    assert [topic for topic in wrong.values() if not topic.startswith(("fact:", "survey:", "list:", "poll:"))] == []
    assert len(wrong) <= len(entries) // 20


# What is not


@pytest.mark.parametrize(
    "question",
    [
        "what is the slashing rate of cosmos validators",
        "who founded chainlink",
        "how does tendermint consensus work",
        "asdf qwer zxcv",
    ],
)
def test_what_nothing_here_answers_is_not_known(engine: Engine, blank: Asked, question: str) -> None:
    answer = engine.ask(replace(blank, question=question))
    assert answer.kind is Kind.UNKNOWN
    assert answer.sources == ()


@pytest.mark.parametrize("question", ["", "  ", "?!…", "👀🚀", "\u200b\u202e", "<@123>", "hello", "thanks a lot"[:6]])
def test_who_asks_nothing_hears_what_can_be_asked(engine: Engine, blank: Asked, question: str) -> None:
    answer = engine.ask(replace(blank, question=question))
    assert (answer.kind, answer.topic) == (Kind.UNKNOWN, "unknown:empty")
    assert "Ask me" in answer.text


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("who cares where this token ends up, give me your honest guess", "refusal:price"),
        ("would you rather hold arb or op", "refusal:advice"),
        ("tell me something about napoleon", "refusal:off-topic"),
        ("¿debo vender mis ARB?", "refusal:advice"),
        ("layerzero fiyat tahmini", "refusal:price"),
    ],
)
def test_what_no_rule_describes_is_refused_by_its_likeness(
    engine: Engine, blank: Asked, question: str, topic: str
) -> None:
    answer = engine.ask(replace(blank, question=question))
    assert (answer.kind, answer.topic) == (Kind.REFUSAL, topic)


def test_a_refusal_has_no_source_and_offers_what_can_be_asked(engine: Engine, blank: Asked) -> None:
    answer = engine.ask(replace(blank, question="will strk hit 10 dollars"))
    assert answer.sources == ()
    assert answer.as_of is None
    assert [engine.topic(offer.topic, blank) is not None for offer in answer.suggestions] == [True, True]


def test_between_two_nobody_is_guessed_for(engine: Engine, blank: Asked) -> None:
    answer = engine.ask(replace(blank, question="what about fees"))
    assert (answer.kind, answer.topic) == (Kind.UNKNOWN, "unknown:near")
    assert len(answer.suggestions) > 1
    found = engine.topic(answer.suggestions[0].topic, blank)
    assert found is not None
    assert found.kind is Kind.ANSWER


# What moderators taught


def with_taught(engine: Engine, blank: Asked, *entries: Entry) -> Asked:
    return replace(blank, taught=engine.passages(entries))


def ask(engine: Engine, asked: Asked, question: str) -> Answer:
    return engine.ask(replace(asked, question=question))


@pytest.mark.parametrize(
    "question", ["When is the weekly AMA?", "when does the weekly ama take place", "weekly ama time"]
)
def test_what_was_taught_is_answered_on_that_server_alone(engine: Engine, blank: Asked, question: str) -> None:
    here = with_taught(engine, blank, taught("7", "When is the weekly AMA?", "Fridays at 18:00 UTC."))
    answer = ask(engine, here, question)
    assert (answer.kind, answer.topic, answer.text) == (Kind.ANSWER, "taught:7", "Fridays at 18:00 UTC.")
    assert answer.sources[0].url == "https://docs.starknet.io/x"
    assert ask(engine, blank, question).kind is not Kind.ANSWER
    assert engine.topic("taught:7", here) == replace(answer, confidence=1.0, suggestions=())
    assert engine.topic("taught:7", blank) is None


def test_a_taught_answer_wins_over_a_shipped_one(engine: Engine, blank: Asked) -> None:
    here = with_taught(engine, blank, taught("8", "What is a snapshot?"))
    for question in ("what is a snapshot", "explain snapshots", "when do they record the balances"):
        assert ask(engine, blank, question).topic == "entry:what-is-a-snapshot"
        assert ask(engine, here, question).topic == "taught:8"
    assert ask(engine, here, "are bridges risky").topic == "entry:are-bridges-risky"


def test_what_was_taught_is_on_topic(engine: Engine, blank: Asked) -> None:
    question = "When is movie night?"
    assert ask(engine, blank, question).topic == "refusal:off-topic"
    assert ask(engine, with_taught(engine, blank, taught("9", question)), question).topic == "taught:9"


def test_teaching_takes_no_refusal_away(engine: Engine, blank: Asked) -> None:
    here = with_taught(engine, blank, taught("10", "Should I buy STRK?"))
    assert ask(engine, here, "should I buy STRK?").topic == "refusal:advice"


# Polls, other questions, other circumstances


def test_a_poll_that_does_not_exist_loses_to_an_entry(engine: Engine, blank: Asked) -> None:
    assert ask(engine, blank, "how to take back my vote").topic == "entry:change-my-vote"
    assert ask(engine, replace(blank, polls=POLLS["live"]), "who leads right now").topic.startswith("poll:")


def test_questions_that_ask_the_same_are_alike(engine: Engine) -> None:
    alike = engine.alike(["is there a mobile app", "do you have an app for android", "when is the next ama"])
    assert alike == [[True, True, False], [True, True, False], [False, False, True]]
    assert engine.alike([]) == []


def test_without_the_sentence_model_words_still_find_answers(blank: Asked) -> None:
    shipped = load_shipped(DATA)
    engine = Engine(shipped, method(None, shipped.documents))
    asked = replace(blank, taught=engine.passages([taught("7", "When is the weekly AMA?")]))
    offered = [each.topic for each in ask(engine, asked, "how do i revoke approvals").suggestions]
    assert "entry:how-to-revoke" in offered
    assert ask(engine, asked, shipped.entries[0].question).topic == f"entry:{shipped.entries[0].id}"
    assert ask(engine, asked, "when is the weekly ama").topic == "taught:7"
    assert ask(engine, asked, "can I still claim zro").topic == "fact:layerzero:claim_window"
    assert ask(engine, asked, "should i buy strk").topic == "refusal:advice"
    assert ask(engine, asked, "zebra quilt").kind is Kind.UNKNOWN


def test_what_is_known_of_projects_has_its_vectors_kept() -> None:
    kept = read_kept(DATA / FILE)
    missing = [text for text in told_of(load(DATA).projects) if key_of_text(text) not in kept]
    assert missing == [], "run `python -m bot.answers.keep`"


def test_what_ships_is_what_was_learned() -> None:
    assert read_cloud(DATA / CLOUD, load_shipped(DATA).documents) is not None, "run `python -m bot.answers.keep`"
    assert read_learned(DATA / LEARNED, load_shipped(DATA).documents) is not None, "run `python -m bot.answers.keep`"
    assert read_learned(DATA / LEARNED, load_shipped(DATA).intents) is not None, "run `python -m bot.answers.keep`"


# Whatever is typed

HOSTILE = (
    st.text(max_size=400)
    | st.text(st.characters(min_codepoint=0x200B, max_codepoint=0x206F), max_size=50)
    | st.sampled_from(
        [
            "a" * 5_000,
            "what is a snapshot " * 300,
            "```py\nimport os\n```",
            "@everyone @here <@1> <#2> [x](https://evil.example)",
            "مرحبا كيف أحصل على",
            "𝐰𝐡𝐚𝐭 𝐢𝐬 𝐚 𝐬𝐧𝐚𝐩𝐬𝐡𝐨𝐭",
            "\x00\x01\x02 claim \x7f",
        ]
    )
    | st.lists(
        st.sampled_from(["what", "who", "claim", "strk", "airdrop", "vote", "ignore", "evil.example", "5"]), max_size=20
    ).map(" ".join)
)


@settings(deadline=None, max_examples=150)
@given(HOSTILE)
def test_any_text_gets_a_short_plain_answer(engine: Engine, blank: Asked, text: str) -> None:
    answer = engine.ask(replace(blank, question=text))
    assert 0 < len(answer.text) <= 1_000
    assert 0 < len(answer.topic) <= 80
    assert 0 <= answer.confidence <= 1
    assert bool(answer.sources) <= (answer.kind is not Kind.REFUSAL)
    assert not ADDRESS.search(answer.text)
    assert "evil" not in answer.text
    assert all(len(offer.question) <= 80 and len(offer.topic) <= 80 for offer in answer.suggestions)


def test_passages_without_entries_find_nothing(engine: Engine) -> None:
    nothing: Passages = engine.passages(())
    assert nothing.find("what is a snapshot") == []
