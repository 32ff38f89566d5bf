"""Asking, as members do it; with the stand-in for an engine, since what it knows is tested elsewhere."""

import json
from datetime import timedelta
from typing import Any

import discord
import pytest
import sqlalchemy as sa
from simcord.env import Env

from bot.answers.allowance import AT_ONCE, MOMENT
from bot.app import App
from bot.store.schema import questions, ratings
from tests.answers.stand_in import PRICE, SNAPSHOT, stand_in
from tests.world import World, labels, say


@pytest.fixture(autouse=True)
def with_the_stand_in(app: App) -> None:
    app.library.read_engine = stand_in


async def rows(world: World, table: sa.Table) -> list[Any]:
    async with world.app.store.read() as tx:
        return list((await tx.execute(sa.select(table))).all())


def me(world: World) -> discord.ClientUser:
    user = world.app.client.user
    assert user is not None
    return user


def bot_messages(world: World, channel: Any) -> list[discord.Message]:
    return [message for message in channel.history() if message.author.id == me(world).id]


async def test_an_answer_is_for_the_asker_alone_with_its_source_and_date(world: World) -> None:
    result = await world.slash(world.alice, "ask", question="what is a snapshot?")
    assert result.ephemeral
    text = say(result)
    assert SNAPSHOT.text in text
    assert "Sources: ¹\u202f[Starknet docs](<https://docs.starknet.io/airdrop>)" in text
    assert "As of <t:1769947200:D>" in text
    assert labels(result.response) == ["Helpful", "Not helpful", "Share"]


async def test_a_shared_answer_is_for_all_and_offers_no_sharing(world: World) -> None:
    result = await world.slash(world.alice, "ask", question="what is a snapshot?", share=True)
    assert not result.ephemeral
    assert labels(world.last(world.general)) == ["Helpful", "Not helpful"]


async def test_sharing_afterwards_shows_the_answer_to_the_channel(world: World) -> None:
    result = await world.slash(world.alice, "ask", question="what is a snapshot?")
    assert result.response is not None
    shared = await world.alice.click(result.response, label="Share")
    assert not shared.ephemeral
    assert SNAPSHOT.text in say(world.last(world.general))


async def test_a_refusal_has_no_source_and_can_be_rated(world: World) -> None:
    result = await world.slash(world.alice, "ask", question="wen 100x")
    assert PRICE.text in say(result)
    assert "Sources" not in say(result)
    assert labels(result.response) == ["Helpful", "Not helpful"]


async def test_a_question_comes_back_dead(world: World) -> None:
    result = await world.slash(
        world.alice, "ask", question="@everyone [free](https://evil.example) https://claim.evil.example **x** <@1>"
    )
    text = say(result)
    for alive in ("@everyone", "](https", "https://claim", "evil.example", "**x**", " <@1>"):
        assert alive not in text


async def test_a_rating_is_thanked_for_and_can_be_changed(world: World) -> None:
    result = await world.slash(world.alice, "ask", question="what is a snapshot?")
    assert result.response is not None
    up = await world.alice.click(result.response, label="Helpful")
    assert up.ephemeral
    assert "Thanks" in say(up)
    down = await world.alice.click(result.response, label="Not helpful")
    assert "without your name" in say(down)
    assert [(row.member_id, row.helpful) for row in await rows(world, ratings)] == [(world.alice.id, False)]


async def test_what_was_meant_is_picked_in_place(world: World) -> None:
    result = await world.slash(world.alice, "ask", question="snap?")
    assert "You can ask" in say(result)
    assert labels(result.response)[:2] == ["What is a snapshot?", "Gone?"]
    assert result.response is not None
    picked = await world.alice.click(result.response, label="What is a snapshot?")
    assert picked.response is not None
    assert picked.response.id == result.response.id
    assert SNAPSHOT.text in say(picked)


