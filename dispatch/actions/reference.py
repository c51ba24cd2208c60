"""Loading the reference data: units, areas, categories and the rules in force, from TOML files beside their apps."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from penalties.models import Clause, Reading
from tickets.models import Category, Limit, Parameter, RoutingRule
from tickets.queries import rulebook
from units.models import Area, Unit


def load() -> int:
    """Bring the reference rows up to the files; returns how many rows the files hold.

    Rows an administrator added with other first days stay; a row of the files is updated in place only where it is
    the same rule of the same day.
    """
    with transaction.atomic():
        total = _upsert(Unit, ["code"], _rows("units", "units", "unit"))
        total += _upsert(Area, ["code"], [_renamed(row, office="office_id") for row in _rows("units", "areas", "area")])
        total += _upsert(Category, ["code"], _rows("tickets", "categories", "category"))
        limits = [{"when": {}, "tier": "", **row} for row in _rows("tickets", "limits", "limit")]
        total += _upsert(Limit, ["category", "milestone", "when", "valid_from"], limits)
        routes = [{"when": {}, "assist": [], **row} for row in _rows("tickets", "routes", "route")]
        total += _upsert(RoutingRule, ["category", "order", "valid_from"], routes)
        total += _upsert(Parameter, ["code", "valid_from"], _rows("tickets", "parameters", "parameter"))
        total += _clauses(_rows("penalties", "clauses", "clause"))
    rulebook.forget()
    return total


def files() -> list[Path]:
    """The reference files, for whoever wants to know whether they changed."""
    return sorted(path for app in ("units", "tickets", "penalties") for path in _folder(app).glob("*.toml"))


def _clauses(rows: list[dict[str, Any]]) -> int:
    identity = {"code", "article", "title", "title_zh", "direction", "subject"}
    _upsert(
        Clause,
        ["code"],
        [{name: row[name] for name in identity} | {"order": order} for order, row in enumerate(rows, start=1)],
    )
    readings = []
    for row in rows:
        worth = {name: value for name, value in row.items() if name not in identity | {"amounts"}}
        money = {name: Decimal(value) for name, value in row.get("amounts", {}).items()}
        rates = {name: Decimal(worth.pop(name)) for name in ("rate_low", "rate_high") if name in worth}
        readings.append({"clause_id": row["code"], **worth, **money, **rates})
    return _upsert(Reading, ["clause_id", "valid_from"], readings)


def _upsert(model: type[models.Model], key: list[str], rows: list[dict[str, Any]]) -> int:
    for row in rows:
        same = {name: row[name] for name in key}
        rest = {name: value for name, value in row.items() if name not in key}
        model._default_manager.update_or_create(**same, defaults=rest)
    return len(rows)


def _rows(app: str, name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((_folder(app) / f"{name}.toml").read_text("utf-8"))[table]
    return rows


def _folder(app: str) -> Path:
    return Path(settings.BASE_DIR) / app / "reference"


def _renamed(row: dict[str, Any], **names: str) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in row.items()}
