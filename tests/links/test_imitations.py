import time
from collections.abc import Iterator

import pytest

from bot.catalogue.service import Catalogue
from bot.links.marks import compact
from bot.links.model import Judgement
from bot.links.service import Links
from bot.links.words import EVERYDAY, KNOWN_DOMAINS
from tests.links.imitations import KINDS, Kind

LEAST_KINDS = 38
LEAST_CAUGHT = 0.99
LEAST_CAUGHT_OF_A_KIND = 0.95
ONE_LINK_MS = 2.0

# The names that are registered, and their endings: the catalogue's official domains, by hand. Those that are
# everyday words are left out: alone they imitate nobody.
HOMES = (
    ("altlayer", "io", "AltLayer"),
    ("apecoin", "com", "ApeCoin"),
    ("arbitrum", "foundation", "Arbitrum"),
    ("arbitrum", "io", "Arbitrum"),
    ("auroracoin", "is", "Auroracoin"),
    ("babylonlabs", "io", "Babylon"),
    ("berachain", "com", "Berachain"),
    ("celestia", "org", "Celestia"),
    ("dydx", "exchange", "dYdX"),
    ("dydx", "foundation", "dYdX"),
    ("dydx", "trade", "dYdX"),
    ("dydx", "xyz", "dYdX"),
    ("dymension", "xyz", "Dymension"),
    ("eigencloud", "xyz", "EigenLayer"),
    ("eigenlayer", "xyz", "EigenLayer"),
    ("getgrass", "io", "Grass"),
    ("hyperliquid", "xyz", "Hyperliquid"),
    ("hyperliquid-testnet", "xyz", "Hyperliquid"),
    ("jito", "network", "Jito"),
    ("jito", "wtf", "Jito"),
    ("krest", "network", "peaq"),
    ("layerzero", "foundation", "LayerZero"),
    ("layerzero", "network", "LayerZero"),
    ("looksrare", "dev", "LooksRare"),
    ("looksrare", "org", "LooksRare"),
    ("magiceden", "dev", "Magic Eden"),
    ("magiceden", "io", "Magic Eden"),
    ("movementnetwork", "xyz", "Movement"),
    ("paraswap", "io", "ParaSwap"),
    ("peaq", "network", "peaq"),
    ("peaq", "xyz", "peaq"),
    ("soniclabs", "com", "Sonic season 1"),
    ("starknet", "io", "Starknet"),
    ("tokenmetrics", "com", "Token Metrics"),
    ("uniswap", "org", "Uniswap"),
    ("zknation", "io", "ZKsync"),
    ("zksync", "dev", "ZKsync"),
    ("zksync", "io", "ZKsync"),
)
HONEST = KNOWN_DOMAINS | {f"{name}.{ending}" for name, ending, _ in HOMES}


def made_by(kind: Kind) -> Iterator[tuple[str, str]]:
    """Give what a kind makes of each official domain, with the project that it imitates."""
    for name, ending, project in HOMES:
        yield from ((address, project) for address in kind(name, ending) if address not in HONEST)


def test_the_homes_here_are_those_of_the_catalogue(catalogue: Catalogue) -> None:
    official = {domain for project in catalogue.projects for domain in project.official_domains}
    homes = {f"{name}.{ending}" for name, ending, _ in HOMES}
    registered = {domain for domain in official if domain.count(".") == 1}
    assert {domain for domain in registered if compact(domain.partition(".")[0]) not in EVERYDAY} == homes


def test_there_are_enough_kinds() -> None:
    assert len({kind.__name__ for kind in KINDS}) == len(KINDS) >= LEAST_KINDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_kind_of_look_alike_is_caught_and_names_whom_it_imitates(links: Links, kind: Kind) -> None:
    made = list(made_by(kind))
    missed = [
        address
        for address, project in made
        if (verdict := links.check(address)).judgement is not Judgement.LOOKALIKE or verdict.imitates != project
    ]
    assert len(missed) <= (1 - LEAST_CAUGHT_OF_A_KIND) * len(made), missed


def test_hardly_a_look_alike_of_all_is_missed(links: Links) -> None:
    made = [address for kind in KINDS for address, _ in made_by(kind)]
    caught = sum(links.check(address).judgement is Judgement.LOOKALIKE for address in made)
    assert caught >= LEAST_CAUGHT * len(made)


