from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.polls.model import Candidate, NewPoll, Visibility
from bot.polls.opening import OPTIONS, asked_for, channel_in, read, typed_as, written
from bot.polls.opening_cards import kept_in, mend_form, mended, refused_card
from tests.polls.ballots import NOON

LINES = (Candidate(0, "a"), Candidate(1, "b"), Candidate(2, "c"))
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]) | st.just(" "), min_size=1, max_size=60
)
TYPED = st.dictionaries(st.sampled_from(OPTIONS), TEXTS).map(lambda typed: typed_as(**typed))


def asked(**options: str) -> NewPoll:
    return asked_for({"title": "x", **options}, LINES, 1, 2, 3, NOON)


class Shown:
    """A card as Discord gives it back with a click."""

    def __init__(self, components: list[object]) -> None:
        self.components = components


@given(TYPED)
def test_what_was_typed_reads_back_from_its_lines(typed: dict[str, str]) -> None:
    assert read(written(typed)) == {name: value for name, value in typed.items() if value}


@given(TYPED)
def test_what_was_typed_comes_back_from_the_card_and_through_the_form(typed: dict[str, str]) -> None:
    given_back = {name: value for name, value in typed.items() if value}
    kept = kept_in(Shown(list(refused_card("No.", typed).children)))
    assert kept == given_back
    parts: list[Any] = mend_form(kept).children
    fields = {part.component.custom_id: part.component.default or "" for part in parts}
    assert mended(fields) == given_back


def test_backticks_do_not_break_out_of_the_block() -> None:
    card = refused_card("No.", {"title": "``` [x](https://evil.example) ```"})
    parts: list[Any] = card.children
    text = parts[0].children[0].content
    assert text.count("```") == 2
    assert kept_in(Shown(list(card.children)))["title"] == "``` [x](https://evil.example) ```"


def test_more_than_a_card_holds_is_given_back_as_a_file() -> None:
    card = refused_card("No.", {"title": "x", "projects": "y" * 5_000})
    assert card.files[0].fp.read() == b"title: x\nprojects: " + b"y" * 5_000
    assert len(card.to_components()) == 1


def test_a_line_that_names_no_option_is_kept_and_refused() -> None:
    typed = mended({"title": "x", "others": "metod: single\nresults: after_vote"})
    assert typed["results"] == "after_vote"
    assert "metod: single" in written(typed)
    with pytest.raises(BadInput, match="metod: single"):
        asked_for(typed, LINES, 1, 2, 3, NOON)


def test_lines_are_candidates_in_the_command_and_in_the_form() -> None:
    assert typed_as(title="x\ny", projects="a\nb") == {"title": "x y", "projects": "a, b"}
    assert mended({"title": "x", "projects": "a\nb, c\n"})["projects"] == "a, b, c,"


def test_options_make_the_poll() -> None:
    poll = asked(
        opens_in="1h",
        closes_in="2h",
        method="Ranked",
        max_choices="2",
        results="after_close",
        min_account_age_days="30",
        role="<@&4>",
        or_roles="<@&5>",
        weights="<@&4> 3",
    )
    assert (poll.opens_at - NOON, poll.closes_at) == (timedelta(hours=1), NOON + timedelta(hours=3))
    assert (poll.method, poll.max_choices, poll.results) == ("ranked", 2, Visibility.AFTER_CLOSE)
    assert (poll.rules.min_account_age_days, poll.rules.role_ids, poll.rules.weights) == (30, (4, 5), {4: 3})


def test_what_is_left_out_is_as_a_poll_usually_is() -> None:
    poll = asked()
    assert (poll.method, poll.max_choices, poll.results, poll.closes_at) == ("single", 1, Visibility.LIVE, None)
    assert poll.rules.role_ids == ()


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("method", "lottery", "single, approval, ranked"),
        ("results", "never", "live, after_vote, after_close"),
        ("max_choices", "0", "from 1 to 100"),
        ("min_member_days", "²", "from 0 to 3,650"),
        ("min_account_age_days", "-1", "from 0 to 3,650"),
        ("closes_in", "soon", "`30m`"),
        ("weights", "many", "Holder 3"),
    ],
)
def test_an_option_that_does_not_work_says_what_does(option: str, value: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        asked(**{option: value})
    assert said in f"{refused.value.what} {refused.value.why} {refused.value.fix}"


def test_a_channel_is_what_discord_writes_for_one() -> None:
    assert channel_in({"channel": "<#12>"}) == 12
    assert channel_in({}) is None
    with pytest.raises(BadInput, match="no channel"):
        channel_in({"channel": "#general"})
