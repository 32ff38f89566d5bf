"""What is told of a project that changed."""

from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from bot.watches.service import WatchService
from tests.watches.lab import ANN, BOB, CLOSE, DAY, GUILD, MOD, OTHER, Lab, at, rows, told


async def test_a_change_is_told_to_those_who_watch_it_on_that_server(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await service.add(GUILD, BOB, "peaq")
    await service.add(OTHER, BOB, "starknet")
    await service.due()
    assert lab.delivery.calls == 0

    await lab.edit("tge_date", "2026-12-01")
    await service.due()

    assert told(lab) == [(ANN, "starknet", ("tge_date",), None)]
    assert lab.delivery.letters[0].project.facts["tge_date"].value == "2026-12-01"
    (row,) = await rows(lab)
    assert (row["state"], row["channel_id"], row["message_id"]) == ("sent", 1, 1001)


async def test_asking_again_tells_nothing_more(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    for _ in range(3):
        await service.due()
    assert lab.delivery.calls == 1


async def test_after_downtime_all_changes_are_one_notice(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    await lab.edit("tge_date", "2026-12-01")
    await lab.edit("tge_date", "2026-12-02")
    await lab.edit("snapshot", "2026-11-01")
    await (await lab.start()).due()
    ((_, _, changed, _),) = told(lab)
    assert set(changed) == {"tge_date", "snapshot"}


async def test_what_was_taken_back_meanwhile_is_no_news(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    done = await lab.edit("tge_date", "2026-12-01")
    await lab.editing.undo(GUILD, MOD, done.batch)
    await service.due()
    assert lab.delivery.calls == 0


async def test_a_change_before_the_watch_is_no_news(lab: Lab, service: WatchService) -> None:
    await lab.edit("tge_date", "2026-12-01")
    await service.add(GUILD, ANN, "starknet")
    await service.due()
    assert lab.delivery.calls == 0


async def test_what_ships_anew_with_an_update_is_told(lab: Lab, service: WatchService) -> None:
    await service.add(GUILD, ANN, "starknet")
    projects = [_with_another_launch(project) for project in lab.shipped.content.projects]
    content = lab.shipped.content
    lab.shipped = Catalogue(type(content)(projects=tuple(projects), surveys=content.surveys))
    await (await lab.start()).due()
    assert told(lab) == [(ANN, "starknet", ("tge_date",), None)]


def _with_another_launch(project: Project) -> Project:
    if project.id != "starknet":
        return project
    later = project.facts["tge_date"].model_copy(update={"value": "2027-01-01"})
    return project.model_copy(update={"facts": {**project.facts, "tge_date": later}})


async def test_a_retired_project_says_so_and_reminds_no_more(lab: Lab, service: WatchService) -> None:
    await lab.claims_until("2026-03-31")
    await service.add(GUILD, ANN, "starknet")
    shown = await lab.editing.retire(GUILD, MOD, "starknet")
    await lab.editing.confirm(GUILD, MOD, shown.proposal.id)
    await service.due()
    assert told(lab) == [(ANN, "starknet", ("retired",), None)]
    assert lab.delivery.letters[0].retired
    at(lab, CLOSE - DAY)
    await service.due()
    assert lab.delivery.calls == 1
