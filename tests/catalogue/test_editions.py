from datetime import UTC, datetime, timedelta

import pytest

from bot.catalogue.changes import Change, Edition, Misfit, NewChange, applied, fold, plain, present
from bot.catalogue.editions import Editions
from bot.catalogue.model import Airdrop, Window
from bot.catalogue.service import Catalogue
from bot.clock import FixedClock
from bot.errors import BadInput, NotFound
from tests.catalogue.examples import fact, project

NOW = datetime(2026, 12, 1, tzinfo=UTC)
GUILD, OTHER = 7, 8
ALPHA = project("Alpha", airdrop=Airdrop(state="claimable", line="Claim."), facts={"tge_date": fact("2026-01-01")})


def editions(catalogue: Catalogue, clock: FixedClock) -> Editions:
    return Editions(catalogue, clock)


def with_change(one: Editions, *changes: NewChange) -> None:
    edition = one.stored(GUILD)
    for change in changes:
        edition = applied(edition, change, NOW)
    one.put(GUILD, edition)


def test_a_change_is_seen_on_its_own_server_alone(catalogue: Catalogue, clock: FixedClock) -> None:
    one = editions(catalogue, clock)
    with_change(one, NewChange("starknet", "edit", "project.about", new="Changed here."))

    assert one.of(GUILD).get("starknet").about == "Changed here."
    for elsewhere in (one.of(OTHER), one.of(None), one.shipped):
        assert elsewhere.get("starknet").about == catalogue.get("starknet").about
    assert one.of(GUILD).get("peaq") == one.of(OTHER).get("peaq")


def test_a_server_is_given_the_very_same_catalogue_until_something_is_different(
    catalogue: Catalogue, clock: FixedClock
) -> None:
    one = editions(catalogue, clock)
    assert one.of(GUILD) is one.of(OTHER) is one.shipped

    with_change(one, NewChange("starknet", "edit", "project.about", new="Changed here."))

    first = one.of(GUILD)
    assert first is one.of(GUILD)
    assert first is not one.shipped


def test_when_claims_close_the_server_is_given_another_catalogue(catalogue: Catalogue, clock: FixedClock) -> None:
    one = editions(catalogue, clock)
    window = plain(fact(Window(opens="2026-01-01", closes="2026-03-02")))
    with_change(
        one, NewChange("alpha", "add", new=plain(ALPHA)), NewChange("alpha", "edit", "claim_window", new=window)
    )
    before = one.of(GUILD)
    assert before.get("alpha").airdrop.state == "claimable"
    assert before.listing("claimable") == [before.get("alpha")]

    clock.advance(timedelta(days=2))

    after = one.of(GUILD)
    assert after.get("alpha").airdrop.state == "missed"
    assert after.listing("claimable") == []
    assert after.listing("missed") == after.listing("claim deadline passed") == [after.get("alpha")]
    assert one.stored(GUILD).projects["alpha"].airdrop.state == "claimable"


def test_a_retired_project_is_found_by_its_name_alone(catalogue: Catalogue, clock: FixedClock) -> None:
    one = editions(catalogue, clock)
    with_change(one, NewChange("celestia", "retire"))
    here = one.of(GUILD)

    assert "celestia" not in [each.id for each in here.projects]
    assert "celestia" not in [each.id for each in here.suggest("celest")]
    assert "celestia" not in [each.id for each in here.listing()]
    assert here.profile("Celestia").retired_at == NOW
    assert here.by_id("celestia") is not None
    with pytest.raises(NotFound):
        here.get("celesti")
    assert one.shipped.profile("celesti").retired_at is None


def test_a_retired_project_of_the_survey_keeps_its_name_there(catalogue: Catalogue, clock: FixedClock) -> None:
    one = editions(catalogue, clock)
    with_change(one, NewChange("peaq", "retire"))
    here = one.of(GUILD)

    assert [here.get(line.project).name for line in here.newest_survey.results][4] == "peaq"


def test_a_change_that_does_not_go_with_what_ships_any_more_is_left_out() -> None:
    changes = [
        Change(1, "a", NewChange("gone", "edit", "tge_date", new=plain(fact("2026-01-01"))), 1, NOW),
        Change(2, "b", NewChange("alpha", "edit", "tge_date", new={"status": "confirmed"}), 1, NOW),
        Change(3, "c", NewChange("alpha", "edit", "project.about", new="Still good."), 1, NOW),
    ]
    edition, misfits = fold(Edition({"alpha": ALPHA}, {}), changes)

    assert [change.id for change in misfits] == [1, 2]
    assert edition.projects["alpha"].about == "Still good."
    assert edition.last_id == 3


@pytest.mark.parametrize(
    "change",
    [
        NewChange("nobody", "edit", "tge_date"),
        NewChange("nobody", "retire"),
        NewChange("alpha", "restore"),
        NewChange("alpha", "add", new=plain(ALPHA)),
    ],
)
def test_a_change_of_what_is_not_there_is_a_misfit(change: NewChange) -> None:
    with pytest.raises(Misfit):
        applied(Edition({"alpha": ALPHA}, {}), change, NOW)


def test_a_fact_and_a_field_of_the_same_name_are_two_things() -> None:
    both = ALPHA.model_copy(update={"facts": {"category": fact("as a source has it")}})
    edition = applied(Edition({"alpha": both}, {}), NewChange("alpha", "edit", "project.category", new="AI"), NOW)

    assert present(edition.projects["alpha"], "project.category") == "AI"
    assert present(edition.projects["alpha"], "category")["value"] == "as a source has it"


def test_a_value_that_a_project_cannot_have_is_refused_with_the_field() -> None:
    with pytest.raises(BadInput, match="symbol"):
        applied(Edition({"alpha": ALPHA}, {}), NewChange("alpha", "edit", "project.symbol", new="x" * 13), NOW)


def test_taking_a_fact_away_leaves_the_others() -> None:
    edition = applied(Edition({"alpha": ALPHA}, {}), NewChange("alpha", "edit", "tge_date", new=None), NOW)
    assert edition.projects["alpha"].facts == {}
