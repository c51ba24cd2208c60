"""What the register page tells while somebody types: the facts that matter, the tier, and the unit it will go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import local
from dispatch.wording import FACTS, clock_name
from tickets.limits import LimitRow, in_force
from tickets.queries.rulebook import rulebook
from tickets.routing import RouteRow
from units.models import Area, Unit


@dataclass(frozen=True)
class Advice:
    """What a report of this kind would start."""

    tier: str
    clocks: list[tuple[str, datetime]]
    unit: Unit | None
    assist: list[Unit]
    article: str
    area: Area | None
    by_hand: bool


def relevant_facts(category: str, matter: str, *, now: datetime) -> list[str]:
    """The facts by which the rules in force tell matters of this category apart, in the order of the form."""
    book, on = rulebook(), local(now).date()
    if category not in book.categories:
        return []
    codes = {category, matter} if book.categories[category].of_matter else {category}
    names = {"matter"} if book.categories[category].of_matter else set()
    names |= {"dn" for code in codes if code in book.categories and book.categories[code].public_facility}
    rows: list[LimitRow | RouteRow] = [*book.limits, *book.routes]
    for row in rows:
        if row.category in codes and in_force(row, on):
            names |= set(row.when)
    names |= {"paid_at" for limit in book.limits if limit.category in codes and limit.starts == "paid"}
    return [name for name in FACTS if name in names]


def advice(category: str, facts: Mapping[str, Any], address: str, *, now: datetime) -> Advice | None:
    """What this report would start, reported now; None without a category."""
    book = rulebook()
    if category not in book.categories:
        return None
    starts, tier = book.case_clocks(category, facts, now)
    area = book.area_of(address, facts)
    suggestion = book.suggestion(category, facts, area.code if area else None, now)
    units = Unit.objects.in_bulk([suggestion.unit, *suggestion.assist]) if suggestion else {}
    return Advice(
        tier=tier,
        clocks=[(clock_name(start.kind), start.starts_at + timedelta(minutes=start.minutes)) for start in starts],
        unit=units.get(suggestion.unit) if suggestion else None,
        assist=[units[code] for code in suggestion.assist if code in units] if suggestion else [],
        article=suggestion.article if suggestion else "",
        area=area,
        by_hand=book.categories[category].by_hand,
    )
