"""Deciding a finding: accept the proposal, choose within the range, name the unit, or dismiss."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from penalties.actions import assessing
from penalties.actions.tracing import trace
from penalties.models import AssessmentMonth, Finding
from penalties.models.finding import UNDECIDED
from units.actors import CENTRE, Actor, Role
from units.models import Unit


def decide(
    finding: Finding,
    *,
    by: Actor,
    at: datetime,
    amount: Decimal | None = None,
    unit: str | None = None,
    reason: str = "",
    dismiss: bool = False,
) -> Finding:
    """Confirm or dismiss a finding. ``amount`` is signed yuan; without it the proposal is accepted.

    Raises Refused: ``wrong_role`` for anybody but assessor and approver, and for the assessor where the centre itself
    is judged; ``month_closed``; ``illegal_move`` for a finding already decided; ``reason_required`` to dismiss or to
    choose another amount; ``out_of_range``; ``invalid`` where the unit must be named or is unknown.
    """
    if by.role not in {Role.ASSESSOR, Role.APPROVER}:
        raise Refused("wrong_role", _("Only assessors and the approver decide findings."))
    with transaction.atomic():
        month = AssessmentMonth.objects.select_for_update().get(pk=finding.month_id)
        if month.status == AssessmentMonth.Status.CLOSED:
            raise Refused("month_closed", _("The month is closed."))
        row = Finding.objects.filter(pk=finding.pk, month=month).first()
        if row is not None and row.status in UNDECIDED:
            assessing.bring_up_to_date(row, month=month, by=by, at=at)
            row.refresh_from_db()
        if row is None or row.status not in UNDECIDED:
            raise Refused("illegal_move", _("The finding has been decided."))
        if CENTRE in {row.unit_id, unit} and by.role != Role.APPROVER:
            raise Refused("wrong_role", _("What the centre itself missed is decided by the approver alone."))
        if dismiss:
            _need(reason, _("Dismissing needs a reason."))
            changes: dict[str, Any] = {"status": Finding.Status.DISMISSED, "amount": None}
        else:
            changes = {
                "status": Finding.Status.CONFIRMED,
                "amount": _amount(row, amount, reason),
                "unit_id": _unit(row, unit),
            }
        changes |= {"reason": reason, "decided_at": at, "decided_by": by.name or by.role}
        if not Finding.objects.filter(pk=row.pk, status__in=UNDECIDED).update(**changes):
            raise Refused("illegal_move", _("The finding has been decided."))
        trace(
            "dismiss" if dismiss else "confirm",
            month=row.month_id,
            by=by,
            at=at,
            finding=row.pk,
            amount=None if dismiss else str(changes["amount"]),
            unit=changes.get("unit_id"),
            reason=reason,
        ).save()
    row.refresh_from_db()
    return row


def _amount(row: Finding, amount: Decimal | None, reason: str) -> Decimal:
    if amount is None or amount == row.proposed:
        return row.proposed
    if not row.low <= amount <= row.high:
        raise Refused(
            "out_of_range",
            _("The clause allows %(low)s to %(high)s yuan.") % {"low": row.low, "high": row.high},
        )
    _need(reason, _("Another amount than the proposed one needs a reason."))
    return amount


def _unit(row: Finding, unit: str | None) -> str | None:
    if row.status != Finding.Status.UNDETERMINED:
        if unit is not None and unit != row.unit_id:
            raise Refused("invalid", _("The unit of this finding is determined."), fields={"unit": _("determined")})
        return row.unit_id
    if unit is None or not Unit.objects.filter(code=unit).exists():
        raise Refused("invalid", _("Name the unit that answers for it."), fields={"unit": _("missing or unknown")})
    return unit


def _need(reason: str, message: str | Promise) -> None:
    if not reason.strip():
        raise Refused("reason_required", message)
