"""The hotline roster as one reader may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from core.masking import mask_phone
from units.actions.rosters import may_edit
from units.actors import FIELD_ROLES, Actor
from units.models import RosterEntry, Unit

#: Ended lines shown a unit: the last changes, which is what one asks for.
PAST = 20


@dataclass(frozen=True)
class Line:
    """A line of the roster; the phone masked for who need not call."""

    entry: RosterEntry
    phone: str
    masked: bool


@dataclass
class UnitRoster:
    """A unit with its lines in force, and with those that ended where they were asked for."""

    unit: Unit
    lines: list[Line] = field(default_factory=list)
    past: list[Line] = field(default_factory=list)
    editable: bool = False


def rosters(actor: Actor, *, now: datetime) -> list[UnitRoster]:
    """Every unit that takes tickets, the reader's own first, with the lines in force now; two statements."""
    units = {unit.code: UnitRoster(unit, editable=may_edit(unit.code, actor)) for unit in Unit.objects.all()}
    in_force = RosterEntry.objects.filter(valid_from__lte=now).filter(Q(valid_to=None) | Q(valid_to__gt=now))
    for entry in in_force.order_by("duty", "order", "id"):
        units[entry.unit_id].lines.append(_line(entry, actor))
    shown = [roster for roster in units.values() if roster.unit.dispatchable or roster.lines]
    return sorted(shown, key=lambda roster: (roster.unit.code != actor.unit, roster.unit.article, roster.unit.code))


def roster_of(unit: Unit, actor: Actor, *, now: datetime) -> UnitRoster:
    """One unit's lines: in force or still to come, and the last that ended."""
    entries = RosterEntry.objects.filter(unit=unit)
    current = entries.filter(Q(valid_to=None) | Q(valid_to__gt=now)).order_by("duty", "order", "id")
    ended = entries.filter(valid_to__lte=now).order_by("-valid_to", "-id")[:PAST]
    return UnitRoster(
        unit,
        lines=[_line(entry, actor) for entry in current],
        past=[_line(entry, actor) for entry in ended],
        editable=may_edit(unit.code, actor),
    )


def _line(entry: RosterEntry, actor: Actor) -> Line:
    masked = actor.role in FIELD_ROLES and actor.unit != entry.unit_id
    return Line(entry, mask_phone(entry.phone) if masked else entry.phone, masked)
