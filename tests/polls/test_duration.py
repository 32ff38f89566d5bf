import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.polls.duration import parse_duration


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("30m", 30),
        ("90 min", 90),
        ("2h", 120),
        ("2 Hours", 120),
        ("3 days", 3 * 24 * 60),
        ("1w 2d", 9 * 24 * 60),
        ("1d12h", 36 * 60),
        ("1h, 30m", 90),
        (" 1 week ", 7 * 24 * 60),
        ("366d", 366 * 24 * 60),
    ],
)
def test_lengths_are_read_as_people_type_them(typed: str, minutes: int) -> None:
    assert parse_duration(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["", "0m", "soon", "2", "-1h", "1y", "2h tomorrow", "367d", "999999w", "1.5h", "h"])
def test_what_is_not_a_length_from_a_minute_to_a_year_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_duration(typed)
    assert "Try `" in caught.value.fix


@given(st.integers(1, 366 * 24 * 60))
def test_every_number_of_minutes_comes_back(minutes: int) -> None:
    assert parse_duration(f"{minutes}m") == timedelta(minutes=minutes)


@given(st.text(max_size=40))
def test_no_text_makes_it_fail_in_another_way(typed: str) -> None:
    with contextlib.suppress(BadInput):
        assert parse_duration(typed) >= timedelta(minutes=1)
