"""A catalogue as a file: out, in again, and nothing half."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import exchange
from bot.catalogue.changes import Edition
from bot.catalogue.drafts import NewProject
from bot.catalogue.editing import CatalogueEditing
from bot.catalogue.service import Catalogue
from bot.errors import BadInput, Refused
from tests.catalogue.conftest import ANN, GUILD, OTHER, PAGE, Lab, launch, saved
from tests.catalogue.examples import PROJECT_TOML


async def bring(editing: CatalogueEditing, text: str, name: str = "alpha.toml", guild: int = GUILD) -> Any:
    return await editing.bring_in(guild, ANN, name, text.encode())


def project(**changes: Any) -> dict[str, Any]:
    return {
        "id": "beta",
        "name": "Beta",
        "symbol": "BET",
        "category": "AI",
        "about": "A test.",
        "airdrop": {"state": "closed", "line": "Over."},
        "facts": {},
        **changes,
    }


async def test_a_file_as_it_ships_becomes_a_project(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await bring(editing, PROJECT_TOML))

    added = lab.editions.of(GUILD).get("Alpha Network")
    assert added.facts["tge_date"].value == "2024-02-20"
    assert not added.facts["snapshot"].known


async def test_several_projects_come_in_one_file(lab: Lab, editing: CatalogueEditing) -> None:
    tables = "\n".join(
        f'[[projects]]\nid = "p{number}"\nname = "P {number}"\nsymbol = "P"\ncategory = "AI"\nabout = "A."\n'
        'facts = {}\nairdrop = { state = "closed", line = "Over." }'
        for number in range(3)
    )
    shown = await bring(editing, tables)
    assert [change.action for change in shown.proposal.changes] == ["add"] * 3
    await saved(editing, shown)
    assert lab.editions.of(GUILD).by_id("p2") is not None


async def test_what_a_file_does_not_name_stays_as_it_is(lab: Lab, editing: CatalogueEditing) -> None:
    known = lab.shipped.get("starknet")
    document = project(
        id="starknet", name="Starknet", symbol="STRK", category="layer 2", about="Changed.",
        airdrop=known.airdrop.model_dump(), aliases=list(known.aliases),
    )  # fmt: skip
    shown = await bring(editing, json.dumps(document), "one.json")

    assert [(change.action, change.key) for change in shown.proposal.changes] == [("edit", "project.about")]
    await saved(editing, shown)
    assert lab.editions.of(GUILD).get("starknet").facts == known.facts


async def test_an_export_comes_back_on_another_server_as_it_was(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await launch(editing, "2026-12-01"))
    await saved(editing, await editing.add(GUILD, ANN, NewProject("Nimbus", "N", "AI", "unclear", "A test.", PAGE)))
    await saved(editing, await editing.retire(GUILD, ANN, "celestia"))
    data = await editing.export(GUILD)

    await saved(editing, await editing.bring_in(OTHER, ANN, "catalogue.json", data))

    assert lab.editions.stored(OTHER).projects == lab.editions.stored(GUILD).projects
    assert lab.editions.stored(OTHER).retired.keys() == {"celestia"}
    with pytest.raises(Refused, match="all that already"):
        await editing.bring_in(GUILD, ANN, "catalogue.json", data)


async def test_an_export_has_the_history(lab: Lab, editing: CatalogueEditing) -> None:
    await saved(editing, await launch(editing, "2026-12-01"))

    document = json.loads(await editing.export(GUILD))

    assert document["format"] == exchange.FORMAT
    (entry,) = document["history"]
    assert (entry["project_id"], entry["key"], entry["by"]) == ("starknet", "tge_date", str(ANN))
    assert (entry["old"]["value"], entry["new"]["value"]) == ("2024-02-20", "2026-12-01")


async def test_one_bad_project_keeps_all_out(lab: Lab, editing: CatalogueEditing) -> None:
    text = json.dumps({"projects": [project(), project(id="gamma", name="Gamma", symbol="")]})

    with pytest.raises(BadInput, match="gamma"):
        await bring(editing, text, "two.json")

    assert lab.editions.stored(GUILD) is lab.editions.stored(None)


async def test_an_import_is_undone_in_one_go(lab: Lab, editing: CatalogueEditing) -> None:
    known = lab.shipped.get("starknet")
    both = json.dumps([project(), json.loads(known.model_copy(update={"about": "Changed."}).model_dump_json())])
    done = await saved(editing, await bring(editing, both, "two.json"))
    assert len(done.changes) == 2

    await editing.undo(GUILD, ANN, done.batch)

    here = lab.editions.of(GUILD)
    assert here.get("starknet").about == known.about
    assert [each.id for each in here.retired] == ["beta"]


async def test_many_new_official_domains_are_told_in_one_message(lab: Lab, editing: CatalogueEditing) -> None:
    official = {"status": "reported", "as_of": "2026-01-01", "sources": [{"url": PAGE}]}
    many = [
        project(id=f"p{n}", name=f"P {n}", facts={"official_domains": {"value": [f"p{n}.example"], **official}})
        for n in range(100)
    ]
    await saved(editing, await bring(editing, json.dumps(many), "many.json"))
    ((_, text),) = lab.told
    assert "`p0.example` of **P 0**, " in text
    assert "and 80 more" in text


async def test_an_import_that_meets_a_newer_value_is_shown_again(lab: Lab, editing: CatalogueEditing) -> None:
    known = json.loads(lab.shipped.get("starknet").model_dump_json())
    known["facts"]["tge_date"]["value"] = "2026-12-02"
    shown = await bring(editing, json.dumps(known), "one.json")
    await saved(editing, await launch(editing, "2026-12-01", 99))

    again = await editing.confirm(GUILD, ANN, shown.proposal.id)

    assert not hasattr(again, "batch")
    assert lab.editions.of(GUILD).get("starknet").facts["tge_date"].value == "2026-12-01"


FILES: list[tuple[str, str, str]] = [
    ("x.json", "", "JSON"),
    ("x.json", "{", "JSON"),
    ("x.toml", "= 1", "TOML"),
    ("x.toml", "", "symbol|id|name"),
    ("x.json", "[]", "no list"),
    ("x.json", "3", "number 1"),
    ("x.json", '{"projects": {}}', "no list"),
    ("x.json", json.dumps({"projects": [project()], "retired": "beta"}), "retired"),
    ("x.json", json.dumps({"projects": [project()], "retired": ["nobody"]}), "retired"),
    ("x.json", json.dumps([project(), project()]), "twice"),
    ("x.json", json.dumps(project(extra=1)), "extra"),
    ("x.json", json.dumps(project(id="Not An Id")), "id"),
    ("x.json", json.dumps(project(facts={"a": {"value": "x", "status": "reported", "as_of": "2026-01-01"}})), "source"),
    ("x.json", json.dumps(project(name="Starknet")), "already means"),
    ("x.json", json.dumps([project()] * 501), "1 to 500"),
    ("x.json", "[" * 100_000, "JSON"),
    ("x.toml", "id = 2026-01-01T10:00:00", "id"),
    ("x.toml", "id = 10:00:00", "number 1"),
    ("x.json", " " * 1_000_001, "larger"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), FILES, ids=range(len(FILES)))
async def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    catalogue: Catalogue, name: str, text: str, said: str
) -> None:
    from bot.catalogue.drafts import checked
    from tests.conftest import NOON

    edition = Edition({each.id: each for each in catalogue.content.projects}, {})
    with pytest.raises(BadInput, match=said):
        checked(edition, list(exchange.differences(edition, *exchange.read(name, text.encode()))), NOON)


def test_a_file_that_is_no_text_is_refused() -> None:
    with pytest.raises(BadInput, match="no UTF-8"):
        exchange.read("x.json", b"\xff\xfe\x00")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.sampled_from(["x.json", "x.toml", "x"]))
def test_whatever_is_in_a_file_is_projects_or_refused(data: bytes, name: str) -> None:
    with pytest.raises(BadInput):
        exchange.read(name, data)
