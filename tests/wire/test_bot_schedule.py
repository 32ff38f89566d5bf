"""A due time brings one message: over outages, lost answers, and answers that say to wait."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from .announcing import RARELY
from .bed import Club, no_violations, text_of
from .bot_process import BotProcess
from .discord_loopback import Discord, LoopbackProcess
from .one_bot import loopback

__all__ = ["loopback", "no_violations"]

OF_A_CHANNEL = "runs WHERE schedule_id IN (SELECT id FROM schedules WHERE channel_id = ?)"
LONG_AGO, JUST_NOW = timedelta(minutes=30), timedelta(seconds=1)


@dataclass(frozen=True)
class Plan:
    """A schedule, how long ago it fell due, and what becomes of its first post."""

    every: str = RARELY
    missed: str = "late"
    ago: timedelta = JUST_NOW
    trouble: dict[str, Any] | None = None


PLANS = {
    "late": Plan(ago=LONG_AGO),
    "skip": Plan(ago=LONG_AGO, missed="skip"),
    "minutes": Plan("minute", ago=timedelta(minutes=7)),
    "deleted": Plan(),
    "error-but-sent": Plan(trouble={"status": 500, "after": True}),
    "rate-limited": Plan(trouble={"status": 429, "retry_after": 0.3}),
}


@dataclass
class Outage:
    """What a bot did that was away when its posts fell due."""

    club: Club
    channels: dict[str, str]
    due_at: dict[str, datetime] = field(default_factory=dict)

    def runs(self, name: str) -> list[str]:
        """Give the states of a plan's runs, oldest first."""
        query = f"SELECT state FROM {OF_A_CHANNEL} ORDER BY id"
        return [state for (state,) in self.club.rows(query, int(self.channels[name]))]

    async def posted(self, name: str) -> list[str]:
        """Give what stands in a plan's channel."""
        return [text_of(message) for message in await self.club.discord.messages(self.channels[name])]

    async def plan(self) -> None:
        """Add every schedule, then kill the bot and let their times pass."""
        await self.club.start()
        await self.club.do("setup log_channel", channel=self.club.log)
        for name, plan in PLANS.items():
            given = {"kind": "rankings", "every": plan.every, "missed": plan.missed}
            await self.club.do("announce add", channel=self.channels[name], **given)
        await self.club.kill()
        await self.club.discord.ask("DELETE", f"channels/{self.channels['deleted']}")
        for name, plan in PLANS.items():
            self.due_at[name] = (datetime.now(UTC) - plan.ago).replace(microsecond=0)
            moment = self.due_at[name].strftime("%Y-%m-%d %H:%M:%S.%f")
            query = "UPDATE schedules SET next_due_at = ? WHERE channel_id = ?"
            self.club.write(query, moment, int(self.channels[name]))

    async def come_back(self) -> None:
        """Start with every trouble armed, and wait until there is nothing more to do."""
        for name, plan in PLANS.items():
            if plan.trouble:
                where = rf"/channels/{self.channels[name]}/messages$"
                await self.club.discord.fault(method="POST", path=where, **plan.trouble)
        await self.club.start()
        deadline = time.monotonic() + 15
        while not all(map(self.runs, PLANS)) or self.club.rows("SELECT 1 FROM runs WHERE state = 'recorded'"):
            assert time.monotonic() < deadline, self.club.process.log
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)


@pytest.fixture(scope="module")
def past(loopback: LoopbackProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    """Let the whole outage happen once; the tests look at what it left."""
    discord = Discord(loopback)
    process = BotProcess(discord, tmp_path_factory.mktemp("bot"))

    async def happen() -> Outage:
        async with discord:
            club = await Club.found(discord, process)
            made = [await discord.ask("POST", f"guilds/{club.id}/channels", {"name": name}) for name in PLANS]
            outage = Outage(club, {name: each["id"] for name, each in zip(PLANS, made, strict=True)})
            await outage.plan()
            await outage.come_back()
            return outage

    try:
        yield asyncio.run(happen())
    finally:
        process.clean_up()


@pytest.fixture
def outage(past: Outage, discord_side: Discord) -> Outage:
    past.club.discord = discord_side
    return past


async def test_what_fell_due_meanwhile_is_posted_once_and_marked_late(outage: Outage) -> None:
    [text] = await outage.posted("late")
    assert f"<t:{int(outage.due_at['late'].timestamp())}:" in text
    assert "late" in text.lower()
    assert outage.runs("late") == ["sent"]


async def test_what_may_be_skipped_is_skipped(outage: Outage) -> None:
    assert outage.runs("skip") == ["skipped"]
    assert await outage.posted("skip") == []


async def test_many_missed_minutes_are_one_message(outage: Outage) -> None:
    times = outage.club.rows(f"SELECT due_at FROM {OF_A_CHANNEL}", int(outage.channels["minutes"]))
    assert len(set(times)) == len(times)
    # One for all that was missed, and one for each minute that began since the bot came back.
    assert len(times) <= 3
    assert len(await outage.posted("minutes")) == len(times)


@pytest.mark.parametrize("name", ["error-but-sent", "rate-limited"])
async def test_an_answer_that_goes_astray_does_not_post_twice(outage: Outage, name: str) -> None:
    assert outage.runs(name) == ["sent"]
    assert len(await outage.posted(name)) == 1


async def test_a_deleted_channel_is_told_to_the_moderators_once(outage: Outage) -> None:
    assert outage.runs("deleted") == ["waiting"]
    [told] = [text_of(message) for message in await outage.club.discord.messages(outage.club.log)]
    assert "was deleted" in told
    assert "was deleted" in text_of((await outage.club.do("announce list"))["message"])
