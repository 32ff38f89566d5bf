"""`/watch` as members type it, and the messages that come of it."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import discord
import pytest
import sqlalchemy as sa

from bot.answers.engine import Asked, Engine
from bot.answers.model import Answer, Kind
from bot.app import App
from bot.store.schema import notices, watches
from tests.answers.stand_in import StandIn
from tests.cogs.test_catalogue import launch, proposed, save
from tests.world import World, labels, say

PAGE = "https://example.org/page"
CLOSE = datetime(2026, 4, 1, tzinfo=UTC)


async def count(world: World, table: sa.Table) -> int:
    async with world.app.store.read() as tx:
        return int((await tx.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


def inbox(world: World, who: Any) -> list[Any]:
    """Return the direct messages of a member."""
    stored = world.env.backend.messages[world.env.backend.get_dm_channel(who.id).id]
    return list(stored.values())


async def due(world: World) -> None:
    world.app.watches.sending.seconds_between = 0
    await world.app.watches.due()


async def dm(world: World, who: Any) -> Any:
    channel = await world.app.client.create_dm(discord.Object(who.id))
    async for message in channel.history(limit=1):
        return message
    raise AssertionError("no message")


async def claims_until(world: World, day: str) -> None:
    for fact, value in (("project.state", "claimable"), ("claim_window", f"2026-01-01..{day}")):
        await save(world, await proposed(world, "edit", name="starknet", fact=fact, value=value, source=PAGE))


async def test_a_change_comes_as_a_direct_message_once(world: World) -> None:
    added = await world.slash(world.alice, "watch add", name="strknet")
    assert added.ephemeral
    assert "You watch Starknet" in say(added)
    await save(world, await launch(world))

    await due(world)
    await due(world)

    assert len(inbox(world, world.alice)) == 1
    assert inbox(world, world.mod) == []
    text = say(await dm(world, world.alice))
    assert "Starknet changed" in text
    assert "**Token launch** is now ◐ <t:1796126400:D>" in text
    assert "Starknet changed on Lab" in text
    assert "This is how Lab has it, where you watch it; another server may say otherwise." in text
    assert "◐ single source" in text


async def test_claims_that_close_are_told_seven_days_and_one_day_before(world: World) -> None:
    await claims_until(world, "2026-03-31")
    added = await world.slash(world.alice, "watch add", name="starknet")
    assert f"Claims close <t:{int(CLOSE.timestamp())}:f>" in say(added)
    for before, messages in ((8, 0), (7, 1), (1, 2), (0, 2)):
        world.clock.advance(CLOSE - timedelta(days=before) - world.clock.now())
        await due(world)
        assert len(inbox(world, world.alice)) == messages
    assert f"Claims close <t:{int(CLOSE.timestamp())}:F>" in say(await dm(world, world.alice))


async def test_a_project_whose_claims_have_closed_is_shown_as_missed(world: World) -> None:
    await claims_until(world, "2026-03-31")
    text = say(await world.slash(world.alice, "project show", name="starknet"))
    assert "Claims open." in text
    world.clock.advance(CLOSE - world.clock.now())
    text = say(await world.slash(world.alice, "project show", name="starknet"))
    assert "Claims are over since 31 March 2026." in text
    assert "anyone offering one is a scam" in text
    assert "None is like that" in say(await world.slash(world.alice, "project list", status="claimable"))
    assert "**Starknet**" in say(await world.slash(world.alice, "project list", status="missed"))


async def test_a_watch_is_stopped_from_its_message_and_begun_again(world: World) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world))
    await due(world)

    stopped = await world.alice.user.click(await dm(world, world.alice), label="Stop watching")

    assert "You watch **Starknet** no longer" in say(stopped)
    assert await count(world, watches) == 0
    assert stopped.response is not None
    await world.alice.user.click(stopped.response, label="Watch it again")
    assert await count(world, watches) == 1


async def test_another_member_cannot_stop_ones_watch(world: World) -> None:
    await world.slash(world.mod, "setup notices_channel", channel=world.news)
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world))
    world.env.inject_error("POST", f"/channels/{world.env.backend.get_dm_channel(world.alice.id).id}/messages",
                           status=403, code=50007)  # fmt: skip
    await due(world)
    post = world.last(world.news)
    assert say(post).splitlines()[0] == f"<@{world.alice.id}>"
    assert [user.id for user in post.mentions] == [world.alice.id]

    refused = await world.mod.click(post, label="Stop watching")

    assert "You do not watch Starknet" in say(refused)
    assert await count(world, watches) == 1


async def test_with_direct_messages_closed_and_no_channel_it_waits_in_the_list(world: World) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world))
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)

    await due(world)

    listed = await world.slash(world.alice, "watch list")
    assert "You missed" in say(listed)
    assert "🔔 **Starknet**" in say(listed)
    assert "Token launch" in say(listed)
    assert "You missed" not in say(await world.slash(world.alice, "watch list"))


async def test_a_channel_that_the_bot_may_not_use_any_more_leaves_it_to_the_list(world: World) -> None:
    await world.slash(world.mod, "setup notices_channel", channel=world.news)
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world))
    await world.app.client.get_channel(world.news.id).delete()  # type: ignore[union-attr]
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)

    await due(world)

    assert "You missed" in say(await world.slash(world.alice, "watch list"))


async def test_who_has_left_is_forgotten(world: World) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world))
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    world.env.inject_error("GET", f"/guilds/*/members/{world.alice.id}", status=404, code=10007)

    await due(world)

    assert await count(world, watches) == 0
    assert await count(world, notices) == 0


@pytest.mark.parametrize("status", [500, 503])
async def test_when_discord_fails_it_is_sent_later_and_once(world: World, status: int) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world))
    world.env.inject_error("POST", "/channels/*/messages", status=status)

    await due(world)
    assert inbox(world, world.alice) == []
    await due(world)
    await due(world)

    assert len(inbox(world, world.alice)) == 1


async def test_a_message_that_went_out_before_a_crash_is_found_and_not_sent_again(world: World) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world))
    await due(world)
    async with world.app.store.begin() as tx:  # as if the process had ended before it wrote that down
        await tx.execute(sa.update(notices).values(state="sending", finished_at=None, message_id=None))

    await due(world)

    assert len(inbox(world, world.alice)) == 1
    async with world.app.store.read() as tx:
        row = (await tx.execute(sa.select(notices))).mappings().one()
    assert (row["state"], row["message_id"]) == ("sent", inbox(world, world.alice)[0].id)


async def test_a_list_shows_what_is_watched_and_stops_it(world: World) -> None:
    assert "Nothing yet" in say(await world.slash(world.alice, "watch list"))
    for name in ("starknet", "peaq"):
        await world.slash(world.alice, "watch add", name=name)
    listed = await world.slash(world.alice, "watch list")
    assert "**Starknet** claims over" in say(listed)
    assert listed.response is not None

    stopped = await world.alice.select(listed.response, ["peaq"])

    assert "You watch **peaq** no longer" in say(stopped)
    choices = await world.alice.autocomplete(world.general, "watch remove", "name", "")
    assert [choice["value"] for choice in choices] == ["starknet"]


async def test_watching_twice_or_stopping_what_is_not_watched_is_refused(world: World) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    assert "You watch Starknet already" in say(await world.slash(world.alice, "watch add", name="STRK"))
    assert "You do not watch peaq" in say(await world.slash(world.alice, "watch remove", name="peaq"))


async def test_a_member_takes_watches_along_and_has_them_forgotten(world: World) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    exported = await world.slash(world.alice, "privacy export")
    assert "1 watched project" in say(exported)
    assert exported.response is not None
    assert b'"project": "starknet"' in await exported.response.attachments[0].read()
    asked = await world.slash(world.alice, "privacy erase")
    assert asked.response is not None

    erased = await world.alice.click(asked.response, label="Forget me")

    assert "You watch nothing any more" in say(erased)
    assert await count(world, watches) == 0


async def test_the_channel_for_notices_is_set_and_shown(world: World) -> None:
    saved = await world.slash(world.mod, "setup notices_channel", channel=world.news)
    assert f"are told in**: <#{world.news.id}>" in say(saved)
    added = await world.slash(world.alice, "watch add", name="starknet")
    assert f"I mention you in <#{world.news.id}>" in say(added)
    assert labels(added.response) == ["Stop watching"]


async def test_a_sum_of_money_or_a_link_in_a_fact_stays_dead_in_the_message(world: World) -> None:
    await world.slash(world.alice, "watch add", name="starknet")
    await save(world, await launch(world, "@everyone https://evil.example"))
    await due(world)
    text = say(await dm(world, world.alice))
    assert "@everyone" not in text
    assert "https://evil" not in text


# What an engine makes of questions is tested elsewhere; here it is the topic that counts.
TOPICS = {
    "when did the peaq token launch?": "fact:peaq:tge_date",
    "what is the peaq symbol?": "fact:peaq:token_symbol",
    "when did starknet launch its token?": "fact:starknet:tge_date",
    "what is peaq?": "fact:peaq:overview",
}


class ByTopic(StandIn):
    def ask(self, asked: Asked) -> Answer:
        return Answer(Kind.ANSWER, "As it ships.", TOPICS[asked.question], confidence=0.9)


@pytest.fixture
def by_topic(app: App) -> None:
    app.library.read_engine = lambda: cast(Engine, ByTopic())


async def answered_in_a_direct_message(world: World, question: str) -> str:
    await world.alice.send_dm(question)
    return say(world.last(world.alice.user.dm_channel))


@pytest.mark.usefixtures("by_topic")
async def test_asked_about_a_change_a_direct_message_says_what_the_watched_server_has(world: World) -> None:
    await world.slash(world.alice, "watch add", name="peaq")
    before = await answered_in_a_direct_message(world, "when did the peaq token launch?")
    await save(world, await proposed(world, "edit", name="peaq", fact="tge_date", value="2024-11-13", source=PAGE))
    await due(world)
    now = await answered_in_a_direct_message(world, "when did the peaq token launch?")
    assert "On **Lab**, where you watch peaq, it was changed:\n**Token launch** is now ◐ <t:1731499200:D>" in now
    assert "◐ single source" in now
    assert "As it ships." in now.partition("Below is what I ship with")[2]
    assert "Lab" not in before


@pytest.mark.usefixtures("by_topic")
async def test_what_was_not_changed_is_answered_as_ever(world: World) -> None:
    await world.slash(world.alice, "watch add", name="peaq")
    await save(world, await proposed(world, "edit", name="peaq", fact="tge_date", value="2024-11-13", source=PAGE))
    assert "Lab" not in await answered_in_a_direct_message(world, "what is the peaq symbol?")
    assert "Lab" not in await answered_in_a_direct_message(world, "when did starknet launch its token?")
    await world.mod.send_dm("when did the peaq token launch?")
    assert "Lab" not in say(world.last(world.mod.user.dm_channel))


@pytest.mark.usefixtures("by_topic")
async def test_an_answer_about_the_whole_project_names_what_the_watched_server_changed(world: World) -> None:
    await world.slash(world.alice, "watch add", name="peaq")
    await save(world, await proposed(world, "edit", name="peaq", fact="tge_date", value="2024-11-13", source=PAGE))
    text = await answered_in_a_direct_message(world, "what is peaq?")
    assert "On **Lab**, where you watch peaq" in text
    assert "live since 13 November 2024" in text
