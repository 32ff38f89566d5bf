"""Moderators change their server's catalogue: all or nothing, nothing unseen, nothing lost."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.audit.model import first_break
from bot.audit.store import of_guild
from bot.catalogue import editing as module
from bot.catalogue import store as sql
from bot.catalogue.drafts import NewProject
from bot.catalogue.editing import CatalogueEditing
from bot.catalogue.model import Window
from bot.catalogue.proposal import Saved, Shown
from bot.catalogue.typed import Typed
from bot.errors import BadInput, NotFound, Refused, StoreUnavailable
from bot.store.schema import audit, catalogue_changes, catalogue_proposals
from tests.catalogue.conftest import ANN, BOB, GUILD, OTHER, PAGE, Lab, launch, said, saved

NEW = NewProject("Nimbus", "$nim", "layer 2", "upcoming", "A test.", PAGE)


async def test_nothing_changes_before_it_is_confirmed(lab: Lab, editing: CatalogueEditing) -> None:
    shown = await launch(editing, "2026-12-01")

    assert said(lab) == "2024-02-20"
    assert shown.proposal.changes[0].old["value"] == "2024-02-20"
    assert shown.after.projects["starknet"].facts["tge_date"].value == "2026-12-01"
    assert await lab.rows(catalogue_changes) == []

    await saved(editing, shown)

    assert said(lab) == "2026-12-01"
    assert said(lab, OTHER) == "2024-02-20"
    assert lab.changed == [GUILD]


async def test_a_change_is_kept_with_all_that_belongs_to_it(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await launch(editing, "2026-12-01"))

    (row,) = await lab.rows(catalogue_changes)
    assert (row["guild_id"], row["project_id"], row["action"], row["key"]) == (GUILD, "starknet", "edit", "tge_date")
    assert (row["old"]["value"], row["new"]["value"]) == ("2024-02-20", "2026-12-01")
    assert (row["new"]["status"], row["new"]["as_of"]) == ("single_source", "2026-03-01")
    assert (row["source"], row["by"], row["at"]) == ({"url": PAGE}, ANN, lab.clock.now())
    assert await lab.rows(catalogue_proposals) == []


async def test_a_change_stands_in_the_log_and_its_chain_holds(lab: Lab, editing: CatalogueEditing) -> None:
    done = await saved(editing, await launch(editing, "2026-12-01"))

    async with lab.store.read() as tx:
        entries = await of_guild(tx, GUILD)
    assert [(entry.new.action, entry.new.actor_id) for entry in entries] == [("catalogue", ANN)]
    assert entries[0].new.details == {
        "batch": done.batch,
        "count": 1,
        "changes": [{"project": "starknet", "action": "edit", "key": "tge_date"}],
    }
    assert first_break(entries) is None


async def test_changes_are_there_again_after_a_restart(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await launch(editing, "2026-12-01"))
    await saved(editing, await editing.add(GUILD, ANN, NEW))
    await saved(editing, await editing.retire(GUILD, ANN, "celestia"))
    before = lab.editions.stored(GUILD)

    await lab.start()

    assert lab.editions.stored(GUILD) == before
    assert lab.editions.stored(OTHER) is lab.editions.stored(None)


async def test_the_second_moderator_sees_the_newer_value_first(lab: Lab, editing: CatalogueEditing) -> None:
    first, second = await launch(editing, "2026-12-01"), await launch(editing, "2026-12-02", BOB)
    await saved(editing, first)

    again = await editing.confirm(GUILD, BOB, second.proposal.id)

    assert isinstance(again, Shown)
    assert said(lab) == "2026-12-01"
    assert again.proposal.changes[0].old["value"] == "2026-12-01"
    assert [change.by for change in again.meanwhile] == [ANN]
    await saved(editing, again)
    assert said(lab) == "2026-12-02"


async def test_the_very_same_change_by_two_is_made_once(lab: Lab, editing: CatalogueEditing) -> None:
    first, second = await launch(editing, "2026-12-01"), await launch(editing, "2026-12-01", BOB)
    await saved(editing, first)

    with pytest.raises(Refused, match="the very same change"):
        await editing.confirm(GUILD, BOB, second.proposal.id)

    assert len(await lab.rows(catalogue_changes)) == 1


async def test_a_hundred_moderators_at_once_make_one_change_and_the_others_see_it(lab: Lab) -> None:
    processes = [await lab.start(), await lab.start()]
    shown = [await launch(processes[number % 2], f"2026-12-{number % 28 + 1:02}", number) for number in range(100)]

    decided = await asyncio.gather(
        *(processes[number % 2].confirm(GUILD, number, each.proposal.id) for number, each in enumerate(shown)),
        return_exceptions=True,
    )

    winners = [each for each in decided if isinstance(each, Saved)]
    assert len(winners) == 1
    # 28 days for 100 moderators: some wanted what the winner wrote.
    others = [each for each in decided if each is not winners[0]]
    assert all(isinstance(each, Shown) or "the very same change" in str(each) for each in others)
    (row,) = await lab.rows(catalogue_changes)
    assert all(each.proposal.changes[0].old == row["new"] for each in others if isinstance(each, Shown))
    assert len(await lab.rows(audit)) == 1


async def test_a_hundred_clicks_on_save_make_one_change(lab: Lab, editing: CatalogueEditing) -> None:
    shown = await launch(editing, "2026-12-01")

    decided = await asyncio.gather(
        *(editing.confirm(GUILD, ANN, shown.proposal.id) for _ in range(100)), return_exceptions=True
    )

    assert sum(isinstance(each, Saved) for each in decided) == 1
    assert all(isinstance(each, Saved | Refused) for each in decided)
    assert len(await lab.rows(catalogue_changes)) == 1


async def test_a_hundred_additions_of_one_name_make_one_project(lab: Lab, editing: CatalogueEditing) -> None:
    shown = [await editing.add(GUILD, number, NEW) for number in range(100)]

    decided = await asyncio.gather(
        *(editing.confirm(GUILD, number, each.proposal.id) for number, each in enumerate(shown)),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Saved) for each in decided) == 1
    assert all(isinstance(each, Saved | Refused) for each in decided)
    assert len(lab.editions.of(GUILD).projects) == len(lab.shipped.projects) + 1


async def test_what_another_process_changed_is_taken_over_with_ones_own_change(lab: Lab) -> None:
    one = await lab.start()
    other = await lab.start()  # `lab.editions` are the other's
    await saved(one, await launch(one, "2026-12-01"))

    await saved(other, await other.retire(GUILD, BOB, "celestia"))

    assert said(lab) == "2026-12-01"


@pytest.mark.parametrize("step", ["forget_proposal", "insert", "append_in"])
async def test_a_failure_half_way_changes_nothing(
    lab: Lab, editing: CatalogueEditing, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    shown = await launch(editing, "2026-12-01")
    place: Any = module if step == "append_in" else sql
    works = getattr(place, step)

    async def fails(*arguments: Any) -> None:
        await works(*arguments)
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(place, step, fails)
    with pytest.raises(StoreUnavailable):
        await editing.confirm(GUILD, ANN, shown.proposal.id)
    monkeypatch.undo()

    assert said(lab) == "2024-02-20"
    assert await lab.rows(catalogue_changes) == await lab.rows(audit) == []
    assert lab.changed == []
    await saved(editing, shown)
    assert said(lab) == "2026-12-01"


async def test_an_undo_takes_back_and_leaves_both_in_the_history(lab: Lab, editing: CatalogueEditing) -> None:
    done = await saved(editing, await launch(editing, "2026-12-01"))

    undone = await editing.undo(GUILD, BOB, done.batch)

    assert undone.undoing
    assert said(lab) == "2024-02-20"
    assert lab.editions.stored(GUILD).projects == lab.editions.stored(None).projects
    assert [row["by"] for row in await lab.rows(catalogue_changes)] == [ANN, BOB]


async def test_an_undo_of_a_new_fact_takes_it_away(lab: Lab, editing: CatalogueEditing) -> None:
    done = await saved(editing, await editing.edit(GUILD, ANN, "starknet", "Season 3", Typed("Soon.", PAGE)))
    assert said(lab, key="season_3") == "Soon."

    await editing.undo(GUILD, ANN, done.batch)

    assert "season_3" not in lab.editions.of(GUILD).get("starknet").facts


async def test_an_undo_is_refused_once_somebody_has_changed_it_again(lab: Lab, editing: CatalogueEditing) -> None:
    done = await saved(editing, await launch(editing, "2026-12-01"))
    await saved(editing, await launch(editing, "2026-12-02", BOB))

    with pytest.raises(Refused, match="changed since"):
        await editing.undo(GUILD, ANN, done.batch)

    assert said(lab) == "2026-12-02"


async def test_an_undo_counts_once(editing: CatalogueEditing) -> None:
    done = await saved(editing, await editing.retire(GUILD, ANN, "celestia"))
    await editing.undo(GUILD, ANN, done.batch)

    with pytest.raises(Refused):
        await editing.undo(GUILD, ANN, done.batch)


async def test_another_servers_change_cannot_be_undone(lab: Lab, editing: CatalogueEditing) -> None:
    done = await saved(editing, await launch(editing, "2026-12-01"))

    with pytest.raises(NotFound):
        await editing.undo(OTHER, ANN, done.batch)

    assert said(lab) == "2026-12-01"


async def test_only_who_proposed_it_confirms_it_and_on_that_server(lab: Lab, editing: CatalogueEditing) -> None:
    shown = await launch(editing, "2026-12-01")

    for guild, by in ((GUILD, BOB), (OTHER, ANN)):
        with pytest.raises(Refused, match="decided already"):
            await editing.confirm(guild, by, shown.proposal.id)
        with pytest.raises(Refused):
            await editing.proposed(guild, by, shown.proposal.id)
        await editing.drop(guild, by, shown.proposal.id)

    await saved(editing, shown)


async def test_what_is_left_alone_can_be_saved_no_more(lab: Lab, editing: CatalogueEditing) -> None:
    shown = await launch(editing, "2026-12-01")
    await editing.drop(GUILD, ANN, shown.proposal.id)

    with pytest.raises(Refused, match="decided already"):
        await editing.confirm(GUILD, ANN, shown.proposal.id)

    assert said(lab) == "2024-02-20"


async def test_a_proposal_is_let_go_after_a_day(lab: Lab, editing: CatalogueEditing) -> None:
    await launch(editing, "2026-12-01")
    lab.clock.advance(timedelta(days=1, seconds=1))
    await launch(editing, "2026-12-02")

    assert [row["changes"][0]["new"]["value"] for row in await lab.rows(catalogue_proposals)] == ["2026-12-02"]


async def test_a_proposal_that_nobody_confirms_is_swept_away(lab: Lab, editing: CatalogueEditing) -> None:
    await launch(editing, "2026-12-01")
    await editing.sweep()
    assert len(await lab.rows(catalogue_proposals)) == 1
    lab.clock.advance(timedelta(days=1, seconds=1))
    await editing.sweep()
    assert await lab.rows(catalogue_proposals) == []


async def test_what_is_said_already_is_no_change(editing: CatalogueEditing) -> None:
    await saved(editing, await launch(editing, "2026-12-01"))

    with pytest.raises(Refused, match="exactly that already"):
        await launch(editing, "2026-12-01")


async def test_an_added_project_is_whole(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await editing.add(GUILD, ANN, NEW))

    added = lab.editions.of(GUILD).get("nimbus")
    assert (added.id, added.name, added.symbol, added.category) == ("nimbus", "Nimbus", "NIM", "layer 2")
    assert (added.airdrop.state, added.airdrop.line) == ("upcoming", "Upcoming.")
    assert added.facts["token_symbol"].sources[0].url == PAGE
    assert lab.editions.of(OTHER).by_id("nimbus") is None


@pytest.mark.parametrize(
    ("name", "project_id"), [("Größe & Co", "groe-co"), ("星", "project"), ("STARKNET 2", "starknet-2")]
)
async def test_any_name_makes_an_id(editing: CatalogueEditing, name: str, project_id: str) -> None:
    shown = await editing.add(GUILD, ANN, NewProject(name, "T", "AI", "unclear", "A test.", PAGE))
    assert shown.proposal.changes[0].project_id == project_id


@pytest.mark.parametrize(
    "new",
    [
        NewProject("starknet", "T", "AI", "unclear", "A test.", PAGE),
        NewProject("Nimbus", "T", "AI", "unclear", "A test.", PAGE, aliases="Stark Net"),
        NewProject("!!!", "T", "AI", "unclear", "A test.", PAGE),
        NewProject("Nimbus", "", "AI", "unclear", "A test.", PAGE),
        NewProject("Nimbus", "T", "AI", "unclear", "", PAGE),
        NewProject("Nimbus", "T", "nonsense", "unclear", "A test.", PAGE),
        NewProject("Nimbus", "T", "AI", "unclear", "A test.", "example.org"),
        NewProject("x" * 61, "T", "AI", "unclear", "A test.", PAGE),
    ],
)
async def test_a_project_that_cannot_be_is_not_proposed(lab: Lab, editing: CatalogueEditing, new: NewProject) -> None:
    with pytest.raises(BadInput):
        await editing.add(GUILD, ANN, new)
    assert await lab.rows(catalogue_proposals) == []


async def test_a_retired_project_comes_back(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await editing.retire(GUILD, ANN, "celestia"))
    with pytest.raises(Refused, match="retired already"):
        await editing.retire(GUILD, ANN, "celestia")

    await editing.restore(GUILD, BOB, "celestia")

    assert "celestia" in [project.id for project in lab.editions.of(GUILD).projects]
    with pytest.raises(Refused, match="not retired"):
        await editing.restore(GUILD, BOB, "celestia")


async def test_a_project_does_not_come_back_under_a_name_that_is_taken_now(editing: CatalogueEditing) -> None:
    await saved(editing, await editing.retire(GUILD, ANN, "celestia"))
    await saved(editing, await editing.add(GUILD, ANN, NewProject("Celestia", "T", "AI", "unclear", "A test.", PAGE)))

    with pytest.raises(BadInput, match="already means"):
        await editing.restore(GUILD, BOB, "celestia")


async def domains(editing: CatalogueEditing, name: str, value: str) -> Shown:
    return await editing.edit(GUILD, ANN, name, "official_domains", Typed(value, PAGE))


@pytest.mark.parametrize("value", ["starknet.io", "claim.starknet.io", "STARKNET.IO/airdrop"])
async def test_a_domain_of_another_project_is_not_made_official(editing: CatalogueEditing, value: str) -> None:
    with pytest.raises(Refused, match="belongs to Starknet"):
        await domains(editing, "layerzero", f"layerzero.foundation, {value}")


async def test_a_new_official_domain_is_told_and_an_old_one_is_not(lab: Lab, editing: CatalogueEditing) -> None:
    old = ", ".join(lab.shipped.get("starknet").official_domains)
    await saved(editing, await domains(editing, "starknet", f"{old}, starknet.example"))

    assert [guild for guild, _ in lab.told] == [GUILD]
    assert "<@70> made official on this server: `starknet.example` of **Starknet**." in lab.told[0][1]
    assert "starknet.example" in lab.editions.of(GUILD).get("starknet").official_domains
    assert "starknet.example" not in lab.editions.of(OTHER).get("starknet").official_domains


async def test_an_address_that_somebody_speaks_against_is_refused(lab: Lab, editing: CatalogueEditing) -> None:
    asked: list[tuple[int, str, str]] = []

    def against(guild: int, project: str, address: str) -> str | None:
        asked.append((guild, project, address))
        return "I do not take that." if "evil" in address else None

    editing.doubt = against
    for key, value, source in (
        ("official_domains", "evil.example", PAGE),
        ("tge_date", "2026-12-01", "https://evil.example/x"),
        ("project.about", "A test.", "https://evil.example/x"),
    ):
        with pytest.raises(Refused, match="do not take"):
            await editing.edit(GUILD, ANN, "starknet", key, Typed(value, source))
    with pytest.raises(Refused, match="do not take"):
        await editing.add(GUILD, ANN, NewProject("Nimbus", "T", "AI", "unclear", "A.", "https://evil.example"))
    assert (GUILD, "Starknet", "evil.example") in asked
    assert await lab.rows(catalogue_proposals) == []


async def test_what_changed_is_read_back_by_days(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await launch(editing, "2026-12-01"))
    lab.clock.advance(timedelta(days=10))
    await saved(editing, await editing.retire(GUILD, BOB, "celestia"))

    assert [change.new.action for change in (await editing.changed(GUILD, 30)).made] == ["retire", "edit"]
    assert [change.new.action for change in (await editing.changed(GUILD, 5)).made] == ["retire"]
    assert (await editing.changed(OTHER, 30)).made == ()
    assert (await editing.changed(None, 30)).made == ()


async def test_the_history_can_neither_be_changed_nor_deleted(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await launch(editing, "2026-12-01"))

    for statement in (sa.update(catalogue_changes).values(by=1), sa.delete(catalogue_changes)):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            async with lab.store.begin() as tx:
                await tx.execute(statement)


async def test_an_edited_window_is_a_window(lab: Lab, editing: CatalogueEditing) -> None:
    shown = await editing.edit(GUILD, ANN, "starknet", "claim_window", Typed("2026-12-01..2026-12-31", PAGE))
    await saved(editing, shown)

    assert said(lab, key="claim_window") == Window(opens="2026-12-01", closes="2026-12-31")
