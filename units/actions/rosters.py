"""The hotline roster (Art. 9): whom the centre calls at a unit. A unit tells every change in writing, at any time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from units.actors import Actor, Role
from units.models import RosterEntry, Unit

LONGEST = {"name": 40, "phone": 30, "note": 200}


def enter(
    *,
    unit: str,
    name: str,
    phone: str,
    duty: str,
    by: Actor,
    at: datetime,
    order: int = 1,
    note: str = "",
    valid_from: datetime | None = None,
) -> RosterEntry:
    """Add a line that holds from ``valid_from`` on, from ``at`` where it is not named.

    Raises Refused: ``wrong_role`` for anybody but a unit's head, a duty leader or the system; ``wrong_unit`` for a head
    of another unit; ``unknown_ref`` for no such unit; ``invalid`` for a name, phone, duty or order that cannot be.
    """
    _may_edit(unit, by)
    if not Unit.objects.filter(code=unit).exists():
        raise Refused("unknown_ref", _("There is no such unit."), fields={"unit": _("unknown unit")})
    line = _checked(name=name, phone=phone, duty=duty, order=order, note=note)
    return RosterEntry.objects.create(
        unit_id=unit, valid_from=valid_from or at, entered_by=by.name or by.role, entered_at=at, **line
    )


def change(
    entry: RosterEntry, *, name: str, phone: str, duty: str, order: int, note: str, by: Actor, at: datetime
) -> RosterEntry:
    """End a line and add the one that takes its place at the same instant; the old one stays to be read.

    Raises Refused like ``enter``; ``reason_required`` without the written word; ``illegal_move`` for a line that has
    ended.
    """
    _may_edit(entry.unit_id, by)
    line = _checked(name=name, phone=phone, duty=duty, order=order, note=note)
    with transaction.atomic():
        _end(entry, note=note, by=by, at=at)
        return RosterEntry.objects.create(
            unit_id=entry.unit_id, valid_from=at, entered_by=by.name or by.role, entered_at=at, **line
        )


def end(entry: RosterEntry, *, note: str, by: Actor, at: datetime) -> None:
    """End a line without another in its place. Raises Refused like ``change``."""
    _may_edit(entry.unit_id, by)
    with transaction.atomic():
        _end(entry, note=note, by=by, at=at)


def may_edit(unit: str, by: Actor) -> bool:
    """Whether somebody may change the lines of a unit."""
    return by.role in {Role.DUTY_LEADER, Role.SYSTEM} or (by.role == Role.UNIT_HEAD and by.unit == unit)


def _may_edit(unit: str, by: Actor) -> None:
    if by.role not in {Role.DUTY_LEADER, Role.SYSTEM, Role.UNIT_HEAD}:
        raise Refused("wrong_role", _("Only heads of units and duty leaders change the roster."))
    if not may_edit(unit, by):
        raise Refused("wrong_unit", _("A head changes the roster of the own unit only."))


def _checked(*, name: str, phone: str, duty: str, order: int, note: str) -> dict[str, object]:
    said = {"name": name.strip(), "phone": phone.strip(), "note": note.strip()}
    for field, text in said.items():
        if len(text) > LONGEST[field] or (field != "note" and not text):
            message = _("From 1 to %(longest)s characters.") % {"longest": LONGEST[field]}
            raise Refused("invalid", message, fields={field: message})
    if duty not in RosterEntry.Duty.values:
        raise Refused("invalid", _("There is no such duty."), fields={"duty": _("unknown duty")})
    if not 1 <= order <= 99:
        raise Refused("invalid", _("The order of calling is from 1 to 99."), fields={"order": _("impossible value")})
    return {**said, "duty": duty, "order": order}


def _end(entry: RosterEntry, *, note: str, by: Actor, at: datetime) -> None:
    if not note.strip():
        raise Refused("reason_required", _("A change of the roster names its written notice."))
    ends = max(at, entry.valid_from)
    ended = RosterEntry.objects.filter(pk=entry.pk, valid_to=None).update(
        valid_to=ends, end_note=note.strip()[: LONGEST["note"]], ended_by=by.name or by.role, ended_at=at
    )
    if not ended:
        raise Refused("illegal_move", _("This line of the roster has ended already."))
