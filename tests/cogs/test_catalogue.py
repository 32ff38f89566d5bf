"""`/catalogue` as moderators type it, and what members read of it."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from bot.store.schema import catalogue_changes
from tests.catalogue.examples import PROJECT_TOML
from tests.world import World, labels, say

PAGE = "https://example.org/page"
NIMBUS = {
    "name": "Nimbus",
    "symbol": "NIM",
    "category": "layer 2",
    "state": "upcoming",
    "about": "Clouds on a chain.",
    "source": PAGE,
}


async def rows(world: World) -> int:
    async with world.app.store.read() as tx:
        return int((await tx.execute(sa.select(sa.func.count()).select_from(catalogue_changes))).scalar_one())


async def proposed(world: World, command: str, **options: Any) -> Any:
    result = await world.slash(world.mod, f"catalogue {command}", **options)
    assert result.ephemeral
    assert result.response is not None, say(result)
    return result.response


async def launch(world: World, value: str = "2026-12-01", **options: Any) -> Any:
    return await proposed(world, "edit", name="starknet", fact="tge_date", value=value, source=PAGE, **options)


async def save(world: World, message: Any) -> Any:
    result = await world.mod.click(message, label="Save")
    assert result.response is not None
    return result.response


async def shown(world: World, name: str) -> str:
    return say(await world.slash(world.alice, "project show", name=name))


async def test_an_edit_shows_both_values_and_changes_nothing_until_it_is_saved(world: World) -> None:
    before = await shown(world, "starknet")

    asked = await launch(world)

    assert "Change Starknet?" in say(asked)
    assert (
        "**Token launch**\nNow: ✓ <t:1708430400:D>\nThen: ◐ <t:1796126400:D>\n-# Source: `https://example.org/page`"
        in say(asked)
    )
    assert await shown(world, "starknet") == before
    assert await rows(world) == 0


async def test_a_saved_edit_is_read_at_once_and_can_be_undone(world: World) -> None:
    before = await shown(world, "starknet")
    saved = await save(world, await launch(world))
    assert "Saved" in say(saved)
    assert "<t:1796126400:D>" in await shown(world, "starknet")

    undone = await world.mod.click(saved, label="Undo")

    assert "Taken back" in say(undone)
    assert await shown(world, "starknet") == before
    assert await rows(world) == 2


async def test_what_is_left_stays_as_it_was(world: World) -> None:
    result = await world.mod.click(await launch(world), label="Leave it")

    assert "Nothing was changed" in say(result)
    assert await rows(world) == 0


async def test_the_second_moderator_is_told_and_shown_the_newer_value(world: World) -> None:
    bob = world.join("bob", world.manage)
    mine = await launch(world)
    theirs = await world.slash(bob, "catalogue edit", name="STRK", fact="Token launch", value="2026-12-02", source=PAGE)
    await save(world, mine)
    assert theirs.response is not None

    again = await bob.click(theirs.response, label="Save")

    assert f"⚠️ <@{world.mod.id}> changed this" in say(again)
    assert "Now: ◐ <t:1796126400:D>\nThen: ◐ <t:1796212800:D>" in say(again)
    assert await rows(world) == 1
    assert again.response is not None
    await bob.click(again.response, label="Save")
    assert await rows(world) == 2


async def test_catalogue_commands_are_for_moderators(world: World) -> None:
    edit = {"name": "starknet", "fact": "about", "value": "x", "source": PAGE}
    for command, options in (("edit", edit), ("add", NIMBUS), ("retire", {"name": "peaq"}), ("export", {})):
        refused = await world.slash(world.alice, f"catalogue {command}", **options)
        assert f"`/catalogue {command}` is for moderators" in say(refused)


async def test_who_is_no_moderator_any_more_cannot_save_what_they_proposed(world: World) -> None:
    bob = world.join("bob", world.helpers)
    await world.slash(world.mod, "setup moderator_role", role=world.helpers)
    asked = await world.slash(bob, "catalogue edit", name="starknet", fact="about", value="x", source=PAGE)
    await world.unset("moderator_role")
    assert asked.response is not None

    refused = await bob.click(asked.response, label="Save")

    assert "is for moderators" in say(refused)
    assert await rows(world) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"source": "example.org"}, "beginning `https://`"),
        ({"source": "https://starknet.io@evil.example/"}, "beginning `https://`"),
        ({"fact": "claim_window"}, "`2026-12-01..2026-12-31`"),
        ({"as_of": "2027-01-01"}, "lies in the future"),
        ({"name": "nobody at all"}, "I know no project"),
        ({"fact": "@everyone"}, "cannot name a fact"),
        ({"fact": "official_domains", "value": "starknetio"}, "is no domain"),
        ({"fact": "about", "note": "Something."}, "belong to facts"),
    ],
)
async def test_what_cannot_be_is_refused_in_one_sentence(world: World, options: dict[str, str], said: str) -> None:
    typed = {"name": "starknet", "fact": "tge_date", "value": "soon", "source": PAGE} | options
    result = await world.slash(world.mod, "catalogue edit", **typed)
    assert result.ephemeral
    assert said in say(result)
    assert "@everyone" not in say(result)


async def test_facts_are_suggested_with_what_they_say_now(world: World) -> None:
    choices = await world.mod.autocomplete(world.general, "catalogue edit", "fact", "", name="starknet")
    names = {choice["value"]: choice["name"] for choice in choices}
    assert len(choices) == 25
    assert names["tge_date"] == "Token launch · 2024-02-20"
    assert names["claim_window"] == "Claim window · 2024-02-20T12:00:00Z..2024-06-20"
    (state,) = await world.mod.autocomplete(world.general, "catalogue edit", "fact", "state of", name="starknet")
    assert (state["name"], state["value"]) == ("State of the airdrop · claims over", "project.state")


async def test_the_present_value_is_suggested_to_be_corrected(world: World) -> None:
    for fact, first in (("tge_date", "2024-02-20"), ("project.state", "upcoming"), ("project.category", "layer 1")):
        choices = await world.mod.autocomplete(world.general, "catalogue edit", "value", "", name="starknet", fact=fact)
        assert choices[0]["value"] == first


async def test_an_official_domain_is_asked_about_twice_and_told_in_the_log_channel(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    official = ", ".join(world.app.catalogues.shipped.get("peaq").official_domains)
    asked = await proposed(
        world, "edit", name="peaq", fact="official_domains", value=f"{official}, peaq.example", source=PAGE
    )

    warned = await world.mod.click(asked, label="Save")

    assert "Is this really theirs?" in say(warned)
    assert "`peaq.example` for **peaq**" in say(warned)
    assert await rows(world) == 0
    assert warned.response is not None
    await world.mod.click(warned.response, label="Yes, it is theirs")
    assert "made official on this server: `peaq.example` of **peaq**" in say(world.last(world.log))
    assert world.app.links.check("https://peaq.example/claim", world.guild.id).judgement == "official"
    assert world.app.links.check("https://peaq.example/claim", 1).judgement != "official"


async def test_a_domain_that_would_be_official_no_more_is_warned_of_and_told(world: World) -> None:
    await world.slash(world.mod, "setup log_channel", channel=world.log)
    asked = await proposed(world, "edit", name="starknet", fact="official_domains", value="starknet.io", source=PAGE)
    assert "⚠️ No longer official: `docs.starknet.io`" in say(asked)

    await save(world, asked)

    assert "made official no longer on this server: `docs.starknet.io` of **Starknet**" in say(world.last(world.log))


async def test_a_new_state_has_a_new_line(world: World) -> None:
    note = {"note": "Claims run for a month."}
    for options, line in (({}, "Claims open."), (note, "Claims run for a month.")):
        asked = await proposed(
            world, "edit", name="peaq", fact="project.state", value="claims open", source=PAGE, **options
        )
        await save(world, asked)
        assert f"🟢 **Claims open.** {line}" in await shown(world, "peaq")


async def test_a_state_that_the_clock_contradicts_is_warned_of_and_not_shown(world: World) -> None:
    asked = await proposed(world, "edit", name="starknet", fact="project.state", value="claims open", source=PAGE)
    assert "By its claim window, claims on Starknet are over" in say(asked)
    await save(world, asked)
    assert "Claims are over since 20 June 2024." in await shown(world, "starknet")


async def test_a_window_of_a_closed_airdrop_warns_that_it_is_still_called_closed(world: World) -> None:
    asked = await proposed(world, "edit", name="peaq", fact="claim_window", value="2026-12-01..", source=PAGE)
    assert "claims over" not in say(asked)
    asked = await proposed(world, "edit", name="starknet", fact="claim_window", value="2026-12-01..", source=PAGE)
    assert "Starknet is still written down as **claims over**" in say(asked)


@pytest.mark.parametrize("domain", ["starknet.io", "claims.starknet.io", "starknett.io", "starknet-claim.com"])
async def test_a_domain_of_another_project_or_like_it_is_refused(world: World, domain: str) -> None:
    result = await world.slash(
        world.mod, "catalogue edit", name="peaq", fact="official_domains", value=domain, source=PAGE
    )
    assert "Look at the address again" in say(result)
    assert await rows(world) == 0


async def test_a_source_that_looks_like_a_project_is_refused(world: World) -> None:
    result = await world.slash(
        world.mod, "catalogue edit", name="peaq", fact="tge_date", value="2026-12-01", source="https://starknett.io/x"
    )
    assert "I do not take `starknett.io`" in say(result)


async def test_an_added_project_can_be_shown_listed_compared_and_voted_on(world: World) -> None:
    asked = await proposed(world, "add", **NIMBUS)
    assert "Add Nimbus?" in say(asked)
    await save(world, asked)

    assert "Nimbus · NIM" in await shown(world, "nimbus")
    assert "**Nimbus**" in say(await world.slash(world.alice, "project list", status="upcoming"))
    assert "Nimbus and Starknet" in say(
        await world.slash(world.alice, "project compare", first="nimbus", second="starknet")
    )
    await world.open_poll(projects="nimbus, starknet")
    assert "Nimbus" in say(world.last(world.general))


async def test_a_retired_project_leaves_the_lists_and_comes_back(world: World) -> None:
    asked = await proposed(world, "retire", name="celestia")
    assert "Polls keep its name" in say(asked)
    await save(world, asked)

    assert "45 projects" in say(await world.slash(world.alice, "project list"))
    names = await world.alice.autocomplete(world.general, "project show", "name", "celest")
    assert "celestia" not in [choice["value"] for choice in names]
    assert "🗄️ **Retired** on this server" in await shown(world, "celestia")
    retired = await world.mod.autocomplete(world.general, "catalogue restore", "name", "")
    assert [choice["value"] for choice in retired] == ["celestia"]

    assert "back in the lists" in say(await proposed(world, "restore", name="celestia"))
    assert "46 projects" in say(await world.slash(world.alice, "project list"))


async def test_a_retired_project_stands_in_no_new_poll_about_the_survey(world: World) -> None:
    await save(world, await proposed(world, "retire", name="starknet"))
    board = say(await world.open_poll())
    assert "LayerZero" in board
    assert "Starknet" not in board


async def test_a_poll_keeps_the_name_of_a_project_that_is_retired(world: World) -> None:
    board = await world.open_poll(projects="celestia, starknet")
    await save(world, await proposed(world, "retire", name="celestia"))

    await world.vote(world.alice, board, "Celestia")

    assert "**Celestia**" in say(await world.slash(world.alice, "rankings"))


async def test_a_file_comes_in_after_it_was_shown(world: World) -> None:
    asked = await proposed(world, "import", file=("alpha.toml", PROJECT_TOML.encode()))
    assert "**Alpha** (ALP), layer 2" in say(asked)
    assert await rows(world) == 0

    await save(world, asked)

    assert "Alpha · ALP" in await shown(world, "alpha")


async def test_a_broken_file_is_refused_with_its_place(world: World) -> None:
    result = await world.slash(world.mod, "catalogue import", file=("alpha.toml", b'id = "alpha"\nname = 7'))
    assert "Nothing was changed" in say(result)
    assert "alpha" in say(result)


async def test_an_export_is_a_file_that_comes_in_again(world: World) -> None:
    await save(world, await launch(world))
    exported = await proposed(world, "export")
    (attachment,) = exported.attachments
    data = await attachment.read()
    assert len(json.loads(data)["history"]) == 1

    again = await world.slash(world.mod, "catalogue import", file=("catalogue.json", data))

    assert "says all that already" in say(again)


async def test_members_see_what_moderators_changed_and_by_whom(world: World) -> None:
    await save(world, await launch(world))

    text = say(await world.slash(world.alice, "project changes", days=1))

    assert "**Changed by moderators here**" in text
    assert "✏️ **Starknet** · Token launch: ✓ <t:1708430400:D> → ◐ <t:1796126400:D>" in text
    assert f"by <@{world.mod.id}>" in text


async def test_a_corrected_day_takes_the_summary_line_along_and_back(world: World) -> None:
    before = await shown(world, "peaq")
    assert "live since 12 November 2024" in before
    asked = await proposed(world, "edit", name="peaq", fact="tge_date", value="2024-11-13", source=PAGE)
    assert "Change peaq?" in say(asked)
    assert "Then: The token is live since 13 November 2024" in say(asked)
    saved = await save(world, asked)
    assert "live since 13 November 2024" in await shown(world, "peaq")
    assert "12 November 2024" not in await shown(world, "peaq")
    await world.mod.click(saved, label="Undo")
    assert await shown(world, "peaq") == before


async def test_a_line_that_cannot_follow_is_pointed_out_before_it_is_saved(world: World) -> None:
    window = {"name": "starknet", "fact": "claim_window", "source": PAGE}
    asked = await proposed(world, "edit", value="2024-02-21..2024-06-20", **window)
    assert "The line on the airdrop still says “Claims ran from 20 February to 20 June 2024" in say(asked)
    assert "change **Line on the airdrop** too" in say(asked)


async def test_the_marks_of_a_change_are_explained_where_they_stand(world: World) -> None:
    asked = await launch(world)
    saved = await save(world, asked)
    changes = await world.slash(world.alice, "project changes", days=1)
    for text in map(say, (asked, saved, changes)):
        assert "✓ confirmed · ◐ single source" in text
    about = await proposed(world, "edit", name="starknet", fact="about", value="A layer 2.", source=PAGE)
    assert "single source" not in say(about)


async def test_a_hostile_value_is_shown_dead(world: World) -> None:
    evil = "@everyone [claim](https://evil.example) <@1> **now**"
    asked = await launch(world, evil, note=evil)
    for text in (say(asked), say(await save(world, asked)), await shown(world, "starknet")):
        assert "@everyone" not in text
        assert "https://evil" not in text


async def test_buttons_of_a_proposal_work_after_a_restart(world: World) -> None:
    asked = await launch(world)
    world.app.editing._editions._editions.clear()
    await world.app.editing.load()

    assert labels(asked) == ["Save", "Leave it"]
    await save(world, asked)

    assert await rows(world) == 1
