"""Announcements' cards stay within Discord's limits and say what a moderator needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from discord import ui

from bot.announcements.cards import SCHEDULES_A_PAGE, list_card, post_card
from bot.announcements.model import Missed, Overview, Post, Run, RunState, Schedule, ScheduleState
from bot.announcements.recurrence import parse
from bot.rankings.model import Entry, Ranking, ranked
from bot.ui.card import MAX_COMPONENTS, MAX_TEXT_CHARS, Card

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCHEDULE = Schedule(
    1,
    10,
    "rankings",
    20,
    parse("day", "18:00", "Europe/Berlin"),
    77,
    Missed.LATE,
    ScheduleState.ACTIVE,
    None,
    40,
    NOW,
    NOW,
)


def text_of(card: Card) -> str:
    return "\n".join(part.content for part in card.walk_children() if isinstance(part, ui.TextDisplay))


def entry(**run: object) -> Overview:
    return Overview(SCHEDULE, replace(Run(1, 1, NOW, RunState.SENT, NOW, NOW, 99), **run))  # type: ignore[arg-type]


def test_the_largest_post_fits() -> None:
    labels = [f"{number:02}" + "*_`~|" * 15 for number in range(25)]
    ranking = Ranking("*" * 120, "poll", "open", ranked([Entry(label, 9**9) for label in labels]), 9**9, NOW, NOW)
    card = post_card(Post(SCHEDULE, ranking, "nonce", NOW), b"png")
    assert card.content_length() <= MAX_TEXT_CHARS
    assert card.total_children_count <= MAX_COMPONENTS
    assert len(card.files) == 1


def test_the_mention_stands_above_the_box_and_the_box_is_whole() -> None:
    ranking = Ranking("Who leads?", "poll", "open", ranked([Entry("peaq", 1)]), 1, NOW)
    plain = post_card(Post(replace(SCHEDULE, role_id=None), ranking, "nonce"), None)
    card = post_card(Post(SCHEDULE, ranking, "nonce"), None)
    mention, box = card.to_components()
    assert mention["content"] == "<@&77>"
    assert [box] == plain.to_components()
    assert card.total_children_count == plain.total_children_count + 1


def test_the_fullest_page_of_the_list_fits() -> None:
    longest = replace(
        SCHEDULE, problem="x" * 2000, recurrence=parse("1,2,3,4,5,6,7,8,9 1,2,3,4,5,6 1-9 * *", None, "UTC")
    )
    card = list_card([replace(entry(), schedule=longest)] * (SCHEDULES_A_PAGE * 3), 1)
    assert card.content_length() <= MAX_TEXT_CHARS
    assert card.total_children_count <= MAX_COMPONENTS


@pytest.mark.parametrize("page", [-5, 0, 1, 99])
def test_a_page_that_is_not_there_shows_the_nearest(page: int) -> None:
    card = list_card([entry()] * (SCHEDULES_A_PAGE + 1), page)
    assert f"Page {1 if page < 1 else 2} of 2" in text_of(card)


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ({}, "✅ [Last posted](https://discord.com/channels/10/20/99) <t:1772366400:R>"),
        ({"finished_at": NOW + timedelta(minutes=5)}, ", late"),
        ({"state": RunState.SKIPPED, "message_id": None}, "was left out, since I was away"),
        ({"state": RunState.FAILED, "message_id": None}, "could not be posted"),
        ({"state": RunState.RECORDED, "message_id": None, "finished_at": None}, "is on its way"),
    ],
)
def test_the_list_says_how_the_last_run_went(run: dict[str, object], said: str) -> None:
    assert said in text_of(list_card([entry(**run)], 0))


def test_a_paused_schedule_says_so() -> None:
    paused = replace(SCHEDULE, state=ScheduleState.PAUSED, next_due_at=None)
    assert "Paused" in text_of(list_card([Overview(paused, None)], 0))
