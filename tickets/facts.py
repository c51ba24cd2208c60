"""What a report may say: channels, and the facts that decide clocks and routes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

CHANNELS = (
    "phone",
    "letter",
    "visit",
    "mayor_hotline",
    "utilities_bureau",
    "superior",
    "media",
    "network",
    "internal",
)

#: Facts with a meaning to the rules, and what they may be. Others are kept as they came.
BOOLEAN_FACTS = frozenset({"in_warranty", "outside_shutoff", "meter_removed", "serious"})
CHOICE_FACTS: dict[str, frozenset[str]] = {
    "pressure": frozenset({"none", "low"}),
    "well": frozenset({"meter", "valve"}),
    "cover": frozenset({"intact", "missing", "damaged"}),
}
NUMBER_FACTS = frozenset({"buildings", "dn"})
INSTANT_FACTS = frozenset({"paid_at"})
TEXT_FACTS = frozenset({"matter", "area"})
#: Outside these years an instant is a typing error, and at the calendar's end no clock can run from it.
YEARS = range(2000, 2100)


def wrong_facts(facts: object) -> list[str]:
    """The names of facts whose value cannot be; ``["facts"]`` where it is no mapping at all."""
    if not isinstance(facts, Mapping):
        return ["facts"]
    return [name for name, value in facts.items() if not _fits(name, value)]


def _fits(name: str, value: Any) -> bool:
    if name in BOOLEAN_FACTS:
        return isinstance(value, bool)
    if name in CHOICE_FACTS:
        return isinstance(value, str) and value in CHOICE_FACTS[name]
    if name in NUMBER_FACTS:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if name in TEXT_FACTS:
        return isinstance(value, str)
    if name in INSTANT_FACTS:
        try:
            instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return False
        return instant is not None and instant.utcoffset() is not None and instant.year in YEARS
    return True
