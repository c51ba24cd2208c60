from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssessmentEvent(models.Model):
    """What was done in the assessment, by whom and when. Append-only; it points by value."""

    append_only = True

    month = models.CharField(_("month"), max_length=7)
    finding = models.BigIntegerField(_("finding"), null=True)
    verb = models.CharField(_("step"), max_length=20)
    at = models.DateTimeField(_("at"))
    by_role = models.CharField(_("role"), max_length=20)
    by_name = models.CharField(_("by"), max_length=60, blank=True)
    by_user = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("assessment step")
        verbose_name_plural = _("assessment steps")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["month", "id"], name="assessment_event_of_month"),
            models.Index(
                fields=["finding", "id"],
                condition=models.Q(finding__isnull=False),
                name="assessment_event_of_finding",
            ),
            # The few steps that concern a month as a whole: closed, taken out, decided many at once.
            models.Index(
                fields=["month", "-id"], condition=models.Q(finding__isnull=True), name="assessment_event_of_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.verb}"
