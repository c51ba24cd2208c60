"""Keeping after a live ticket: urge, supervise, supplement. Nothing moves but the record."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions.recording import Draft, Matter, perform
from tickets.models import Ticket
from units.actors import Actor, Role


def urge(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """Press the unit."""
    return _step("urge", ticket, by=by, at=at, note=note)


def supervise(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """The duty leader takes the matter under supervision."""
    return _step("supervise", ticket, by=by, at=at, note=note)


def supplement(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """Add what has become known."""
    return _step("supplement", ticket, by=by, at=at, note=note)


def _step(verb: str, ticket: Ticket, *, by: Actor, at: datetime, note: str) -> Ticket:
    def decide(matter: Matter) -> Draft:
        matter.guard(verb, by)
        own(matter, by)
        return Draft(verb, data={"note": note} if note else {})

    return perform(ticket, decide, by=by, at=at)


def own(matter: Matter, by: Actor) -> None:
    """A platform may only touch what came from it. Raises Refused ``wrong_role``."""
    if by.role == Role.INTEGRATION_CLIENT and matter.ticket.client_id != by.client:
        raise Refused("wrong_role", _("The ticket did not come from this platform."))
