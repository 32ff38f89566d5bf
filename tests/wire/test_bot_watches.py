"""A change reaches who watches, once: over kills in the middle of sending, lost answers and closed direct messages."""

import asyncio
from typing import Any

import pytest

from .bed import Club, Payload, no_violations, text_of, until
from .bot_process import BotProcess
from .discord_loopback import Discord
from .loopback.member_actions import walk

__all__ = ["no_violations"]

SENDING = {"method": "POST", "path": r"/channels/\d+/messages$"}


@pytest.fixture
async def club(discord_side: Discord, bot_process: BotProcess) -> Club:
    """Give a server where ada watches peaq."""
    club = await Club.found(discord_side, bot_process)
    await club.start()
    assert "You watch peaq" in text_of((await club.do("watch add", member="ada", name="peaq"))["message"])
    return club


async def change(club: Club, value: str = "2026-12-01") -> None:
    """Have the owner change a fact of peaq."""
    source = "https://example.org/peaq"
    asked = await club.do("catalogue edit", name="peaq", fact="tge_date", value=value, source=source)
    ids = [str(part.get("custom_id", "")) for part in walk(asked["message"]["components"])]
    save = next(each for each in ids if each.startswith("catalogue:v1:save:"))
    saved = await club.discord.press(club.owner, asked["message"], save)
    assert "Saved" in text_of(saved["message"])


async def inbox(club: Club) -> list[Payload]:
    return await club.discord.direct_messages(club.members["ada"])


def states(club: Club) -> list[tuple[Any, ...]]:
    return club.rows("SELECT state FROM notices ORDER BY id")


async def hit(club: Club) -> None:
    """Wait until the trouble has struck."""
    for _ in range(100):
        if any(each["hits"] for each in await club.discord.ask("GET", "faults")):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(club.process.log)


async def test_a_change_is_a_direct_message_that_stops_the_watch_by_its_button(club: Club) -> None:
    await change(club)
    await until(lambda: states(club) == [("sent",)], what="sent")
    [message] = await inbox(club)
    assert "peaq changed" in text_of(message)

    stop = next(str(part["custom_id"]) for part in walk(message["components"]) if part.get("custom_id"))
    stopped = await club.discord.press(club.members["ada"], message, stop)

    assert "You watch **peaq** no longer" in text_of(stopped["message"])
    assert club.rows("SELECT count(*) FROM watches") == [(0,)]


@pytest.mark.parametrize("was_sent", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("nonce_known_s", [300, 0], ids=["soon", "long after"])
async def test_a_kill_in_the_middle_of_sending_makes_one_message(
    club: Club, was_sent: bool, nonce_known_s: int
) -> None:
    await club.discord.settings(nonce_known_s=nonce_known_s)
    await club.discord.fault(**SENDING, hang=True, after=was_sent)
    await change(club)
    await hit(club)
    await until(lambda: states(club) == [("sending",)], what="sending")
    assert len(await inbox(club)) == was_sent
    await club.kill()
    await club.discord.ask("DELETE", "faults")

    await club.start()
    await until(lambda: states(club) == [("sent",)], what="sent")

    [message] = await inbox(club)
    assert club.rows("SELECT message_id FROM notices") == [(int(message["id"]),)]


async def test_an_answer_that_goes_astray_sends_nothing_twice(club: Club) -> None:
    await club.discord.fault(**SENDING, status=500, after=True)
    await change(club)
    await until(lambda: states(club) == [("sent",)], what="sent")
    assert len(await inbox(club)) == 1


async def test_changes_while_the_bot_is_away_are_one_message(club: Club) -> None:
    await club.discord.fault(**SENDING, hang=True)
    await change(club, "2026-12-01")
    await hit(club)
    await change(club, "2026-12-02")
    await change(club, "2026-12-03")
    await club.kill()
    await club.discord.ask("DELETE", "faults")
    await club.start()
    await until(lambda: len(states(club)) == 2 and set(states(club)) == {("sent",)}, what="sent")
    assert len(await inbox(club)) == 2  # the one that was on its way, and one for both that followed


async def test_closed_direct_messages_lead_to_the_channel_or_to_the_list(club: Club) -> None:
    await club.discord.ask("PATCH", f"users/{club.members['ada']}", {"dms_closed": True})
    await change(club, "2026-12-01")
    await until(lambda: states(club) == [("waiting",)], what="waiting")
    assert "You missed" in text_of((await club.do("watch list", member="ada"))["message"])

    await club.do("setup notices_channel", channel=club.news)
    await change(club, "2026-12-02")
    await until(lambda: states(club) == [("read",), ("sent",)], what="sent")

    [post] = await club.discord.messages(club.news)
    assert f"<@{club.members['ada']}>" in text_of(post)
    assert await inbox(club) == []
