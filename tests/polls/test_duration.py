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


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("", "cannot be read"),
        ("0m", "“0m” is too short."),
        ("soon", "“soon” cannot be read as a length of time."),
        ("10s", "“10s” cannot be read"),
        ("2", "cannot be read"),
        ("-1h", "cannot be read"),
        ("2y", "“2y” cannot be read"),
        ("2h tomorrow", "cannot be read"),
        ("400d", "“400d” is too long."),
        ("999999w", "too long"),
        ("1.5h", "cannot be read"),
        ("h", "cannot be read"),
    ],
)
def test_what_is_not_a_length_from_a_minute_to_a_year_is_refused_with_what_is(typed: str, what: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_duration(typed)
    assert what in caught.value.what
    assert "from a minute to a year, in minutes (m), hours (h), days (d) or weeks (w)." in caught.value.why
    assert "Try `" in caught.value.fix


@given(st.integers(1, 366 * 24 * 60))
def test_every_number_of_minutes_comes_back(minutes: int) -> None:
    assert parse_duration(f"{minutes}m") == timedelta(minutes=minutes)


@given(st.text(max_size=40))
def test_no_text_makes_it_fail_in_another_way(typed: str) -> None:
    with contextlib.suppress(BadInput):
        assert parse_duration(typed) >= timedelta(minutes=1)
