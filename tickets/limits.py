"""Which limits apply to a matter: picking among effective-dated rows, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One effective-dated limit. ``category`` is empty where it holds for every category; ``minutes`` its length."""

    category: str
    milestone: str
    starts: str
    minutes: int
    tier: str
    when: Mapping[str, Any]
    article: str
    valid_from: date
    valid_to: date | None

    @property
    def rule(self) -> str:
        """How a clock names the rule it was given: article and version."""
        return f"Art. {self.article} @ {self.valid_from.isoformat()}"


def in_force(row: Any, on: date) -> bool:
    """Whether an effective-dated row holds on a day: from its first day, up to but not on its end."""
    return bool(row.valid_from <= on and (row.valid_to is None or on < row.valid_to))


def matches(when: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether the facts fulfil a condition: equality, or ``{"min": n}`` and ``{"max": n}`` on numbers.

    A fact that is not known fulfils nothing.
    """
    for name, wanted in when.items():
        value = facts.get(name)
        if isinstance(wanted, Mapping):
            if isinstance(value, bool) or not isinstance(value, int | float):
                return False
            if "min" in wanted and value < wanted["min"]:
                return False
            if "max" in wanted and value > wanted["max"]:
                return False
        elif value != wanted or isinstance(value, bool) != isinstance(wanted, bool):
            return False
    return True


def pick(
    rows: Iterable[LimitRow], *, category: str, starts: frozenset[str], facts: Mapping[str, Any], on: date
) -> list[LimitRow]:
    """The limits that start at an event of a kind: per milestone the row with the most conditions that hold.

    A row of the category goes before a row of every category.
    """
    best: dict[str, tuple[tuple[bool, int, date], LimitRow]] = {}
    for row in rows:
        if row.category not in {"", category} or row.starts not in starts:
            continue
        if not in_force(row, on) or not matches(row.when, facts):
            continue
        rank = (row.category != "", len(row.when), row.valid_from)
        if row.milestone not in best or rank > best[row.milestone][0]:
            best[row.milestone] = (rank, row)
    return [row for _rank, row in best.values()]
