from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AbstractMilestone(models.Model):
    """A stored deadline. Its verdict is a function of recorded instants; ``breached_at`` only observes it."""

    class Verdict(models.TextChoices):
        PENDING = "pending", _("pending")
        MET = "met", _("met")
        LATE = "late", _("late")
        EXCUSED = "excused", _("excused")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("milestone"), max_length=20)
    starts_at = models.DateTimeField(_("starts at"))
    due_at = models.DateTimeField(_("due at"))
    first_due_at = models.DateTimeField(_("first due at"))
    rule = models.CharField(_("rule"), max_length=60)
    met_at = models.DateTimeField(_("met at"), null=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, default=Verdict.PENDING)
    #: The last instant at which the clock, unmet, is not late yet; null where it is decided or waits for a decision.
    judged_from = models.DateTimeField(null=True)
    #: The due instant of a breach, never the hour at which a job noticed.
    breached_at = models.DateTimeField(_("breached at"), null=True)

    class Meta:
        abstract = True


class Milestone(AbstractMilestone):
    """A clock of a ticket: of one spell, or of the whole case."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="milestones", verbose_name=_("ticket"))
    key = models.CharField(max_length=30)
    round = models.PositiveSmallIntegerField(_("round"))
    spell_seq = models.PositiveIntegerField(null=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["starts_at", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "key"], name="one_milestone_a_key"),
            models.CheckConstraint(
                condition=models.Q(judged_from=None) | models.Q(met_at=None, verdict="pending"),
                name="only_open_milestones_await_the_sweep",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["pending", "cancelled"], met_at=None, breached_at=None)
                | models.Q(verdict__in=["met", "excused"], met_at__isnull=False, breached_at=None)
                | models.Q(verdict="late", breached_at__isnull=False),
                name="verdict_agrees_with_instants",
            ),
            models.CheckConstraint(
                condition=models.Q(breached_at=None) | models.Q(breached_at=models.F("due_at")),
                name="breached_at_the_due_instant",
            ),
        ]
        indexes = [
            # The sweep's own index: stamping a breach takes the row out of it.
            models.Index(
                fields=["judged_from", "id"],
                condition=models.Q(judged_from__isnull=False),
                name="milestone_sweep",
            ),
            models.Index(
                fields=["breached_at", "ticket"],
                condition=models.Q(breached_at__isnull=False),
                name="milestone_breached",
            ),
            # What was met or excused in a month, by clock and unit: the board counts it from the index alone.
            models.Index(
                fields=["met_at", "kind", "unit", "ticket"],
                include=["verdict"],
                condition=models.Q(breached_at__isnull=True, met_at__isnull=False),
                name="milestone_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.key}"
