from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SystemFault(models.Model):
    """A unit's timely call that its system is down (Art. 16.7.2): excuses acceptance and handing-in, nothing else."""

    append_only = True

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="system_faults", verbose_name=_("unit"))
    at = models.DateTimeField(_("called at"))
    until = models.DateTimeField(_("until"))
    by_role = models.CharField(_("role"), max_length=20)
    by_name = models.CharField(_("by"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("system fault")
        verbose_name_plural = _("system faults")
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("at")), name="system_fault_lasts"),
        ]
        indexes = [models.Index(fields=["unit", "until"], name="system_fault_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at:%Y-%m-%d %H:%M}"
