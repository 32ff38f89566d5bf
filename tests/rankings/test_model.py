"""Places, ties and movement."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rankings.model import Entry, Ranking, Standing, concealed, places, ranked

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


def votes(**counts: int) -> list[Entry]:
    return [Entry(label, count) for label, count in counts.items()]


def test_a_tie_shares_the_place_and_the_next_is_left_out() -> None:
    standings = ranked(votes(d=1, b=3, a=9, c=3))
    assert [(line.place, line.label, line.tied) for line in standings] == [
        (1, "a", False),
        (2, "b", True),
        (2, "c", True),
        (4, "d", False),
    ]


def test_without_any_vote_no_place_is_won() -> None:
    standings = ranked(votes(b=0, a=0))
    assert [(line.place, line.label, line.tied) for line in standings] == [(None, "b", True), (None, "a", True)]
    assert not Ranking("t", "poll", "open", standings, 0, NOW).decided


def test_published_shares_are_kept_as_they_are() -> None:
    entries = [Entry("low", None, Decimal("2.3")), Entry("top", None, Decimal("44.3"), "top-id")]
    assert ranked(entries) == (
        Standing(1, "top", "top-id", None, Decimal("44.3")),
        Standing(2, "low", None, None, Decimal("2.3")),
    )


def test_movement_counts_the_places_climbed_and_fallen() -> None:
    standings = ranked(votes(a=9, b=8, c=7, new=6), {"a": 3, "b": 1, "c": 3})
    assert [line.moved for line in standings] == [2, -1, 0, None]


def test_nothing_moves_while_no_place_is_won() -> None:
    assert [line.moved for line in ranked(votes(a=0, b=0), {"a": 1, "b": 2})] == [None, None]


def test_places_are_what_the_next_movement_compares_with() -> None:
    first = ranked(votes(a=2, b=1, c=1))
    assert places(first) == {"a": 1, "b": 2, "c": 2}
    assert places(ranked(votes(a=0))) == {}


def test_entries_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(ValueError, match="all entries carry"):
        ranked([Entry("a", 3), Entry("b", None, Decimal("1.0"))])


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_a_place_is_one_more_than_the_number_of_those_ahead(counts: list[int]) -> None:
    for line in ranked([Entry(str(i), count) for i, count in enumerate(counts)]):
        ahead = sum(count > (line.votes or 0) for count in counts)
        assert line.place == (ahead + 1 if any(counts) else None)
        assert line.tied == (counts.count(line.votes or 0) > 1)


def test_who_is_level_stands_in_the_order_of_the_ballot() -> None:
    standings = ranked(votes(alpha_1=0, alpha_2=0, alpha_10=0, zebra=1, alpha_100=0, Beta=1))
    assert [line.label for line in standings] == ["zebra", "Beta", "alpha_1", "alpha_2", "alpha_10", "alpha_100"]
    assert [line.place for line in standings] == [1, 1, 3, 3, 3, 3]


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 5), min_size=1, max_size=12), st.randoms())
def test_the_order_of_the_entries_changes_nothing_but_that_of_those_who_are_level(
    counts: dict[str, int], random: Random
) -> None:
    entries = [Entry(label, count) for label, count in counts.items()]
    shuffled = list(entries)
    random.shuffle(shuffled)
    # Of those who are level, the earlier one may have the tenth that makes the sum 100.0.
    places = [{line.label: (line.place, line.votes) for line in ranked(order)} for order in (entries, shuffled)]
    assert places[0] == places[1]


def test_concealed_candidates_keep_the_order_of_the_ballot_and_tell_nothing() -> None:
    standings = concealed(votes(z=0, a=9, m=4))
    assert [line.label for line in standings] == ["z", "a", "m"]
    assert {(line.place, line.votes, line.share, line.moved, line.tied) for line in standings} == {
        (None, None, Decimal("0.0"), None, False)
    }


def test_a_hidden_ranking_with_results_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="concealed"):
        Ranking("t", "poll", "open", ranked(votes(a=1)), 1, NOW, hidden=True)


def test_a_ranking_without_a_time_zone_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="aware"):
        Ranking("t", "poll", "open", (), 0, NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("place", "share", "medal"), [(1, 40, 1), (3, 5, 3), (4, 5, None), (2, 0, None), (None, 0, None)]
)
def test_a_medal_is_for_the_first_three_and_never_without_a_vote(
    place: int | None, share: int, medal: int | None
) -> None:
    assert Standing(place, "peaq", None, 0, Decimal(share)).medal == medal
