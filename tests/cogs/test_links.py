import discord

from tests.world import World, say


async def test_a_member_reads_what_a_link_imitates(world: World) -> None:
    answer = await world.slash(world.alice, "link check", url="https://starknet-claim.io/airdrop")
    text = say(answer)
    assert "A look-alike of Starknet" in text
    assert "[starknet.io](<https://starknet.io>)" in text
    assert answer.response is not None
    assert answer.response.flags.ephemeral


async def test_a_verdict_can_be_shown_to_everybody(world: World) -> None:
    await world.slash(world.alice, "link check", url="starknet-claim.io", share=True)
    assert "A look-alike of Starknet" in say(world.last(world.general))


async def test_what_is_no_link_is_said_to_be_none(world: World) -> None:
    assert "There is no address in it." in say(await world.slash(world.alice, "link check", url="is this safe"))


async def test_the_menu_checks_every_link_of_a_message(world: World) -> None:
    message = await world.mod.send(
        world.general, "Claim: [starknet.io](https://evil.com) or hxxps://starknet[.]io, not bit.ly/x"
    )
    answer = await world.alice.context_menu(world.general, "Check links", message)
    text = say(answer)
    assert "3 links, the worst first" in text
    assert text.index("A look-alike of Starknet") < text.index("Suspicious") < text.index("Official: Starknet")
    assert answer.response is not None
    assert answer.response.flags.ephemeral


async def test_the_menu_looks_into_embeds_and_behind_buttons(world: World) -> None:
    view = discord.ui.View().add_item(discord.ui.Button(label="Go", url="https://starknet-claim.io/x"))
    embed = discord.Embed(title="News", url="https://docs.starknet.io", description="at [home](https://bit.ly/x)")
    channel = world.app.client.get_partial_messageable(world.general.id, guild_id=world.guild.id)
    message = await channel.send(embed=embed, view=view)
    text = say(await world.alice.context_menu(world.general, "Check links", message))
    assert "3 links" in text
    for part in ("starknet-claim", "docs", "bit"):
        assert part in text


async def test_the_menu_looks_into_what_was_forwarded(world: World) -> None:
    message = await world.mod.send(world.general, "see starknet-claim.io")
    forwarded = await world.mod.forward(message, world.general)
    answer = await world.alice.context_menu(world.general, "Check links", forwarded)
    assert "A look-alike of Starknet" in say(answer)


async def test_a_message_without_links_is_said_to_have_none(world: World) -> None:
    message = await world.mod.send(world.general, "good morning")
    answer = await world.alice.context_menu(world.general, "Check links", message)
    assert "I find no link in that message." in say(answer)
