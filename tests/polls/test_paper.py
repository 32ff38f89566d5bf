from hypothesis import given
from hypothesis import strategies as st

from bot.polls.marks import RANKS_MAX
from bot.polls.paper import PAGE_CANDIDATES, Paper, positions
from tests.polls.ballots import ballot_of, poll_of

SIZES = st.integers(2, 100)
METHODS = st.sampled_from(["single", "approval", "ranked"])


def walked(paper: Paper) -> list[int]:
    """Return the positions that a member sees who presses Next to the end."""
    seen = [line.position for line in paper.shown]
    while paper.place < paper.pages - 1:
        paper = paper.turned(1)
        seen += [line.position for line in paper.shown]
    return seen


@given(SIZES, METHODS)
def test_the_pages_show_each_candidate_once_in_the_ballots_order(candidates: int, method: str) -> None:
    assert walked(Paper(poll_of(candidates, method))) == list(range(candidates))


@given(SIZES, st.data())
def test_a_ranking_and_its_pages_together_show_each_candidate_once(candidates: int, data: st.DataObject) -> None:
    poll = poll_of(candidates, "ranked")
    most = min(candidates, RANKS_MAX) - 1
    marks = data.draw(st.lists(st.integers(0, candidates - 1), unique=True, max_size=most))
    paper = Paper(poll, tuple(marks))
    assert sorted([*marks, *walked(paper)]) == list(range(candidates))


@given(SIZES, METHODS, st.integers(0, 9))
def test_no_page_is_empty_or_longer_than_a_list_may_be(candidates: int, method: str, page: int) -> None:
    assert 1 <= len(Paper(poll_of(candidates, method), page=page).shown) <= PAGE_CANDIDATES


@given(SIZES, METHODS, st.data())
def test_a_paper_survives_the_way_through_its_custom_id(candidates: int, method: str, data: st.DataObject) -> None:
    poll = poll_of(candidates, method)
    marks = data.draw(st.lists(st.integers(0, candidates - 1), unique=True, max_size=min(candidates, RANKS_MAX)))
    paper = Paper(poll).marked(marks)
    assert Paper.read(poll, str(paper.page), paper.text) == paper


@given(st.data())
def test_approvals_of_all_pages_add_up(data: st.DataObject) -> None:
    poll = poll_of(100, "approval")
    wanted = data.draw(st.sets(st.integers(0, 99)))
    paper = Paper(poll, marks=tuple(data.draw(st.sets(st.integers(0, 99)))))
    for page in data.draw(st.permutations(range(4))):
        there = Paper(poll, paper.marks, page)
        paper = there.marked_here([line.position for line in there.shown if line.position in wanted])
    assert set(paper.marks) == wanted


def test_ranks_are_taken_in_the_order_of_the_picks_and_back_from_the_end() -> None:
    paper = Paper(poll_of(5, "ranked")).added([3]).added([0]).added([4])
    assert paper.marks == (3, 0, 4)
    assert paper.undone().marks == (3, 0)


def test_a_candidate_picked_twice_keeps_the_first_rank() -> None:
    assert Paper(poll_of(5, "ranked")).added([3]).added([0]).added([3]).marks == (3, 0)


def test_a_full_ranking_offers_nothing_and_takes_nothing_more() -> None:
    paper = Paper(poll_of(5, "ranked", most=2), (3, 0))
    assert paper.offered == ()
    assert paper.added([1]).marks == (3, 0)


def test_a_ranking_has_no_more_ranks_than_a_custom_id_holds() -> None:
    assert Paper(poll_of(100, "ranked")).limit == RANKS_MAX


def test_too_many_approvals_are_kept_and_counted() -> None:
    paper = Paper(poll_of(100, "approval", most=3)).marked_here([1, 2]).added([30, 40])
    assert paper.marks == (1, 2, 30, 40)
    assert paper.excess == 1


def test_approvals_over_several_pages_start_from_the_ballot_and_a_ranking_anew() -> None:
    approval, ranked = poll_of(100, "approval"), poll_of(100, "ranked")
    assert Paper.opened(approval, ballot_of(approval, 40, 3)).marks == (3, 40)
    assert Paper.opened(ranked, ballot_of(ranked, 40, 3)).marks == ()


def test_a_page_that_is_no_number_is_no_paper() -> None:
    assert Paper.read(poll_of(30), "x", "") is None
    assert Paper.read(poll_of(30), "9" * 50, "") is not None


def test_positions_outside_of_the_poll_are_none() -> None:
    poll = poll_of(3)
    assert positions(poll, ["2", "0"]) == (2, 0)
    assert positions(poll, ["3"]) is None
    assert positions(poll, ["-1"]) is None
    assert positions(poll, ["x"]) is None
