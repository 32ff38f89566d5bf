"""What ships in data/ holds what it promises."""

import re
import tomllib
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from bot.catalogue.load import Content
from bot.catalogue.model import Fact, FundingRound, Project, Window
from bot.catalogue.service import Catalogue
from tests.catalogue.conftest import DATA

SIX = {
    "token-metrics": ("44.3", None),
    "starknet": ("19.8", 92),
    "layerzero": ("17.6", None),
    "dymension": ("7.1", 87),
    "peaq": ("6.7", 89),
    "movement": ("2.3", 85),
}


def all_facts(content: Content) -> list[tuple[str, Fact]]:
    facts = [(f"{project.id}.{key}", fact) for project in content.projects for key, fact in project.facts.items()]
    return facts + [(f"{survey.id}.{key}", fact) for survey in content.surveys for key, fact in survey.facts.items()]


def window_of(project: Project) -> Window:
    value = project.facts["claim_window"].value
    assert isinstance(value, Window)
    return value


def test_the_surveys_six_and_forty_others_ship(content: Content) -> None:
    assert len(content.projects) == 46
    assert set(SIX) <= {project.id for project in content.projects}


def test_the_survey_has_the_published_shares_places_and_scores(catalogue: Catalogue) -> None:
    survey = catalogue.newest_survey

    assert [(r.project, str(r.share), r.tech_score) for r in survey.results] == [(k, *v) for k, v in SIX.items()]
    assert [result.place for result in survey.results] == [1, 2, 3, 4, 5, 6]
    assert survey.named_share == Decimal("97.8")
    assert survey.unnamed_share == Decimal("2.2")
    assert survey.sample_size is None


def test_the_survey_says_what_speaks_against_it(catalogue: Catalogue) -> None:
    remarks = " ".join(catalogue.newest_survey.remarks)

    assert "97.8%" in remarks
    assert "placed itself first" in remarks
    assert "two others listed, Movement and peaq" in remarks
    assert "number of voters was never published" in remarks


def test_misprints_are_corrected_and_noted(catalogue: Catalogue) -> None:
    survey = catalogue.newest_survey
    meant = {correction.printed: correction.meaning for correction in survey.corrections}
    starknet = survey.result_of("starknet")
    dymension = survey.result_of("dymension")

    assert meant["Straknet"] == "Starknet"
    assert meant["Tyco"] == "Taiko"
    assert meant["Outlayer"] == "AltLayer"
    assert starknet is not None
    assert starknet.competitors == ("Linea", "Taiko")
    assert dymension is not None
    assert dymension.competitors == ("AltLayer",)


def test_every_known_fact_has_a_source_and_every_fact_a_date(content: Content) -> None:
    facts = all_facts(content)

    assert len(facts) > 300
    assert [name for name, fact in facts if fact.known and not fact.sources] == []
    assert [name for name, fact in facts if fact.as_of.year < 2025] == []


def test_every_address_in_the_files_is_http(content: Content) -> None:
    links = [source.url for _, fact in all_facts(content) for source in fact.sources if source.url]

    assert len(links) > 300
    assert {urlsplit(link).scheme for link in links} <= {"http", "https"}


def test_facts_that_were_not_found_say_so_in_a_readers_words(content: Content) -> None:
    texts = [path.read_text() for folder in ("projects", "surveys") for path in sorted((DATA / folder).glob("*.toml"))]

    assert [word for word in ("look-up", "budget in", "article only", "the article") for t in texts if word in t] == []


@pytest.mark.parametrize(
    ("project_id", "opens", "closes"),
    [
        ("starknet", "2024-02-20T12:00:00Z", "2024-06-20"),
        ("layerzero", "2024-06-20T11:00:00Z", "2024-09-20"),
        ("dymension", "2024-01", "2024-01-21"),
        ("movement", "2024-12-09", None),
        ("arbitrum", "2023-03-23", "2023-09-24"),
    ],
)
def test_claim_windows_can_be_compared(catalogue: Catalogue, project_id: str, opens: str, closes: str | None) -> None:
    assert window_of(catalogue.get(project_id)) == Window(opens=opens, closes=closes)


def test_funding_is_in_whole_dollars(catalogue: Catalogue) -> None:
    rounds = catalogue.get("layerzero").facts["funding"].value
    assert isinstance(rounds, tuple)

    amounts = [entry.amount_usd for entry in rounds if isinstance(entry, FundingRound)]
    assert amounts == [2_000_000, 6_000_000, 135_000_000, 120_000_000, 55_000_000]


def test_what_one_party_claims_is_not_given_as_confirmed(catalogue: Catalogue) -> None:
    allegation = catalogue.get("movement").facts["airdrop_allegation"]

    assert allegation.status == "reported"
    assert "allegation" in (allegation.note or "")


def test_a_day_known_from_a_model_alone_is_not_given_as_confirmed(content: Content) -> None:
    modelled = [
        project.facts["tge_date"]
        for project in content.projects
        if project.facts["tge_date"].known
        and all("emissions-adapters" in source.name for source in project.facts["tge_date"].sources)
    ]

    assert len(modelled) > 10
    assert {fact.status for fact in modelled} == {"reported"}


def test_every_project_names_its_official_domains_with_sources_and_shares_them_with_no_other(content: Content) -> None:
    owners: dict[str, set[str]] = {}
    for project in content.projects:
        assert project.facts["official_domains"].status in ("confirmed", "single_source"), project.id
        for domain in project.official_domains:
            owners.setdefault(domain, set()).add(project.id.rstrip("-0123456789"))

    # The three airdrops of Optimism are one project's.
    assert {domain: ids for domain, ids in owners.items() if len(ids) > 1} == {}


def test_no_former_claim_page_is_an_official_domain(content: Content) -> None:
    former = {page for project in content.projects for page in project.historic_claim_pages}
    assert former.isdisjoint(domain for project in content.projects for domain in project.official_domains)


def test_what_one_source_alone_says_of_a_domain_is_not_given_as_confirmed(content: Content) -> None:
    alone = [
        project.id
        for project in content.projects
        if (fact := project.facts["official_domains"]).status == "confirmed" and len(fact.sources) < 2
    ]
    assert alone == []


def test_no_source_leads_to_a_former_claim_page(content: Content) -> None:
    pages = {page for project in content.projects for page in project.historic_claim_pages}
    links = [source.link or "" for _, fact in all_facts(content) for source in fact.sources]

    assert len(pages) > 10
    assert [link for link in links if re.sub(r"^https?://(www\.)?", "", link).rstrip("/") in pages] == []


def test_a_project_whose_claims_are_open_or_to_come_is_not_claimed_to_exist(content: Content) -> None:
    states = {project.airdrop.state for project in content.projects}

    assert states == {"closed", "phases", "unclear"}


def test_files_are_plain_toml_in_the_order_of_the_model() -> None:
    for path in sorted((DATA / "projects").glob("*.toml")):
        document = tomllib.loads(path.read_text())
        assert [key for key in document if key in ("id", "name", "symbol")] == ["id", "name", "symbol"], path.name
        assert list(document)[-2:] == ["airdrop", "facts"], path.name
