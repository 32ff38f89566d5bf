"""The loopback counts requests as Discord does, and has its forums and threads."""

from typing import Any

import aiohttp
import pytest

from .discord_loopback import Discord
from .loopback.rates import GLOBAL_A_SECOND, Rates

TOKEN = {"Authorization": "Bot x"}


async def bot_says(
    discord: Discord, method: str, path: str, body: Any = None
) -> tuple[int, dict[str, Any], dict[str, str]]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{discord.api}/{path}", json=body, headers=TOKEN) as answer,
    ):
        return answer.status, await answer.json() if answer.status != 204 else {}, dict(answer.headers)


@pytest.fixture
async def channel(discord_side: Discord) -> str:
    made = await discord_side.guild(channels=[{"name": "general"}, {"name": "ideas", "type": "forum"}])
    return str(made["channels"]["general"])


async def test_the_sixth_post_within_five_seconds_is_refused_and_told_when_to_come_again(
    discord_side: Discord, channel: str
) -> None:
    await discord_side.settings(rate_limits=True)
    for left in (4, 3, 2, 1, 0):
        status, _, headers = await bot_says(discord_side, "POST", f"channels/{channel}/messages", {"content": "x"})
        assert (status, headers["X-RateLimit-Remaining"]) == (200, str(left))
    status, body, headers = await bot_says(discord_side, "POST", f"channels/{channel}/messages", {"content": "x"})
    assert (status, body["global"], headers["X-RateLimit-Scope"]) == (429, False, "user")
    assert 0 < body["retry_after"] <= 5
    assert len(await discord_side.messages(channel)) == 5
    assert (await discord_side.status())["too_many"] == {"user": 1}


async def test_nothing_is_counted_unless_a_test_wants_it(discord_side: Discord, channel: str) -> None:
    for _ in range(8):
        status, *_ = await bot_says(discord_side, "POST", f"channels/{channel}/messages", {"content": "x"})
        assert status == 200


def test_all_requests_together_have_a_limit_and_answers_to_clicks_do_not_count() -> None:
    rates = Rates()
    for number in range(GLOBAL_A_SECOND):
        assert rates.take("POST", f"/channels/{number}/messages") is None
        assert rates.take("POST", "/interactions/1/x/callback") is None
    refused = rates.take("GET", "/users/@me")
    assert refused is not None
    assert refused.scope == "global"


def test_ten_are_published_in_an_hour_and_channel() -> None:
    rates = Rates()
    taken = [rates.take("POST", f"/channels/1/messages/{number}/crosspost") for number in range(11)]
    assert [each is None for each in taken] == [True] * 10 + [False]
    assert rates.take("POST", "/channels/2/messages/1/crosspost") is None


async def test_a_forum_takes_posts_with_a_name_and_no_messages(discord_side: Discord) -> None:
    made = await discord_side.guild(channels=[{"name": "ideas", "type": "forum"}])
    forum = made["channels"]["ideas"]
    status, body, _ = await bot_says(discord_side, "POST", f"channels/{forum}/messages", {"content": "x"})
    assert (status, body["code"]) == (400, 50008)
    wish = {"name": "An idea", "message": {"content": "x"}}
    status, thread, _ = await bot_says(discord_side, "POST", f"channels/{forum}/threads", wish)
    assert (status, thread["name"], thread["message"]["id"]) == (200, "An idea", thread["id"])
    [shown] = await discord_side.ask("GET", f"channels/{forum}/threads")
    assert [message["content"] for message in shown["messages"]] == ["x"]


async def test_a_thread_that_sleeps_is_woken_by_a_message_and_a_locked_one_is_not(
    discord_side: Discord, channel: str
) -> None:
    thread = (await discord_side.ask("POST", f"channels/{channel}/threads", {"name": "t"}))["id"]
    await discord_side.ask("PATCH", f"channels/{thread}", {"archived": True})
    status, *_ = await bot_says(discord_side, "POST", f"channels/{thread}/messages", {"content": "x"})
    assert status == 200
    [shown] = await discord_side.ask("GET", f"channels/{channel}/threads")
    assert shown["thread_metadata"]["archived"] is False
    await discord_side.ask("PATCH", f"channels/{thread}", {"archived": True, "locked": True})
    status, body, _ = await bot_says(discord_side, "POST", f"channels/{thread}/messages", {"content": "x"})
    assert (status, body["code"]) == (400, 50083)


async def test_who_reads_a_channel_sees_no_nonce_and_an_old_one_is_forgotten(
    discord_side: Discord, channel: str
) -> None:
    sent = {"content": "x", "nonce": "n", "enforce_nonce": True}
    _, first, _ = await bot_says(discord_side, "POST", f"channels/{channel}/messages", sent)
    _, again, _ = await bot_says(discord_side, "POST", f"channels/{channel}/messages", sent)
    assert (first["nonce"], again["id"]) == ("n", first["id"])
    _, seen, _ = await bot_says(discord_side, "GET", f"channels/{channel}/messages/{first['id']}")
    assert "nonce" not in seen
    await discord_side.settings(nonce_known_s=0)
    _, other, _ = await bot_says(discord_side, "POST", f"channels/{channel}/messages", sent)
    assert other["id"] != first["id"]