def test_every_look_alike_says_where_the_real_one_is(links: Links) -> None:
    for kind in KINDS:
        address, project = next(made_by(kind))
        official = links.check(address).official
        assert official in {f"{name}.{ending}" for name, ending, owner in HOMES if owner == project}


@pytest.mark.parametrize(
    ("address", "project", "official"),
    [
        ("uniswap.wtf", "Uniswap", "uniswap.org"),
        ("uniswap-labs.com", "Uniswap", "uniswap.org"),
        ("arbitrum-claim.xyz", "Arbitrum", "arbitrum.io"),
        ("hyperIiquid.xyz", "Hyperliquid", "hyperliquid.xyz"),
        ("zksynk.io", "ZKsync", "zksync.io"),
        ("layerzero.claims", "LayerZero", "layerzero.network"),
        ("jit0.network", "Jito", "jito.network"),
        ("jup-airdrop.ag.com", "Jupiter", "jup.ag"),
        ("kaito-claim.ai", "Kaito", "kaito.ai"),
        ("claim-notcoin.in", "Notcoin", "notco.in"),
        ("velora-airdrop.com", "ParaSwap", "velora.xyz"),
        ("monadairdrop.xyz", "Monad", "monad.xyz"),
    ],
)
def test_a_look_alike_is_told_from_the_real_one(links: Links, address: str, project: str, official: str) -> None:
    verdict = links.check(address)
    assert (verdict.judgement, verdict.imitates) == (Judgement.LOOKALIKE, project)
    assert verdict.official == official
    assert links.check(official).judgement is Judgement.OFFICIAL


@pytest.mark.parametrize("address", ["jito.org", "kaito.jp", "kaiko.ai", "notco.com", "velora.com", "storyscan.app"])
def test_names_that_others_bear_as_well_imitate_nobody(links: Links, address: str) -> None:
    assert links.check(address).judgement is Judgement.UNKNOWN


@pytest.mark.parametrize(
    ("address", "project"),
    [
        ("uniswap-claim.org", "Uniswap"),
        ("claimarbitrum.xyz", "Arbitrum"),
        ("hyperIiquid-airdrop.com", "Hyperliquid"),
        ("zksync.claims", "ZKsync"),
        ("eigenlayr.com", "EigenLayer"),
        ("рyth-airdrop.com", "Pyth Network"),
        ("jito-claim.vercel.app", "Jito"),
        ("uniswap.org.evil.com", "Uniswap"),
        ("movement.org.evil.com", "Movement"),
        ("https://wormhole.com@evil.com", "Wormhole"),
        ("story-airdrop.net", "Story"),
        ("grass-airdrop-claim.io", "Grass"),
        ("strk-airdrop.com", "Starknet"),
        ("claimzro.xyz", "LayerZero"),
        ("uniswap-v3.org", "Uniswap"),
        ("wwwuniswap.com", "Uniswap"),
        ("t.me/uniswap_airdrop", "Uniswap"),
    ],
)
def test_a_project_without_a_known_domain_is_protected_by_its_name(homeless: Links, address: str, project: str) -> None:
    verdict = homeless.check(address)
    assert verdict.judgement is Judgement.LOOKALIKE
    assert verdict.imitates == project


def test_the_place_of_a_project_without_a_known_domain_is_not_made_up(homeless: Links) -> None:
    assert homeless.check("uniswap-claim.org").official is None


@pytest.mark.parametrize(
    "address", ["uniswap.org", "arbitrum.foundation", "jup.ag", "hyperliquid.xyz", "paraswap.io", "layerzero.network"]
)
def test_a_name_alone_may_be_the_real_one(homeless: Links, address: str) -> None:
    assert homeless.check(address).judgement is Judgement.UNKNOWN


def test_one_link_takes_less_than_two_milliseconds(links: Links) -> None:
    made = [next(made_by(kind))[0] for kind in KINDS] * 5
    taken = []
    for address in made:
        begun = time.thread_time()
        links.check(address)
        taken.append((time.thread_time() - begun) * 1000)
    assert sorted(taken)[int(0.95 * len(taken))] < ONE_LINK_MS
