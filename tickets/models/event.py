from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One recorded step of a ticket: what, when, by whom. The truth everything else is computed from.

    Append-only: the database refuses update, delete and truncate. It points at people by value, not by key, so
    nothing that happens to a user changes history.
    """

    append_only = True

    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="events", verbose_name=_("ticket"))
    seq = models.PositiveIntegerField()
    verb = models.CharField(_("step"), max_length=20)
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by_role = models.CharField(_("role"), max_length=20)
    by_unit = models.CharField(_("unit"), max_length=40, blank=True)
    by_name = models.CharField(_("by"), max_length=60, blank=True)
    by_user = models.BigIntegerField(null=True)
    by_client = models.CharField(max_length=40, blank=True)
    status = models.CharField(_("status after"), max_length=12)
    clock_key = models.CharField(max_length=30, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["ticket", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="one_event_a_step"),
            models.UniqueConstraint(
                fields=["ticket", "clock_key"], condition=models.Q(verb="late"), name="one_breach_a_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.seq} {self.verb}"
