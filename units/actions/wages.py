"""Entering a unit's variable wage of a month."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.clock import Month
from core.refusals import Refused
from units.actors import Actor, Role
from units.models import Unit, VariableWage


def enter(*, unit: str, month: Month, amount: Decimal, by: Actor, at: datetime) -> VariableWage:
    """Enter or replace the variable wage of ``unit`` in ``month``, yuan.

    Raises Refused: ``wrong_role`` for anybody but assessor and approver, ``invalid`` for an unknown unit or an amount
    that is negative, not finite or finer than a fen.
    """
    if by.role not in {Role.ASSESSOR, Role.APPROVER}:
        raise Refused("wrong_role", _("Only assessors and approvers enter variable wages."))
    if not Unit.objects.filter(code=unit).exists():
        raise Refused("invalid", _("There is no such unit."))
    if not amount.is_finite() or amount < 0 or amount != amount.quantize(Decimal("0.01")):
        raise Refused("invalid", _("The amount must be yuan with at most two decimals, not negative."))
    wage, _created = VariableWage.objects.update_or_create(
        unit_id=unit,
        month=str(month),
        defaults={"amount": amount, "entered_by": by.name or by.role, "entered_at": at},
    )
    return wage
