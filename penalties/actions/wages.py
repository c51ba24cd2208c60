"""Entering a unit's variable wage, which a closed month does not take any more (Art. 31)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.clock import Month
from core.refusals import Refused
from penalties.models import AssessmentMonth
from units.actions import wages
from units.actors import Actor
from units.models import VariableWage


def enter(*, unit: str, month: Month, amount: Decimal, by: Actor, at: datetime) -> VariableWage:
    """Enter or replace the wage of an open month. Raises Refused ``month_closed`` and what ``units`` refuses."""
    with transaction.atomic():
        row = AssessmentMonth.objects.select_for_update().filter(pk=str(month)).first()
        if row is not None and row.status == AssessmentMonth.Status.CLOSED:
            raise Refused("month_closed", _("The month is closed."))
        return wages.enter(unit=unit, month=month, amount=amount, by=by, at=at)
