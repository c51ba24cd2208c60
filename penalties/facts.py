"""All a clause may see of a late milestone: frozen values, no records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Matter:
    """What the missed limit belongs to: a ticket, with the nature that decides its clause."""

    number: str
    channel: str
    category: str
    public_facility: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """One missed limit. ``unit`` is the unit judged; ``shares`` how long each held the matter up to the due instant;
    ``rule`` names the limit
    and ``first_length`` is its first length.
    """

    matter: Matter
    key: str
    milestone: str
    unit: str
    starts_at: datetime
    due_at: datetime
    met_at: datetime | None
    rule: str
    first_length: timedelta
    shares: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a clause says of one miss: the clause, the unit liable (None: to be named by the assessor), the clauses
    that touch the same fact and are named beside it.
    """

    clause: str
    unit: str | None
    miss: Miss
    alternatives: tuple[str, ...] = ()
