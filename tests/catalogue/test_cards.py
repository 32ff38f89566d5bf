import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import combinations

import discord
import pytest
from discord import ui

from bot.catalogue.cards import PAGE_SIZE, listing, show
from bot.catalogue.comparison import compare_card
from bot.catalogue.load import load
from bot.catalogue.model import Airdrop, FundingRound, Source
from bot.catalogue.reading import KEY_FACTS, label, value
from bot.catalogue.service import Catalogue, Profile
from bot.prices.model import Market
from bot.ui.card import Card
from bot.ui.text import escape
from tests.catalogue.conftest import DATA
from tests.catalogue.examples import fact, project
from tests.catalogue.test_data import SIX

SHIPPED = Catalogue(load(DATA))
IDS = [shipped.id for shipped in SHIPPED.projects]


def text_of(card: Card) -> str:
    return "\n".join(item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay))


def buttons_of(card: Card) -> list[ui.Button[Card]]:
    return [item for item in card.walk_children() if isinstance(item, ui.Button)]


def selects_of(card: Card) -> list[ui.Select[Card]]:
    return [item for item in card.walk_children() if isinstance(item, ui.Select)]


def pages_of(project_id: str) -> list[Card]:
    """Return all pages of a project, as many as the first says that there are."""
    first = show(SHIPPED.profile(project_id))
    counted = re.search(r"page 1 of (\d+)", text_of(first))
    return [
        first,
        *(show(SHIPPED.profile(project_id), page) for page in range(2, int(counted[1]) + 1 if counted else 2)),
    ]


def within_limits(card: Card) -> bool:
    ids = [item.custom_id for item in card.walk_children() if isinstance(item, ui.Button | ui.Select)]
    texts = [item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay)]
    return (
        sum(map(len, texts)) <= 4_000
        and card.total_children_count <= 40
        and len(ids) == len(set(ids))
        and all(len(text) >= 1 for text in texts)
        and all(item is not None and len(item) <= 100 for item in ids)
        and all(len(select.options) <= 25 for select in selects_of(card))
    )


@pytest.mark.parametrize("project_id", IDS)
def test_every_page_of_every_project_is_within_discords_limits(project_id: str) -> None:
    assert all(within_limits(card) for card in pages_of(project_id))


@pytest.mark.parametrize("project_id", IDS)
def test_every_fact_stands_on_some_page(project_id: str) -> None:
    shown = "\n".join(map(text_of, pages_of(project_id)))
    facts = SHIPPED.get(project_id).facts

    assert [key for key in facts if label(key).casefold() not in shown.casefold()] == []
    assert [key for key in facts if value(key, facts[key]) not in shown] == []
    assert [key for key, fact in facts.items() if fact.known and fact.note and escape(fact.note) not in shown] == []


@pytest.mark.parametrize("project_id", IDS)
def test_links_lead_to_sources_only_and_never_to_a_former_claim_page(project_id: str) -> None:
    shown = "\n".join(map(text_of, pages_of(project_id)))
    shipped = SHIPPED.get(project_id)
    links = set(re.findall(r"https?://[^\s<>)]+", shown))
    sources = {source.link for fact in shipped.facts.values() for source in fact.sources if source.link}

    assert links <= sources | {SHIPPED.newest_survey.url}
    assert all(f"](<{link}>)" in shown for link in links)
    assert not any(link.endswith(page) for link in links for page in shipped.historic_claim_pages)
    assert all(f"`{page}`" in shown for page in shipped.historic_claim_pages)


@pytest.mark.parametrize("project_id", IDS)
def test_a_warning_stands_where_claims_are_over_and_only_there(project_id: str) -> None:
    warned = "anyone offering one is a scam" in text_of(show(SHIPPED.profile(project_id)))

    assert warned is (SHIPPED.get(project_id).airdrop.state == "closed")


@pytest.mark.parametrize(("first", "second"), list(combinations(SIX, 2)))
def test_any_two_of_the_survey_fit_side_by_side(first: str, second: str) -> None:
    card = compare_card(*SHIPPED.compare(first, second))

    assert within_limits(card)
    assert [button.custom_id for button in buttons_of(card)] == [
        f"project:v1:open:{first}",
        f"project:v1:open:{second}",
    ]


