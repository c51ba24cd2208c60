"""System faults that units reported (Art. 16.7.2): those that run, and the last that ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tickets.models import SystemFault
from units.actors import FIELD_ROLES, Actor
from units.models import Unit

MOST = 50
PAST = 10


@dataclass(frozen=True)
class Faults:
    """What one reader sees: people of a unit their own, the desk all."""

    running: list[SystemFault]
    ended: list[SystemFault]


def faults(actor: Actor, *, now: datetime) -> Faults:
    """Two statements, however many were ever reported."""
    seen = SystemFault.objects.select_related("unit")
    if actor.role in FIELD_ROLES:
        seen = seen.filter(unit=actor.unit)
    return Faults(
        running=list(seen.filter(until__gte=now).order_by("until", "id")[:MOST]),
        ended=list(seen.filter(until__lt=now).order_by("-id")[:PAST]),
    )


def units_of(actor: Actor) -> list[Unit]:
    """The units this person may report for."""
    units = Unit.objects.filter(dispatchable=True)
    return list(units.filter(code=actor.unit) if actor.role in FIELD_ROLES else units)
