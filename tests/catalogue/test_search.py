import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.load import load
from bot.catalogue.search import Index, Kind, key_of
from bot.catalogue.service import Catalogue
from bot.errors import NotFound
from tests.catalogue.conftest import DATA
from tests.catalogue.examples import project

SHIPPED = Catalogue(load(DATA))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("starknet", "starknet"),
        ("strknet", "starknet"),
        ("Star Net", "starknet"),
        ("  STARKNET  ", "starknet"),
        ("$STRK", "starknet"),
        ("layer zero", "layerzero"),
        ("layerzro", "layerzero"),
        ("zro", "layerzero"),
        ("DYM", "dymension"),
        ("dimension", "dymension"),
        ("peak", "peaq"),
        ("movment", "movement"),
        ("tokn metrics", "token-metrics"),
        ("TMAI", "token-metrics"),
        ("etherfi", "ether-fi"),
        ("aribtrum", "arbitrum"),
        ("hyperlquid", "hyperliquid"),
        ("eigen", "eigenlayer"),
        ("zk sync", "zksync"),
        ("op airdrop 2", "optimism-2"),
        ("W", "wormhole"),
        ("Méteora", "met"),
    ],
)
def test_a_project_is_found_as_people_type_it(typed: str, meant: str) -> None:
    assert SHIPPED.get(typed).id == meant


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        # Three airdrops of one project share the ticker, and a token outside the catalogue shares the other.
        ("OP", ["Optimism airdrop 1", "Optimism airdrop 2", "Optimism airdrop 5"]),
        ("ZK", ["ZKsync"]),
        ("optimism", ["Optimism airdrop 1", "Optimism airdrop 2", "Optimism airdrop 5"]),
        ("layer", ["LayerZero", "AltLayer", "EigenLayer"]),
        ("ethereum", ["Ethereum Name Service"]),
        ("sui", []),
        ("", []),
        ("!?", []),
        ("x" * 5000, []),
    ],
)
def test_what_is_not_clear_is_asked_back(typed: str, suggested: list[str]) -> None:
    with pytest.raises(NotFound) as caught:
        SHIPPED.get(typed)

    assert list(caught.value.suggestions) == suggested


def test_an_exact_name_beats_a_ticker_and_a_likeness() -> None:
    index = Index([project("Alphas", "XX"), project("Alpha", "YY"), project("Other", "ALPHA")])

    assert [(match.project.name, match.kind) for match in index.matches("alpha")] == [("Alpha", Kind.NAME)]


def test_two_projects_with_one_ticker_are_both_suggested() -> None:
    index = Index([project("First", "DUP"), project("Second", "DUP"), project("Third", "TRD")])

    assert index.meant("dup") is None
    assert [found.name for found in index.near("dup")] == ["First", "Second"]


def test_a_ticker_is_never_guessed() -> None:
    assert Index([project("Something", "STRK")]).meant("STRX") is None


def test_two_names_that_are_alike_the_typing_are_not_chosen_between() -> None:
    assert Index([project("Alphanet"), project("Alphanex")]).meant("alphanez") is None


@given(st.sampled_from([(p.id, name) for p in SHIPPED.projects for name in (p.id, p.name, *p.aliases)]), st.booleans())
def test_every_id_name_and_alias_finds_its_project(named: tuple[str, str], shouted: bool) -> None:
    project_id, name = named

    assert SHIPPED.get(name.upper() if shouted else name).id == project_id
    assert SHIPPED.suggest(name)[0].id == project_id


@given(st.text(max_size=60))
def test_no_typing_breaks_the_search(typed: str) -> None:
    assert len(SHIPPED.suggest(typed)) <= 25
    with suppress(NotFound):
        assert SHIPPED.get(typed) in SHIPPED.projects


@given(st.text(max_size=60))
def test_a_key_is_the_same_when_it_is_made_again(typed: str) -> None:
    assert key_of(key_of(typed)) == key_of(typed)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", ["Token Metrics", "Starknet", "LayerZero", "Dymension", "peaq", "Movement"]),
        ("st", ["Starknet", "Story"]),
        ("metrics", ["Token Metrics"]),
        ("strknet", ["Starknet"]),
        ("zk", ["ZKsync"]),
        ("qqqq", []),
    ],
)
def test_suggestions_begin_with_the_likeliest(typed: str, first: list[str]) -> None:
    assert [found.name for found in SHIPPED.suggest(typed)][: max(1, len(first))] == first


def test_suggestions_are_at_most_as_many_as_asked_for() -> None:
    assert len(SHIPPED.suggest("")) == 25
    assert len(SHIPPED.suggest("a", limit=3)) == 3


def test_suggesting_is_quick_enough_to_type_along() -> None:
    many = Index([project(f"Project number {number}", f"P{number}") for number in range(5_000)])

    def slowest(index: Index) -> float:
        taken = []
        for typed in ("p", "number 499", "prject nmber", "zzz"):
            rounds = []
            for _ in range(5):
                started = time.perf_counter()
                index.complete(typed)
                rounds.append(time.perf_counter() - started)
            taken.append(min(rounds))
        return max(taken)

    assert slowest(Index(SHIPPED.projects)) < 0.001
    assert slowest(many) < 0.1
