from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watches.model import NewNotice, Notice, NoticeState, due_reminder, fingerprint, news, reminders_left, seen_of
from tests.catalogue.examples import fact, project

END = datetime(2026, 12, 31, tzinfo=UTC)
DAY = timedelta(days=1)
ALPHA = project("Alpha", facts={"tge_date": fact("2026-01-01"), "backers": fact(("One",))})


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (END - 8 * DAY, None),
        (END - 7 * DAY, END - 7 * DAY),
        (END - 2 * DAY, END - 7 * DAY),
        (END - DAY, END - DAY),
        (END - timedelta(seconds=1), END - DAY),
        (END, None),
        (END + DAY, None),
    ],
)
def test_the_newest_reminder_that_is_due_counts(now: datetime, due: datetime | None) -> None:
    assert due_reminder(END, now) == due


@pytest.mark.parametrize(
    ("before", "left"), [(8 * DAY, (7, 1)), (7 * DAY, (1,)), (2 * DAY, (1,)), (DAY, ()), (0 * DAY, ())]
)
def test_reminders_that_have_passed_are_not_promised(before: timedelta, left: tuple[int, ...]) -> None:
    assert reminders_left(END, END - before) == left
    assert reminders_left(None, END) == ()


def test_without_a_close_there_is_no_reminder() -> None:
    assert due_reminder(None, END) is None


@given(st.integers(-20 * 86400, 20 * 86400))
def test_a_reminder_is_due_exactly_in_the_last_seven_days(seconds: int) -> None:
    now = END + timedelta(seconds=seconds)
    assert (due_reminder(END, now) is not None) == (END - 7 * DAY <= now < END)


def test_a_changed_value_is_news_and_a_new_source_or_date_is_none() -> None:
    before = seen_of(ALPHA, retired=False)
    facts = {"tge_date": fact("2026-01-01", as_of=date(2026, 1, 1), note="Looked up."), "backers": fact(("Two",))}
    now = seen_of(ALPHA.model_copy(update={"facts": facts}), retired=False)
    assert news(before, now) == ("backers",)


def test_a_fact_that_came_or_went_is_news() -> None:
    before = seen_of(ALPHA, retired=False)
    now = seen_of(
        ALPHA.model_copy(update={"facts": {"tge_date": fact("2026-01-01"), "tax": fact("None.")}}), retired=True
    )
    assert set(news(before, now)) == {"backers", "tax", "retired"}


def test_the_same_has_the_same_fingerprint_whatever_the_order() -> None:
    turned = ALPHA.model_copy(update={"facts": dict(reversed(ALPHA.facts.items()))})
    assert fingerprint(seen_of(ALPHA, retired=False)) == fingerprint(seen_of(turned, retired=False))
    assert fingerprint(seen_of(ALPHA, retired=False)) != fingerprint(seen_of(ALPHA, retired=True))


def test_a_nonce_fits_discord_and_belongs_to_one_notice() -> None:
    new = NewNotice(1, 2, "alpha", (), None, END)
    nonces = {
        Notice(number, NewNotice(1, member, "alpha", (), None, END), at, NoticeState.RECORDED).nonce
        for number in (1, 2)
        for member in (2, 3)
        for at in (END, END + DAY)
    }
    assert len(nonces) == 8
    assert max(map(len, nonces)) <= 25
    assert Notice(1, new, END, NoticeState.SENDING).nonce == Notice(1, new, END, NoticeState.RECORDED).nonce
