"""Cards: all that the picture says is in the text, within Discord's limits."""

from dataclasses import replace
from decimal import Decimal

import pytest
from discord import ui

from bot.rankings.cards import CHART_FILENAME, alt_text, ranking_card, standings_text
from bot.rankings.model import Entry, Ranking, ranked
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
        "🥈 `29.7%   900` **LayerZero**",
        "🥈 `29.7%   900` **Starknet** ▼ 1",
        "4️⃣ ` 1.0%    31` **zkSync**",
        "5️⃣ ` 0.0%     1` **peaq**",
        "6️⃣ ` 0.0%     0` **Movement Labs**",
    ]


def test_bars_stand_in_for_a_picture(poll: Ranking) -> None:
    assert "🥇 `██████ 39.6% 1,200` **Token Metrics**" in said(ranking_card(poll))
    assert "█" not in said(ranking_card(poll, b"png"))


def test_the_picture_goes_along_and_is_described(poll: Ranking) -> None:
    card = ranking_card(poll, b"png")
    assert [file.filename for file in card.files] == [CHART_FILENAME]
    gallery = next(item for item in card.walk_children() if isinstance(item, ui.MediaGallery))
    assert gallery.items[0].description == (
        "Which airdrop next?: 1. Token Metrics with 39.6%, 2. LayerZero with 29.7%, 2. Starknet with 29.7%"
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
    assert "no place is won" in text
    assert "🥇" not in text
    assert alt_text(ranking) == "New: no place is won yet."


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


def test_more_than_25_are_counted() -> None:
    ranking = Ranking("Many", "poll", "open", ranked([Entry(str(i), i) for i in range(1030)]), 9, NOW)
    assert standings_text(ranking).endswith("… and 1,005 more")
    assert len(standings_text(ranking).splitlines()) == 26


def test_a_share_of_100_keeps_the_columns() -> None:
    ranking = Ranking("One", "poll", "open", ranked([Entry("a", 5), Entry("b", 0)]), 5, NOW)
    assert "`100.0% 5`" in standings_text(ranking)
    assert "`  0.0% 0`" in standings_text(ranking)
    assert ranking.standings[0].share == Decimal("100.0")
