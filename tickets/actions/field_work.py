"""What the unit does: accept, arrive, stop the water, repair, hand the result in (Art. 9, 16, 23, 24)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions.recording import Draft, Matter, perform
from tickets.models import Ticket
from units.actors import CENTRE_ROLES, Actor


def accept(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """The unit takes the ticket on. A dispatcher may record it on the unit's word by phone."""

    def decide(matter: Matter) -> Draft:
        matter.guard("accept", by)
        word = {"on_phone_word_of": matter.ticket.unit_id} if by.role in CENTRE_ROLES else {}
        return Draft("accept", data=_noted(note) | word)

    return perform(ticket, decide, by=by, at=at)


def arrive(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """The unit is on site; that implies acceptance at the same instant."""
    return _plain("arrive", ticket, by=by, at=at, note=note)


def stop_water(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """The water is stopped (Art. 23)."""
    return _plain("stop_water", ticket, by=by, at=at, note=note)


def start_repair(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """The repair has begun (Art. 16.3)."""
    return _plain("start_repair", ticket, by=by, at=at, note=note)


def finish_repair(ticket: Ticket, *, by: Actor, at: datetime, note: str = "") -> Ticket:
    """The repair is finished (Art. 23, 24)."""
    return _plain("finish_repair", ticket, by=by, at=at, note=note)


def resolve(ticket: Ticket, *, by: Actor, at: datetime, answer: str = "", note: str = "") -> Ticket:
    """The unit hands its result in, with the answer given to the customer; pending requests lapse."""

    def decide(matter: Matter) -> Draft:
        matter.guard("resolve", by)
        return Draft("resolve", data=_noted(note) | ({"answer": answer} if answer else {}))

    return perform(ticket, decide, by=by, at=at)


def assign(ticket: Ticket, *, by: Actor, at: datetime, person: str, note: str = "") -> Ticket:
    """Name the person or crew inside the unit; no clock moves. Raises Refused ``invalid`` without a name."""

    def decide(matter: Matter) -> Draft:
        matter.guard("assign", by)
        if not person.strip():
            raise Refused("invalid", _("Name the person or crew."), fields={"person": _("missing")})
        return Draft("assign", data={"person": person} | _noted(note), columns={"assignee": person.strip()[:60]})

    return perform(ticket, decide, by=by, at=at)


def _plain(verb: str, ticket: Ticket, *, by: Actor, at: datetime, note: str) -> Ticket:
    def decide(matter: Matter) -> Draft:
        matter.guard(verb, by)
        return Draft(verb, data=_noted(note))

    return perform(ticket, decide, by=by, at=at)


def _noted(note: str) -> dict[str, str]:
    return {"note": note} if note else {}
