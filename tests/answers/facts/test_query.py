"""Questions about many projects, as values and as topics."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.facts.filters import limit_of
from bot.answers.facts.quantities import QUANTITIES, first_day, last_day
from bot.answers.facts.query import Query, parse
from bot.catalogue.load import load
from bot.catalogue.model import STATE_LABELS, Category
from tests.answers.facts.conftest import DATA

FACTS = {project.id: project.facts for project in load(DATA).projects}

# What is sure not to have been cut to fit.
SHORT = 60

QUERIES = st.builds(
    Query,
    category=st.one_of(st.none(), st.sampled_from(get_args(Category))),
    state=st.one_of(st.none(), st.sampled_from(list(STATE_LABELS))),
    limit=st.integers(0, 25),
    count=st.booleans(),
    survey=st.booleans(),
    order=st.one_of(st.none(), st.sampled_from(list(QUANTITIES))),
)
DAYS = [key for key, quantity in QUANTITIES.items() if quantity.is_day]
FIGURES = [key for key in QUANTITIES if key not in DAYS]
DAY_BOUNDS = st.builds(
    lambda test, year, month: (test, f"{year}-{month:02}"),
    st.sampled_from("@<>"),
    st.integers(2009, 2030),
    st.integers(1, 12),
)
BOUNDS = st.one_of(
    st.builds(lambda number: (">", str(number)), st.integers(0, 10**10)),
    st.builds(lambda number: ("<", f"{number / 10}"), st.integers(0, 1000)),
    st.builds(lambda low, high: ("~", f"{low}-{high}"), st.integers(0, 10**9), st.integers(0, 10**9)),
)


@given(QUERIES)
def test_a_query_is_its_topic_and_back(query: Query) -> None:
    again = parse(query.topic)
    assert again is not None
    assert again.topic == query.topic
    if len(query.topic) < SHORT:
        assert (again.category, again.state, again.limit) == (query.category, query.state, query.limit)


@given(
    st.one_of(
        st.tuples(st.sampled_from(FIGURES), BOUNDS),
        st.tuples(st.sampled_from(DAYS), DAY_BOUNDS),
    )
)
def test_a_bound_is_its_topic_and_back(bounded: tuple[str, tuple[str, str]]) -> None:
    quantity, bound = bounded
    query = Query(quantity=quantity, test=bound[0], bound=bound[1])
    assert parse(query.topic) == query


@pytest.mark.parametrize(
    "topic", ["list:colour=red", "list:category=layer_9", "list:raised>x", "list:top=many", "poll:1", ""]
)
def test_a_topic_that_is_no_query_is_none(topic: str) -> None:
    assert parse(topic) is None


@pytest.mark.parametrize(
    ("said", "limit"), [("top 3", 3), ("top three of them", 3), ("the top one", 0), ("top 99", 0), ("3 top", 0)]
)
def test_how_many_are_wanted(said: str, limit: int) -> None:
    assert limit_of(said.split()) == limit


@pytest.mark.parametrize(
    ("project", "key", "first", "last"),
    [
        ("starknet", "claim_window", "2024-02-20T12:00:00Z", "2024-06-20"),
        ("dymension", "claim_window", "2024-01", "2024-01-21"),
        ("peaq", "claim_window", "2026-02-10", "2026-05-10"),
        ("dymension", "tge_date", "2024-02", None),
        ("eigenlayer", "tge_date", "2024-05-10", None),
        ("looksrare", "tge_date", "2021-12", None),
        ("grass", "claim_window", None, None),
    ],
)
def test_days_are_read_from_windows_figures_and_texts(
    project: str, key: str, first: str | None, last: str | None
) -> None:
    fact = FACTS[project][key]
    assert (first_day(fact), last_day(fact)) == (first, last)
