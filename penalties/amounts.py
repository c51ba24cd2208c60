"""Money: yuan with two decimals, rounded half up (away from zero) once, here; the sign is decided once, here."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Yuan to the fen, half up, away from zero. Raises ValueError for what is no number."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount")
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Range:
    """Signed bounds of a decision, and what is proposed: the bound nearer to zero."""

    low: Decimal
    high: Decimal
    proposed: Decimal

    def holds(self, amount: Decimal) -> bool:
        """Whether an amount lies in the range, both ends included."""
        return self.low <= amount <= self.high


def signed_range(lower: Decimal, upper: Decimal, *, direction: str) -> Range:
    """The range of a clause as signed money: rewards positive, penalties negative; the lower bound is proposed."""
    lower, upper = rounded(lower), rounded(upper)
    if direction == "reward":
        return Range(lower, upper, lower)
    return Range(-upper, -lower, -lower)


def parse_amount(text: object) -> Decimal:
    """Read yuan with at most two decimals. Raises ValueError for anything else, binary fractions included."""
    if isinstance(text, bool) or not isinstance(text, str | int | Decimal):
        raise ValueError("an amount is text with at most two decimals")
    try:
        amount = Decimal(text)
    except ArithmeticError as error:
        raise ValueError(f"{text!r} is no amount") from error
    if not amount.is_finite() or abs(amount) >= Decimal("1e9") or amount != rounded(amount):
        raise ValueError(f"{text!r} is no amount in yuan and fen")
    return rounded(amount)
