import re

import pytest

from bot.links.cards import MAX_SHOWN, verdict_card, verdicts_card
from bot.links.model import Judgement, Verdict
from bot.links.service import Links
from bot.ui.card import STATE_COLOURS, Card
from tests.world import walk


def text_of(card: Card) -> str:
    return "\n".join(part["content"] for part in walk(card.to_components()) if "content" in part)


def live_links(text: str) -> set[str]:
    return set(re.findall(r"https?://[^\s>)]+", text))


def test_a_look_alike_names_whom_it_imitates_and_links_to_the_real_one_alone(links: Links) -> None:
    card = verdict_card(links.check("https://starknet-claim.io/x"))
    text = text_of(card)
    assert "### 🚨 A look-alike of Starknet" in text
    assert "**The real one** [starknet.io](<https://starknet.io>)" in text
    assert "**Leads to** `starknet-claim[.]io`" in text
    assert live_links(text) == {"https://starknet.io"}
    assert card.to_components()[0]["accent_color"] == STATE_COLOURS["cancelled"].value


def test_where_no_official_domain_is_known_none_is_made_up(homeless: Links) -> None:
    text = text_of(verdict_card(homeless.check("uniswap-claim.org")))
    assert "**The real one** not known: no source names an official domain" in text
    assert live_links(text) == set()


@pytest.mark.parametrize(
    ("address", "title", "colour"),
    [
        ("starknet.io", "✅ Official: Starknet", "open"),
        ("scam.com", "⛔ A known scam", "cancelled"),
        ("bit.ly/x", "⚠️ Suspicious", "closing"),
        ("example.com", "❔ Unknown", "closed"),
    ],
)
def test_each_verdict_has_its_sign_and_colour(links: Links, address: str, title: str, colour: str) -> None:
    card = verdict_card(links.check(address))
    assert text_of(card).startswith(f"### {title}")
    assert card.to_components()[0]["accent_color"] == STATE_COLOURS[colour].value


def test_unknown_says_that_it_is_not_safe(links: Links) -> None:
    assert "Unknown is not safe" in text_of(verdict_card(links.check("example.com")))


def test_letters_of_another_alphabet_are_shown_beside_what_is_registered(links: Links) -> None:
    text = text_of(verdict_card(links.check("https://starknеt.io")))
    assert "`xn--starknt-dhg[.]io`, shown as `starknеt[.]io`" in text


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.com/[x](https://evil.org)",
        "https://evil`.com/**x**",
        "<@123> @everyone https://a@evil.com",
        "no address, https but [a](b) @here",
        "javascript:alert('@everyone')",
    ],
)
def test_what_was_typed_is_neither_link_nor_mention_nor_markdown(links: Links, address: str) -> None:
    text = text_of(verdict_card(links.check(address)))
    assert live_links(text) == set()
    assert not re.search(r"@(?:everyone|here)|<@\d", text)
    assert not re.search(r"[a-z]\.(?:com|org)", text)


def test_many_links_stand_in_one_card_with_the_worst_first(links: Links) -> None:
    text = text_of(verdicts_card(links.check_all("starknet.io example.com starknet-claim.io")))
    assert text.startswith("### 3 links, the worst first")
    assert text.index("🚨") < text.index("❔") < text.index("✅")
    assert live_links(text) == set()


def test_one_link_of_a_message_has_the_card_of_one(links: Links) -> None:
    assert "### ✅ Official: Starknet" in text_of(verdicts_card(links.check_all("see starknet.io")))


def test_the_longest_card_fits() -> None:
    host = ".".join(["a" * 60] * 4)
    one = Verdict(Judgement.LOOKALIKE, host, host, host, "P" * 60, "o" * 60 + ".io", ("_*~" * 200,) * 4)
    assert verdict_card(one).to_components()
    text = text_of(verdicts_card([one] * 50))
    assert re.search(r"… and \d\d more, none of them worse\.", text)


def test_a_dozen_links_are_shown_before_the_rest_is_counted(links: Links) -> None:
    text = text_of(verdicts_card(links.check_all(" ".join(f"a{number}.com" for number in range(MAX_SHOWN + 3)))))
    assert text.count("No source in the catalogue knows this domain.") == MAX_SHOWN
    assert "… and 3 more, none of them worse." in text
