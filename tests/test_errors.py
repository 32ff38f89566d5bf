from datetime import UTC, datetime

import pytest

from bot import errors
from bot.errors import MoonballotError, member_text
from bot.ui.text import escape

EXAMPLES: tuple[MoonballotError, ...] = (
    errors.NotFound("poll", "@everyone", ("**Best**",)),
    errors.NotFound("poll", "x"),
    errors.NotFound("candidate", "x", ("a", "b"), "@everyone"),
    errors.PollClosed("@everyone", datetime(2026, 1, 1, tzinfo=UTC)),
    errors.NeedsModerator("`/poll open`"),
    errors.Refused("It is so.", "Do that."),
    errors.BadInput("This.", "Why.", "Fix."),
    errors.MissingPermissions("<#1>", ("Send Messages",)),
    errors.StoreUnavailable("disk full at /srv/secret/place"),
)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_a_member_can_meet_has_a_sentence(error: MoonballotError) -> None:
    text = member_text(error, escape)
    assert text
    assert text.endswith((".", "?"))
    assert "@everyone" not in text
    assert "secret" not in text


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("a",), "Did you mean **a**?"),
        (("a", "b"), "Did you mean **a** or **b**?"),
        (("a", "b", "c", "d"), "Did you mean **a**, **b** or **c**?"),
    ],
)
def test_what_was_not_found_is_asked_about_with_the_place_that_was_looked_in(
    names: tuple[str, ...], asked: str
) -> None:
    text = member_text(errors.NotFound("candidate", "x", names, "Who leads?"), escape)
    assert text == f"**Who leads?** has no candidate called “x”. {asked}"


def test_an_unforeseen_error_has_none() -> None:
    assert member_text(ValueError("inner workings"), escape) is None
