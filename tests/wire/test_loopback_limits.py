"""The loopback refuses what Discord refuses, and lets through what Discord takes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .loopback.command_limits import check_commands
from .loopback.limits import check_choices, check_message, check_modal, is_empty
from .loopback.world import COMPONENTS_V2

Payload = dict[str, Any]


def _text(content: str = "text") -> Payload:
    return {"type": 10, "content": content}


def _button(custom_id: str = "b", **more: Any) -> Payload:
    return {"type": 2, "style": 1, "label": "B", "custom_id": custom_id, **more}


def _row(*inside: Payload) -> Payload:
    return {"type": 1, "components": list(inside)}


def _select(count: int = 2, **more: Any) -> Payload:
    options = [{"label": f"o{n}", "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options, **more}


def _card(*inside: Payload) -> Payload:
    return {"flags": COMPONENTS_V2, "components": [{"type": 17, "components": list(inside)}]}


def _gallery(url: str) -> Payload:
    return {"type": 12, "items": [{"media": {"url": url}}]}


RIGHT: list[tuple[str, Payload]] = [
    ("the longest content", {"content": "x" * 2_000}),
    ("a card of 40 components", _card(*[_text()] * 39)),
    ("4,000 characters of text", _card(_text("x" * 2_000), _text("y" * 2_000))),
    ("five rows of five buttons", {"components": [_row(*[_button(f"{r}{c}") for c in range(5)]) for r in range(5)]}),
    ("25 options", _card(_row(_select(25, max_values=25)))),
    ("an uploaded picture", _card(_gallery("attachment://dot.png"))),
    ("embeds of 6,000 characters", {"embeds": [{"description": "x" * 3_000}] * 2}),
    ("a section with a picture", _card({
        "type": 9, "components": [_text()], "accessory": {"type": 11, "media": {"url": "https://example.org/a.png"}}
    })),
    ("a link", {"components": [_row({"type": 2, "style": 5, "label": "L", "url": "https://example.org"})]}),
    ("a nonce of 25", {"content": "x", "nonce": "n" * 25}),
]  # fmt: skip

WRONG: list[tuple[str, Payload, str]] = [
    ("content", {"content": "x" * 2_001}, "content"),
    ("nonce", {"content": "x", "nonce": "n" * 26}, "nonce"),
    ("content beside a card", _card(_text()) | {"content": "x"}, "content"),
    ("embeds beside a card", _card(_text()) | {"embeds": [{"title": "x"}]}, "embeds"),
    ("a card without its flag", _card(_text()) | {"flags": 0}, "components.0.type"),
    ("41 components", _card(*[_text()] * 40), "components"),
    ("4,001 characters of text", _card(_text("x" * 4_000), _text("y")), "components"),
    ("an empty text", _card(_text("")), "components.0.components.0.content"),
    ("an empty card", _card(), "components.0.components"),
    ("a card in a card", _card({"type": 17, "components": [_text()]}), "components.0.components.0.type"),
    ("a loose button", {"flags": COMPONENTS_V2, "components": [_button()]}, "components.0.type"),
    ("six rows", {"components": [_row(_button(str(n))) for n in range(6)]}, "components"),
    ("six buttons", {"components": [_row(*[_button(str(n)) for n in range(6)])]}, "components.0.components"),
    ("a button beside a select", {"components": [_row(_select(), _button())]}, "components.0.components"),
    ("a long custom id", {"components": [_row(_button("x" * 101))]}, "components.0.components.0.custom_id"),
    ("a custom id twice", {"components": [_row(_button(), _button())]}, "components.0.components.1.custom_id"),
    ("a long label", {"components": [_row(_button(label="x" * 81))]}, "components.0.components.0.label"),
    ("a button without a label", {"components": [_row(_button(label=""))]}, "components.0.components.0.label"),
    ("a link with a custom id", {"components": [_row(_button(style=5, url="https://example.org"))]},
     "components.0.components.0.custom_id"),
    ("26 options", _card(_row(_select(26))), "components.0.components.0.components.0.options"),
    ("no options", _card(_row(_select(0))), "components.0.components.0.components.0.options"),
    ("more choices than options", _card(_row(_select(2, max_values=3))),
     "components.0.components.0.components.0.max_values"),
    ("an option twice", _card(_row({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "1"}] * 2})),
     "components.0.components.0.components.0.options.1.value"),
    ("a long placeholder", _card(_row(_select(placeholder="x" * 151))),
     "components.0.components.0.components.0.placeholder"),
    ("a picture that was not sent", _card(_gallery("attachment://other.png")),
     "components.0.components.0.items.0.media.url"),
    ("a picture of another scheme", _card(_gallery("file:///dot.png")),
     "components.0.components.0.items.0.media.url"),
    ("embeds of 6,001 characters", {"embeds": [{"description": "x" * 3_000}, {"description": "x" * 3_001}]}, "embeds"),
    ("a long embed title", {"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ("26 embed fields", {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    ("mentions both parsed and named",
     {"content": "x", "allowed_mentions": {"parse": ["roles"], "roles": ["1"]}}, "allowed_mentions.parse"),
    ("flags that a bot cannot set", {"content": "x", "flags": 1 << 4}, "flags"),
]  # fmt: skip


@pytest.mark.parametrize("message", [message for _, message in RIGHT], ids=[name for name, _ in RIGHT])
def test_what_discord_takes_is_taken(message: Payload) -> None:
    assert check_message(message, {"dot.png"}).found == []


@pytest.mark.parametrize(("message", "where"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_discord_refuses_is_refused(message: Payload, where: str) -> None:
    assert [found[0] for found in check_message(message, {"dot.png"}).found] == [where]


def test_a_message_of_nothing_is_empty() -> None:
    assert is_empty({"content": "", "embeds": [], "components": []}, ())
    assert not is_empty({"content": ""}, {"dot.png"})


@given(st.integers(min_value=0, max_value=60))
def test_autocomplete_takes_25_choices_and_no_more(count: int) -> None:
    choices = [{"name": f"n{n}", "value": f"v{n}"} for n in range(count)]
    assert bool(check_choices({"choices": choices}).found) == (count > 25)


def test_a_choice_is_at_most_100_characters_long() -> None:
    assert [found[0] for found in check_choices({"choices": [{"name": "x" * 101, "value": ""}]}).found] == [
        "choices.0.name",
        "choices.0.value",
    ]


def test_a_modal_has_a_short_title_and_labelled_fields() -> None:
    field = {"type": 4, "style": 1, "custom_id": "f", "label": "F"}
    right: Payload = {"custom_id": "m", "title": "x" * 45, "components": [_row(field)]}
    assert check_modal(right).found == []
    assert [found[0] for found in check_modal(right | {"title": "x" * 46}).found] == ["title"]
    assert [found[0] for found in check_modal(right | {"components": []}).found] == ["components"]
    labelled = {"type": 18, "label": "x" * 46, "component": field}
    assert [found[0] for found in check_modal(right | {"components": [labelled]}).found] == ["components.0.label"]


def _command(**more: Any) -> Payload:
    return {"name": "poll", "description": "Polls", "options": [], **more}


def _option(name: str, **more: Any) -> Payload:
    return {"type": 3, "name": name, "description": "An option", **more}


def test_a_usual_command_is_taken() -> None:
    open_poll = _option("open", type=1, options=[_option("title", required=True), _option("method")])
    assert check_commands([_command(options=[open_poll]), {"type": 3, "name": "Check links"}]).found == []


@pytest.mark.parametrize(
    ("command", "where"),
    [
        (_command(name="Poll"), "0.name"),
        (_command(name="x" * 33), "0.name"),
        (_command(description=""), "0.description"),
        (_command(description="x" * 101), "0.description"),
        (_command(options=[_option(f"o{n}") for n in range(26)]), "0.options"),
        (_command(options=[_option("a"), _option("a")]), "0.options"),
        (_command(options=[_option("a"), _option("b", required=True)]), "0.options.1"),
        (_command(options=[_option("a", choices=[{"name": "c", "value": "c"}] * 26)]), "0.options.0.choices"),
        (
            _command(options=[_option("a", autocomplete=True, choices=[{"name": "c", "value": "c"}])]),
            "0.options.0.autocomplete",
        ),
        (_command(options=[_option("a", type=1), _option("b")]), "0.options"),
        ({"type": 3, "name": "Check links", "description": "no"}, "0.description"),
        (
            _command(
                options=[
                    _option(f"o{n}", description="x" * 100, choices=[{"name": "y" * 100, "value": "z" * 99}] * 4)
                    for n in range(9)
                ]
            ),
            "0",
        ),
    ],
)
def test_a_command_that_discord_refuses_is_refused(command: Payload, where: str) -> None:
    assert [found[0] for found in check_commands([command]).found] == [where]


def test_two_commands_of_one_name_are_refused() -> None:
    assert [found[0] for found in check_commands([_command(), _command()]).found] == ["1.name"]
