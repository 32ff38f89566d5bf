import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.defang import defang
from bot.links.finding import found_in

ALLOWED = {"starknet.io"}
PIECES = (
    "https://", "http:", "//", "\\", "starknet", ".", "io", "evil", "com", "@", ":", "/", "?", "(", ")", "[", "]", "<",
    ">",     "。", "-", "_", " ", "hxxp", "hxxps://", "[.]", "*", "`", "1", "ftp://", "é", ",", "HTTPS://", "\u200b",
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("see https://evil.com/a.zip?x=b.com now", "see hxxps://evil[.]com/a[.]zip?x=b[.]com now"),
        ("HTTP://EVIL.COM.", "hxxp://EVIL[.]COM."),
        ("evil.com, docs.evil.com", "evil[.]com, docs[.]evil[.]com"),
        ("[https://starknet.io](https://evil.com)", "[https://starknet.io](hxxps://evil[.]com)"),
        ("https://starknet.io\\@evil.com", "hxxps://starknet[.]io\\@evil[.]com"),
        ("https://starknet.io@evil.com", "hxxps://starknet[.]io@evil[.]com"),
        ("https://starknet.io.evil.com", "hxxps://starknet[.]io[.]evil[.]com"),
        ("https://notstarknet.io", "hxxps://notstarknet[.]io"),
        ("https://evil。com", "hxxps://evil[.]com"),
        ("ftp://evil.com", "ftp[:]//evil[.]com"),
        ("http://3232235777/", "hxxp://3232235777/"),
        ("https://localhost/x", "hxxps://localhost/x"),
        ("10.0.0.1", "10[.]0[.]0[.]1"),
        ("пример.рф", "пример[.]рф"),
        ("**evil.com**", "**evil[.]com**"),
        ("me@evil.com", "me@evil[.]com"),
    ],
)
def test_addresses_that_are_not_allowed_are_dead(text: str, dead: str) -> None:
    assert defang(text, ALLOWED) == dead


@pytest.mark.parametrize(
    "text",
    [
        "https://starknet.io/a.b?c=d.com",
        "starknet.io and docs.starknet.io.",
        "https://starknet.io:443/x",
        "<https://docs.starknet.io>",
        "costs 9.5% of 1.2 million, v1.2.3, e.g. at 3.5",
        "No address, at all. None.",
        "a:b, 10:30",
    ],
)
def test_allowed_addresses_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert defang(text, ALLOWED) == text


@given(TEXTS)
def test_what_is_dead_stays_as_it_is(text: str) -> None:
    once = defang(text, ALLOWED)
    assert defang(once, ALLOWED) == once


@given(TEXTS)
def test_nothing_stays_live_when_nothing_is_allowed(text: str) -> None:
    dead = defang(text, ())
    assert not re.search(r"(?i)\bhttps?:[/\\]{2}", dead)
    assert not re.search(r"(?i)[a-z0-9]\.(?:com|io)\b", dead)


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_a_live_address_that_is_left_leads_to_an_allowed_domain(text: str) -> None:
    for live in re.findall(r"(?i)https?://[^\s<>()\[\]`]+", defang(text, ALLOWED)):
        assert re.match(r"(?i)https?://(?:[a-z0-9-]+\.)*starknet\.io(?:[.:/?#,;!]|$)", live)


@given(st.from_regex(r"[a-z]{1,12}(\.[a-z]{1,8}){0,2}\.(com|org|xyz)(/[a-z]{0,9})?", fullmatch=True))
def test_a_dead_address_is_found_again_by_who_looks_for_it(address: str) -> None:
    dead = defang(f"https://{address}", ())
    assert [found.address for found in found_in(dead, 5)] == [f"https://{address}"]
