import pytest

from bot.catalogue.model import STATE_LABELS
from bot.catalogue.service import Catalogue
from bot.errors import BadInput, NotFound


def test_the_surveys_projects_stand_first_by_place_and_the_others_by_name(catalogue: Catalogue) -> None:
    names = [project.name for project in catalogue.projects]

    assert names[:6] == ["Token Metrics", "Starknet", "LayerZero", "Dymension", "peaq", "Movement"]
    assert names[6:] == sorted(names[6:], key=str.casefold)


def test_a_profile_brings_the_place_in_the_newest_survey(catalogue: Catalogue) -> None:
    profile = catalogue.profile("starknet")

    assert profile.placement is not None
    assert (profile.placement.result.place, str(profile.placement.result.share)) == (2, "19.8")


def test_a_profile_of_an_unlisted_project_has_no_place(catalogue: Catalogue) -> None:
    assert catalogue.profile("uniswap").placement is None


def test_a_list_holds_what_fits_both_filters(catalogue: Catalogue) -> None:
    assert [project.id for project in catalogue.listing("phases")] == ["dymension", "peaq", "eigenlayer", "ether-fi"]
    assert [project.id for project in catalogue.listing("phases", "DePIN")] == ["peaq"]
    assert catalogue.listing("upcoming") == []
    assert len(catalogue.listing()) == 46


def test_a_state_may_be_typed_as_it_is_shown(catalogue: Catalogue) -> None:
    assert catalogue.listing("Claims over") == catalogue.listing("closed")


@pytest.mark.parametrize(("status", "category"), [("nonsense", None), (None, "layer 9")])
def test_an_unknown_filter_is_refused_with_those_that_exist(
    catalogue: Catalogue, status: str | None, category: str | None
) -> None:
    with pytest.raises(BadInput) as caught:
        catalogue.listing(status, category)

    assert ("closed" if status else "layer 1") in caught.value.fix


def test_filters_offered_are_those_that_find_something(catalogue: Catalogue) -> None:
    assert catalogue.statuses == ["phases", "closed", "unclear"]
    assert all(catalogue.listing(status) for status in catalogue.statuses)
    assert all(catalogue.listing(None, category) for category in catalogue.categories)
    assert set(catalogue.statuses) <= set(STATE_LABELS)


def test_a_project_is_not_compared_with_itself(catalogue: Catalogue) -> None:
    with pytest.raises(BadInput, match="Both names mean Starknet"):
        catalogue.compare("starknet", "STRK")


def test_comparing_with_nobody_says_who_is_missing(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound, match="nobody"):
        catalogue.compare("starknet", "nobody")


def test_a_very_id_is_looked_up_without_guessing(catalogue: Catalogue) -> None:
    found = catalogue.by_id("peaq")

    assert found is not None
    assert found.name == "peaq"
    assert catalogue.by_id("peak") is None
