import asyncio
import logging
import socket
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from email.utils import format_datetime

import pytest
from structlog.testing import capture_logs

from bot.clock import FixedClock
from bot.prices import fetching
from bot.prices.fetching import TRIES, Fetcher, KeyRejected, NoAnswer
from tests.prices.loopback import KEY, Behaviour, Loopback, cuts, cuts_within, says, slowly


@pytest.fixture(autouse=True)
def no_key_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Look after each test whether any line has the key."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        yield
    assert KEY not in caplog.text
    assert KEY not in str(lines)


async def refused(fetcher: Fetcher, market: Loopback) -> NoAnswer:
    with pytest.raises(NoAnswer) as caught:
        await fetcher.json(market.api, "coins/markets", {"ids": "starknet"})
    assert KEY not in repr(caught.value) + str(caught.value.__context__)
    return caught.value


async def test_an_answer_comes_with_its_key_in_a_header_and_its_numbers_exact(
    fetcher: Fetcher, market: Loopback
) -> None:
    market.will(says(text='{"a": 0.1, "b": 3}'))
    assert await fetcher.json(market.api, "coins/markets", {"ids": "a,b"}) == {"a": Decimal("0.1"), "b": 3}
    assert market.requests[0].headers["x-cg-demo-api-key"] == KEY
    assert market.requests[0].query == {"ids": "a,b"}
    assert KEY not in str(market.requests[0].rel_url)


@pytest.mark.parametrize(
    "fails",
    [says(status=500), says(status=503), says(status=429), cuts, cuts_within],
    ids=["500", "503", "429", "cut", "cut within"],
)
async def test_what_may_pass_is_tried_again(fetcher: Fetcher, market: Loopback, fails: Behaviour) -> None:
    market.will(fails, says([1]))
    assert await fetcher.json(market.api, "", {}) == [1]
    assert len(market.requests) == 2


async def test_pauses_grow_and_end(fetcher: Fetcher, market: Loopback, pauses: list[float]) -> None:
    market.will(says(status=500))
    failure = await refused(fetcher, market)
    assert failure.reason == "it answers with status 500"
    assert len(market.requests) == TRIES
    assert len(pauses) == TRIES - 1
    assert 0.5 <= pauses[0] <= 0.75
    assert 1.0 <= pauses[1] <= 1.5


@pytest.mark.parametrize("status", [400, 404, 418, 302])
async def test_what_will_not_pass_is_not_tried_again(fetcher: Fetcher, market: Loopback, status: int) -> None:
    market.will(says(status=status, Location="/elsewhere"))
    assert str(status) in (await refused(fetcher, market)).reason
    assert len(market.requests) == 1


@pytest.mark.parametrize("status", [401, 403])
async def test_a_rejected_key_is_not_tried_again(fetcher: Fetcher, market: Loopback, status: int) -> None:
    market.will(says({"status": {"error_code": 10002}}, status=status))
    assert isinstance(await refused(fetcher, market), KeyRejected)
    assert len(market.requests) == 1


async def test_a_key_for_the_other_plan_is_said_to_be_one(fetcher: Fetcher, market: Loopback) -> None:
    market.will(says({"error_code": 10011, "status": {"error_message": "another root"}}, status=400))
    failure = await refused(fetcher, market)
    assert isinstance(failure, KeyRejected)
    assert "another root" in failure.reason


async def test_a_short_wait_that_is_asked_for_is_waited(
    fetcher: Fetcher, market: Loopback, pauses: list[float]
) -> None:
    market.will(says(status=429, Retry_After="3"), says([1]))
    assert await fetcher.json(market.api, "", {}) == [1]
    assert 3.0 <= pauses[0] <= 4.5


@pytest.mark.parametrize(("told", "wait"), [("60", 60), ("99999999999", 3600), ("5000", 3600)])
async def test_a_long_wait_that_is_asked_for_is_left_to_the_breaker(
    fetcher: Fetcher, market: Loopback, pauses: list[float], told: str, wait: int
) -> None:
    market.will(says(status=429, Retry_After=told))
    assert (await refused(fetcher, market)).wait == timedelta(seconds=wait)
    assert len(market.requests) == 1
    assert pauses == []


async def test_a_wait_until_a_date_is_understood(fetcher: Fetcher, market: Loopback, clock: FixedClock) -> None:
    market.will(says(status=503, Retry_After=format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)))
    assert (await refused(fetcher, market)).wait == timedelta(seconds=90)


@pytest.mark.parametrize("told", ["soon", "-5", "²", "", "1e3"])
async def test_a_wait_that_makes_no_sense_counts_as_none(fetcher: Fetcher, market: Loopback, told: str) -> None:
    market.will(says(status=429, Retry_After=told))
    assert (await refused(fetcher, market)).wait is None
    assert len(market.requests) == TRIES


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (says(text="<html>Just a moment</html>", kind="text/html"), "text/html instead of JSON"),
        (says(text="[1]", kind="text/plain"), "text/plain instead of JSON"),
        (says(text='[{"id": "star'), "no JSON"),
        (says(text="[NaN]"), "no JSON"),
        (says(text="[Infinity]"), "no JSON"),
        (says(text="[" * 100_000), "no JSON"),
        (says(text="[" + "1" * 10_000 + "]"), "no JSON"),
        (says(text=""), "no JSON"),
    ],
    ids=["html", "text", "cut", "nan", "infinity", "deep", "digits", "empty"],
)
async def test_what_is_no_json_is_no_answer(fetcher: Fetcher, market: Loopback, answer: Behaviour, reason: str) -> None:
    market.will(answer)
    assert reason in (await refused(fetcher, market)).reason
    assert len(market.requests) == 1


async def test_a_huge_answer_is_not_read_to_its_end(fetcher: Fetcher, market: Loopback) -> None:
    market.will(says(text="[" + "1," * fetching.MAX_BODY_BYTES + "1]"))
    assert "more than" in (await refused(fetcher, market)).reason


async def test_who_never_answers_is_given_up(market: Loopback, clock: FixedClock, pauses: list[float]) -> None:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    fetcher, released = Fetcher(clock, pause, total_s=0.05), asyncio.Event()
    await fetcher.open()
    market.will(slowly(says([1]), released))
    try:
        assert (await refused(fetcher, market)).reason == "it takes too long"
        assert len(market.requests) == TRIES
    finally:
        released.set()
        await fetcher.close()


async def test_who_is_not_there_is_given_up(fetcher: Fetcher, market: Loopback, pauses: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        market.root = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    assert (await refused(fetcher, market)).reason == "it cannot be reached (ClientConnectorError)"
    assert len(pauses) == TRIES - 1
