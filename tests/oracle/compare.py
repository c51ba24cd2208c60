"""Where the product's output differs from the oracle's."""

from __future__ import annotations

from typing import Any

from tests.oracle.moves import ANY, OPEN

MILESTONE = ("kind", "unit", "starts_at", "due_at", "first_due_at", "met_at", "verdict")
FINDING = ("clause", "unit", "evidence", "occurred_at", "proposed", "amount", "status", "alternatives")
LINE = ("month", "clause", "unit", "person", "amount")


def differences(said: dict[str, Any], product: dict[str, Any]) -> list[str]:
    """One line a difference; ``said`` is the oracle's word."""
    found = []
    refused = {entry["step"]: entry["error"] for entry in product["refused"]}
    for step in sorted(said["refused"].keys() | refused.keys()):
        wanted, given = said["refused"].get(step, set()), refused.get(step)
        if OPEN not in wanted and given not in wanted and not (given and ANY in wanted):
            found.append(f"refused step {step}: {given}, expected {sorted(wanted)}")
    for ref in sorted(said["tickets"].keys() | product["tickets"].keys()):
        found += _ticket(ref, said["tickets"].get(ref), product["tickets"].get(ref))
    found += _listed("finding", FINDING, said["findings"], product["findings"])
    found += _listed("ledger", LINE, _by_month(said["ledger"]), _by_month(product["ledger"]))
    return found


def _ticket(ref: str, said: dict[str, Any] | None, product: dict[str, Any] | None) -> list[str]:
    if said is None or product is None:
        return [f"ticket {ref}: {'only' if said is None else 'not'} in the output"]
    found = [
        f"ticket {ref}.{key}: {product[key]}, expected {said[key]}"
        for key in ("status", "unit", "tier", "round")
        if product[key] != said[key]
    ]
    wanted, given = _cut(MILESTONE, said["milestones"]), _cut(MILESTONE, product["milestones"])
    order = [(row["starts_at"], row["kind"]) for row in given]
    if order != sorted(order):
        found.append(f"ticket {ref}: milestones out of order: {order}")
    found += [f"ticket {ref}: unexpected {row}" for row in given if row not in wanted]
    return found + [f"ticket {ref}: missing    {row}" for row in wanted if row not in given]


def _listed(name: str, keys: tuple[str, ...], said: list[dict[str, Any]], product: list[dict[str, Any]]) -> list[str]:
    wanted, given = _cut(keys, said), _cut(keys, product)
    if wanted == given:
        return []
    found = [f"{name}: unexpected {row}" for row in given if row not in wanted]
    found += [f"{name}: missing    {row}" for row in wanted if row not in given]
    return found or [f"{name}: order or count: {given}, expected {wanted}"]


def _by_month(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The order of lines within a month is nobody's promise."""
    return sorted(lines, key=lambda line: [str(line[key]) for key in LINE])


def _cut(keys: tuple[str, ...], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in keys} for row in rows]
