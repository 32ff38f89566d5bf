import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.address import read, within


@pytest.mark.parametrize(
    ("text", "host", "domain"),
    [
        ("starknet.io", "starknet.io", "starknet.io"),
        ("HTTPS://Docs.Starknet.IO./x", "docs.starknet.io", "starknet.io"),
        ("//evil.com", "evil.com", "evil.com"),
        ("evil.com:8080/x", "evil.com", "evil.com"),
        ("https:\\\\evil.com\\x", "evil.com", "evil.com"),
        ("https:evil.com", "evil.com", "evil.com"),
        ("ht\ntps://ev\til.com", "evil.com", "evil.com"),
        ("https://a.com\\@b.com", "a.com", "a.com"),
        ("https://a.com@b.com", "b.com", "b.com"),
        ("https://ev%69l%2Ecom", "evil.com", "evil.com"),
        ("https://ｅｖｉｌ。com", "evil.com", "evil.com"),
        ("a.b.co.uk", "a.b.co.uk", "b.co.uk"),
        ("x.y.pages.dev", "x.y.pages.dev", "y.pages.dev"),
        ("http://0x7f.1/", "127.0.0.1", "127.0.0.1"),
        ("ftp://evil.com", "evil.com", "evil.com"),
        ("bücher.de", "xn--bcher-kva.de", "xn--bcher-kva.de"),
    ],
)
def test_an_address_is_read_as_a_browser_reads_it(text: str, host: str, domain: str) -> None:
    address = read(text)
    assert address is not None
    assert (address.host, address.domain) == (host, domain)


@pytest.mark.parametrize("text", ["", " ", "https://", "two words", "https://a b.com", "a" * 300 + ".com"])
def test_what_leads_nowhere_is_no_address(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("host", "domain", "is_within"),
    [
        ("starknet.io", "starknet.io", True),
        ("a.starknet.io", "starknet.io", True),
        ("notstarknet.io", "starknet.io", False),
        ("starknet.io.evil.com", "starknet.io", False),
        ("github.io", "github.io", True),
        ("somebody.github.io", "github.io", False),
        ("anything.com", "com", False),
    ],
)
def test_what_is_below_a_domain_belongs_to_it_unless_it_is_a_public_suffix(
    host: str, domain: str, is_within: bool
) -> None:
    assert within(host, domain) is is_within


@given(st.text(), st.sampled_from(("", "https://", "//", "http:")))
def test_no_text_breaks_it(text: str, before: str) -> None:
    address = read(before + text)
    assert address is None or address.host == address.host.lower()
