"""Reminders before a poll closes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.announcements.kinds import EventKind
from bot.announcements.kinds.closing import ClosingKind
from bot.polls.model import Poll, PollState, Visibility
from tests.announcements.kinds.polls import DAY, GUILD, HOUR, FakePolls, asked, closed, electorate, poll
from tests.polls.ballots import NOON

CLOSE = NOON + 3 * DAY


def kind(*polls: Poll) -> ClosingKind:
    return ClosingKind(FakePolls(*polls), electorate)


def test_it_posts_by_events() -> None:
    assert isinstance(kind(), EventKind)


@pytest.mark.parametrize(
    ("runs_for", "keys"),
    [
        (3 * DAY, ["poll 17 day", "poll 17 hour"]),
        (DAY, ["poll 17 hour"]),
        (HOUR, []),
        (timedelta(minutes=20), []),
        (None, []),
    ],
)
def test_a_poll_has_the_reminders_that_fit_into_it(runs_for: timedelta | None, keys: list[str]) -> None:
    found = list(kind(poll(runs_for=runs_for)).events(GUILD))
    assert [event.key for event in found] == keys
    assert all(event.at > NOON for event in found)


@pytest.mark.parametrize("state", [PollState.CLOSED, PollState.CANCELLED, PollState.DRAFT])
def test_a_poll_that_nobody_can_vote_in_has_none(state: PollState) -> None:
    assert list(kind(poll(state=state)).events(GUILD)) == []


def test_a_poll_that_is_still_to_open_is_foreseen() -> None:
    assert len(list(kind(poll(state=PollState.SCHEDULED)).events(GUILD))) == 2


def test_a_poll_of_another_server_is_nobody_s_business_here() -> None:
    assert list(kind(poll()).events(GUILD + 1)) == []


@pytest.mark.parametrize(("lead", "before"), [("day", DAY), ("hour", HOUR)])
async def test_a_reminder_tells_which_poll_closes_and_how_many_voted(lead: str, before: timedelta) -> None:
    content = await kind(poll(), poll(18)).compose(asked("closing", CLOSE - before, f"poll 17 {lead}"))
    assert content is not None
    assert (content.poll.id, content.lead, content.poll.ballots) == (17, lead, 9)
    assert content.electorate is not None
    assert content.ranking is None


async def test_hidden_results_stay_hidden() -> None:
    polls = FakePolls(poll(results=Visibility.AFTER_CLOSE))
    polls.visible = False
    content = await ClosingKind(polls, electorate).compose(asked("closing", CLOSE - DAY, "poll 17 day"))
    assert content is not None
    assert content.standings.hidden


@pytest.mark.parametrize(
    "meanwhile",
    [
        closed(at=CLOSE - 2 * DAY),
        poll(state=PollState.CANCELLED),
        poll(runs_for=5 * DAY),
        poll(runs_for=None),
    ],
    ids=["closed", "cancelled", "extended", "without an end"],
)
async def test_a_reminder_that_fits_no_more_is_left_out(meanwhile: Poll) -> None:
    assert await kind(meanwhile).compose(asked("closing", CLOSE - DAY, "poll 17 day")) is None


@pytest.mark.parametrize(
    ("lead", "now", "comes"),
    [
        ("day", CLOSE - 2 * HOUR, True),
        ("day", CLOSE - HOUR, False),
        ("hour", CLOSE - timedelta(minutes=5), True),
        ("hour", CLOSE, False),
    ],
)
async def test_a_late_reminder_comes_only_while_it_is_true(lead: str, now: object, comes: bool) -> None:
    due = CLOSE - (DAY if lead == "day" else HOUR)
    request = replace(asked("closing", due, f"poll 17 {lead}"), now=now)  # type: ignore[arg-type]
    assert (await kind(poll()).compose(request) is not None) is comes


async def test_by_hand_it_is_the_open_poll_that_closes_next() -> None:
    soon, without_end = poll(18, 2 * DAY), poll(19, None)
    content = await kind(poll(), soon, without_end).compose(asked("closing", NOON))
    assert content is not None
    assert (content.poll.id, content.lead) == (18, "")
    content = await kind(without_end).compose(asked("closing", NOON))
    assert content is not None
    assert content.poll.id == 19
    assert await kind(closed()).compose(asked("closing", NOON)) is None


async def test_a_foreseen_reminder_can_be_looked_at() -> None:
    content = await kind(poll()).compose(asked("closing", CLOSE - HOUR, "poll 17 hour", now=NOON))
    assert content is not None
    assert content.lead == "hour"


async def test_each_reminder_is_news() -> None:
    memories = []
    for lead, before in (("day", DAY), ("hour", HOUR)):
        content = await kind(poll()).compose(asked("closing", CLOSE - before, f"poll 17 {lead}"))
        assert content is not None
        memories.append(content.memory)
    assert memories[0] != memories[1]


@pytest.mark.parametrize("event", ["poll 17", "something else"])
async def test_a_key_of_another_kind_brings_no_false_reminder(event: str) -> None:
    content = await kind(poll()).compose(asked("closing", NOON, event))
    assert content is None
