from typing import Any

import discord
import pytest

from tests.world import World, labels, say

REFUSED = {"projects": "Red, Green, red", "closes_in": "2h", "results": "after_vote"}


async def mend(world: World, refused: Any, **fields: str) -> Any:
    form = await world.mod.click(refused.response, label="Mend and open")
    assert form.modal is not None
    typed = {part["component"]["custom_id"]: part["component"].get("value", "") for part in form.modal["components"]}
    return await world.mod.submit_modal(form, {**typed, **fields})


async def test_what_was_typed_is_the_first_suggestion_and_opens_exactly_so(world: World) -> None:
    typed = "Red, Green, Blue"
    offered = await world.mod.autocomplete(world.general, "poll open", "projects", typed, title="Mobile poll")
    assert [choice["name"] for choice in offered][:2] == [typed, "Red, Green, Blur (project)"]
    board = say(await world.open_poll("Mobile poll", projects=offered[0]["value"]))
    assert "**Blue**" in board
    assert "Blur" not in board


async def test_a_project_that_is_chosen_is_on_the_board_by_its_name(world: World) -> None:
    board = say(await world.open_poll(projects="Red, Green, Blur (project)"))
    assert "**Blur**" in board
    assert "(project)" not in board


async def test_a_refused_poll_says_which_candidate_and_gives_back_what_was_typed(world: World) -> None:
    answer = await world.slash(
        world.mod, "poll open", title="Colours", channel=world.news, role=world.helpers, **REFUSED
    )
    text = say(answer)
    assert "“Red” stands there twice." in text
    for line in (
        "title: Colours",
        "projects: Red, Green, red",
        "closes_in: 2h",
        f"channel: <#{world.news.id}>",
        "results: after_vote",
        f"role: <@&{world.helpers.id}>",
    ):
        assert line in text
    assert answer.response is not None
    assert answer.response.ephemeral
    assert labels(answer.response) == ["Mend and open"]
    assert world.app.polls.listing(world.guild.id) == []


async def test_the_form_is_filled_in_and_opens_the_mended_poll(world: World) -> None:
    refused = await world.slash(
        world.mod, "poll open", title="Colours", channel=world.news, role=world.helpers, **REFUSED
    )
    done = await mend(world, refused, projects="Red, Green, Blue")
    assert "3 candidates:\nRed, Green, Blue" in say(done)
    board = say(world.last(world.news))
    assert "Colours" in board
    assert f"<@&{world.helpers.id}>" in board
    assert "closes <t:" in board
    assert "once you have voted" in board
    assert world.general.last_message is None


async def test_a_form_that_is_refused_again_keeps_what_was_typed_last(world: World) -> None:
    refused = await world.slash(world.mod, "poll open", title="Colours", **REFUSED)
    again = await mend(world, refused, closes_in="soon", projects="Red, Green, Blue", others="metod: single")
    text = say(again)
    for kept in ("projects: Red, Green, Blue", "closes_in: soon", "metod: single", "is no option"):
        assert kept in text
    assert "The board:" in say(await mend(world, again, closes_in="1h", others=""))
    assert "**Blue**" in say(world.last(world.general))


@pytest.mark.parametrize("written", ["general", "<#1>"])
async def test_a_channel_that_is_none_is_refused_in_the_form(world: World, written: str) -> None:
    refused = await world.slash(world.mod, "poll open", title="Colours", **REFUSED)
    again = await mend(world, refused, projects="Red, Blue", others=f"channel: {written}")
    assert labels(again.response) == ["Mend and open"]
    assert world.app.polls.listing(world.guild.id) == []


async def test_who_is_no_moderator_any_more_opens_nothing_by_the_form(world: World) -> None:
    await world.slash(world.mod, "setup moderator_role", role=world.helpers)
    helper = world.join("helper", world.helpers)
    refused = await world.slash(helper, "poll open", title="Colours", **REFUSED)
    assert refused.response is not None
    form = await helper.click(refused.response, label="Mend and open")
    await world.unset("moderator_role")
    fields = {"title": "Colours", "projects": "Red, Blue"}
    assert "for moderators" in say(await helper.submit_modal(form, fields))
    assert "for moderators" in say(await helper.click(refused.response, label="Mend and open"))
    assert world.app.polls.listing(world.guild.id) == []


async def test_100_long_candidates_that_are_refused_are_given_back_as_a_file(world: World) -> None:
    many = ", ".join(f"Candidate {number:02} with quite a long name" for number in [*range(99), 7])
    answer = await world.slash(world.mod, "poll open", title="Many", projects=many)
    assert "“Candidate 07 with quite a long name” stands there twice." in say(answer)
    assert answer.response is not None
    assert [file.filename for file in answer.response.attachments] == ["poll-open.txt"]


async def test_a_blank_title_is_said_to_be_blank_and_a_long_one_how_long(world: World) -> None:
    assert "**A poll needs a title.**" in say(await world.slash(world.mod, "poll open", title="   "))
    assert "It has 400 characters, and at most 120 fit. Take 280 out." in say(
        await world.slash(world.mod, "poll open", title="x" * 400)
    )


async def test_a_scheduled_polls_confirmation_names_its_end(world: World) -> None:
    end = int(world.clock.now().timestamp()) + 2 * 3600
    text = say(await world.slash(world.mod, "poll open", title="Later", opens_in="1h", closes_in="1h"))
    assert f"closes <t:{end}:f>" in text
    assert "/poll cancel" in text
    assert "/poll close" not in text


async def test_a_scheduled_poll_without_an_end_says_so(world: World) -> None:
    text = say(await world.slash(world.mod, "poll open", title="Later", opens_in="1h"))
    assert "stays open until a moderator closes it" in text


async def test_missing_rights_keep_what_was_typed(world: World) -> None:
    closed = world.guild.create_text_channel(
        "closed", overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    answer = await world.slash(world.mod, "poll open", title="Colours", projects="Red, Blue", channel=closed)
    assert "**Send Messages**" in say(answer)
    assert "projects: Red, Blue" in say(answer)
