"""Missed limits as facts, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from penalties.facts import Matter, Miss

DUE = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
TIER = timedelta(hours=48)
UNIT, OTHER = "pipe-network", "meter-replacement"


def miss(milestone: str = "close", *, public: bool = False, channel: str = "phone", **changes: Any) -> Miss:
    """A limit missed by a unit that held the ticket all the time."""
    plain: dict[str, Any] = {
        "key": f"1:{milestone}",
        "unit": UNIT,
        "starts_at": DUE - TIER,
        "due_at": DUE,
        "met_at": None,
        "rule": "Art. 16",
        "first_length": TIER,
        "shares": {UNIT: TIER},
    }
    return Miss(matter=Matter("20260302-000001", channel, "any", public), milestone=milestone, **plain | changes)
