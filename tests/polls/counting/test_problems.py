"""Choices that cannot be counted, by methods that take several."""

import pytest

from bot.polls.counting import METHODS


@pytest.mark.parametrize("method", ["approval", "ranked"])
@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ((), "at least one candidate"),
        ((0, 4), "not in this poll"),
        ((-1,), "not in this poll"),
        ((1, 0, 1), "each candidate at most once"),
        ((0, 1, 2, 3), "at most 3 candidates; this one names 4"),
    ],
)
def test_a_refusal_names_the_rule(method: str, choices: tuple[int, ...], reason: str) -> None:
    assert reason in (METHODS[method].problem(choices, 4, 3) or "")
