from typing import Any

import discord
import pytest
from discord import ui

from bot.ui.card import Card, CardTooLarge, button, choices


def test_a_card_is_one_container_with_its_parts_in_order() -> None:
    card = Card("Title").text("Body").rule().text("More").buttons(button("Go", "room:v1:go"))
    (box,) = card.to_components()
    assert [part["type"] for part in box["components"]] == [10, 14, 10, 1]


def test_texts_that_follow_each_other_are_one_component() -> None:
    (box,) = Card("Title").text("Body").footer("Foot").to_components()
    assert [part["content"] for part in box["components"]] == ["### Title\nBody\n-# Foot"]


def test_empty_paragraphs_are_left_out() -> None:
    assert Card("Title").text("  ").footer("").content_length() == len("### Title")


def test_a_picture_comes_with_its_file_each_time_it_is_asked_for() -> None:
    card = Card("Title").picture("a.png", b"png", "what it shows")
    assert [file.fp.read() for file in card.files] == [b"png"]
    assert [file.fp.read() for file in card.files] == [b"png"]


def test_a_file_that_was_sent_holds_its_content_no_longer() -> None:
    (file,) = Card().picture("a.png", b"png", "A picture").files
    discord.http.handle_message_parameters(files=[file]).__exit__(None, None, None)
    assert file.fp.closed


def test_discord_py_keeps_no_view_in_memory() -> None:
    assert Card("Title").buttons(button("Go", "room:v1:go")).is_finished()


@pytest.mark.parametrize(
    "build",
    [
        lambda: Card("Title").text("x" * 4000).to_components(),
        lambda: [card := Card("Title"), [card.rule() for _ in range(40)], card.to_components()],
        lambda: Card("Title").buttons(),
        lambda: Card("Title").buttons(*(button("b", f"a:v1:b:{n}") for n in range(6))),
        lambda: Card("Title").select(_select(26)),
        lambda: Card("Title").select(_select(0)),
        lambda: button("b", "a:v1:" + "x" * 100),
    ],
)
def test_what_discord_would_reject_is_refused_before_it_is_sent(build: Any) -> None:
    with pytest.raises(CardTooLarge):
        build()


def _select(count: int) -> ui.Select[Any]:
    return choices("a:v1:b", "Choose one…", [discord.SelectOption(label=str(n)) for n in range(count)])
