import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.model import Airdrop, Fact
from bot.catalogue.typed import Typed, fact_of, field_value, key_of, source_of
from bot.errors import BadInput
from tests.catalogue.examples import fact, project

TODAY = date(2026, 11, 22)
PAGE = "https://example.org/page"
ALPHA = project(
    "Alpha",
    airdrop=Airdrop(state="closed", line="Over."),
    facts={"backers": fact(("One", "Two")), "category": fact("x"), "tge_date": fact("2026-01-01")},
)


def typed(key: str, value: str, **options: Any) -> Any:
    return fact_of(key, Typed(value, PAGE, **options), ALPHA, TODAY)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("claim_window", "2026-12-01..2026-12-31", {"opens": "2026-12-01", "closes": "2026-12-31"}),
        ("claim_window", "2026-12-01 to 2026-12-31", {"opens": "2026-12-01", "closes": "2026-12-31"}),
        ("claim_window", "..2026-12-31", {"closes": "2026-12-31"}),
        ("claim_window", "2026-12-01..", {"opens": "2026-12-01"}),
        ("claim_window", "2026-12-01 15:00 .. 2026-12", {"opens": "2026-12-01T15:00Z", "closes": "2026-12"}),
        ("claim_window", "2026-12-01T15:00+02:00..", {"opens": "2026-12-01T13:00Z"}),
        ("claim_window", "2026-12-01..2026-12-01", {"opens": "2026-12-01", "closes": "2026-12-01"}),
        ("tge_date", "2026-12", "2026-12"),
        ("tge_date", "2026-12-01 15:00 UTC", "2026-12-01T15:00Z"),
        ("tge_date", "some time in spring", "some time in spring"),
        ("official_domains", "https://Starknet.io/, info.starknet.io", ["starknet.io", "info.starknet.io"]),
        ("historic_claim_pages", "linea.build/hub/airdrop", ["linea.build/hub/airdrop"]),
        ("backers", "One; Three, One", ["One", "Three"]),
        ("new_thing", " two   words ", "two words"),
    ],
)
def test_a_value_is_read_as_its_kind(key: str, text: str, value: Any) -> None:
    assert typed(key, text)["value"] == value


def test_figures_are_words_and_numbers_by_name() -> None:
    read = typed("airdrop_share", "5% of a supply of 1bn | total_supply=1,000,000_000; airdrop_percent=5.5, when=2026")
    assert read["text"] == "5% of a supply of 1bn"
    assert read["value"] == {"total_supply": 1_000_000_000, "airdrop_percent": "5.5", "when": 2026}


def test_what_is_left_out_is_a_single_source_as_of_today() -> None:
    assert typed("tge_date", "2026-12-01") == {
        "value": "2026-12-01",
        "status": "single_source",
        "as_of": "2026-11-22",
        "sources": [{"url": PAGE}],
    }


def test_unknown_has_a_source_and_no_value() -> None:
    for read in (typed("tge_date", "unknown"), typed("tge_date", "whatever", status="unknown")):
        assert read["status"] == "unknown"
        assert "value" not in read
        assert read["sources"] == [{"url": PAGE}]


def test_status_day_and_note_are_taken_as_typed() -> None:
    read = typed("tge_date", "2026-12-01", status="reported", as_of="2026-11-01", note=" said  once ")
    assert (read["status"], read["as_of"], read["note"]) == ("reported", "2026-11-01", "said once")


@pytest.mark.parametrize(
    ("key", "text", "options"),
    [
        ("claim_window", "soon", {}),
        ("claim_window", "2026-12-01", {}),
        ("claim_window", "2026-12-31..2026-12-01", {}),
        ("claim_window", "..", {}),
        ("claim_window", "soon..2026-12-31", {}),
        ("official_domains", "not a domain", {}),
        ("official_domains", "localhost", {}),
        ("official_domains", "1.2.3.4", {}),
        ("official_domains", "stаrknet.io", {}),  # with a Cyrillic letter
        ("official_domains", "user@starknet.io", {}),
        ("airdrop_share", "5% | what=", {}),
        ("airdrop_share", "| percent=5", {}),
        ("tge_date", "", {}),
        ("tge_date", "x" * 601, {}),
        ("tge_date", "2026-12-01", {"as_of": "2026-11-23"}),
        ("tge_date", "2026-12-01", {"as_of": "yesterday"}),
        ("tge_date", "2026-12-01", {"note": "x" * 401}),
    ],
)
def test_what_cannot_be_meant_is_refused(key: str, text: str, options: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        typed(key, text, **options)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "example.org",
        "http://example.org",
        "https://",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://starknet.io@evil.example/",
        "javascript:alert(1)",
        "https://example.org/" + "x" * 200,
        "https://exa mple.org",
    ],
)
def test_a_source_is_a_plain_https_address(source: str) -> None:
    with pytest.raises(BadInput):
        source_of(source)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("claim_window", "claim_window"),
        ("Claim window", "claim_window"),
        ("Token launch", "tge_date"),
        ("about", "project.about"),
        ("project.state", "project.state"),
        ("category", "category"),
        ("Season 3", "season_3"),
    ],
)
def test_a_fact_is_named_by_key_or_by_label(text: str, key: str) -> None:
    assert key_of(text, ALPHA) == key


@pytest.mark.parametrize("text", ["", "@everyone", "project.id", "x" * 41, "__class__"])
def test_what_cannot_name_a_fact_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        key_of(text, ALPHA)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("project.state", "claims open", "claimable"),
        ("project.state", "Closed", "closed"),
        ("project.category", "depin", "DePIN"),
        ("project.aliases", "One, Two", ["One", "Two"]),
        ("project.about", " two  words ", "two words"),
    ],
)
def test_a_field_is_read_as_its_kind(key: str, text: str, value: Any) -> None:
    assert field_value(key, text) == value


@pytest.mark.parametrize("key", ["project.state", "project.category"])
def test_a_choice_that_there_is_not_is_refused_with_those_that_there_are(key: str) -> None:
    with pytest.raises(BadInput) as caught:
        field_value(key, "nonsense")
    assert ("closed" if key == "project.state" else "DePIN") in caught.value.fix


@given(
    st.sampled_from(["claim_window", "tge_date", "official_domains", "airdrop_share", "backers", "anything"]),
    st.text(max_size=80) | st.from_regex(r"[0-9T:.\-|=,; a-z]{0,40}", fullmatch=True),
)
def test_whatever_is_typed_is_a_fact_or_refused(key: str, text: str) -> None:
    try:
        read = typed(key, text)
    except BadInput:
        return
    assert Fact.model_validate_json(json.dumps(read)).sources
