"""The result of a poll, announced when it closes."""

from datetime import datetime

import pytest

from bot.announcements.kinds import EventKind
from bot.announcements.kinds.results import ResultsKind
from bot.clock import FixedClock
from bot.polls.model import Poll, PollState
from tests.announcements.kinds.polls import BOARD, DAY, GUILD, HOUR, FakePolls, asked, closed, electorate, poll
from tests.polls.ballots import NOON

CLOSE = NOON + 3 * DAY


def kind(*polls: Poll, now: datetime = NOON) -> tuple[ResultsKind, FakePolls]:
    source = FakePolls(*polls)
    return ResultsKind(source, electorate, FixedClock(now)), source


def test_it_posts_by_events() -> None:
    assert isinstance(kind()[0], EventKind)


def test_closes_that_were_and_that_are_foreseen_are_events() -> None:
    results, _ = kind(closed(1), poll(2), poll(3, None), poll(4, state=PollState.CANCELLED), now=NOON)
    assert {event.key: event.at for event in results.events(GUILD)} == {"poll 1": CLOSE, "poll 2": CLOSE}


def test_a_close_by_time_is_the_same_event_before_and_after() -> None:
    before, after = kind(poll())[0], kind(closed(), now=CLOSE)[0]
    assert list(before.events(GUILD)) == list(after.events(GUILD))


def test_between_its_time_and_its_close_a_poll_has_no_event() -> None:
    assert list(kind(poll(), now=CLOSE)[0].events(GUILD)) == []


async def test_the_result_is_counted_and_told() -> None:
    results, source = kind(closed(1), closed(2, CLOSE + HOUR), now=CLOSE + DAY)
    content = await results.compose(asked("results", CLOSE, "poll 1"))
    assert content is not None
    assert content.poll.id == 1
    assert content.ranking.state == "closed"
    assert source.counted == [1]


@pytest.mark.parametrize("state", [PollState.OPEN, PollState.CANCELLED])
async def test_a_poll_without_a_result_brings_nothing(state: PollState) -> None:
    results, source = kind(poll(state=state))
    assert await results.compose(asked("results", CLOSE, "poll 17")) is None
    assert source.counted == []


async def test_where_the_board_posts_the_result_itself_it_is_not_posted_twice() -> None:
    results, _ = kind(closed())
    assert await results.compose(asked("results", CLOSE, "poll 17", channel_id=BOARD)) is None
    assert await results.compose(asked("results", CLOSE, channel_id=BOARD)) is not None


@pytest.mark.parametrize("event", ["", "poll 3"])
async def test_by_hand_and_foreseen_it_is_the_result_of_the_last_close(event: str) -> None:
    results, _ = kind(closed(1), closed(2, CLOSE + HOUR), poll(3))
    content = await results.compose(asked("results", CLOSE + DAY, event, now=CLOSE + 2 * HOUR if event else None))
    assert content is not None
    assert content.poll.id == 2


async def test_before_any_poll_was_closed_there_is_nothing() -> None:
    results, _ = kind(poll())
    assert await results.compose(asked("results", NOON)) is None
