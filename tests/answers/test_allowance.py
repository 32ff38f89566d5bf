from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.answers.allowance import A_DAY, AT_ONCE, DAY, MOMENT, Allowance

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALICE, BOB = 1, 2


def burst(allowance: Allowance, member: int, at: datetime = NOON) -> None:
    for _ in range(AT_ONCE):
        assert allowance.take(member, at) is None


def test_a_burst_is_stopped_and_goes_on_after_a_moment() -> None:
    allowance = Allowance()
    burst(allowance, ALICE)
    wait = allowance.take(ALICE, NOON)
    assert wait is not None
    assert wait.until == NOON + MOMENT
    assert allowance.take(ALICE, wait.until) is None


def test_one_members_burst_does_not_stop_another() -> None:
    allowance = Allowance()
    burst(allowance, ALICE)
    assert allowance.take(BOB, NOON) is None


def test_the_day_is_full_and_goes_on_when_its_first_question_is_a_day_old() -> None:
    allowance = Allowance()
    for minute in range(A_DAY):
        assert allowance.take(ALICE, NOON + timedelta(minutes=minute)) is None
    wait = allowance.take(ALICE, NOON + timedelta(hours=2))
    assert wait is not None
    assert "60 questions a day" in wait.rule
    assert wait.until == NOON + DAY
    assert allowance.take(ALICE, NOON + DAY) is None


def test_what_is_refused_does_not_count() -> None:
    allowance = Allowance()
    burst(allowance, ALICE)
    for _ in range(100):
        assert allowance.take(ALICE, NOON) is not None
    burst(allowance, ALICE, NOON + MOMENT)


def test_only_the_first_refusal_of_a_wait_is_the_first() -> None:
    allowance = Allowance()
    burst(allowance, ALICE)
    waits = [allowance.take(ALICE, NOON) for _ in range(3)]
    assert [wait and wait.first for wait in waits] == [True, False, False]
    burst(allowance, ALICE, NOON + MOMENT)
    again = allowance.take(ALICE, NOON + MOMENT)
    assert again is not None
    assert again.first


def test_questions_from_before_the_start_count() -> None:
    allowance = Allowance()
    for minute in range(A_DAY):
        allowance.remember(ALICE, NOON - timedelta(minutes=A_DAY - minute))
    assert allowance.take(ALICE, NOON) is not None


def test_tidying_forgets_the_silent_and_nobody_else() -> None:
    allowance = Allowance()
    burst(allowance, ALICE)
    burst(allowance, BOB, NOON + DAY - timedelta(seconds=1))
    allowance.tidy(NOON + DAY)
    assert allowance.take(BOB, NOON + DAY) is not None
    assert allowance.take(ALICE, NOON + DAY) is None


@given(st.lists(st.integers(0, 3_600), min_size=1, max_size=300))
def test_within_any_day_and_any_moment_no_more_than_the_limits_pass(gaps_s: list[int]) -> None:
    allowance, at, passed = Allowance(), NOON, []
    for gap in gaps_s:
        at += timedelta(seconds=gap)
        wait = allowance.take(ALICE, at)
        if wait is None:
            passed.append(at)
        else:
            assert wait.until > at
    for most, within in ((A_DAY, DAY), (AT_ONCE, MOMENT)):
        assert all(later - first >= within for first, later in zip(passed, passed[most:], strict=False))
