from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssessmentMonth(models.Model):
    """A business month of the assessment. Closed for good: the database refuses any change to a closed one."""

    class Status(models.TextChoices):
        OPEN = "open", _("running")
        REVIEWING = "reviewing", _("under review")
        CLOSED = "closed", pgettext_lazy("assessment month", "closed")

    code = models.CharField(_("month"), primary_key=True, max_length=7)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    assessed_at = models.DateTimeField(_("assessed at"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_by = models.CharField(_("closed by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("assessment month")
        verbose_name_plural = _("assessment months")
        ordering = ["-code"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(status="closed", closed_at__isnull=False) & ~models.Q(closed_by=""))
                | (~models.Q(status="closed") & models.Q(closed_at=None, closed_by="")),
                name="closed_month_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code
