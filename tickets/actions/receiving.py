"""Receiving an order once: a platform that sends one again gets the ticket it already has (contract, intake)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from tickets.actions import reporting
from tickets.actions.reporting import Report
from tickets.models import Ticket
from units.actors import Actor


class OtherContent(Refused):
    """The platform's number is known, with other content."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "invalid",
            _("This number was received before with other content. Send additions as a supplement."),
            fields={"external_no": _("known with other content")},
        )


def receive(report: Report, *, by: Actor, at: datetime) -> tuple[Ticket, bool]:
    """Register a report, or find the ticket that this platform's number already has; says whether it is new.

    A known number is answered before the content is judged anew: what was a valid order stays one. Raises
    OtherContent, and whatever ``reporting.report`` refuses with.
    """
    if by.client is None or report.external_no is None:
        return reporting.report(report, by=by, at=at), True
    known = _known(report, by)
    if known is not None:
        return known, False
    try:
        return reporting.report(report, by=by, at=at), True
    except IntegrityError:
        # Two keys, one number, in parallel: the other call was first, and the registration above left nothing behind.
        known = _known(report, by)
        if known is None:
            raise
        return known, False


def _known(report: Report, by: Actor) -> Ticket | None:
    ticket = Ticket.objects.filter(client=by.client, external_no=report.external_no).first()
    if ticket is not None and ticket.external_hash != report.external_hash:
        raise OtherContent
    return ticket
