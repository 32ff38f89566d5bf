"""What moderators see of their announcements stays within Discord's limits and says what they need."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.announcements.kinds.rankings import RankingsContent
from bot.announcements.list_cards import SCHEDULES_A_PAGE, list_card
from bot.announcements.model import Overview, Preview, Publishing, RunState, ScheduleState
from bot.announcements.recurrence import parse
from bot.announcements.schedule_cards import edit_form, preview_card
from bot.rankings.model import Entry, Ranking, ranked
from bot.ui.card import MAX_COMPONENTS, MAX_TEXT_CHARS
from tests.announcements.test_cards import NOW, RUN, SCHEDULE, text_of


def entry(**run: object) -> Overview:
    return Overview(SCHEDULE, replace(RUN, **run))  # type: ignore[arg-type]


def test_the_fullest_page_of_the_list_fits() -> None:
    longest = replace(
        SCHEDULE,
        problem="x" * 2000,
        problem_since=NOW,
        recurrence=parse("1,2,3,4,5,6,7,8,9 1,2,3,4,5,6 1-9 * *", None, "UTC"),
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 12, 31),
        only_news=True,
        board=True,
        options={"days": 90},
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
        ({"state": RunState.SKIPPED, "message_id": None}, "was left out"),
        ({"state": RunState.FAILED, "message_id": None}, "could not be posted"),
        ({"state": RunState.UNSURE, "message_id": None}, "may have been posted"),
        ({"message_id": None}, "somebody has deleted it"),
        ({"publishing": Publishing.WAITING}, "waits to be published"),
        ({"publishing": Publishing.DONE}, "· published"),
        (
            {"state": RunState.WAITING, "message_id": None, "tries": 2, "retry_at": NOW},
            "try 3 comes <t:1772366400:R>",
        ),
        ({"state": RunState.RECORDED, "message_id": None, "finished_at": None}, "is on its way"),
    ],
)
def test_the_list_says_how_the_last_run_went(run: dict[str, object], said: str) -> None:
    assert said in text_of(list_card([entry(**run)], 0))


def test_a_paused_schedule_says_so() -> None:
    paused = replace(SCHEDULE, state=ScheduleState.PAUSED, next_due_at=None)
    assert "Paused" in text_of(list_card([Overview(paused, None)], 0))


def test_a_problem_is_shown_with_since_when() -> None:
    troubled = replace(SCHEDULE, problem="I need **Attach Files**.", problem_since=NOW)
    assert "⚠️ I need **Attach Files**.\n-# Since <t:1772366400:f>" in text_of(list_card([Overview(troubled, None)], 0))


def test_what_is_overdue_says_so_instead_of_naming_a_next_time_in_the_past() -> None:
    text = text_of(list_card([Overview(SCHEDULE, None, overdue=True)], 0))
    assert "⏳ It was due <t:1772366400:R> and is still to come." in text
    assert "Next" not in text


def test_an_announcement_that_is_over_says_so() -> None:
    over = replace(SCHEDULE, state=ScheduleState.ENDED, next_due_at=None)
    assert "Over" in text_of(list_card([Overview(over, None)], 0))


def test_the_largest_preview_fits() -> None:
    labels = [f"{number:02}" + "*_`~|" * 15 for number in range(25)]
    ranking = Ranking("*" * 120, "poll", "open", ranked([Entry(label, 9**9) for label in labels]), 9**9, NOW, NOW)
    longest = replace(SCHEDULE, problem="x" * 2000, problem_since=NOW)
    times = tuple(NOW + timedelta(days=day) for day in range(5))
    card = preview_card(longest, Preview(longest, RankingsContent(ranking), times), b"png")
    assert card.to_components()
    assert card.content_length() <= MAX_TEXT_CHARS
    assert card.total_children_count <= MAX_COMPONENTS
    assert len(card.files) == 1


def test_the_form_holds_a_cron_line_as_it_was_typed() -> None:
    cron = replace(SCHEDULE, recurrence=parse("0 18 * * 1-5", None, "UTC"))
    fields = [part["component"] for part in edit_form(cron).to_dict()["components"]]
    assert [field.get("value") for field in fields] == ["0 18 * * 1-5", None, "UTC", None, None]
    assert [field["required"] for field in fields] == [True, False, True, False, False]
