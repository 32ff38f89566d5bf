"""Claims that open or close soon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.announcements.kinds.deadlines import DAYS_AHEAD, DeadlinesContent, DeadlinesKind
from bot.catalogue.changes import Edition
from bot.catalogue.editions import Editions
from bot.catalogue.load import Content, load
from bot.catalogue.model import Fact, Project, Window
from bot.catalogue.service import Catalogue
from bot.clock import FixedClock
from tests.announcements.kinds.polls import GUILD, asked

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def content() -> Content:
    return load(Path(__file__).parents[3] / "data")


def with_window(project: Project, status: str = "confirmed", **days: str) -> Project:
    known = project.facts["claim_window"]
    fact = Fact.model_validate(known.model_dump() | {"value": Window(**days), "status": status, "text": None})
    return project.model_copy(update={"facts": {**project.facts, "claim_window": fact}})


class Shelf:
    """Editions in which one project has the claim window that a test wants."""

    def __init__(self, content: Content) -> None:
        self.shipped = Catalogue(content)
        self.editions = Editions(self.shipped, FixedClock(NOW))
        self.project = next(each for each in content.projects if "claim_window" in each.facts and each.claim_window)

    def put(self, guild_id: int = GUILD, status: str = "confirmed", **days: str) -> None:
        projects = {each.id: each for each in self.shipped.projects}
        projects[self.project.id] = with_window(self.project, status, **days)
        self.editions.put(guild_id, Edition(projects, {}))

    def retire(self) -> None:
        edition = self.editions.stored(GUILD)
        self.editions.put(GUILD, replace(edition, retired={self.project.id: NOW}))

    async def compose(self, now: datetime = NOW, **changes: Any) -> DeadlinesContent | None:
        return await DeadlinesKind(self.editions).compose(asked("deadlines", now, **changes))

    async def days(self, **changes: Any) -> list[tuple[str, str]]:
        found = await self.compose(**changes)
        return [(day.key, day.day) for day in found.coming] if found else []


@pytest.fixture
def shelf(content: Content) -> Shelf:
    return Shelf(content)


async def test_claims_that_open_and_close_within_the_days_are_told_the_next_first(shelf: Shelf) -> None:
    shelf.put(opens="2026-11-25", closes="2026-12-05")
    assert await shelf.days() == [("claim_window-opens", "2026-11-25"), ("claim_window-closes", "2026-12-05")]


@pytest.mark.parametrize(("days", "told"), [(1, 0), (12, 1), (90, 1)])
async def test_how_far_it_looks_ahead_is_the_moderator_s_choice(shelf: Shelf, days: int, told: int) -> None:
    shelf.put(closes="2026-12-04")
    assert len(await shelf.days(options={"days": days})) == told


async def test_without_a_choice_it_looks_two_weeks_ahead(shelf: Shelf) -> None:
    last = (NOW + timedelta(days=DAYS_AHEAD)).date()
    shelf.put(closes=last.isoformat())
    assert len(await shelf.days()) == 1
    shelf.put(closes=(last + timedelta(days=1)).isoformat())
    assert await shelf.days() == []


async def test_what_is_over_is_not_told(shelf: Shelf) -> None:
    shelf.put(closes="2026-11-21")
    assert await shelf.compose() is None


async def test_a_day_is_told_until_it_is_over(shelf: Shelf) -> None:
    shelf.put(closes="2026-11-22")
    assert len(await shelf.days(now=NOW.replace(hour=23, minute=59))) == 1
    assert await shelf.days(now=NOW + timedelta(hours=12)) == []


async def test_another_server_s_edition_is_another_matter(shelf: Shelf) -> None:
    shelf.put(guild_id=GUILD + 1, closes="2026-11-25")
    assert await shelf.compose() is None


async def test_retired_projects_are_not_told(shelf: Shelf) -> None:
    shelf.put(closes="2026-11-25")
    shelf.retire()
    assert await shelf.compose() is None


async def test_a_new_day_and_another_status_are_news_and_a_day_that_passed_is_none(shelf: Shelf) -> None:
    shelf.put(opens="2026-11-24", closes="2026-11-30")
    first = await shelf.compose()
    assert first is not None
    later = await shelf.compose(now=NOW + timedelta(days=4), earlier=first.memory)
    assert later is not None
    assert len(later.coming) == 1
    assert later.memory == first.memory
    shelf.put(closes="2026-11-30", status="reported")
    again = await shelf.compose(earlier=first.memory)
    assert again is not None
    assert again.memory != first.memory


async def test_on_a_board_a_day_that_passed_is_news_and_so_is_that_none_is_left(shelf: Shelf) -> None:
    shelf.put(opens="2026-11-24", closes="2026-11-30")
    first = await shelf.compose(board=True)
    assert first is not None
    later = await shelf.compose(now=NOW + timedelta(days=4), board=True, earlier=first.memory)
    assert later is not None
    assert later.memory != first.memory
    empty = await shelf.compose(now=NOW + timedelta(days=10), board=True, earlier=later.memory)
    assert empty is not None
    assert empty.coming == ()
