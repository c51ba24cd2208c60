from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from core.clock import Month

#: What stands for ``open`` once the month has ended.
TO_BE_ASSESSED = "waiting"


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

    def standing(self, at: datetime) -> str:
        """The status as of an instant: a month that has ended is not running any more, assessed meanwhile or not."""
        ended = Month.parse(self.code).ends_at <= at
        return TO_BE_ASSESSED if ended and self.status == self.Status.OPEN else self.status

    def standing_label(self, at: datetime) -> str:
        """The same in words."""
        waiting = self.standing(at) == TO_BE_ASSESSED
        return pgettext("assessment month", "to be assessed") if waiting else str(self.get_status_display())
