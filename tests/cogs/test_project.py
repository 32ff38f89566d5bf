from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar

from tests.world import World, labels, say


async def shown(world: World, command: str, **options: Any) -> str:
    return say(await world.slash(world.alice, command, **options))


async def test_a_project_is_shown_to_the_asker_alone(world: World) -> None:
    result = await world.slash(world.alice, "project show", name="strknet")

    assert result.ephemeral
    assert "Starknet · STRK" in say(result)
    assert "anyone offering one is a scam" in say(result)
    assert "place 2 with 19.8%" in say(result)


async def test_a_project_is_shown_to_all_when_shared(world: World) -> None:
    result = await world.slash(world.alice, "project show", name="starknet", share=True)

    assert not result.ephemeral
    assert say(world.last(world.general)) == say(result)


async def test_a_name_that_is_not_clear_is_asked_back(world: World) -> None:
    result = await world.slash(world.alice, "project show", name="OP")

    assert result.ephemeral
    assert "Did you mean **Optimism airdrop 1**" in say(result)


async def test_a_hostile_name_comes_back_dead(world: World) -> None:
    text = await shown(world, "project show", name="@everyone [claim](https://evil.example)")

    assert "I know no project" in text
    assert "@everyone" not in text
    assert "(https://evil" not in text


async def test_names_are_suggested_while_typing(world: World) -> None:
    choices = await world.alice.autocomplete(world.general, "project show", "name", "zro")

    assert choices[0] == {"name": "LayerZero (ZRO)", "value": "layerzero"} | {
        key: value for key, value in choices[0].items() if key not in ("name", "value")
    }


async def test_before_anything_is_typed_the_surveys_projects_are_suggested(world: World) -> None:
    choices = await world.alice.autocomplete(world.general, "project compare", "second", "", first="starknet")

    assert len(choices) == 25
    assert [choice["value"] for choice in choices[:3]] == ["token-metrics", "starknet", "layerzero"]


async def test_more_facts_turn_the_askers_own_message(world: World) -> None:
    first = await world.slash(world.alice, "project show", name="starknet")
    assert first.response is not None
    assert labels(first.response) == ["Previous", "More facts"]

    second = await world.alice.click(first.response, label="More facts")

    assert "Printed by the survey" in say(second)
    assert second.response is not None
    assert second.response.id == first.response.id
    back = await world.alice.click(second.response, label="Previous")
    assert "place 2 with 19.8%" in say(back)


async def test_more_facts_of_a_shared_message_open_one_for_the_clicker_alone(world: World) -> None:
    await world.slash(world.alice, "project show", name="starknet", share=True)
    board = world.last(world.general)
    before = say(board)

    result = await world.mod.click(board, label="More facts")

    assert result.ephemeral
    assert "Printed by the survey" in say(result)
    assert say(world.last(world.general)) == before


async def test_two_projects_stand_side_by_side(world: World) -> None:
    result = await world.slash(world.alice, "project compare", first="zro", second="movment")

    assert result.ephemeral
    assert "LayerZero and Movement" in say(result)
    assert "`ZRO ` place 3, 17.6%\n`MOVE` place 6, 2.3%" in say(result)


async def test_a_compared_project_opens_beside_the_comparison(world: World) -> None:
    compared = await world.slash(world.alice, "project compare", first="zro", second="move")
    assert compared.response is not None

    opened = await world.alice.click(compared.response, label="Movement")

    assert "Movement · MOVE" in say(opened)
    assert opened.response is not None
    assert opened.response.id != compared.response.id


async def test_a_project_is_not_compared_with_itself(world: World) -> None:
    text = await shown(world, "project compare", first="starknet", second="STRK")

    assert "Both names mean Starknet. Choose two different projects." in text


async def test_a_list_turns_and_opens_a_project(world: World) -> None:
    first = await world.slash(world.alice, "project list")
    assert first.ephemeral
    assert first.response is not None
    assert "46 projects" in say(first)

    second = await world.alice.click(first.response, label="Next")
    assert second.response is not None
    assert second.response.id == first.response.id
    assert "page 2 of 5" in say(second)

    opened = await world.alice.select(second.response, ["celestia"])
    assert opened.ephemeral
    assert "Celestia · TIA" in say(opened)


async def test_a_list_is_filtered_by_what_is_suggested(world: World) -> None:
    statuses = await world.alice.autocomplete(world.general, "project list", "status", "later")
    categories = await world.alice.autocomplete(world.general, "project list", "category", "depin")
    assert [choice["value"] for choice in statuses] == ["phases"]
    assert [choice["value"] for choice in categories] == ["DePIN"]

    text = await shown(world, "project list", status="phases", category="DePIN")

    assert "1 project" in text
    assert "**peaq**" in text
    assert "Starknet" not in text


async def test_a_filter_survives_turning_the_page(world: World) -> None:
    first = await world.slash(world.alice, "project list", status="closed")
    assert first.response is not None

    second = await world.alice.click(first.response, label="Next")

    assert "Only: claims over" in say(second)
    assert "page 2 of" in say(second)


async def test_a_filter_that_does_not_exist_is_refused_with_those_that_do(world: World) -> None:
    result = await world.slash(world.alice, "project list", status="@everyone")

    assert result.ephemeral
    assert "Choose one of: upcoming, claimable, phases, closed, missed, unclear." in say(result)
    assert "@everyone" not in say(result)


async def test_what_was_looked_up_anew_is_listed_page_by_page(world: World) -> None:
    world.clock.advance(datetime(2026, 11, 23, tzinfo=UTC) - world.clock.now())
    first = await world.slash(world.alice, "project changes", days=2)
    assert first.ephemeral
    assert "**Looked up anew, as it ships**" in say(first)
    assert "page 1 of 5" in say(first)
    assert first.response is not None

    second = await world.alice.click(first.response, label="Next")

    assert "page 2 of 5" in say(second)
    assert "last 2 days" in say(second)


async def test_without_any_change_more_days_are_offered(world: World) -> None:
    world.clock.advance(timedelta(days=365))
    assert "`/project changes days:365`" in await shown(world, "project changes", days=7)


async def test_the_calendar_is_a_file_with_this_years_days(world: World) -> None:
    world.clock.advance(datetime(2025, 9, 1, tzinfo=UTC) - world.clock.now())
    result = await world.slash(world.alice, "project calendar")
    assert result.ephemeral
    assert "**Linea** Claims open" in say(result)
    assert result.response is not None
    (file,) = result.response.attachments
    assert file.filename == "airdrops.ics"
    calendar = icalendar.Calendar.from_ical(await file.read())
    uids = [str(event["uid"]) for event in calendar.walk("VEVENT")]
    assert f"linea.claim_window-opens.{world.guild.id}@moonballot" in uids
    assert len(set(uids)) == len(uids)


async def test_an_empty_calendar_says_so(world: World) -> None:
    world.clock.advance(datetime(2030, 1, 1, tzinfo=UTC) - world.clock.now())
    result = await world.slash(world.alice, "project calendar")
    assert "No day to come is known" in say(result)
    assert result.response is not None
    assert result.response.attachments == []
