"""Which unit a matter belongs to (Art. 15, 26-28), decided by effective-dated rows, category and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tickets.limits import in_force, matches

#: A route's target that is read from the address or from the matter named in the facts.
OFFICE_OF_AREA = "@area"
UNIT_OF_MATTER = "@matter"


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One effective-dated route; the first by ``order`` whose conditions hold decides."""

    category: str
    order: int
    when: Mapping[str, Any]
    unit: str
    assist: Sequence[str]
    article: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The unit suggested, those that assist it, and the article that decides."""

    unit: str
    assist: tuple[str, ...]
    article: str


def suggest(
    rows: Iterable[RouteRow], *, category: str, facts: Mapping[str, Any], office: str | None, on: date
) -> Suggestion | None:
    """The unit suggested for a matter; None where the dispatcher chooses or the address names no area."""
    candidates = sorted((row for row in rows if in_force(row, on)), key=lambda row: row.order)
    return _suggest(candidates, category, facts, office)


def _suggest(
    rows: Sequence[RouteRow], category: str, facts: Mapping[str, Any], office: str | None
) -> Suggestion | None:
    for row in rows:
        if row.category != category or not matches(row.when, facts):
            continue
        if row.unit == UNIT_OF_MATTER:
            matter = facts.get("matter")
            return _suggest(rows, matter, facts, office) if isinstance(matter, str) and matter != category else None
        unit = office if row.unit == OFFICE_OF_AREA else row.unit
        return Suggestion(unit, tuple(row.assist), row.article) if unit else None
    return None
