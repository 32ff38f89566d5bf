from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.prices.model import Market, Token

STARKNET = Token("STRK", ("Starknet", "Stark Net"), "starknet")


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        ("0.1234567", "USD 0.1235"),
        ("0.00001234567", "USD 0.00001235"),
        ("0.5", "USD 0.5000"),
        ("0.99999", "USD 1.0000"),
        ("1", "USD 1.00"),
        ("1234.5678", "USD 1,234.57"),
        ("98765432.1", "USD 98,765,432.10"),
        ("1E-8", "USD 0.00000001000"),
        ("1E+3", "USD 1,000.00"),
    ],
)
def test_a_price_is_shown_with_cents_or_four_figures(price: str, shown: str) -> None:
    assert Market(Decimal(price), None, None, datetime.now(UTC), False, "A market").price == shown


@pytest.mark.parametrize(
    ("symbol", "name", "same"),
    [
        ("strk", None, True),
        ("strk", "STARKNET", True),
        ("STRK", "stark-net", True),
        ("strk", "Strike", False),
        ("stark", "Starknet", False),
        ("stark", None, False),
    ],
)
def test_a_coin_is_the_token_by_symbol_and_name(symbol: str, name: str | None, same: bool) -> None:
    assert STARKNET.is_called(symbol, name) is same
