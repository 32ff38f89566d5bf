"""The loopback is Discord enough: a bare discord.py bot lives on it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .bare_bot import BUTTON_ID, PAGE_ID, SELECT_ID, BareBot
from .discord_loopback import Discord, LoopbackProcess

Payload = dict[str, Any]
MEMBERS = [{"name": "ada", "account_age_days": 900}, {"name": "bob", "dms_closed": True}]


@pytest.fixture
async def club(discord_side: Discord) -> Payload:
    return await discord_side.guild(channels=[{"name": "general"}, {"name": "news"}], members=MEMBERS)


@pytest.fixture
def point_at_loopback(loopback: LoopbackProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", loopback.api)
    # Where discord.py goes after a session is invalid, whatever the REST root says.
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://127.0.0.1:{loopback.port}/gateway"))
    monkeypatch.setattr(logging.getLogger("discord"), "propagate", False)


@pytest.fixture
async def bot(club: Payload, point_at_loopback: None) -> AsyncIterator[BareBot]:
    bare = BareBot()
    running = asyncio.create_task(bare.start("any token"))
    await asyncio.wait_for(bare.is_there.wait(), 10)
    yield bare
    await bare.close()
    await running


def _general(bot: BareBot, club: Payload) -> discord.TextChannel:
    channel = bot.get_channel(int(club["channels"]["general"]))
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_a_bot_logs_in_and_syncs_its_commands(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    status = await discord_side.status()
    assert (status["identifies"], status["syncs"], status["connected_shards"]) == (1, 1, [0])
    assert [guild.name for guild in bot.guilds] == ["Moon Club"]
    assert bot.guilds[0].me.guild_permissions.send_messages
    registered = {each["name"] for each in await discord_side.ask("GET", "commands")}
    assert registered == {"board", "slow", "card", "echo", "form", "long"}


async def test_a_slash_command_brings_its_options(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    choices = await discord_side.autocomplete(ada, general, "echo", "text", "hi")
    assert [choice["value"] for choice in choices] == ["hi!", "hi?"]
    answer = await discord_side.slash(ada, general, "echo", text="hi!", to=ada, times=2)
    assert answer["message"]["content"].startswith("hi!hi! to ada, who joined in 2")
    assert 0 < answer["ms"] < 1000
    assert [each["content"] for each in await discord_side.messages(general)] == [answer["message"]["content"]]


async def test_what_a_person_could_not_do_is_refused(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    with pytest.raises(AssertionError, match="needs text"):
        await discord_side.slash(ada, general, "echo")
    board = await discord_side.slash(ada, general, "board")
    with pytest.raises(AssertionError, match="not among the options"):
        await discord_side.pick(ada, board["message"], SELECT_ID, "c")


async def test_a_button_and_a_select_are_answered(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, bob, general = club["members"]["ada"], club["members"]["bob"], club["channels"]["general"]
    board = (await discord_side.slash(ada, general, "board"))["message"]
    pressed = await discord_side.press(bob, board, BUTTON_ID)
    assert (pressed["type"], pressed["ephemeral"], pressed["message"]["content"]) == (4, True, "pressed")
    picked = await discord_side.pick(bob, board, SELECT_ID, "b")
    assert (picked["type"], picked["message"]["id"]) == (7, board["id"])
    shown = await discord_side.messages(general)
    assert [(each["content"], each["edits"]) for each in shown] == [("picked b", 1)]


async def test_follow_ups_after_a_deferral_are_ephemeral(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    answer = await discord_side.slash(ada, general, "slow")
    await asyncio.sleep(0.2)
    answer = await discord_side.answer(answer)
    assert (answer["type"], answer["deferred"], answer["loading"]) == (5, True, False)
    assert answer["message"]["content"] == "first"
    assert [(each["content"], each["flags"]) for each in answer["followups"]] == [("second", 64)]
    assert await discord_side.messages(general) == []


async def test_a_card_keeps_its_picture_over_an_edit(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    posted = (await discord_side.slash(ada, general, "card"))["message"]
    url = posted["components"][0]["components"][1]["items"][0]["media"]["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert await response.read() == b"\x89PNG dot"
    await discord_side.press(ada, posted, PAGE_ID)
    [shown] = await discord_side.messages(general)
    assert shown["components"][0]["components"][0]["content"] == "page 2"
    assert shown["components"][0]["components"][1]["items"][0]["media"]["url"] == url
    assert await discord_side.violations() == []


async def test_a_modal_is_shown_and_submitted(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    shown = await discord_side.slash(ada, general, "form")
    assert shown["modal"]["title"] == "Form"
    assert (await discord_side.submit(ada, shown, name="Ada"))["message"]["content"] == "hello Ada"


async def test_too_much_is_refused_and_recorded(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    answer = await discord_side.ask(
        "POST", "interactions", {"kind": "slash", "user": ada, "channel": general, "command": "long", "wait": 0.3}
    )
    assert not answer["acknowledged"]
    [violation] = await discord_side.violations()
    assert (violation["code"], list(violation["errors"])) == (50035, ["content"])


async def test_a_broken_line_is_resumed_and_nothing_missed(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    await discord_side.upset("drop")
    await discord_side.ask("POST", "messages", {"user": ada, "channel": general, "content": "while away"})
    answer = await discord_side.slash(ada, general, "echo", text="back")
    assert answer["message"]["content"] == "back"
    status = await discord_side.until(lambda now: now["resumes"] == 1, what="the resume")
    assert status["identifies"] == 1
    # Its text is empty: the bot did not ask for the message content intent.
    assert bot.seen == ["message:", "resumed", "message:back"]


@pytest.mark.parametrize(
    ("action", "more", "expected"),
    [
        ("reconnect", {}, {"identifies": 1, "resumes": 1}),
        ("invalidate", {"resumable": True}, {"identifies": 1, "resumes": 1}),
        ("invalidate", {}, {"identifies": 2, "resumes": 0}),
        ("drop", {"code": 4000}, {"identifies": 1, "resumes": 1}),
    ],
)
async def test_the_bot_comes_back(
    action: str, more: Payload, expected: Payload, bot: BareBot, club: Payload, discord_side: Discord
) -> None:
    await discord_side.upset(action, **more)
    status = await discord_side.until(lambda now: expected.items() <= now.items(), what=action)
    assert status["connected_shards"] == [0]
    answer = await discord_side.slash(club["members"]["ada"], club["channels"]["general"], "echo", text="here")
    assert answer["acknowledged"]


async def test_a_refused_resume_makes_the_bot_identify_anew(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    await discord_side.settings(refuse_resume=True)
    await discord_side.upset("drop")
    await discord_side.until(lambda now: now["identifies"] == 2 and now["invalidated"] == 1, what="a new identify")


async def test_a_429_and_a_500_are_retried(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    channel = _general(bot, club)
    await discord_side.fault(method="POST", path="/messages$", status=429, retry_after=0.2)
    await channel.send("limited")
    await discord_side.fault(method="POST", path="/messages$", status=500)
    await channel.send("broken")
    assert [each["content"] for each in await discord_side.messages(str(channel.id))] == ["limited", "broken"]
    tried = await discord_side.requests(method="POST", path="/messages$")
    assert [each["status"] for each in tried] == [429, 200, 500, 200]


async def test_an_enforced_nonce_gives_one_message(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    channel = _general(bot, club)
    # The message is made, but its answer is lost: discord.py sends it again.
    await discord_side.fault(method="POST", path="/messages$", status=500, after=True)
    message = await channel.send("once", nonce="run-1")
    again = await channel.send("once", nonce="run-1")
    assert message.id == again.id
    assert [each["content"] for each in await discord_side.messages(str(channel.id))] == ["once"]


async def test_taken_permissions_and_deleted_channels_are_refused(
    bot: BareBot, club: Payload, discord_side: Discord
) -> None:
    channel = _general(bot, club)
    await discord_side.ask("PATCH", f"channels/{channel.id}/permissions", {"deny": ["send_messages"]})
    with pytest.raises(discord.Forbidden) as forbidden:
        await channel.send("no")
    assert forbidden.value.code == 50013
    assert not channel.permissions_for(channel.guild.me).send_messages
    await discord_side.ask("PATCH", f"channels/{channel.id}/permissions", {})
    await channel.send("yes")
    await discord_side.ask("DELETE", f"channels/{channel.id}")
    with pytest.raises(discord.NotFound) as gone:
        await channel.send("gone")
    assert gone.value.code == 10003
    assert bot.get_channel(channel.id) is None


async def test_direct_messages_are_open_or_closed(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    await (await bot.fetch_user(int(club["members"]["ada"]))).send("psst")
    assert [each["content"] for each in await discord_side.direct_messages(club["members"]["ada"])] == ["psst"]
    with pytest.raises(discord.Forbidden) as closed:
        await (await bot.fetch_user(int(club["members"]["bob"]))).send("psst")
    assert closed.value.code == 50007


async def test_a_late_acknowledgement_is_refused(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    await discord_side.settings(acknowledge_within_s=0.1)
    await discord_side.fault(path="/callback$", delay=0.2)
    answer = await discord_side.interact(
        "slash",
        user=club["members"]["ada"],
        channel=club["channels"]["general"],
        command="echo",
        options={"text": "late"},
        wait=0.5,
    )
    assert not answer["acknowledged"]
    assert [each["code"] for each in await discord_side.violations()] == [10062]


async def test_two_shards_share_the_guilds(club: Payload, point_at_loopback: None, discord_side: Discord) -> None:
    await discord_side.settings(shards=2)
    other = await discord_side.guild(name="Other")
    bare = BareBot()
    running = asyncio.create_task(bare.start("any token"))
    try:
        await discord_side.until(lambda now: now["connected_shards"] == [0, 1], what="two shards")
        await asyncio.wait_for(bare.is_there.wait(), 10)
        assert {guild.id for guild in bare.guilds} == {int(club["id"]), int(other["id"])}
    finally:
        await bare.close()
        await running


async def test_a_bad_token_is_refused_by_rest_and_gateway(
    club: Payload, point_at_loopback: None, discord_side: Discord
) -> None:
    await discord_side.settings(bad_tokens=["bad"], bad_gateway_tokens=["half bad"])
    async with BareBot() as bare:
        with pytest.raises(discord.LoginFailure):
            await bare.start("bad")
    async with BareBot() as bare:
        with pytest.raises(discord.ConnectionClosed) as closed:
            await asyncio.wait_for(bare.start("half bad"), 10)
    assert closed.value.code == 4004


async def test_a_load_counts_and_times_every_answer(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    board = (await discord_side.slash(club["members"]["ada"], club["channels"]["general"], "board"))["message"]
    figures = await discord_side.load(
        kind="button", message=board["id"], custom_id=BUTTON_ID, members=40, in_flight=20, total=300, detail=True
    )
    assert (figures["count"], figures["by_type"], figures["unacknowledged"]) == (300, {"4": 300}, [])
    assert figures["ms"]["p50"] <= figures["ms"]["p99"] <= figures["ms"]["max"] < 3000
    assert len({each["user_id"] for each in figures["acknowledged"]}) == 40
    assert {each["text"] for each in figures["acknowledged"]} == {"pressed"}


async def test_a_hanging_answer_comes_when_it_is_let_go(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    channel = _general(bot, club)
    await discord_side.fault(method="POST", path="/messages$", hang=True)
    sending = asyncio.create_task(channel.send("held"))
    await asyncio.sleep(0.2)
    assert not sending.done()
    await discord_side.ask("DELETE", "faults")
    assert (await asyncio.wait_for(sending, 5)).content == "held"


async def test_a_503_is_not_retried_and_a_broken_line_is_an_error(
    bot: BareBot, club: Payload, discord_side: Discord
) -> None:
    channel = _general(bot, club)
    await discord_side.fault(method="POST", path="/messages$", status=503)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("unavailable")
    await discord_side.fault(method="POST", path="/messages$", drop=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await channel.send("cut")
    assert await discord_side.messages(str(channel.id)) == []


async def test_a_silent_gateway_delivers_later(bot: BareBot, club: Payload, discord_side: Discord) -> None:
    ada, general = club["members"]["ada"], club["channels"]["general"]
    await discord_side.upset("silence")
    wish = {"kind": "slash", "user": ada, "channel": general, "command": "echo", "options": {"text": "hush"}}
    asked = await discord_side.ask("POST", "interactions", wish | {"wait": 0.3})
    assert not asked["acknowledged"]
    await discord_side.upset("speak")
    assert (await discord_side.answer(asked, wait=2))["message"]["content"] == "hush"
