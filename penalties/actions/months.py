"""Months of the assessment: opened by their first finding, closed for good by the approver (Art. 6)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import Month
from core.refusals import Refused
from penalties.actions.assessing import assess_locked, lock, sweep
from penalties.actions.tracing import trace
from penalties.models import AssessmentMonth, Finding, LedgerEntry
from penalties.models.finding import UNDECIDED
from penalties.queries import in_order
from units.actors import Actor, Role


def close(*, month: Month, by: Actor, at: datetime) -> AssessmentMonth:
    """Assess once more, post every confirmed finding to the ledger, and shut the month.

    Raises Refused: ``wrong_role`` for anybody but the approver; ``month_closed``; ``month_running`` before its end;
    ``undecided`` while a finding awaits a decision.
    """
    if by.role != Role.APPROVER:
        raise Refused("wrong_role", _("Only the approver closes a month."))
    sweep(at)
    with transaction.atomic():
        row = lock(month)
        if row.status == AssessmentMonth.Status.CLOSED:
            raise Refused("month_closed", _("The month is closed."))
        if at < month.ends_at:
            raise Refused("month_running", _("The month is still running."))
        assess_locked(row, month=month, by=by, at=at)
        if Finding.objects.filter(month=row, status__in=UNDECIDED).exists():
            raise Refused("undecided", _("Findings of the month still await a decision."))
        confirmed = sorted(Finding.objects.filter(month=row, status=Finding.Status.CONFIRMED), key=in_order)
        entries = [
            LedgerEntry(
                month=row,
                finding=finding,
                clause_id=finding.clause_id,
                unit_id=None if finding.person else finding.unit_id,
                person=finding.person,
                of_unit_id=finding.of_unit_id,
                amount=_decided(finding),
                posted_at=at,
                posted_by=by.name or by.role,
            )
            for finding in confirmed
        ]
        LedgerEntry.objects.bulk_create(entries)
        row.status, row.closed_at, row.closed_by = AssessmentMonth.Status.CLOSED, at, by.name or by.role
        row.save(update_fields=["status", "closed_at", "closed_by"])
        total = sum((entry.amount for entry in entries), start=0)
        trace("close_month", month=month, by=by, at=at, entries=len(entries), total=str(total)).save()
    return row


def _decided(finding: Finding) -> Decimal:
    """The amount of a confirmed finding; the database ties the two together."""
    assert finding.amount is not None
    return finding.amount
