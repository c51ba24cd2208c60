"""A unit's call that its system is down (Art. 16.7.2)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions.recording import judged, load
from tickets.models import Milestone, SystemFault, Ticket
from tickets.queries.history import faults_of
from units.actors import CENTRE_ROLES, FIELD_ROLES, Actor
from units.models import Unit


def call(*, unit: str, until: datetime, by: Actor, at: datetime, note: str = "") -> SystemFault:
    """Record that ``unit`` cannot hand in or accept until ``until``.

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
        fault = SystemFault.objects.create(
            unit_id=unit, at=at, until=until, by_role=by.role, by_name=by.name, note=note
        )
        falling_due = Milestone.objects.filter(judged_from__gte=at, judged_from__lte=until).values("ticket")
        affected = Ticket.objects.live().filter(unit=unit, pk__in=falling_due)
        for ticket in affected.select_for_update(of=("self",)).order_by("pk"):
            _judge_anew(ticket, at=at)
    return fault


def _judge_anew(ticket: Ticket, *, at: datetime) -> None:
    """Move the instant from which this ticket's open clocks are judged; due instants stay."""
    matter = load(ticket.pk)
    faults = faults_of({step.unit for step in matter.steps if step.unit})
    for clock, judgement in judged(matter.state, faults, at).values():
        if judgement.judged_from is not None:
            Milestone.objects.filter(ticket=ticket, key=clock.key, judged_from__isnull=False).update(
                judged_from=judgement.judged_from
            )
