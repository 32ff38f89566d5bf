"""`run.py check`, with a key set."""

from pathlib import Path

import pytest

from bot.checks import CheckResult, checks
from tests.prices.loopback import KEY, Behaviour, Loopback, coin, says


@pytest.fixture(autouse=True)
def _with_a_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, market: Loopback) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOONBALLOT_COINGECKO_KEY", KEY)
    monkeypatch.setenv("MOONBALLOT_COINGECKO_API", market.root + "/")


async def checked() -> CheckResult:
    results = await checks()
    assert KEY not in str(results)
    (found,) = [result for result in results if result.what == "MOONBALLOT_COINGECKO_KEY"]
    return found


async def test_a_key_that_works_is_shown_to(market: Loopback) -> None:
    market.will(says([coin()]))
    assert await checked() == CheckResult(True, "MOONBALLOT_COINGECKO_KEY", "CoinGecko has prices of 1 tokens")


async def test_a_key_that_is_not_accepted_is_a_problem(market: Loopback) -> None:
    market.will(says({"status": {"error_code": 10002}}, status=401))
    found = await checked()
    assert not found.ok
    assert found.found == "CoinGecko: it does not accept the key (status 401)"


@pytest.mark.parametrize("answer", [says(status=404), says([{}])])
async def test_a_market_that_has_no_answer_is_told_and_does_not_keep_the_bot_from_running(
    market: Loopback, answer: Behaviour
) -> None:
    market.will(answer)
    found = await checked()
    assert found.ok
    assert found.found.startswith("CoinGecko has no prices now: ")


async def test_without_a_key_nothing_is_asked_or_said(market: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOONBALLOT_COINGECKO_KEY")
    assert "COINGECKO" not in str(await checks())
    assert market.requests == []
