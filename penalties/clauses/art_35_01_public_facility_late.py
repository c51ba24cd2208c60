"""Art. 35.1: a public facility leaks or is damaged, and the unit did not arrive or repair in time.

Covers arrival, repair and hand-in of public facilities; Art. 32 stands beside it where a loss is verified.
"""

from __future__ import annotations

from decimal import Decimal

from penalties.clauses.liability import liable_for_tier
from penalties.facts import Claim, Miss

CODE = "35.1"
BESIDE = ("32",)


def claim(miss: Miss, share: Decimal) -> Claim | None:
    """Claims late ``on_site`` and ``repair``, and a late ``close`` of a public facility."""
    if miss.milestone in {"on_site", "repair"}:
        return Claim(CODE, miss.unit, miss, BESIDE)
    if miss.milestone == "close" and miss.matter.public_facility:
        return Claim(CODE, liable_for_tier(miss, share), miss, BESIDE)
    return None
