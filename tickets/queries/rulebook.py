"""The rows of the regulation that tickets need, read once and kept for a few seconds.

Rules change a few times a year and are asked for with every order, so each process keeps them; ``forget`` is called
where they are edited, other processes follow within ``KEEP_SECONDS``. A rule applies from a day on, so a few seconds
decide nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from core.clock import local
from tickets.clocks import Start
from tickets.limits import LimitRow, in_force, pick
from tickets.models import Category, Limit, Parameter, RoutingRule
from tickets.routing import RouteRow, Suggestion, suggest
from units.models import Area

KEEP_SECONDS = 5.0


@dataclass(frozen=True)
class Rulebook:
    """Categories, limits, routes, parameters and areas, with the questions one asks of them."""

    categories: Mapping[str, Category]
    limits: tuple[LimitRow, ...]
    routes: tuple[RouteRow, ...]
    parameters: tuple[Parameter, ...]
    areas: tuple[Area, ...]

    def matter_of(self, category: str, facts: Mapping[str, Any]) -> str:
        """The category whose nature decides clocks and clause: its own, or the matter an urgent case is about."""
        matter = facts.get("matter")
        return matter if self.categories[category].of_matter and isinstance(matter, str) else category

    def case_clocks(self, category: str, facts: Mapping[str, Any], reported_at: datetime) -> tuple[list[Start], str]:
        """The clocks a report starts, and the tier. Raises LookupError for a day before the rules."""
        on = local(reported_at).date()
        rows = pick(self.limits, category=category, starts=frozenset({"report", "paid"}), facts=facts, on=on)
        matter = self.matter_of(category, facts)
        if matter != category:
            others = pick(self.limits, category=matter, starts=frozenset({"report", "paid"}), facts=facts, on=on)
            rows += [row for row in others if row.milestone not in {"close", *(r.milestone for r in rows)}]
        starts = [self._start(row, _from(row, facts, reported_at)) for row in rows]
        tier = next((row.tier for row in rows if row.milestone == "close"), None)
        if tier is None:
            raise LookupError(category)
        return starts, tier

    def spell_clocks(self, category: str, facts: Mapping[str, Any], starts_at: datetime) -> list[Start]:
        """The clocks a dispatch starts."""
        rows = pick(
            self.limits,
            category=self.matter_of(category, facts),
            starts=frozenset({"dispatch"}),
            facts=facts,
            on=local(starts_at).date(),
        )
        return [self._start(row, starts_at) for row in rows]

    def suggestion(self, category: str, facts: Mapping[str, Any], area: str | None, at: datetime) -> Suggestion | None:
        """The unit a matter belongs to."""
        office = next((a.office_id for a in self.areas if a.code == area), None)
        return suggest(self.routes, category=category, facts=facts, office=office, on=local(at).date())

    def area_of(self, address: str, facts: Mapping[str, Any]) -> Area | None:
        """The service area an address names, or the one the facts name by code or office."""
        named = facts.get("area")
        best: tuple[int, Area] | None = None
        for area in self.areas:
            if named in {area.code, area.name, area.office_id}:
                return area
            for place in (area.name, *area.roads, *area.compounds):
                if place in address and (best is None or len(place) > best[0]):
                    best = (len(place), area)
        return best[1] if best else None

    def parameter(self, code: str, on: date) -> str:
        """The value of a parameter in force on a day. Raises LookupError if there is none."""
        rows = [row for row in self.parameters if row.code == code and in_force(row, on)]
        if not rows:
            raise LookupError(code)
        return max(rows, key=lambda row: row.valid_from).value

    def close_share(self, on: date) -> Decimal:
        """The part of the tier's first length a unit must have held a ticket to answer for its lateness."""
        return Decimal(self.parameter("close_share", on))

    @staticmethod
    def _start(row: LimitRow, starts_at: datetime) -> Start:
        return Start(kind=row.milestone, starts_at=starts_at, minutes=row.minutes, rule=row.rule)


def _from(row: LimitRow, facts: Mapping[str, Any], reported_at: datetime) -> datetime:
    paid = facts.get("paid_at")
    if row.starts == "paid" and isinstance(paid, str):
        return max(reported_at, datetime.fromisoformat(paid))
    return reported_at


_kept: dict[str, tuple[float, Rulebook]] = {}


def rulebook() -> Rulebook:
    """The rules of the database at hand."""
    name = str(connection.settings_dict["NAME"])
    kept = _kept.get(name)
    if kept is None or time.monotonic() - kept[0] > KEEP_SECONDS:
        kept = (time.monotonic(), _read())
        _kept[name] = kept
    return kept[1]


def forget() -> None:
    """Read the rules anew at the next question."""
    _kept.clear()


def _read() -> Rulebook:
    return Rulebook(
        categories={category.code: category for category in Category.objects.all()},
        limits=tuple(
            LimitRow(
                category=row.category,
                milestone=row.milestone,
                starts=row.starts,
                minutes=row.minutes,
                tier=row.tier,
                when=row.when,
                article=row.article,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in Limit.objects.all()
        ),
        routes=tuple(
            RouteRow(
                category=row.category,
                order=row.order,
                when=row.when,
                unit=row.unit,
                assist=tuple(row.assist),
                article=row.article,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in RoutingRule.objects.all()
        ),
        parameters=tuple(Parameter.objects.all()),
        areas=tuple(Area.objects.all()),
    )
