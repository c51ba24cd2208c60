"""All that is in force on a day: limits, routes, parameters, clauses with their ranges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from penalties.models import Reading
from tickets.models import Category, Limit, Parameter, RoutingRule
from units.models import Unit


def in_force(on: date) -> dict[str, Any]:
    """The rules of a day as data; amounts are text with two decimals, lengths minutes."""
    return {
        "on": on.isoformat(),
        "units": [
            {"code": unit.code, "name": unit.name, "name_en": unit.name_en} for unit in Unit.objects.order_by("code")
        ],
        "categories": [
            {
                "code": category.code,
                "name": category.name,
                "article": category.article,
                "kind": category.kind,
                "public_facility": category.public_facility,
            }
            for category in Category.objects.order_by("order")
        ],
        "limits": [
            {
                "category": row.category or None,
                "milestone": row.milestone,
                "starts": row.starts,
                "minutes": row.minutes,
                "tier": row.tier or None,
                "when": row.when,
                **_version(row),
            }
            for row in _of_day(Limit.objects.order_by("category", "milestone", "minutes"), on)
        ],
        "routes": [
            {
                "category": row.category,
                "order": row.order,
                "when": row.when,
                "unit": row.unit,
                "assist": row.assist,
                **_version(row),
            }
            for row in _of_day(RoutingRule.objects.order_by("category", "order"), on)
        ],
        "parameters": [
            {"code": row.code, "value": row.value, "meaning": row.meaning, **_version(row)}
            for row in _of_day(Parameter.objects.order_by("code"), on)
        ],
        "clauses": [
            {
                "code": row.clause_id,
                "title": row.clause.title_zh,
                "direction": row.clause.direction,
                "subject": row.clause.subject,
                "unit": _range(row.unit_low, row.unit_high),
                "person": _range(row.person_low, row.person_high),
                "rate": _range(row.rate_low, row.rate_high),
                "basis": row.basis or None,
                "verified": row.verified,
                "measures": row.measures,
                "points": None if row.points is None else f"{row.points:.2f}",
                **_version(row),
            }
            for row in _of_day(Reading.objects.select_related("clause").order_by("clause__order"), on)
        ],
    }


def _of_day(rows: QuerySet[Any], on: date) -> QuerySet[Any]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)


def _version(row: Any) -> dict[str, Any]:
    version = {
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "source": row.source or None,
    }
    article = getattr(row, "article", None)
    return {"article": article, **version} if article else version


def _range(low: Decimal | None, high: Decimal | None) -> list[str] | None:
    return None if low is None or high is None else [f"{low:.2f}", f"{high:.2f}"]
