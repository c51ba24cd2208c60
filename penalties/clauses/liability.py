"""Who answers for a late tier, where several held the matter (readings: "a unit late because another sat on it")."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from penalties.facts import Miss


def liable_for_tier(miss: Miss, share: Decimal) -> str | None:
    """The unit judged, if it held the matter for at least ``share`` of the tier's first length; None otherwise.

    All its spells count together, and likewise the centre's time between spells.
    """
    held = miss.shares.get(miss.unit, timedelta(0))
    needed = Decimal(_microseconds(miss.first_length)) * share
    return miss.unit if Decimal(_microseconds(held)) >= needed else None


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