def test_any_shipped_project_fits_beside_any_other() -> None:
    cards = [compare_card(*SHIPPED.compare("layerzero", other)) for other in IDS if other != "layerzero"]

    assert all(map(within_limits, cards))


def test_a_project_shows_its_state_facts_marks_sources_and_date() -> None:
    shown = text_of(show(SHIPPED.profile("starknet")))

    assert shown.startswith("### Starknet · STRK\n")
    assert "🔒 Claims ran from 20 February to 20 June 2024" in shown
    assert "🥈 place 2 with 19.8% in [Moon Awards" in shown
    assert "**Tech score** (from the survey) 92 of 100; the survey does not define it" in shown
    assert "**Token launch** ✓ <t:1708430400:D>\u202f¹" in shown
    assert "**Claim window** ✓ <t:1708430400:f> to <t:1718884800:D>" in shown
    assert "`starknet.io`" in shown
    assert "¹\u202f[Bankless](<https://www.bankless.com/strk-has-arrived-starknet-token-airdrop>)" in shown
    assert "-# As of <t:1795348800:D>" in shown


def test_what_is_not_known_is_shown_as_not_known() -> None:
    shown = text_of(show(SHIPPED.profile("token-metrics")))

    assert "**Funding** ? not known\n-# No round with an amount was found." in shown
    assert "**Claim window, snapshot** ? not known" in shown
    assert "**Tech score** (from the survey) none given" in shown
    assert "? not known" in shown.rsplit("-#", 2)[-2]


def test_the_organisers_own_win_is_remarked_on() -> None:
    assert "**Conflict of interest** ✓ The award is run by Token Metrics" in text_of(
        show(SHIPPED.profile("token-metrics"))
    )


def test_a_fact_older_than_the_others_says_its_own_date() -> None:
    shown = "\n".join(map(text_of, pages_of("token-metrics")))

    assert re.search(r"\*\*Price, history\*\* ◐ .*\(as of <t:1754568000:D>\)", shown)


def test_what_the_survey_printed_is_shown_with_its_misprints_corrected() -> None:
    assert "**Printed by the survey** competitors: AltLayer; funding: USD 6.7M" in text_of(pages_of("dymension")[1])


def test_pages_turn_by_their_custom_ids_and_stop_at_both_ends() -> None:
    first, last = pages_of("starknet")[0], pages_of("starknet")[-1]

    assert [(button.custom_id, button.disabled) for button in buttons_of(first)] == [
        ("project:v1:show:starknet:0", True),
        ("project:v1:show:starknet:2", False),
    ]
    assert [button.disabled for button in buttons_of(last)] == [False, True]


@pytest.mark.parametrize("page", [-3, 0, 99])
def test_a_page_that_is_not_there_is_the_nearest_one(page: int) -> None:
    expected = pages_of("starknet")[0 if page < 1 else -1]

    assert text_of(show(SHIPPED.profile("starknet"), page)) == text_of(expected)


def test_a_project_without_facts_is_still_a_card() -> None:
    card = show(Profile(project("Bare"), None))

    assert "### Bare · TST" in text_of(card)
    assert within_limits(card)


def test_the_longest_facts_that_the_model_takes_still_fit() -> None:
    sources = tuple(Source(title="_" * 600, url=f"https://example.org/{number}{'x' * 179}") for number in range(4))
    facts = {f"key_{number}": fact("_" * 600, note="_" * 400, sources=sources) for number in range(3)}
    facts["tge_date"] = facts["key_0"]
    profile = Profile(
        project("L" * 40, facts=facts, about="_" * 300, airdrop=Airdrop(state="closed", line="_" * 300)), None
    )

    pages = [show(profile, page) for page in range(1, 10)]
    assert all(map(within_limits, pages))
    assert "key 2" in text_of(pages[-1]).casefold()


def test_two_projects_with_the_longest_facts_still_fit_side_by_side() -> None:
    rounds = tuple(FundingRound(round="_" * 600, amount_usd=10**9, doubt="_ " * 200) for _ in range(9))
    facts = {
        key: fact(
            rounds if key == "funding" else "_ " * 300,
            sources=(Source(title="_" * 600, url=f"https://example.org/{key}{'x' * 150}"),),
        )
        for key in KEY_FACTS
    }
    one, other = (Profile(project(name, facts=facts), None) for name in ("A" * 40, "B" * 40))
    long_sources = {
        key: fact("x", sources=(Source(title="_" * 600, url=f"https://example.org/2{key}{'x' * 150}"),))
        for key in KEY_FACTS
    }

    assert within_limits(compare_card(one, other))
    assert within_limits(compare_card(one, Profile(project("C", facts=long_sources), None)))
    assert "more" in text_of(compare_card(one, Profile(project("C", facts=long_sources), None)))


