import pytest

from tests.world import World, labels, say


async def test_setup_shows_what_is_set_and_how_to_change_it(world: World) -> None:
    text = say(await world.slash(world.mod, "setup show"))
    assert "Manage Server" in text
    assert "UTC" in text
    assert "/setup timezone" in text


async def test_settings_are_saved_and_survive_in_the_store(world: World) -> None:
    await world.slash(world.mod, "setup moderator_role", role=world.helpers)
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    text = say(await world.slash(world.mod, "setup timezone", name="Europe/Berlin"))
    assert f"<@&{world.helpers.id}>" in text
    assert f"<#{world.log.id}>" in text
    assert "Europe/Berlin" in text
    await world.app.guilds.load()
    assert world.app.guilds.get(world.guild.id).timezone == "Europe/Berlin"


@pytest.mark.parametrize(("option", "chosen"), [("moderator_role", "role"), ("log_channel", "channel")])
async def test_leaving_out_what_is_set_asks_before_it_is_removed(world: World, option: str, chosen: str) -> None:
    value = world.helpers if chosen == "role" else world.log
    await world.slash(world.mod, f"setup {option}", **{chosen: value})
    question = await world.slash(world.mod, f"setup {option}")
    assert str(value.id) in say(question)
    assert labels(question.response) == ["Remove it", "Keep it"]
    assert question.response is not None
    assert getattr(world.app.guilds.get(world.guild.id), f"{option}_id") == value.id
    removed = say(await world.mod.click(question.response, label="Remove it"))
    assert "Removed: <" in removed
    assert f"/setup {option}" in removed
    assert getattr(world.app.guilds.get(world.guild.id), f"{option}_id") is None
    await world.app.guilds.load()
    assert getattr(world.app.guilds.get(world.guild.id), f"{option}_id") is None


async def test_keeping_a_setting_keeps_it_and_one_that_is_not_set_is_not_asked_for(world: World) -> None:
    assert "None was set." in say(await world.slash(world.mod, "setup notices_channel"))
    await world.slash(world.mod, "setup notices_channel", channel=world.news)
    question = await world.slash(world.mod, "setup notices_channel")
    assert question.response is not None
    kept = say(await world.mod.click(question.response, label="Keep it"))
    assert "Nothing was changed" in kept
    assert f"<#{world.news.id}>" in kept


async def test_an_unknown_time_zone_is_refused(world: World) -> None:
    assert "not known" in say(await world.slash(world.mod, "setup timezone", name="Mars/Base"))


async def test_time_zones_are_suggested(world: World) -> None:
    offered = await world.mod.autocomplete(world.general, "setup timezone", "name", "new york")
    assert [choice["value"] for choice in offered] == ["America/New_York"]


async def test_help_shows_members_what_they_may_do_and_moderators_more(world: World) -> None:
    member, moderator = await world.slash(world.alice, "help"), await world.slash(world.mod, "help")
    assert "/vote cast" in say(member)
    assert "/poll open" not in say(member)
    assert "seed phrase" in say(member)
    assert labels(member.response) == []
    assert labels(moderator.response) == ["For moderators"]
    assert moderator.response is not None
    turned = await world.mod.click(moderator.response, label="For moderators")
    assert "/poll open" in say(turned)
    assert turned.response is not None
    assert "/vote cast" in say(await world.mod.click(turned.response, label="For everybody"))


async def test_the_moderator_role_alone_may_not_change_who_moderates(world: World) -> None:
    # A server's own settings may show the command to a role; that does not let its members use it.
    setup = next(each for each in await world.app.client.tree.fetch_commands() if each.name == "setup")
    world.guild.set_command_permissions(setup, {world.helpers: True})
    helper = world.join("helper", world.helpers)
    assert "for members with **Manage Server**" in say(await world.slash(helper, "setup moderator_role"))
