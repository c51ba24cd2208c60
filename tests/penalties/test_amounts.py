"""Money: two decimals, half up and away from zero, once; the sign is decided once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from penalties.amounts import Range, parse_amount, rounded, signed_range


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        ("0.004", "0.00"),
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("-0.025", "-0.03"),
        ("1.004999999", "1.00"),
        ("2.675", "2.68"),
        ("-2.675", "-2.68"),
        ("100", "100.00"),
        ("1E+2", "100.00"),
        ("999999.995", "1000000.00"),
    ],
)
def test_half_a_fen_goes_away_from_zero(exact: str, expected: str) -> None:
    assert str(rounded(Decimal(exact))) == expected


def test_rounding_is_the_same_on_both_sides_of_zero_and_done_once() -> None:
    for thousandth in range(0, 2000):
        exact = Decimal(thousandth) / 1000
        assert rounded(-exact) == -rounded(exact)
        assert rounded(rounded(exact)) == rounded(exact)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_rounded(text: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        rounded(Decimal(text))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("100", "100.00"),
        ("-100.5", "-100.50"),
        ("0.01", "0.01"),
        (100, "100.00"),
        (Decimal("1.10"), "1.10"),
        ("1.000", "1.00"),
        ("999999999.99", "999999999.99"),
        (0, "0.00"),
    ],
)
def test_an_amount_is_read_to_the_fen(given: Any, expected: str) -> None:
    assert str(parse_amount(given)) == expected


@pytest.mark.parametrize(
    "given",
    [
        0.1,
        100.0,
        True,
        None,
        "",
        "ten",
        "1.001",
        Decimal("0.001"),
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "1e9",
        "-1000000000",
        Decimal("1e30"),
        "1e400",
        [],
        b"1",
        1j,
        "1,5",
        "0x10",
    ],
)
def test_anything_else_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse_amount(given)


def test_a_penalty_is_negative_and_its_lower_bound_is_proposed() -> None:
    money = signed_range(Decimal("100"), Decimal("500"), direction="penalty")
    assert money == Range(Decimal("-500.00"), Decimal("-100.00"), Decimal("-100.00"))


def test_a_reward_is_positive_and_its_lower_bound_is_proposed() -> None:
    money = signed_range(Decimal("300"), Decimal("500"), direction="reward")
    assert money == Range(Decimal("300.00"), Decimal("500.00"), Decimal("300.00"))


@pytest.mark.parametrize(
    ("amount", "holds"),
    [("-500.00", True), ("-100.00", True), ("-99.99", False), ("-500.01", False), ("100", False), ("0", False)],
)
def test_a_range_holds_both_its_ends(amount: str, holds: bool) -> None:
    assert signed_range(Decimal(100), Decimal(500), direction="penalty").holds(Decimal(amount)) is holds


def test_bounds_are_rounded_before_the_sign() -> None:
    money = signed_range(Decimal("10.005"), Decimal("20.005"), direction="penalty")
    assert (money.low, money.high, money.proposed) == (Decimal("-20.01"), Decimal("-10.01"), Decimal("-10.01"))
