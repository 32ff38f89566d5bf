"""Cards: all that the picture says is in the text, within Discord's limits."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.rankings.cards import CHART_FILENAME, alt_text, pages, ranking_card, standings_text
from bot.rankings.model import Entry, Ranking, State, concealed, ranked
from bot.ui.card import MAX_TEXT_CHARS, Card
from tests.rankings.conftest import NAMES, NOW

NASTY = "**b** `c` <@1> @everyone [x](https://evil.example) ||s|| \\ ~~t~~ # "


def said(card: Card) -> str:
    return "\n".join(item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay))


def nasty_poll() -> Ranking:
    entries = [Entry(f"{i:02}" + (NASTY * 3)[:98], 10**9 + i // 2) for i in range(25)]
    return Ranking(
        NASTY * 10,
        "poll",
        "open",
        ranked(entries, {entry.label: 25 for entry in entries}),
        10**12,
        NOW,
        NOW,
        NASTY * 10,
        "https://example.com/" + "a)" * 150,
        (NASTY * 5,) * 6,
    )


def test_the_table_has_medals_places_shares_votes_and_movement(poll: Ranking) -> None:
    assert standings_text(poll).splitlines() == [
        "🥇 `39.6% 1,200` **Token Metrics** ▲ 2",
        "🥈 `29.7%   900` **Starknet** ▼ 1",
        "🥈 `29.7%   900` **LayerZero**",
        "4️⃣ ` 1.0%    31` **zkSync**",
        "5️⃣ ` 0.0%     1` **peaq**",
        "➖ ` 0.0%     0` **Movement Labs**",
    ]


def test_bars_stand_in_for_a_picture(poll: Ranking) -> None:
    assert "🥇 `██████ 39.6% 1,200` **Token Metrics**" in said(ranking_card(poll))
    assert "█" not in said(ranking_card(poll, b"png"))


def test_the_picture_goes_along_and_is_described(poll: Ranking) -> None:
    card = ranking_card(poll, b"png")
    assert [file.filename for file in card.files] == [CHART_FILENAME]
    gallery = next(item for item in card.walk_children() if isinstance(item, ui.MediaGallery))
    assert gallery.items[0].description == (
        "Which airdrop next?: 1. Token Metrics with 39.6%, 2. Starknet with 29.7%, 2. LayerZero with 29.7%"
    )


def test_an_open_poll_says_when_it_closes_and_how_many_voted(poll: Ranking) -> None:
    assert poll.closes_at is not None
    text = said(ranking_card(poll))
    assert f"closes <t:{int(poll.closes_at.timestamp())}:R> · 3,032 ballots" in text
    assert f"-# As of <t:{int(NOW.timestamp())}:R>" in text


def test_a_survey_names_its_source_and_its_flaws(survey: Ranking) -> None:
    text = said(ranking_card(survey, b"png"))
    assert "[Token Metrics, early 2024](https://example.com/awards_%282024%29)" in text
    assert "-# The six shares add up to 97.8%." in text
    assert "-# The number of voters was never published." in text
    assert "ballot" not in text


def test_a_closed_poll_says_that_it_is_final(poll: Ranking) -> None:
    assert f"**Final result** of <t:{int(NOW.timestamp())}:f>" in said(ranking_card(replace(poll, state="closed")))


def test_without_ballots_no_medal_is_given() -> None:
    ranking = Ranking("New", "poll", "open", ranked([Entry("a", 0), Entry("b", 0)]), 0, NOW)
    text = said(ranking_card(ranking))
    assert "Nobody has voted yet." in text
    assert "🥇" not in text
    assert alt_text(ranking) == "New: Nobody has voted yet."


def test_hidden_results_show_candidates_turnout_and_when_and_nothing_else(hidden: Ranking) -> None:
    card = ranking_card(hidden, b"png")
    text = said(card)
    assert standings_text(hidden).splitlines() == [f"• **{name}**" for name in NAMES]
    assert "15 ballots" in text
    assert "Results show when the poll closes." in text
    assert not any(sign in text for sign in ("%", "🥇", "▲", "▼", "█", "░"))
    assert card.files == []


@pytest.mark.parametrize("png", [None, b"png"])
def test_25_long_names_full_of_markdown_stay_in_discords_limits(png: bytes | None) -> None:
    ranking = nasty_poll()
    card = ranking_card(ranking, png)
    # The announcement adds a line of its own.
    assert card.content_length() <= MAX_TEXT_CHARS - 200
    table = standings_text(ranking, bars=png is None)
    assert table in said(card)
    assert len(table.splitlines()) == 25


def test_names_are_never_mentions_links_or_markdown() -> None:
    text = said(ranking_card(nasty_poll()))
    assert "@everyone" not in text
    assert "](https://evil" not in text
    assert "<@1>" not in text.replace("\\<@1>", "")


def many(*counts: int, hidden: bool = False) -> Ranking:
    entries = [Entry(f"Number {place}", count) for place, count in enumerate(counts, 1)]
    standings = concealed(entries) if hidden else ranked(entries)
    return Ranking("Many", "poll", "open", standings, sum(counts), NOW, hidden=hidden, poll_id=3)


def test_more_than_25_are_counted_with_where_they_are_and_who_is_last() -> None:
    ranking = many(*range(1030, 0, -1))
    text = standings_text(ranking, where="**Results** shows them")
    assert text.splitlines()[-1] == (
        "… and 1,005 more: **Results** shows them. Last: **Number 1030** with 1 vote, place 1,030."
    )
    assert len(text.splitlines()) == 26


def test_the_last_place_may_be_shared() -> None:
    assert standings_text(many(9, *[1] * 99)).endswith("Last: 99 candidates with 1 vote each share place 2.")


def test_who_got_no_vote_has_no_place() -> None:
    assert standings_text(many(9, 0, 0)).splitlines()[1:] == [
        "➖ `  0.0% 0` **Number 2**",
        "➖ `  0.0% 0` **Number 3**",
    ]
    assert standings_text(many(9, *[0] * 99)).endswith("Last: 99 candidates with no vote.")
    assert standings_text(many(*[9] * 25, 0)).endswith("Last: **Number 26** with no vote.")


def test_where_all_are_level_or_nothing_may_be_said_nobody_is_called_last() -> None:
    for ranking in (many(*[4] * 30), many(*[0] * 30), many(*range(30), hidden=True)):
        assert standings_text(ranking).endswith("… and 5 more: `/rankings` shows them.")


@given(st.integers(1, 130), st.booleans())
def test_the_pages_show_each_candidate_once_in_order(count: int, hidden: bool) -> None:
    ranking = many(*[7, 7, 3, *[0] * (count - 1)][:count], hidden=hidden)
    shown = [
        re.findall(r"\*\*(Number \d+)\*\*(?! with)", standings_text(ranking, page=page))
        for page in range(pages(ranking))
    ]
    assert all(shown)
    assert [label for page in shown for label in page] == [line.label for line in ranking.standings]


def test_pages_have_buttons_that_lead_to_their_neighbours() -> None:
    def led(page: int) -> list[tuple[str | None, str | None, bool]]:
        card = ranking_card(many(*range(60)), b"png", page)
        found = [item for item in card.walk_children() if isinstance(item, ui.Button)]
        return [(item.label, item.custom_id, item.disabled) for item in found]

    assert led(0) == [("Previous", "rankings:v1:page:3:-1", True), ("Next", "rankings:v1:page:3:1", False)]
    assert led(2) == [("Previous", "rankings:v1:page:3:1", False), ("Next", "rankings:v1:page:3:3", True)]
    assert led(9) == led(2)


def test_a_later_page_says_which_it_is_and_leaves_the_picture_to_the_first() -> None:
    card = ranking_card(many(*range(60)), b"png", 1)
    assert card.files == []
    assert "Page 2 of 3 · 26 to 50 of 60" in said(card)
    assert "█" in said(card)


def test_a_ranking_of_25_has_one_page_and_no_buttons(poll: Ranking) -> None:
    assert not [item for item in ranking_card(poll, b"png", 0).walk_children() if isinstance(item, ui.Button)]


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_where_voting_is_over_nobody_has_voted_for_good(state: State) -> None:
    ranking = Ranking("Old", "poll", state, ranked([Entry("a", 0), Entry("b", 0)]), 0, NOW)
    assert "Nobody voted." in said(ranking_card(ranking))
    assert "yet" not in said(ranking_card(ranking))


def test_a_cancelled_poll_does_not_look_like_a_result() -> None:
    ranking = replace(many(5, 3, 1), state="cancelled")
    text = said(ranking_card(ranking))
    assert "**Cancelled** without a result · 9 ballots" in text
    assert "This is no result." in text
    assert "• `55.6% 5` **Number 1**" in text
    assert not any(sign in text for sign in ("🥇", "🏁", "█"))
    assert alt_text(ranking) == "Many: cancelled, without a result."


def test_a_share_of_100_keeps_the_columns() -> None:
    ranking = Ranking("One", "poll", "open", ranked([Entry("a", 5), Entry("b", 0)]), 5, NOW)
    assert "`100.0% 5`" in standings_text(ranking)
    assert "`  0.0% 0`" in standings_text(ranking)
    assert ranking.standings[0].share == Decimal("100.0")
