"""Art. 36.10: a matter within a unit's duties was not taken up in time, here a faulty meter (Art. 16.3)."""

from __future__ import annotations

from decimal import Decimal

from penalties.facts import Claim, Miss

CODE = "36.10"


def claim(miss: Miss, share: Decimal) -> Claim | None:
    """Claims a late ``start_repair``, against whoever held the ticket when it fell due."""
    return Claim(CODE, miss.unit, miss) if miss.milestone == "start_repair" else None
