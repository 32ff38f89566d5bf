from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.cards import answer_card
from bot.answers.learning import Cluster, Gap
from bot.answers.model import Answer, Citation, Kind, Suggestion
from bot.answers.service import Answered
from bot.answers.taught import State, Taught, Typed
from bot.answers.teaching import Draft
from bot.answers.teaching_cards import draft_card, forget_card, form, gaps_card, list_card, published_card
from bot.links.model import Judgement, Verdict
from bot.ui.card import Card
from tests.world import walk

DAY = date(2026, 2, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What takes the most room once it is made safe: signs that are escaped, mentions, addresses.
GREEDY = st.lists(
    st.sampled_from(["*", "_", "<", "a.co ", "@here ", "https://x.co/", "\n", "- ", "word "]), max_size=900
)


def text_of(card: Card) -> str:
    return "\n".join(part["content"] for part in walk(card.to_components()) if "content" in part)


def buttons(card: Card) -> list[str]:
    return [part["label"] for part in walk(card.to_components()) if part["type"] == 2]


def answered(answer: Answer, question: str = "What?", number: int | None = 1) -> Answered:
    return Answered(question, answer, number, 1, frozenset({"docs.example.org"}))


def answer(text: str = "So.", *sources: Citation, kind: Kind = Kind.ANSWER, **more: object) -> Answer:
    return Answer(kind, text, "entry:x", sources, **more)  # type: ignore[arg-type]


@given(GREEDY, GREEDY, st.integers(0, 12), st.integers(0, 9), st.sampled_from(Kind))
def test_every_answer_fits_on_a_card(words: list[str], title: list[str], sources: int, offers: int, kind: Kind) -> None:
    long = "https://docs.example.org/" + "x" * 175
    shown = answer(
        "".join(words),
        *[Citation(f"{number}{''.join(title)}"[:200], long, DAY) for number in range(sources)],
        kind=kind,
        suggestions=tuple(Suggestion("?" * 80, "fact:" + "x" * 75) for _ in range(offers)),
        stale=True,
        as_of=NOON.date(),
    )
    answer_card(answered(shown, "".join(words), number=10**15), share=True).to_components()


@given(GREEDY, GREEDY, st.integers(1, 12))
def test_everything_about_teaching_fits_on_a_card(words: list[str], title: list[str], count: int) -> None:
    answer_text, one_line = "".join(words)[:700], "".join(title).replace("\n", " ")
    url = "https://docs.example.org/" + "x" * 175
    typed = Typed(one_line[:80], answer_text, one_line[:100], url, "2026-02-01")
    taught = Taught(10**9, 1, State.LIVE, typed, (one_line[:120],) * count)
    gaps = tuple(Gap(number, f"{number} {one_line}"[:300], "unknown", NOON, 3) for number in range(count))
    verdict = Verdict(Judgement.SUSPICIOUS, url, reasons=(one_line[:200],))
    for card in (
        draft_card(Draft(taught, (), verdict, None, taught)),
        draft_card(Draft(taught, (one_line[:300],) * 5, verdict)),
        published_card(taught),
        forget_card(taught),
        list_card([taught] * count, 0),
        gaps_card([Cluster(gaps)] * count, 1),
    ):
        card.to_components()
    form("answers:v1:changed:1000000000", typed).to_dict()


def test_only_https_sources_are_linked_and_dates_that_differ_are_told() -> None:
    text = text_of(
        answer_card(
            answered(
                answer(
                    "So.",
                    Citation("One", "https://docs.example.org/a", DAY),
                    Citation("Two", "http://docs.example.org/b", date(2025, 1, 1)),
                    Citation("Three", None, None),
                    as_of=DAY,
                )
            )
        )
    )
    assert "[One](<https://docs.example.org/a>) ·" in text
    assert "²\u202fTwo, <t:1735732800:D> · ³\u202fThree" in text
    assert "As of <t:1769947200:D>" in text


def test_angle_brackets_in_an_address_do_not_end_the_link() -> None:
    text = text_of(answer_card(answered(answer("So.", Citation("One", "https://docs.example.org/<a>b")))))
    assert "(<https://docs.example.org/%3Ca%3Eb>)" in text


def test_an_answer_that_was_checked_long_ago_says_so() -> None:
    assert "may be out of date" in text_of(answer_card(answered(answer(stale=True))))
    assert "may be out of date" not in text_of(answer_card(answered(answer())))


def test_an_answer_keeps_its_lines_and_its_official_domains_and_loses_the_others() -> None:
    text = text_of(answer_card(answered(answer("See docs.example.org.\nNot evil.com, nor **this**."))))
    assert "See docs.example.org.\nNot evil[.]com, nor \\*\\*this\\*\\*." in text


def test_what_was_not_written_down_has_no_buttons() -> None:
    offered = answer(kind=Kind.UNKNOWN, suggestions=(Suggestion("What?", "entry:x"),))
    assert buttons(answer_card(answered(offered, number=None))) == []


@pytest.mark.parametrize(("kind", "count"), [(Kind.ANSWER, 3), (Kind.REFUSAL, 2), (Kind.UNKNOWN, 2)])
def test_every_kind_can_be_rated_and_only_an_answer_shared(kind: Kind, count: int) -> None:
    assert len(buttons(answer_card(answered(answer(kind=kind)), share=True))) == count


def test_in_a_direct_message_there_is_nobody_to_share_with() -> None:
    assert buttons(answer_card(Answered("What?", answer(), 1, None), share=True)) == ["Helpful", "Not helpful"]
