from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """A line of the ledger (奖惩台账), posted as its month closes. Append-only; a correction is a line of its own."""

    append_only = True

    month = models.ForeignKey(
        "penalties.AssessmentMonth", models.PROTECT, related_name="entries", verbose_name=_("month")
    )
    finding = models.ForeignKey("penalties.Finding", models.PROTECT, related_name="entries", verbose_name=_("finding"))
    clause = models.ForeignKey("penalties.Clause", models.PROTECT, related_name="+", verbose_name=_("clause"))
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    person = models.CharField(_("person"), max_length=60, blank=True)
    of_unit = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("unit of the person")
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    posted_at = models.DateTimeField(_("posted at"))
    posted_by = models.CharField(_("posted by"), max_length=60)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ["month_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["month", "finding"], name="one_ledger_entry_a_finding_and_month"),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False, person="") | (models.Q(unit=None) & ~models.Q(person="")),
                name="ledger_entry_of_a_unit_or_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_id} {self.clause_id} {self.amount}"
