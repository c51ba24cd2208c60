"""The decisions of a random scenario, most of them such as an assessor may take."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.oracle import book
from tests.oracle.attempts import SOME_UNITS
from tests.oracle.world import World

AMOUNTS = ["-100.00", "-250.55", "-500.00", "-99.99", "-500.01", "100.00"]


def decision(random: Random, world: World) -> dict[str, Any] | None:
    """The keys of a decision on one of the findings there are; none if there is none."""
    listed = world.findings()
    if not listed:
        return None
    undecided = [index for index, finding in enumerate(listed) if not finding.decided]
    index = random.choice(undecided) if undecided and random.random() < 0.95 else len(listed) - 1
    keys: dict[str, Any] = {}
    draw = random.random()
    if draw < 0.15:
        keys = {"dismiss": True, **({"reason": "已核实"} if draw < 0.12 else {})}
    elif draw < 0.4:
        keys = {"amount": random.choice(AMOUNTS), "reason": "影响较大"}
    unit = listed[index].unit
    if unit is None and "dismiss" not in keys:
        unit = random.choice(SOME_UNITS)
        keys = {**keys, "reason": "接单后一直未办", **({"unit": unit} if draw < 0.95 else {})}
    if unit == book.CENTRE and random.random() < 0.9:
        keys["by"] = "approver"
    return {"finding": index, **keys}
