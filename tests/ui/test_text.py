import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.text import bar, clip, escape, plural


@pytest.mark.parametrize(
    "typed",
    [
        "@everyone",
        "@here",
        "<@1>",
        "<@&1>",
        "<#1>",
        "<t:1:R>",
        "</vote:1>",
        "https://evil.example",
        "discord.gg/abc",
        "[a](https://evil.example)",
        "**b**",
        "# big",
        "||s||",
        "a\nb",
        "\u202eabc",
        "hTTps://evil.example",
    ],
)
def test_typed_text_loses_its_powers(typed: str) -> None:
    shown = escape(typed)
    assert "@everyone" not in shown
    assert "@here" not in shown
    assert not re.search(r"(?<!\\)<[@#t/]", shown)
    assert not re.search(r"(?i)https?://\w", shown)
    assert "discord.gg/" not in shown
    assert "](" not in shown
    assert "**" not in shown
    assert "\n" not in shown
    assert "\u202e" not in shown


@given(st.text(alphabet=st.characters(categories=("L", "N")), max_size=50))
def test_plain_words_stay_as_they_are(typed: str) -> None:
    assert escape(typed) == typed


def test_long_texts_end_in_an_ellipsis_at_the_limit() -> None:
    assert clip("abcdef", 6) == "abcdef"
    assert clip("abcdefg", 6) == "abcde…"


def test_counts_agree_with_their_word() -> None:
    assert [plural(n, "ballot") for n in (0, 1, 2, 1000)] == ["0 ballots", "1 ballot", "2 ballots", "1,000 ballots"]


@given(st.floats(-1, 2, allow_nan=False))
def test_a_bar_is_always_as_wide_as_asked(fraction: float) -> None:
    assert len(bar(fraction, 12)) == 12
