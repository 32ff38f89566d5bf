import pytest

from bot.links.model import Judgement
from bot.links.service import Links

LISTED, LOOKALIKE, SUSPICIOUS, UNKNOWN, OFFICIAL = Judgement


@pytest.mark.parametrize(
    ("address", "judgement", "reason"),
    [
        ("docs.starknet.io/x", OFFICIAL, "starknet.io is an official domain of Starknet."),
        ("https://evil.com@starknet.io", OFFICIAL, "official domain of Starknet"),
        ("https://provisions.starknet.io", SUSPICIOUS, "This was Starknet's claim page of 2024. It is closed"),
        ("https://a.claims.movementnetwork.xyz", SUSPICIOUS, "This was Movement's claim page"),
        ("https://www.jito.network/airdrop-news", OFFICIAL, "jito.network is an official domain of Jito."),
        ("jito.network/airdrop/check", SUSPICIOUS, "This was Jito's claim page"),
        ("https://scam.com/x", LISTED, "scam.com is on the list of known scams."),
        ("https://claim.scam.com", LISTED, "scam.com is on the list"),
        ("https://starknet-claim.scam.com", LISTED, "scam.com is on the list"),
        ("example.com", UNKNOWN, "No source in the catalogue knows this domain."),
        ("https://x.github.io", UNKNOWN, "No source"),
        ("https://github.io", LISTED, "github.io is on the list"),
        ("https://decrypt.co/123/starknet-airdrop-claim", UNKNOWN, "It is a source that I cite"),
        ("https://github.com/starknet-io/provisions-data", UNKNOWN, "It bears the name of Starknet."),
        ("https://coindesk.cc/a", SUSPICIOUS, "The catalogue warns of it: the domain looks like coindesk.com"),
        ("https://x.com/someone", UNKNOWN, "Anybody can open an account there under any name."),
        ("discord.gg/abc", UNKNOWN, "Anybody can open an account"),
        ("bit.ly/3abc", SUSPICIOUS, "It is a short link: it hides where it leads."),
        ("http://3232235777/", SUSPICIOUS, "It leads to a number"),
        ("http://0x7f.1/claim", SUSPICIOUS, "It leads to a number"),
        ("https://[::1]/", SUSPICIOUS, "It leads to a number"),
        ("https://support@evil.com/", SUSPICIOUS, "It has text before an @"),
        ("https://evil.com\\x", SUSPICIOUS, "It has a backslash"),
        ("https://gоogle-mail.de", SUSPICIOUS, "Its name mixes letters of several alphabets."),
        ("free-airdrop.example.org", SUSPICIOUS, "Its name is bait: “airdrop”."),
        ("wallet-verify.help", SUSPICIOUS, "Its name is bait: “walletverify”."),
        ("seed-phrase-recovery.com", SUSPICIOUS, "Its name is bait"),
        ("my-login-verify.example.org", SUSPICIOUS, "Its name is bait: “login verify”."),
        ("login.example.org", UNKNOWN, "No source"),
        ("раздача-токенов.рф", SUSPICIOUS, "Its name is bait: “раздача”."),
        ("https://sites.google.com/view/airdrop-now", SUSPICIOUS, "Its name is bait"),
        ("uniswap.pages.dev", LOOKALIKE, "It bears the name of Uniswap, but with another ending"),
        ("notco.in", OFFICIAL, "Only one source says so, as of 22 November 2026."),
        ("steam://starknet.io/x", SUSPICIOUS, "It begins with steam: and opens a program, not a page."),
        ("ftp://starknet-claim.io", LOOKALIKE, "other words beside the name of Starknet"),
        ("javascript:alert(1)", SUSPICIOUS, "It begins with javascript:"),
        ("data:text/html,<b>x", SUSPICIOUS, "It begins with data:"),
        ("localhost:3000", UNKNOWN, "It is no name under a public ending."),
        ("good morning", UNKNOWN, "There is no address in it."),
        ("", UNKNOWN, "There is no address in it."),
        ("https://", UNKNOWN, "There is no address in it."),
        ("https://web.archive.org/web/2024/https://starknet.io/", UNKNOWN, "No source"),
        ("https://evil.com/starknet.io.html", UNKNOWN, "No source"),
        ("bücher.de", UNKNOWN, "No source"),
    ],
)
def test_a_link_is_judged_with_its_reason(links: Links, address: str, judgement: Judgement, reason: str) -> None:
    verdict = links.check(address)
    assert verdict.judgement is judgement, verdict
    assert any(reason in each for each in verdict.reasons), verdict.reasons


@pytest.mark.parametrize(
    ("address", "judgement", "reason"),
    [
        ("https://www.jito.network/airdrop-news", UNKNOWN, "Claims of Jito once ran on this domain"),
        ("uniswap.pages.dev", SUSPICIOUS, "Anybody can open a site there under any name."),
    ],
)
def test_where_no_source_knows_the_home_of_a_project_care_is_called_for(
    homeless: Links, address: str, judgement: Judgement, reason: str
) -> None:
    verdict = homeless.check(address)
    assert verdict.judgement is judgement
    assert any(reason in each for each in verdict.reasons), verdict.reasons


@pytest.mark.parametrize(
    ("address", "domain", "host"),
    [
        ("https://starknet.io.evil.co.uk/x", "evil.co.uk", "starknet.io.evil.co.uk"),
        ("docs.starknet.io", "starknet.io", "docs.starknet.io"),
        ("a.starknet.pages.dev", "starknet.pages.dev", "a.starknet.pages.dev"),
        ("http://3232235777/", "192.168.1.1", "192.168.1.1"),
        ("https://starknеt.io", "xn--starknt-dhg.io", "xn--starknt-dhg.io"),
        ("javascript:alert(1)", None, None),
    ],
)
def test_a_verdict_names_what_was_registered_and_where_it_leads(
    links: Links, address: str, domain: str | None, host: str | None
) -> None:
    verdict = links.check(address)
    assert (verdict.domain, verdict.host) == (domain, host)


def test_a_text_that_says_an_official_domain_and_leads_elsewhere_imitates_it(links: Links) -> None:
    verdict = links.check("[starknet.io](https://evil.com/x)")
    assert (verdict.judgement, verdict.imitates, verdict.official) == (LOOKALIKE, "Starknet", "starknet.io")
    assert verdict.reasons[0] == "Its text says starknet.io, but it leads to evil.com."


def test_a_text_that_says_another_address_is_suspicious(links: Links) -> None:
    assert links.check("[example.org](https://example.com)").judgement is SUSPICIOUS


@pytest.mark.parametrize("text", ["click here", "docs.example.com", "3.5", "the docs. Read them"])
def test_a_text_that_says_no_other_domain_changes_nothing(links: Links, text: str) -> None:
    assert links.check(f"[{text}](https://example.com)").judgement is UNKNOWN


def test_an_official_link_behind_a_text_of_its_own_is_official(links: Links) -> None:
    assert links.check("[starknet.io](https://docs.starknet.io/x)").judgement is OFFICIAL


def test_a_listed_link_stays_listed_behind_an_official_text(links: Links) -> None:
    assert links.check("[starknet.io](https://scam.com)").judgement is LISTED


def test_the_worst_of_several_links_counts(links: Links) -> None:
    assert links.check("starknet.io or starknet-claim.io").judgement is LOOKALIKE
