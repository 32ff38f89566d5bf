from datetime import UTC, datetime

import pytest

from bot.catalogue import reading
from bot.catalogue.days import earliest, is_day
from bot.catalogue.model import FactStatus, FundingRound, Source, Window
from tests.catalogue.examples import fact


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2024", True),
        ("2024-06", True),
        ("2024-02-29", True),
        ("2024-06-20T12:00Z", True),
        ("2024-06-20T12:00:30Z", True),
        ("2023-02-29", False),
        ("2024-13", False),
        ("2024-06-20T25:00Z", False),
        ("2024-06-20T12:00", False),
        ("0000", False),
        ("20 June 2024", False),
        ("", False),
    ],
)
def test_a_day_is_what_the_calendar_has(text: str, valid: bool) -> None:
    assert is_day(text) is valid


def test_a_day_begins_at_its_first_moment() -> None:
    assert earliest("2024") == datetime(2024, 1, 1, tzinfo=UTC)
    assert earliest("2024-06") == datetime(2024, 6, 1, tzinfo=UTC)
    assert earliest("2024-06-20") == datetime(2024, 6, 20, tzinfo=UTC)
    assert earliest("2024-06-20T11:00Z") == datetime(2024, 6, 20, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2024", "2024"),
        ("2024-02", "February 2024"),
        # Noon in UTC, so that nobody from Hawaii to Sydney reads the day before or after.
        ("2024-02-20", "<t:1708430400:D>"),
        ("2024-02-20T12:00:00Z", "<t:1708430400:f>"),
        (Window(opens="2024-02-20", closes="2024-06"), "<t:1708430400:D> to June 2024"),
        (Window(opens="2024"), "from 2024; the closing day is not known"),
        (Window(closes="2024"), "until 2024"),
        (Window(), "not known"),
        (("Alpha", "Beta"), "Alpha, Beta"),
        ((FundingRound(round="Seed", amount_usd=6_700_000),), "\n• Seed: USD 6.7M"),
        ((FundingRound(round="Seed"),), "\n• Seed: amount not known"),
        (
            (
                FundingRound(
                    round="B",
                    company="Alpha Ltd",
                    amount_usd=120_000_000,
                    valuation_usd=3_000_000_000,
                    date="2023-04",
                    leads=("a16z",),
                    others=("Some", "Others"),
                    doubt="never confirmed",
                    note="locked",
                ),
            ),
            "\n• B (Alpha Ltd): USD 120M at a valuation of USD 3bn, April 2023 · led by a16z · with Some, Others"
            " · never confirmed · locked",
        ),
    ],
)
def test_a_value_reads_as_exactly_as_it_is_known(value: object, read: str) -> None:
    assert reading.value("any", fact(value)) == read


def test_figures_read_as_their_text() -> None:
    assert reading.value("any", fact({"total_supply": 10}, text="ten in all")) == "ten in all"


def test_an_unknown_fact_says_so() -> None:
    assert reading.value("any", fact(None, status="unknown", sources=())) == "not known"


def test_domains_are_code_so_that_none_becomes_a_link() -> None:
    assert reading.value("official_domains", fact(("a.example", "b.example"))) == "`a.example` `b.example`"
    assert reading.code("a`b") == "`a'b`"


@pytest.mark.parametrize(
    "text", ["@everyone", "<@123>", "[claim](https://evil.example)", "https://evil.example", "**loud**"]
)
def test_text_of_a_fact_is_dead(text: str) -> None:
    read = reading.value("any", fact(text))

    assert text not in read.replace("\\<", "")


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        (0, "USD 0"),
        (999, "USD 999"),
        (1_500, "USD 1.5k"),
        (6_700_000, "USD 6.7M"),
        (1_000_000_000, "USD 1bn"),
        (8_250_000_000, "USD 8.25bn"),
        (100, "USD 100"),
    ],
)
def test_money_is_short(amount: int, read: str) -> None:
    assert reading.money(amount) == read


def test_sources_are_numbered_once_in_the_order_in_which_they_are_cited() -> None:
    first, second = Source(title="One", url="https://example.org/1"), Source(title="Two")
    citations = reading.Citations()

    assert citations.cite([first]) == "¹"
    assert citations.cite([second, first, first]) == "²\u202f¹"
    assert str(citations) == "¹\u202f[One](<https://example.org/1>) · ²\u202fTwo"


def test_a_source_on_a_copied_or_lookalike_domain_is_named_without_a_link() -> None:
    citations = reading.Citations()
    citations.cite([Source(url="https://coindesk.example/x", not_linked="a look-alike")])

    assert "](" not in str(citations)
    assert "coindesk.example (not linked: a look-alike)" in str(citations)


def test_a_source_cannot_break_out_of_its_link() -> None:
    citations = reading.Citations()
    citations.cite([Source(title="x](https://evil.example)", url="https://example.org/a>b")])

    assert "<https://example.org/a%3Eb>" in str(citations)
    assert "(https://evil" not in str(citations)


def test_the_legend_explains_the_marks_in_use_and_no_other() -> None:
    used: list[FactStatus] = ["unknown", "confirmed", "confirmed"]

    assert reading.legend(used) == "✓ confirmed · ? not known"


def test_what_is_short_is_cut_between_words() -> None:
    stamped = f"{'word ' * 28}<t:1708430400:D> and more"

    assert reading.brief("any", fact("word " * 28 + "2024 and more")).endswith(" …")
    assert reading._cut_at_a_word(stamped, 150) == f"{('word ' * 28).strip()} …"
