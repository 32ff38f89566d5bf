"""What changes on a server repairs an announcement, or is told to its moderators, without a hand."""

from datetime import timedelta

from tests.cogs.announcing import deny, due, plan
from tests.world import World, say


async def test_a_right_that_is_given_back_posts_at_once_and_says_so(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    await plan(world)
    deny(world, world.news, attach_files=True)
    await due(world)
    assert f"I need **Attach Files** in <#{world.news.id}>" in say(world.last(world.log))
    assert world.news.last_message is None
    deny(world, world.news)
    await world.env.settle()
    assert "Starknet" in say(world.last(world.news))
    assert "works again" in say(world.last(world.log))


async def test_without_a_log_channel_the_moderator_gets_a_direct_message(world: World) -> None:
    await plan(world)
    deny(world, world.news, send_messages=True)
    await due(world)
    private = world.env.backend.dm_channels[world.mod.id]
    [sent] = [each for each in world.env.http_requests if each.path == f"/channels/{private}/messages"]
    assert "I need **Send Messages**" in str(sent.json)
    assert f"in <#{world.news.id}>" in str(sent.json)


async def test_a_deleted_channel_is_told_before_anything_is_due(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    await plan(world)
    world.env.backend.delete_channel(world.news.id)
    await world.env.settle()
    assert "was deleted" in say(world.last(world.log))
    world.clock.advance(timedelta(minutes=31))
    await world.app.announcements.due()
    assert "Paused" in say(await world.slash(world.mod, "announce list"))


async def test_a_change_that_repairs_nothing_says_nothing(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    await plan(world)
    deny(world, world.news, attach_files=True, send_messages=True)
    await due(world)
    told = world.last(world.log).id
    deny(world, world.news, attach_files=True)
    await world.env.settle()
    assert world.last(world.log).id == told
    assert world.news.last_message is None
