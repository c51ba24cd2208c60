from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VariableWage(models.Model):
    """The variable wage (活工资) of a unit in a month, in yuan; a grave exposure takes a share of it (Art. 31)."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="wages", verbose_name=_("unit"))
    month = models.CharField(_("month"), max_length=7)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    entered_by = models.CharField(_("entered by"), max_length=60)
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("variable wage")
        verbose_name_plural = _("variable wages")
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="one_variable_wage_a_unit_and_month"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="variable_wage_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"
