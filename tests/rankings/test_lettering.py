"""Lettering: which font writes what, and what fits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.rankings import lettering
from bot.rankings.lettering import clean, figures_width, runs, shorten, width, write, write_figures

WHITE = (255, 255, 255)


def inked(text: str) -> Image.Image:
    image = Image.new("RGB", (600, 80))
    write(image, (20, 55), text, 38, "medium", WHITE)
    return image


@pytest.fixture
def no_system_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_found", dict)
    for kept in (lettering._borrowed, lettering._emoji, lettering.runs):
        kept.cache_clear()
    monkeypatch.setattr(lettering, "_borrowed", lettering._borrowed.__wrapped__)
    monkeypatch.setattr(lettering, "_emoji", lettering._emoji.__wrapped__)
    monkeypatch.setattr(lettering, "runs", lettering.runs.__wrapped__)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x00b\x1b[0m", "ab[0m"),
        ("\u202eabc\u202c", "abc"),
        (" two\n lines\t", "two lines"),
        ("e\u0301", "é"),
        ("Z" + "\u0334" * 50, "Z" + "\u0334" * 2),
        ("\ud800x", "x"),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_clean_keeps_what_has_a_shape(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(30, 500))
def test_what_is_shortened_fits(text: str, room: int) -> None:
    text = clean(text)
    short = shorten(text, 38, "medium", room)
    assert width(short, 38) <= room or short == "…"
    assert short == text or short.endswith("…")


def test_a_text_that_fits_is_left_alone() -> None:
    assert shorten("Starknet", 38, "bold", 400) == "Starknet"


def test_latin_greek_and_cyrillic_come_from_the_font_that_comes_along(no_system_fonts: None) -> None:
    assert [run.text for run in runs("Airdrop Ελλάδα Привет Việt ▲▼–…", 38, "medium")] == [
        "Airdrop Ελλάδα Привет Việt ▲▼–…"
    ]


def test_what_no_font_has_is_a_box(no_system_fonts: None) -> None:
    assert "".join(run.text for run in runs("中🚀x\u0302", 38, "medium")) == "□□x\u0302"


def test_digits_are_equally_wide() -> None:
    assert figures_width("1111", 38, "bold") == figures_width("8080", 38, "bold")


def test_numbers_end_where_they_are_told() -> None:
    image = Image.new("RGB", (300, 80))
    write_figures(image, (200, 55), "12,345", 38, "bold", WHITE)
    box = image.getbbox()
    assert box is not None
    assert 190 <= box[2] <= 201


def test_ink_stands_on_the_baseline() -> None:
    box = inked("HxH").getbbox()
    assert box is not None
    assert (abs(box[0] - 20) <= 5, abs(box[3] - 55) <= 1) == (True, True)


def test_the_width_is_that_of_the_ink() -> None:
    box = inked("Hamburg").getbbox()
    assert box is not None
    assert abs((box[2] - box[0]) - width("Hamburg", 38)) <= 8
