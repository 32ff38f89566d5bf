from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.editions import Editions
from bot.catalogue.load import Content
from bot.catalogue.model import Project
from bot.catalogue.service import Catalogue
from bot.links import service
from bot.links.judging import Judge
from bot.links.model import Judgement
from bot.links.service import MAX_LINKS, Links

PIECES = (
    "https://", "http:", "//", "\\", "starknet",
    ".", "io", "evil", "com", "@", ":", "443", "/", "?", "#", "[", "](", ")",
    "<", "xn--", "а", "\u200b", "。", "%2e", "-", "_", " ", "\n", "javascript:", "hxxp", "[.]", "*", "`", "1", "claim",
    "\x00", "\ud800", "é", ",",
)  # fmt: skip


class TwoEditions:
    """Stand in for the editions: one server has its own catalogue."""

    def __init__(self, shipped: Catalogue, own: Catalogue) -> None:
        self.shipped, self.own = shipped, own

    def of(self, guild_id: int | None) -> Catalogue:
        return self.own if guild_id == 1 else self.shipped


def edition_with(catalogue: Catalogue, project_id: str, domains: list[str]) -> Catalogue:
    """Return a catalogue in which a project has other official domains."""

    def changed(project: Project) -> Project:
        fact = project.facts.get("official_domains") or catalogue.get("starknet").facts["official_domains"]
        facts = project.facts | {"official_domains": fact.model_copy(update={"value": tuple(domains)})}
        return project.model_copy(update={"facts": facts}) if project.id == project_id else project

    content: Content = catalogue.content
    return Catalogue(replace(content, projects=tuple(map(changed, content.projects))))


def two(catalogue: Catalogue, project_id: str, domains: list[str]) -> Links:
    return Links(cast(Editions, TwoEditions(catalogue, edition_with(catalogue, project_id, domains))))


def test_a_servers_official_domain_is_official_there_alone(catalogue: Catalogue) -> None:
    links = two(catalogue, "uniswap", ["uniswap.org", "pools.example.org"])
    assert links.check("app.pools.example.org", 1).judgement is Judgement.OFFICIAL
    assert links.check("app.pools.example.org", 2).judgement is Judgement.UNKNOWN
    assert links.check("app.pools.example.org").judgement is Judgement.UNKNOWN


def test_with_a_known_home_another_ending_imitates(catalogue: Catalogue) -> None:
    links = two(edition_with(catalogue, "uniswap", []), "uniswap", ["uniswap.org"])
    assert links.check("uniswap.com", 1).official == "uniswap.org"
    assert links.check("uniswap.com", 2).judgement is Judgement.UNKNOWN


@pytest.mark.parametrize("domain", ["github.io", "pages.dev", "co.uk"])
def test_a_public_suffix_makes_nobody_below_it_official(catalogue: Catalogue, domain: str) -> None:
    links = two(catalogue, "uniswap", [domain])
    assert links.check(f"somebody.{domain}", 1).judgement is Judgement.UNKNOWN


def test_an_official_page_on_a_shared_host_makes_the_page_alone_official(catalogue: Catalogue) -> None:
    links = two(catalogue, "uniswap", ["github.com/uniswap"])
    assert links.check("https://github.com/Uniswap/docs", 1).judgement is Judgement.OFFICIAL
    assert links.check("https://github.com/uniswapper", 1).judgement is not Judgement.OFFICIAL
    assert links.check("https://x.github.com/uniswap", 1).judgement is not Judgement.OFFICIAL


def test_an_everyday_word_as_an_official_name_leaves_others_alone(catalogue: Catalogue) -> None:
    links = two(catalogue, "story", ["story.foundation"])
    assert links.check("story.com", 1).judgement is Judgement.UNKNOWN
    assert links.check("historystory.org", 1).judgement is Judgement.UNKNOWN
    assert links.check("story-airdrop.com", 1).official == "story.foundation"


def test_an_edition_is_worked_out_once(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Counted(Judge):
        def __init__(self, *arguments: object) -> None:
            made.append(arguments)
            super().__init__(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "Judge", Counted)
    links = two(catalogue, "uniswap", ["uniswap.org"])
    for guild_id in (1, 2, None, 1, 2):
        links.check("example.com", guild_id)
    assert len(made) == 2


def test_all_links_of_a_text_come_the_worst_first(links: Links) -> None:
    text = "starknet.io, example.com, bit.ly/x, starknet-claim.io and https://scam.com"
    assert [verdict.judgement for verdict in links.check_all(text)] == list(
        map(Judgement, ("listed", "lookalike", "suspicious", "unknown", "official"))
    )


def test_a_link_that_stands_twice_is_shown_once(links: Links) -> None:
    assert len(links.check_all("example.com https://example.com/a example.com")) == 1
    assert len(links.check_all("starknet.io [starknet.io](https://starknet.io) [x.org](https://starknet.io)")) == 2


def test_a_flood_of_links_has_an_end(links: Links) -> None:
    assert len(links.check_all(" ".join(f"a{number}.com" for number in range(2_000)))) == MAX_LINKS


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)))
def test_no_text_breaks_it(links: Links, text: str) -> None:
    verdict = links.check(text)
    assert verdict.reasons
    assert len(links.check_all(text)) <= MAX_LINKS


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_what_stands_before_a_foreign_domain_never_makes_it_official(links: Links, text: str) -> None:
    tail = ".evil-host.com"
    for verdict in links.check_all(f"https://{text}{tail}"):
        if verdict.host and verdict.host.endswith(tail):
            assert verdict.judgement is not Judgement.OFFICIAL
