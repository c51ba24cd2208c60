"""Matching an output against the part of it that a scenario expects."""

from __future__ import annotations

from typing import Any

LISTS_IN_ORDER = {"findings", "ledger", "refused"}


def differences(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Where ``actual`` is not what ``expected`` says; empty if it matches."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{path}: {actual!r} is no object"]
        found: list[str] = []
        for key, value in expected.items():
            if key == "partial":
                continue
            if key not in actual:
                found.append(f"{path}.{key} is missing")
            elif key == "milestones":
                found += _milestones(value, actual[key], f"{path}.{key}", partial=expected.get("partial", False))
            else:
                found += differences(value, actual[key], f"{path}.{key}")
        return found
    if isinstance(expected, list) and path.rsplit(".", 1)[-1] in LISTS_IN_ORDER:
        if len(expected) != len(actual):
            return [f"{path}: {len(actual)} entries, expected {len(expected)}: {actual}"]
        return [
            difference
            for index, (wanted, given) in enumerate(zip(expected, actual, strict=True))
            for difference in differences(wanted, given, f"{path}[{index}]")
        ]
    return [] if expected == actual else [f"{path}: {actual!r}, expected {expected!r}"]


def _milestones(expected: list[Any], actual: list[Any], path: str, *, partial: bool) -> list[str]:
    found = []
    for wanted in expected:
        hits = [row for row in actual if not differences(wanted, row)]
        if len(hits) != 1:
            same_kind = [row for row in actual if row["kind"] == wanted.get("kind")]
            found.append(f"{path}: {len(hits)} match {wanted}; there is {same_kind}")
    if not partial and len(expected) != len(actual):
        found.append(f"{path}: {len(actual)} milestones, expected {len(expected)}: {[r['kind'] for r in actual]}")
    return found
