from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.prices.breaker import Breaker

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAUSE = timedelta(minutes=1)
A_SECOND = timedelta(seconds=1)


def test_failures_in_a_row_shut_it_and_one_fewer_does_not() -> None:
    breaker = Breaker(3, PAUSE)
    breaker.failed(NOON)
    breaker.failed(NOON)
    assert breaker.allows(NOON)
    breaker.failed(NOON)
    assert not breaker.allows(NOON)


def test_an_answer_in_between_begins_the_count_anew() -> None:
    breaker = Breaker(2, PAUSE)
    breaker.failed(NOON)
    breaker.succeeded()
    breaker.failed(NOON)
    assert breaker.allows(NOON)


def test_after_the_pause_one_request_goes_through_and_its_answer_opens_it_for_all() -> None:
    breaker = Breaker(1, PAUSE)
    breaker.failed(NOON)
    assert not breaker.allows(NOON + PAUSE - A_SECOND)
    assert breaker.allows(NOON + PAUSE)
    assert not breaker.allows(NOON + PAUSE)
    breaker.succeeded()
    assert breaker.allows(NOON + PAUSE)


def test_the_failure_of_that_one_shuts_it_again() -> None:
    breaker = Breaker(1, PAUSE)
    breaker.failed(NOON)
    assert breaker.allows(NOON + PAUSE)
    breaker.failed(NOON + PAUSE)
    assert not breaker.allows(NOON + 2 * PAUSE - A_SECOND)
    assert breaker.allows(NOON + 2 * PAUSE)


def test_a_probe_that_is_never_heard_of_again_does_not_shut_it_for_ever() -> None:
    breaker = Breaker(1, PAUSE)
    breaker.failed(NOON)
    assert breaker.allows(NOON + PAUSE)
    assert breaker.allows(NOON + 2 * PAUSE)


def test_who_asks_for_patience_gets_it_at_the_first_failure() -> None:
    breaker = Breaker(3, PAUSE)
    breaker.failed(NOON, timedelta(minutes=10))
    assert not breaker.allows(NOON + timedelta(minutes=9))
    assert breaker.allows(NOON + timedelta(minutes=10))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(0, 90)),
        st.tuples(st.just("fail"), st.integers(0, 90)),
        st.tuples(st.just("succeed"), st.integers(0, 90)),
    ),
    max_size=60,
)


@given(STEPS, st.integers(1, 5))
def test_whatever_happens_it_is_shut_only_after_failures_and_never_lets_through_more_than_one_a_pause(
    steps: list[tuple[str, int]], most: int
) -> None:
    breaker, now = Breaker(most, PAUSE), NOON
    in_a_row, shut_at = 0, None
    for what, seconds in steps:
        now += timedelta(seconds=seconds)
        if what == "succeed":
            breaker.succeeded()
            in_a_row, shut_at = 0, None
        elif what == "fail":
            breaker.failed(now)
            in_a_row += 1
            shut_at = now if in_a_row >= most else shut_at
        else:
            allowed = breaker.allows(now)
            assert allowed == (shut_at is None or now - shut_at >= PAUSE)
            shut_at = now if allowed and shut_at is not None else shut_at


@given(STEPS, st.integers(1, 5))
def test_whatever_happened_it_lets_one_through_after_a_pause(steps: list[tuple[str, int]], most: int) -> None:
    breaker, now = Breaker(most, PAUSE), NOON
    for what, seconds in steps:
        now += timedelta(seconds=seconds)
        if what == "ask":
            breaker.allows(now)
        elif what == "fail":
            breaker.failed(now)
        else:
            breaker.succeeded()
    assert breaker.allows(now + PAUSE)
