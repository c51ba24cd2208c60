"""Art. 36.2: a unit did not accept an instruction of the hotline in time (Art. 9)."""

from __future__ import annotations

from decimal import Decimal

from penalties.facts import Claim, Miss

CODE = "36.2"


def claim(miss: Miss, share: Decimal) -> Claim | None:
    """Claims a late ``accept``, against the unit of that spell."""
    return Claim(CODE, miss.unit, miss) if miss.milestone == "accept" else None