async def test_what_is_picked_on_a_shared_answer_is_shown_to_the_picker_alone(world: World) -> None:
    await world.slash(world.alice, "ask", question="snap?", share=True)
    shared = world.last(world.general)
    before = say(shared)
    picked = await world.mod.click(shared, label="What is a snapshot?")
    assert picked.ephemeral
    assert say(world.last(world.general)) == before


async def test_buttons_work_after_a_restart(world: World) -> None:
    await world.slash(world.alice, "ask", question="snap?", share=True)
    shared = world.last(world.general)
    world.app.library.read_engine = stand_in
    world.app.library._reading = None
    await world.app.answers.load()
    assert SNAPSHOT.text in say(await world.mod.click(shared, label="What is a snapshot?"))


async def test_a_choice_that_is_gone_says_so(world: World) -> None:
    result = await world.slash(world.alice, "ask", question="snap?")
    assert result.response is not None
    assert "gone meanwhile" in say(await world.alice.click(result.response, label="Gone?"))


async def test_old_answers_are_not_rated_any_more(world: World) -> None:
    await world.slash(world.alice, "ask", question="what is a snapshot?", share=True)
    world.clock.advance(timedelta(days=31))
    await world.app.answers.sweep()
    text = say(await world.alice.click(world.last(world.general), label="Helpful"))
    assert "I keep questions for 30 days" in text


async def test_too_many_questions_are_refused_until_a_moment_has_passed(world: World) -> None:
    for _ in range(AT_ONCE):
        await world.slash(world.alice, "ask", question="what is a snapshot?")
    refused = await world.slash(world.alice, "ask", question="what is a snapshot?")
    assert refused.ephemeral
    assert "6 questions in 30 seconds is the limit" in say(refused)
    assert f"<t:{int((world.clock.now() + MOMENT).timestamp())}:R>" in say(refused)
    world.clock.advance(MOMENT)
    assert SNAPSHOT.text in say(await world.slash(world.alice, "ask", question="what is a snapshot?"))


# Message menu


async def test_a_message_is_answered_for_whoever_asks_for_it(world: World) -> None:
    message = await world.alice.send(world.general, f"{mention(world)} what is a snapshot?")
    result = await world.mod.context_menu(world.general, "Answer this", message)
    assert result.ephemeral
    assert SNAPSHOT.text in say(result)
    assert labels(result.response)[-1] == "Share"
    kept = [(row.member_id, row.question) for row in await rows(world, questions)]
    assert kept[-1] == (world.mod.id, "what is a snapshot?")


async def test_a_message_without_text_or_with_too_much_says_so(world: World) -> None:
    long = await world.alice.send(world.general, "x" * 301)
    assert "up to 300 characters, and this has 301" in say(
        await world.mod.context_menu(world.general, "Answer this", long)
    )
    picture = await world.alice.send(world.general, attachments=[("cat.png", b"\x89PNG")])
    assert "There is no question" in say(await world.mod.context_menu(world.general, "Answer this", picture))


# Mentions


def mention(world: World) -> str:
    return f"<@{me(world).id}>"


async def test_a_mention_is_answered_with_a_reply_that_pings_nobody(world: World) -> None:
    asked = await world.alice.send(world.general, f"{mention(world)} what is a snapshot?")
    reply = world.last(world.general)
    assert SNAPSHOT.text in say(reply)
    assert reply.reference is not None
    assert reply.reference.message_id == asked.id
    assert reply.mentions == []
    assert labels(reply) == ["Helpful", "Not helpful"]


async def test_an_empty_mention_says_how_to_ask(world: World) -> None:
    await world.alice.send(world.general, mention(world))
    assert "Write your question after my name" in say(world.last(world.general))
    assert await rows(world, questions) == []


@pytest.mark.parametrize(
    "content", ["what is a snapshot?", "@everyone what is a snapshot?", "<@1> what is a snapshot?"]
)
async def test_who_does_not_speak_to_the_bot_gets_no_answer(world: World, content: str) -> None:
    await world.alice.send(world.general, content)
    assert bot_messages(world, world.general) == []


