"""A unit's call that its system is down (Art. 16.7.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import locks
from core.refusals import Refused
from tickets.actions.recording import Draft, faults_of_unit_lock, perform
from tickets.models import Milestone, SystemFault, Ticket
from units.actors import CENTRE, CENTRE_ROLES, FIELD_ROLES, Actor
from units.models import Unit


def call(*, unit: str, until: datetime, by: Actor, at: datetime, note: str = "") -> SystemFault:
    """Record that ``unit`` cannot hand in or accept until ``until``, on every ticket this touches.

    Its ``accept`` and ``close`` clocks that fall due meanwhile are judged only once ``until`` has passed.
    Raises Refused: ``wrong_role`` ``wrong_unit``; ``invalid`` for an unknown unit; ``bad_until`` unless it lies ahead.
    """
    if by.role not in CENTRE_ROLES | FIELD_ROLES:
        raise Refused("wrong_role", _("Your role may not do this."))
    if by.role in FIELD_ROLES and by.unit != unit:
        raise Refused("wrong_unit", _("A unit reports its own system only."))
    if not Unit.objects.filter(code=unit, dispatchable=True).exists():
        raise Refused("invalid", _("There is no such unit."), fields={"unit": _("unknown unit")})
    if until <= at:
        raise Refused("bad_until", _("The end must lie ahead."))
    with transaction.atomic():
        # A dispatch to this unit that is under way ends first, or sees this call.
        locks.own(faults_of_unit_lock(unit))
        fault = SystemFault.objects.create(
            unit_id=unit, at=at, until=until, by_role=by.role, by_name=by.name, note=note
        )
        falling_due = Milestone.objects.filter(judged_from__gte=at, judged_from__lte=until).values("ticket")
        draft = Draft("system_fault", until=until, data={"of": unit} | ({"note": note} if note else {}))
        held = Q(unit=unit) | Q(unit=None) if unit == CENTRE else Q(unit=unit)
        for ticket in Ticket.objects.live().filter(held, pk__in=falling_due).order_by("pk"):
            # Recording replays the clocks with the call and moves the instant from which they are judged.
            perform(ticket, lambda _matter: draft, by=by, at=at)
    return fault
