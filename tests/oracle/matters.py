"""What is reported in a random scenario."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle import book
from tests.oracle.instants import DAY, HOUR, written

#: Category, facts and how often.
KINDS: list[tuple[str, dict[str, Any], int]] = [
    ("public_pipe_leak", {}, 6),
    ("meter_well_damage", {}, 2),
    ("meter_well_damage", {"outside_shutoff": True}, 1),
    ("public_pipe_burst", {}, 1),
    ("meter_fault", {}, 5),
    ("water_quality", {}, 5),
    ("riser_damage", {}, 2),
    ("manhole_cover", {"well": "valve"}, 1),
    ("abnormal_usage", {}, 2),
    ("no_water", {"buildings": 5, "pressure": "low"}, 2),
    ("no_water", {"buildings": 2, "pressure": "none"}, 1),
    ("general", {}, 1),
    ("compensation", {"in_warranty": True}, 1),
    ("restore_after_arrears", {"meter_removed": True}, 2),
    ("major_emergency", {"matter": "public_pipe_leak"}, 2),
    ("major_emergency", {"matter": "meter_fault"}, 1),
    ("superior_urgent", {"matter": "meter_well_damage"}, 1),
    ("superior_urgent", {"matter": "abnormal_usage"}, 1),
    ("injury_or_loss_risk", {"matter": "public_pipe_burst"}, 1),
]
CHANNELS = ["phone", "phone", "internal", "mayor_hotline", "media", "visit"]


def report(random: Random, *, now: int, ref: str) -> dict[str, Any]:
    """The keys of a report."""
    category, facts, _ = random.choices(KINDS, [often for *_, often in KINDS])[0]
    keys: dict[str, Any] = {"ref": ref, "category": category}
    if random.random() < 0.5:
        keys["channel"] = random.choice(CHANNELS)
    if random.random() < 0.5:
        keys["address"] = random.choice(list(book.ADDRESSES))
    if category == "restore_after_arrears" and random.random() < 0.5:
        facts = {**facts, "paid_at": written(now + random.choice([-DAY, -1, 0, 1, 2 * HOUR]))}
    if facts:
        keys["facts"] = facts
    if category == "major_emergency" and random.random() < 0.95:
        keys["reason"] = "主干管断裂"
    return keys
