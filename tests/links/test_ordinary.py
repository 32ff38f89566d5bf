from pathlib import Path

import pytest

from bot.catalogue.service import Catalogue
from bot.links.address import read
from bot.links.model import Judgement
from bot.links.service import Links

LINES = (Path(__file__).parent / "ordinary.txt").read_text().splitlines()
ORDINARY = [line for line in LINES if line and not line.startswith("#")]
CRYPTO = ORDINARY[ORDINARY.index("bitcoin.org") :]
MOST_SUSPICIOUS = 0.005


def test_the_list_is_long_and_names_each_domain_once() -> None:
    assert len(ORDINARY) == len(set(ORDINARY)) >= 1_200
    assert len(CRYPTO) >= 200
    assert all((address := read(domain)) and address.host == domain and address.is_name for domain in ORDINARY)


def test_no_ordinary_domain_is_called_a_look_alike_or_official(links: Links) -> None:
    wrong = {Judgement.LOOKALIKE, Judgement.OFFICIAL}
    assert [domain for domain in ORDINARY if links.check(domain).judgement in wrong] == []


def test_hardly_an_ordinary_domain_is_suspicious(links: Links) -> None:
    suspicious = [domain for domain in ORDINARY if links.check(domain).judgement is Judgement.SUSPICIOUS]
    assert len(suspicious) <= MOST_SUSPICIOUS * len(ORDINARY), suspicious


@pytest.mark.parametrize("written", ["{}", "https://{}/", "https://app.{}/a?b=c#d", "HTTP://WWW.{}.", "{}:443"])
def test_every_official_domain_is_official_however_it_is_written(
    links: Links, catalogue: Catalogue, written: str
) -> None:
    owners: dict[str, set[str]] = {}
    for project in catalogue.projects:
        for domain in project.official_domains:
            owners.setdefault(domain, set()).add(project.name)
    assert owners
    for domain, names in owners.items():
        verdict = links.check(written.format(domain))
        assert verdict.judgement is Judgement.OFFICIAL, domain
        assert verdict.project in names
