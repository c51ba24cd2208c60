"""Deciding many findings at once, for one reason: all of them, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from penalties.actions import reviewing
from penalties.actions.tracing import trace
from penalties.models import Finding
from penalties.models.finding import UNDECIDED
from penalties.queries import visible_to
from units.actors import CENTRE, Actor, Role

#: Deciding takes some ten milliseconds a finding, and the month is held meanwhile: whoever decides beside it waits.
LARGEST = 500


def within_reach(by: Actor, *, dismiss: bool) -> Q:
    """The findings a person may accept or dismiss together with others.

    An undetermined one is accepted by naming its unit, one by one; what the centre itself missed is the approver's.
    """
    wanted = Q(status__in=UNDECIDED) if dismiss else Q(status=Finding.Status.PROPOSED)
    return wanted if by.role == Role.APPROVER else wanted & ~Q(unit=CENTRE)


def decide_all(findings: Collection[int], *, by: Actor, at: datetime, reason: str = "", dismiss: bool = False) -> int:
    """Accept what each finding proposes, or dismiss each, with the same reason; returns how many.

    Raises Refused like ``reviewing.decide``, naming the finding that stands in the way; ``reason_required``;
    ``invalid`` for none at all or more than ``LARGEST``; ``unknown_ref`` for one that is gone or not for these eyes.
    Nothing is decided then.
    """
    wanted = set(findings)
    if not wanted:
        raise Refused("invalid", _("Choose at least one finding."))
    if len(wanted) > LARGEST:
        raise Refused("invalid", _("No more than %(largest)d findings at once.") % {"largest": LARGEST})
    if dismiss and not reason.strip():
        raise Refused("reason_required", _("Dismissing needs a reason."))
    with transaction.atomic():
        rows = list(
            visible_to(by)
            .filter(pk__in=wanted)
            .select_related("clause", "unit", "ticket")
            .order_by("month_id", "occurred_at", "id")
        )
        if len(rows) != len(wanted):
            raise Refused("unknown_ref", _("One of the findings is not there any more; look at the list again."))
        for row in rows:
            _decide(row, by=by, at=at, reason=reason, dismiss=dismiss)
        verb = "bulk_dismiss" if dismiss else "bulk_confirm"
        for month, count in Counter(row.month_id for row in rows).items():
            trace(verb, month=month, by=by, at=at, count=count, reason=reason).save()
    return len(rows)


def _decide(row: Finding, *, by: Actor, at: datetime, reason: str, dismiss: bool) -> None:
    try:
        reviewing.decide(row, by=by, at=at, reason=reason, dismiss=dismiss)
    except Refused as refused:
        subject = row.person or (str(row.unit) if row.unit else str(_("unit to be named")))
        named = {
            "clause": row.clause_id,
            "subject": subject,
            "ticket": row.ticket.number if row.ticket else f"#{row.pk}",
            "why": refused.message,
        }
        message = _("Nothing was decided. Clause %(clause)s, %(subject)s, %(ticket)s: %(why)s") % named
        raise Refused(refused.code, message, fields=refused.fields) from refused