def test_key_facts_that_nothing_was_found_about_are_named_in_one_line() -> None:
    assert "**Snapshot, funding** ? not known" in text_of(show(SHIPPED.profile("monad")))


def test_a_list_aligns_its_columns_and_offers_each_project() -> None:
    card = listing(SHIPPED.listing(), None, None)
    rows = re.findall(r"^(`[^`]+`) (\S+) \*\*(.+)\*\*$", text_of(card), re.MULTILINE)

    assert len({len(columns) for columns, _, _ in rows}) == 1
    assert len(rows) == PAGE_SIZE
    assert rows[1] == ("`STRK  2024-02-20`", "🔒", "Starknet")
    assert [option.value for option in selects_of(card)[0].options] == IDS[:PAGE_SIZE]
    assert selects_of(card)[0].placeholder == "Choose a project…"


def test_a_list_has_every_project_on_one_page_or_another() -> None:
    projects = SHIPPED.listing()
    pages = [listing(projects, None, None, page) for page in range(1, 6)]

    assert [option.value for card in pages for option in selects_of(card)[0].options] == IDS
    assert all(map(within_limits, pages))
    assert buttons_of(pages[-1])[1].disabled


def test_a_filtered_list_keeps_its_filters_when_it_turns() -> None:
    card = listing(SHIPPED.listing("closed"), "closed", None)

    assert buttons_of(card)[1].custom_id == "project:v1:list:closed:all:2"
    assert "Only: claims over" in text_of(card)


def test_a_short_list_has_no_buttons_to_turn() -> None:
    assert buttons_of(listing(SHIPPED.listing("phases"), "phases", None)) == []


def test_an_empty_list_says_what_to_do() -> None:
    card = listing([], "upcoming", "DePIN")

    assert "Take one of the filters away" in text_of(card)
    assert selects_of(card) == []


def test_colour_says_state() -> None:
    closed, unclear = (show(SHIPPED.profile(name)).children[0] for name in ("starknet", "movement"))

    assert isinstance(closed, ui.Container)
    assert isinstance(unclear, ui.Container)
    assert closed.accent_colour != unclear.accent_colour
    assert isinstance(closed.accent_colour, discord.Colour)


MARKET = Market(
    Decimal("0.1432"), Decimal("612000000"), Decimal("-3.25"), datetime(2026, 11, 22, tzinfo=UTC), False, "A*"
)


def test_a_price_stands_on_the_first_page_with_its_age_and_source() -> None:
    profile = SHIPPED.profile("starknet")
    text = text_of(show(profile, market=MARKET))
    assert "**Price** USD 0.1432 · -3.2% in 24 h · market cap USD 612M\n-# A\\*, <t:1795305600:R>" in text
    assert "Price** USD" not in text_of(show(profile, 2, MARKET))
    assert "Price** USD" not in text_of(show(profile))


def test_an_old_price_says_that_it_is_the_last_known_and_what_is_not_known_is_left_out() -> None:
    old = replace(MARKET, market_cap_usd=None, change_24h_pct=None, stale=True)
    text = text_of(show(SHIPPED.profile("starknet"), market=old))
    assert "**Price** USD 0.1432\n-# A\\*, last known <t:1795305600:R>" in text


@pytest.mark.parametrize("project_id", IDS)
def test_a_retired_project_with_a_price_fits_on_its_card(project_id: str) -> None:
    profile = replace(SHIPPED.profile(project_id), retired_at=MARKET.as_of)
    card = show(profile, market=MARKET)
    card.to_components()
    assert (
        text_of(card).splitlines()[1]
        == "🗄️ **Retired** on this server <t:1795305600:R>: no longer kept up to date here."
    )


def test_projects_without_any_fact_make_a_list() -> None:
    assert "No fact has a date yet" in text_of(listing([project("Alpha")], None, None))
