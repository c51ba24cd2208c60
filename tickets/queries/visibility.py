"""Who sees which ticket. Pages, API and exports ask here; what a person may not see does not exist for him."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tickets.models import Spell, Ticket
from units.actors import FIELD_ROLES, ROLES, Actor, Role

#: The office to which cases of misconduct belong (Art. 15.8).
DISCIPLINE = "discipline"


def visible_to(actor: Actor) -> QuerySet[Ticket]:
    """The tickets an actor may see.

    A platform sees what it sent itself, confidential or not: it wrote it. People of a unit see what their unit holds,
    ever held or was the first to hear of; everybody else sees all. Cases of a confidential category (Art. 15.8) are
    seen by duty leaders and the discipline office alone, also where another unit held one by mistake.
    """
    tickets = Ticket.objects.all()
    if actor.role == Role.INTEGRATION_CLIENT:
        return tickets.filter(client=actor.client) if actor.client else tickets.none()
    if actor.role not in ROLES:
        return tickets.none()
    if actor.role in {Role.DUTY_LEADER, Role.SYSTEM}:
        return tickets
    if actor.role not in FIELD_ROLES:
        return tickets if actor.unit == DISCIPLINE else tickets.exclude(category__confidential=True)
    # The unit in the ticket's own column has a spell as well, so spells alone answer "now or ever".
    held = Spell.objects.filter(unit=actor.unit).values("ticket")
    own = Q(pk__in=held) | Q(first_contact=actor.unit)
    if actor.unit == DISCIPLINE:
        return tickets.filter(own | Q(category__confidential=True))
    return tickets.filter(own).exclude(category__confidential=True)
