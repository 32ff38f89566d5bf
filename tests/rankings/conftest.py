"""Rankings to look at."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.rankings.model import Entry, Ranking, concealed, ranked

NOW = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
NAMES = ("Token Metrics", "Starknet", "LayerZero", "zkSync", "peaq", "Movement Labs")


@pytest.fixture
def poll() -> Ranking:
    entries = [Entry(name, count) for name, count in zip(NAMES, (1200, 900, 900, 31, 1, 0), strict=True)]
    earlier = {"Token Metrics": 3, "Starknet": 1, "LayerZero": 2, "zkSync": 4}
    closes = NOW + timedelta(days=3)
    return Ranking("Which airdrop next?", "poll", "open", ranked(entries, earlier), 3032, NOW, closes)


@pytest.fixture
def survey() -> Ranking:
    shares = ("44.3", "19.8", "17.6", "7.1", "6.7", "2.3")
    entries = [Entry(name, None, Decimal(share)) for name, share in zip(NAMES, shares, strict=True)]
    return Ranking(
        "Moon Awards",
        "survey",
        "published",
        ranked(entries),
        None,
        NOW,
        source="Token Metrics, early 2024",
        source_url="https://example.com/awards_(2024)",
        remarks=("The six shares add up to 97.8%.", "The number of voters was never published."),
    )


@pytest.fixture
def hidden() -> Ranking:
    entries = [Entry(name, count) for name, count in zip(NAMES, range(6), strict=True)]
    note = ("Results show when the poll closes.",)
    return Ranking("Secret", "poll", "open", concealed(entries), 15, NOW, remarks=note, hidden=True)
