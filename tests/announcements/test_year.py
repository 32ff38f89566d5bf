"""A year of announcements in ten zones, run with the injected clock and held to a recurrence of another make."""

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule, tz

from bot.announcements.recurrence import Recurrence
from bot.clock import FixedClock
from bot.guilds.service import GuildService
from bot.store.engine import Store
from tests.announcements.lab import Lab, daily

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)

# The zone, the cron line, and the same as dateutil says it, on the wall clock.
YEAR = [
    ("Europe/Berlin", "30 2 * * *", {"freq": rrule.DAILY, "byhour": 2, "byminute": 30}),
    ("America/New_York", "30 1 * * 0", {"freq": rrule.WEEKLY, "byweekday": rrule.SU, "byhour": 1, "byminute": 30}),
    ("Australia/Lord_Howe", "15 2 * * 0", {"freq": rrule.WEEKLY, "byweekday": rrule.SU, "byhour": 2, "byminute": 15}),
    ("Pacific/Chatham", "0 3 * * 0", {"freq": rrule.WEEKLY, "byweekday": rrule.SU, "byhour": 3, "byminute": 0}),
    ("America/Santiago", "30 0 * * 0", {"freq": rrule.WEEKLY, "byweekday": rrule.SU, "byhour": 0, "byminute": 30}),
    ("Asia/Beirut", "0 0 * * 0", {"freq": rrule.WEEKLY, "byweekday": rrule.SU, "byhour": 0, "byminute": 0}),
    ("Africa/Casablanca", "30 2 * * 0", {"freq": rrule.WEEKLY, "byweekday": rrule.SU, "byhour": 2, "byminute": 30}),
    ("Europe/London", "30 1 * * 0", {"freq": rrule.WEEKLY, "byweekday": rrule.SU, "byhour": 1, "byminute": 30}),
    ("Asia/Kathmandu", "0 18 1 * *", {"freq": rrule.MONTHLY, "bymonthday": 1, "byhour": 18, "byminute": 0}),
    (
        "America/Sao_Paulo",
        "0 9 * * 1,5",
        {"freq": rrule.WEEKLY, "byweekday": (rrule.MO, rrule.FR), "byhour": 9, "byminute": 0},
    ),
]


def instants(zone: str, rule: dict[str, object]) -> list[datetime]:
    """Turn times on the wall into instants: a skipped one moves to the end of the gap, of two the first counts."""
    first = datetime.combine(date(2025, 12, 25), datetime.min.time())
    wall = rrule.rrule(dtstart=first, until=first + timedelta(days=380), bysecond=0, **rule)
    found = []
    for naive in wall:
        at = naive
        while not tz.datetime_exists(at, ZoneInfo(zone)):
            at += timedelta(minutes=1)
        found.append(at.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC))
    return [at for at in found if BEGIN < at < END]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: thousands of commits need not reach a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as name:
        yield Path(name)


async def test_a_year_in_ten_zones_posts_at_the_instants_that_dateutil_finds(folder: Path) -> None:
    store, clock = Store(f"sqlite+aiosqlite:///{folder}/year.db"), FixedClock(BEGIN)
    await store.open()
    guilds = GuildService(store, clock)
    lab = Lab(store, clock, guilds)
    service = await lab.start()
    for channel, (zone, line, _) in enumerate(YEAR):
        await service.add(daily(channel_id=channel, recurrence=Recurrence("cron", line, zone)))
    while (at := await service.next_instant()) is not None and at < END:
        clock.advance(at - clock.now())
        await service.due()
    await store.close()
    posted = defaultdict(list)
    for post in lab.delivery.posts:
        assert post.late_since is None
        posted[post.schedule.channel_id].append(post.run.due_at)
    for channel, (zone, line, rule) in enumerate(YEAR):
        assert posted[channel] == instants(zone, rule), (zone, line)
