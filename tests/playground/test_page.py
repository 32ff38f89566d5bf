"""The page and the tabs in it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.playground.frame import DIRECT
from bot.playground.page import open_socket
from tests.playground.conftest import Running

WITHIN_SECONDS = 1.0


async def becomes(read: Callable[[], Awaitable[list[str]]], wanted: str) -> bool:
    end = asyncio.get_running_loop().time() + WITHIN_SECONDS
    while asyncio.get_running_loop().time() < end:
        if wanted in await read():
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_post_reaches_an_open_tab_by_itself(playground: Running) -> None:
    tab = await playground.open_tab("announcements")
    await playground.post("announcements", "Rankings of this minute")
    assert await becomes(tab.texts, "Rankings of this minute")


async def test_two_tabs_show_two_channels(playground: Running) -> None:
    await playground.post("general", "in general")
    await playground.post("mod-log", "in the log")
    member, moderator = await playground.open_tab(), await playground.open_tab("mod-log", "moderator")
    assert await member.texts() == ["in general"]
    assert await moderator.texts() == ["in the log"]


async def test_two_tabs_may_act_at_once(playground: Running) -> None:
    tabs = [await playground.open_tab(), await playground.open_tab("announcements", "moderator")]
    receipts = await asyncio.gather(*(tab.run("slow") for tab in tabs))
    assert [receipt["settlement"] for receipt in receipts] == ["settled", "settled"]
    assert [(await tab.texts())[-1] for tab in tabs] == ["Here I am", "Here I am"]


async def test_an_answer_to_one_alone_is_hidden_from_the_other(playground: Running) -> None:
    member, moderator = await playground.open_tab(), await playground.open_tab("general", "moderator")
    await member.run("slow")
    assert await moderator.texts() == []


async def test_a_tab_changes_its_channel_and_follows_it(playground: Running) -> None:
    tab = await playground.open_tab()
    assert await tab.view("announcements", "moderator") == 200
    await playground.post("announcements", "news")
    assert await becomes(tab.texts, "news")


async def test_a_member_never_sees_the_moderators_channel(playground: Running) -> None:
    await playground.post("mod-log", "secret")
    tab = await playground.open_tab("mod-log", "member")
    assert await tab.texts() == []
    assert (await tab.state())["status"] == "access_denied"


async def test_a_tab_that_was_hidden_is_up_to_date_when_it_comes_back(
    playground: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await playground.open_tab()
    monkeypatch.setattr("bot.playground.frame.UNWATCHED_SECONDS", 0.0)
    await playground.post("general", "while you were away")
    await asyncio.sleep(0.3)
    assert await tab.texts() == ["while you were away"]


async def test_the_page_counts_what_is_posted_elsewhere(playground: Running) -> None:
    await playground.post("announcements", "news")
    async with playground.http.get("/playground/pulse") as answer:
        assert (await answer.json())["posted"] == {
            "general": 0,
            "announcements": 1,
            "mod-log": 0,
            "direct/member": 0,
            "direct/moderator": 0,
        }


async def test_a_direct_message_is_news_to_its_person_alone(playground: Running) -> None:
    await (await playground.open_tab(DIRECT)).write("hello")
    async with playground.http.get("/playground/pulse") as answer:
        posted = (await answer.json())["posted"]
    assert posted["direct/member"] > 0
    assert posted["direct/moderator"] == 0


@pytest.mark.parametrize("path", ["/", "/frame", "/playground/session", "/api/state", "/app.js"])
async def test_a_foreign_host_name_is_turned_away(playground: Running, path: str) -> None:
    async with playground.http.get(path, headers={"Host": "moonballot.example"}) as answer:
        assert answer.status == 403


async def test_a_stranger_cannot_act_without_the_key(playground: Running) -> None:
    tab = await playground.open_tab()
    tab.headers["X-Simcord-Capability"] = "guessed"
    assert await tab.view("mod-log", "moderator") == 401


@pytest.mark.parametrize("path", ["/", "/frame", "/playground/page.js"])
async def test_the_page_may_load_from_nowhere_else(playground: Running, path: str) -> None:
    async with playground.http.get(path) as answer:
        assert answer.status == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_page_listens_on_the_loopback_interface_alone() -> None:
    with open_socket(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


async def test_a_name_that_is_typed_out_is_a_mention(playground: Running) -> None:
    tab = await playground.open_tab()
    await tab.write("@moonballot are you there?")
    bot = playground.env.backend.bot_user
    assert await becomes(tab.texts, "You called")
    assert (await tab.texts())[0] == f"<@{bot.id}> are you there?"


@pytest.mark.parametrize("text", ["are you there?", "@moonballots", "mail@example.org"])
async def test_other_words_are_no_mention(playground: Running, text: str) -> None:
    tab = await playground.open_tab()
    await tab.write(text)
    assert await tab.texts() == [text]


async def test_direct_messages_are_between_one_person_and_the_bot(playground: Running) -> None:
    member, moderator = await playground.open_tab(DIRECT), await playground.open_tab(DIRECT, "moderator")
    await member.write("hello")
    assert await becomes(member.texts, "You called")
    assert (await member.texts())[0] == "hello"
    assert await moderator.texts() == []


async def test_a_tab_goes_to_direct_messages_and_back(playground: Running) -> None:
    await playground.post("general", "in general")
    tab = await playground.open_tab()
    assert await tab.view(DIRECT, "member") == 200
    assert await tab.texts() == []
    assert await tab.view("general", "moderator") == 200
    assert await tab.texts() == ["in general"]


async def test_a_command_from_a_messages_menu_is_answered_to_who_chose_it(playground: Running) -> None:
    member, moderator = await playground.open_tab(), await playground.open_tab("general", "moderator")
    await playground.post("general", "the news")
    assert await becomes(member.texts, "the news")
    (message,) = (await member.state())["timeline"]
    assert await member.choose("Read this", message) == 200
    assert await becomes(member.texts, "It says: the news")
    assert "It says: the news" not in await moderator.texts()


async def test_a_menu_of_nothing_known_is_refused(playground: Running) -> None:
    tab = await playground.open_tab()
    await playground.post("general", "the news")
    assert await becomes(tab.texts, "the news")
    (message,) = (await tab.state())["timeline"]
    for name, number in (("Read this", "1"), ("Read that", message), ("Read this", "x")):
        assert await tab.choose(name, number) == 410


async def test_the_page_knows_the_bots_name_and_its_message_menus(playground: Running) -> None:
    async with playground.http.get("/playground/session") as answer:
        session = await answer.json()
    assert (session["bot"], session["menus"]) == ("Moonballot", ["Read this"])
    assert [each["name"] for each in session["channels"]] == ["general", "announcements", DIRECT, "mod-log"]