async def test_a_reply_to_the_bot_is_answered_only_when_it_asks(world: World) -> None:
    await world.alice.send(world.general, f"{mention(world)} what is a snapshot?")
    first = world.last(world.general)
    await world.alice.send(world.general, "nice, thanks", reply_to=first)
    assert world.last(world.general).author.id == world.alice.id
    await world.alice.send(world.general, "what is a snapshot?", reply_to=first)
    assert SNAPSHOT.text in say(world.last(world.general))


async def test_bots_and_webhooks_are_never_answered(world: World, env: Env) -> None:
    robot = world.guild.add_member(env.create_user("robot", bot=True))
    await robot.send(world.general, f"{mention(world)} what is a snapshot?")
    assert bot_messages(world, world.general) == []


async def test_the_bots_own_words_are_never_answered(world: World) -> None:
    channel = world.app.client.get_partial_messageable(world.general.id, guild_id=world.guild.id)
    await channel.send(f"{mention(world)} what is a snapshot?", allowed_mentions=discord.AllowedMentions.all())
    assert len(bot_messages(world, world.general)) == 1


@pytest.mark.parametrize("question", ["what is a snapshot?", "", "x" * 301])
async def test_a_flood_of_mentions_is_told_once_and_then_left_alone(world: World, question: str) -> None:
    for _ in range(AT_ONCE + 5):
        await world.alice.send(world.general, f"{mention(world)} {question}")
    texts = [say(message) for message in bot_messages(world, world.general)]
    assert len(texts) == AT_ONCE + 1
    assert "6 questions in 30 seconds" in texts[-1]


async def test_a_long_mention_is_refused_in_a_reply(world: World) -> None:
    await world.alice.send(world.general, f"{mention(world)} {'x' * 301}")
    assert "up to 300 characters" in say(world.last(world.general))


async def test_without_the_right_to_read_history_the_answer_is_no_reply(world: World) -> None:
    quiet = world.guild.create_text_channel(
        "quiet",
        overwrites={world.guild.roles[me(world).name]: discord.PermissionOverwrite(read_message_history=False)},
    )
    await world.alice.send(quiet, f"{mention(world)} what is a snapshot?")
    answer = bot_messages(world, quiet)[-1]
    assert SNAPSHOT.text in say(answer)
    assert answer.reference is None


async def test_where_the_bot_may_not_speak_it_is_silent_and_the_log_knows(world: World) -> None:
    closed = world.guild.create_text_channel(
        "closed",
        overwrites={world.guild.roles[me(world).name]: discord.PermissionOverwrite(send_messages=False)},
    )
    await world.alice.send(closed, f"{mention(world)} what is a snapshot?")
    assert bot_messages(world, closed) == []


# Direct messages


async def test_a_direct_message_is_answered_from_what_ships(world: World) -> None:
    await world.alice.send_dm("what is a snapshot?")
    channel = world.alice.user.dm_channel
    reply = world.last(channel)
    assert SNAPSHOT.text in say(reply)
    thanks = await world.alice.user.click(reply, label="Not helpful")
    assert "moderators" not in say(thanks)
    assert [row.guild_id for row in await rows(world, questions)] == [None]


# Privacy


async def test_my_questions_and_ratings_are_in_my_data_and_can_be_deleted(world: World) -> None:
    asked = await world.slash(world.alice, "ask", question="what is a snapshot?")
    assert asked.response is not None
    await world.alice.click(asked.response, label="Helpful")
    mine = await world.slash(world.alice, "privacy export")
    assert "0 ballots, 1 question, 1 rating" in say(mine)
    assert mine.response is not None
    data = json.loads(await mine.response.attachments[0].read())
    assert [question["question"] for question in data["questions"]] == ["what is a snapshot?"]
    ask_first = await world.slash(world.alice, "privacy erase")
    assert ask_first.response is not None
    assert "rated answers is deleted: 1 question." in say(
        await world.alice.click(ask_first.response, label="Forget me")
    )
    assert await rows(world, questions) == []
    assert await rows(world, ratings) == []
