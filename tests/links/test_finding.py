import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.finding import Found, found_in


def addresses(text: str) -> list[str]:
    return [found.address for found in found_in(text, 50)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://evil.com/a?b=c#d, or not.", ["https://evil.com/a?b=c#d"]),
        ("<https://evil.com/x>", ["https://evil.com/x"]),
        ("(https://evil.com/x)", ["https://evil.com/x"]),
        ("evil.com and docs.evil.co.uk/path!", ["evil.com", "docs.evil.co.uk/path"]),
        ("evil.com,other.net;third.org", ["evil.com", "other.net", "third.org"]),
        ("hxxps://evil[.]com/x", ["https://evil.com/x"]),
        ("hXXp[:]//evil(.)com", ["https://evil.com"]),
        ("hxxps[://]evil[dot]com", ["https://evil.com"]),
        ("evil (dot) com", ["evil.com"]),
        ("evil dot com", ["evil.com"]),
        ("me[at]evil.com", ["me@evil.com"]),
        ("discord.gg/abc", ["discord.gg/abc"]),
        ("https://evil**.com**", ["https://evil.com"]),
        ("ev||il||.com", ["evil.com"]),
        ("`https://evil.com`", ["https://evil.com"]),
        ("evil\\.com", ["evil.com"]),
        ("https:\\\\evil.com", ["https:\\\\evil.com"]),
        ("ev\u200bil.com ev\u00adil.com", ["evil.com"]),
        ("https://evil。com", ["https://evil。com"]),
        ("https://евил.рф и пример.рф", ["https://евил.рф", "пример.рф"]),
        ("1.2.3.4:8080/x", ["1.2.3.4:8080/x"]),
        ("http://3232235777/", ["http://3232235777/"]),
        ("https://[::1]/x", ["https://[::1]/x"]),
        ("javascript:alert(1)", ["javascript:alert"]),
        ("a https://evil.com https://evil.com b", ["https://evil.com"]),
        ("https://evil.com/x_(y)", ["https://evil.com/x"]),
        ("starknet.io@evil.com", ["starknet.io@evil.com"]),
        ("https://a.com@b.com", ["https://a.com@b.com"]),
    ],
)
def test_addresses_are_found_however_they_are_written(text: str, found: list[str]) -> None:
    assert addresses(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no link here",
        "v1.2.3 costs 3.5%, e.g. 2.0",
        "run.py and README.md",
        "It is done.It was late, as U.S. law says.",
        "<@123> <#456> <:name:789> <t:1700000000:R>",
        "10:30, and/or, a.b",
    ],
)
def test_what_is_no_address_is_left_alone(text: str) -> None:
    assert addresses(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[click](https://evil.com)", Found("https://evil.com", "click")),
        ("[starknet.io](<https://evil.com/x>)", Found("https://evil.com/x", "starknet.io")),
        ('[a](https://evil.com "a title")', Found("https://evil.com", "a")),
        ("[](https://evil.com)", Found("https://evil.com", None)),
        ("[**star**knet.io]( https://evil.com )", Found("https://evil.com", "starknet.io")),
        ("[a](https://evil.com/x_(y))", Found("https://evil.com/x_(y)", "a")),
    ],
)
def test_a_link_behind_a_text_brings_the_text(text: str, found: Found) -> None:
    assert found_in(text, 50) == [found]


def test_no_more_are_found_than_asked_for() -> None:
    assert len(found_in(" ".join(f"a{number}.com" for number in range(100)), 7)) == 7


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert all(found.address for found in found_in(text, 50))


@given(st.sampled_from(("", "a", "see:", "**", "(", "> ")), st.sampled_from(("", " b", ")", ".", "**", "!")))
def test_an_address_is_found_among_other_signs(before: str, after: str) -> None:
    found = addresses(f"{before} https://evil.com/x{after}")
    assert [address.rstrip(")") for address in found] == ["https://evil.com/x"]
