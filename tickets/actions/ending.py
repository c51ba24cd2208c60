"""Ending a ticket before it is resolved: merged into another, or withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions.following import own
from tickets.actions.recording import Draft, Matter, perform
from tickets.models import Ticket
from tickets.moves import LIVE
from units.actors import Actor


def merge(ticket: Ticket, *, into: Ticket, by: Actor, at: datetime, note: str = "") -> Ticket:
    """Merge a ticket into a live one reported no later; its open clocks are cancelled.

    Raises Refused: ``illegal_move`` where ``into`` is not live, ``invalid`` where it is the ticket itself or was
    reported later.
    """

    def decide(matter: Matter) -> Draft:
        matter.guard("merge", by)
        # Both are locked, in one order for everybody, so that the target cannot end meanwhile and two tickets merged
        # into each other do not wait for one another.
        both = Ticket.objects.select_for_update(of=("self",)).filter(pk__in={matter.ticket.pk, into.pk})
        target = next(ticket for ticket in both.order_by("pk") if ticket.pk == into.pk)
        if target.pk == matter.ticket.pk:
            raise Refused("invalid", _("A ticket cannot be merged into itself."))
        if target.status not in LIVE:
            raise Refused("illegal_move", _("The other ticket has ended."))
        if target.reported_at > matter.ticket.reported_at:
            raise Refused("invalid", _("The other ticket was reported later."))
        said = {"into": target.number} | ({"note": note} if note else {})
        return Draft("merge", data=said, columns={"merged_into_id": target.pk})

    return perform(ticket, decide, by=by, at=at)


def withdraw(ticket: Ticket, *, by: Actor, at: datetime, reason: str = "", note: str = "") -> Ticket:
    """The matter is taken back by whoever brought it; its open clocks are cancelled."""

    def decide(matter: Matter) -> Draft:
        matter.guard("withdraw", by)
        own(matter, by)
        return Draft("withdraw", data={name: text for name, text in (("reason", reason), ("note", note)) if text})

    return perform(ticket, decide, by=by, at=at)
