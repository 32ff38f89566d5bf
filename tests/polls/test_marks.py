import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.polls.marks import RANKS_MAX, read, written

SIZES = st.integers(2, 100)


@st.composite
def papers(draw: st.DrawFn) -> tuple[tuple[int, ...], int, bool]:
    candidates, in_order = draw(SIZES), draw(st.booleans())
    most = min(candidates, RANKS_MAX) if in_order else candidates
    marks = draw(st.lists(st.integers(0, candidates - 1), unique=True, max_size=most))
    return (tuple(marks) if in_order else tuple(sorted(marks))), candidates, in_order


@given(papers())
def test_what_is_written_is_read_again(paper: tuple[tuple[int, ...], int, bool]) -> None:
    marks, candidates, in_order = paper
    assert read(written(marks, candidates, in_order=in_order), candidates, in_order=in_order) == marks


@given(papers())
def test_marks_take_at_most_56_characters_and_no_colon(paper: tuple[tuple[int, ...], int, bool]) -> None:
    marks, candidates, in_order = paper
    text = written(marks, candidates, in_order=in_order)
    assert len(text) <= (56 if in_order else 17)
    assert ":" not in text


@given(st.text(max_size=100), SIZES, st.booleans())
def test_any_text_reads_as_marks_of_this_poll_or_as_nothing(text: str, candidates: int, in_order: bool) -> None:
    marks = read(text, candidates, in_order=in_order)
    assert marks is None or (len(set(marks)) == len(marks) and set(marks) <= set(range(candidates)))


@pytest.mark.parametrize(
    ("text", "in_order"),
    [
        ("!", True),
        (written((5,), 10, in_order=False), False),
        ("0_" * 40, True),
        (written((1, 1), 3, in_order=True), True),
    ],
)
def test_broken_marks_are_not_read(text: str, in_order: bool) -> None:
    assert read(text, 3, in_order=in_order) is None
