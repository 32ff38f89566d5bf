"""What happened in some days, in short."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.announcements.kinds.digest import MOST_POLLS, MOST_QUESTIONS, DigestContent, DigestKind
from bot.catalogue.changes import Change, Edition, NewChange
from bot.catalogue.proposal import Changed
from bot.polls.model import Poll
from tests.announcements.kinds.polls import DAY, FakePolls, asked, closed, poll
from tests.polls.ballots import NOON

NOW = NOON + 10 * DAY


class FakeFacts:
    """Changes that a test may add to."""

    def __init__(self) -> None:
        self.made: list[Change] = []

    def change(self) -> None:
        new = NewChange("peaq", "retire")
        self.made.append(Change(len(self.made) + 1, "b", new, 99, datetime.now(UTC)))

    async def changed(self, guild_id: int | None, days: int) -> Changed:
        return Changed(days, NOW - timedelta(days=days), tuple(self.made), (), Edition({}, {}))


class FakeQuestions:
    """Questions that several asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.within: timedelta | None = None

    async def most_asked(self, guild_id: int, within: timedelta, most: int) -> list[tuple[str, int]]:
        self.within = within
        return self.asked[:most]


class Desk:
    """A kind with all that it reads."""

    def __init__(self, *polls: Poll) -> None:
        self.facts, self.polls, self.questions = FakeFacts(), FakePolls(*polls), FakeQuestions()
        self.kind = DigestKind(self.facts, self.polls, self.questions)

    async def compose(self, **changes: Any) -> DigestContent | None:
        return await self.kind.compose(asked("digest", NOW, **changes))


async def test_when_nothing_happened_there_is_nothing_to_say() -> None:
    assert await Desk().compose() is None


async def test_polls_that_are_open_or_were_closed_lately_are_told() -> None:
    desk = Desk(
        poll(1, 30 * DAY),
        poll(2, 30 * DAY, opens_at=NOW - DAY),
        closed(3, NOW - DAY),
        closed(4, NOW - 8 * DAY),
    )
    content = await desk.compose()
    assert content is not None
    assert [(news.brief.id, news.new) for news in content.polls] == [(3, False), (2, True), (1, False)]


async def test_facts_and_questions_are_told_each_for_itself() -> None:
    desk = Desk()
    desk.facts.change()
    content = await desk.compose()
    assert content is not None
    assert (len(content.changed.made), content.polls, content.questions) == (1, (), ())
    desk = Desk()
    desk.questions.asked = [("What is a snapshot?", 3)]
    content = await desk.compose()
    assert content is not None
    assert content.questions == (("What is a snapshot?", 3),)


async def test_it_looks_back_as_far_as_the_moderator_chose() -> None:
    desk = Desk(closed(1, NOW - 8 * DAY))
    assert await desk.compose() is None
    content = await desk.compose(options={"days": 30})
    assert content is not None
    assert (content.days, len(content.polls)) == (30, 1)
    assert desk.questions.within == timedelta(days=30)


async def test_it_stays_short() -> None:
    desk = Desk(*(poll(number, 30 * DAY) for number in range(1, 20)))
    desk.questions.asked = [(f"Question {number}?", 2) for number in range(20)]
    content = await desk.compose()
    assert content is not None
    assert (len(content.polls), len(content.questions)) == (MOST_POLLS, MOST_QUESTIONS)


async def test_what_is_new_is_news_and_what_passed_is_none() -> None:
    desk = Desk(poll(1, 30 * DAY))
    desk.questions.asked = [("What is a snapshot?", 3)]
    first = await desk.compose()
    assert first is not None
    desk.questions.asked = []
    again = await desk.compose(earlier=first.memory)
    assert again is not None
    assert again.memory == first.memory
    desk.facts.change()
    newer = await desk.compose(earlier=first.memory)
    assert newer is not None
    assert newer.memory != first.memory


async def test_a_poll_that_closed_is_news_again() -> None:
    desk = Desk(poll(1, 30 * DAY))
    first = await desk.compose()
    assert first is not None
    desk.polls.polls[1] = closed(1, NOW)
    again = await desk.compose(earlier=first.memory)
    assert again is not None
    assert again.memory != first.memory
