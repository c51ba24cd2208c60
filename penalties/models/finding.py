from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

UNDECIDED = ("proposed", "undetermined")


class Finding(models.Model):
    """What the regulation says about one matter and one subject: clause, evidence, proposal and, later, decision.

    Amounts are signed yuan: rewards positive, penalties negative. ``low`` and ``high`` are the range in force when it
    was proposed; a decision outside is refused by the database too.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        UNDETERMINED = "undetermined", _("undetermined")
        CONFIRMED = "confirmed", _("confirmed")
        DISMISSED = "dismissed", _("dismissed")

    month = models.ForeignKey(
        "penalties.AssessmentMonth", models.PROTECT, related_name="findings", verbose_name=_("month")
    )
    clause = models.ForeignKey("penalties.Clause", models.PROTECT, related_name="findings", verbose_name=_("clause"))
    reading = models.ForeignKey("penalties.Reading", models.PROTECT, related_name="+", verbose_name=_("reading"))
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="findings", verbose_name=_("unit"))
    person = models.CharField(_("person"), max_length=60, blank=True)
    of_unit = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("unit of the person")
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", models.PROTECT, null=True, related_name="findings", verbose_name=_("ticket")
    )
    occurred_at = models.DateTimeField(_("occurred at"))
    misses = models.JSONField(_("missed limits"), default=list)
    shares = models.JSONField(_("shares"), default=dict)
    alternatives = ArrayField(models.CharField(max_length=8), verbose_name=_("other clauses"), default=list)
    sentence = models.TextField(_("why"))
    low = models.DecimalField(_("lowest amount"), max_digits=12, decimal_places=2)
    high = models.DecimalField(_("highest amount"), max_digits=12, decimal_places=2)
    proposed = models.DecimalField(_("proposed amount"), max_digits=12, decimal_places=2)
    status = models.CharField(_("status"), max_length=12, choices=Status)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["occurred_at", "clause", "unit", "person", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "ticket", "unit", "person"],
                condition=Q(status__in=UNDECIDED, ticket__isnull=False),
                nulls_distinct=False,
                name="one_undecided_finding_a_clause_subject_and_matter",
            ),
            models.CheckConstraint(
                condition=Q(status="undetermined", unit=None, person="")
                | (~Q(status="undetermined") & (Q(unit__isnull=False) | ~Q(person="") | Q(status="dismissed"))),
                name="finding_has_a_subject_unless_undetermined",
            ),
            models.CheckConstraint(
                condition=Q(status="confirmed", amount__isnull=False) | (~Q(status="confirmed") & Q(amount=None)),
                name="amount_exactly_when_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=F("low"), amount__lte=F("high")),
                name="amount_within_the_range_of_its_clause",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNDECIDED, decided_at=None, decided_by="")
                | (~Q(status__in=UNDECIDED) & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="decided_finding_says_who_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["month", "status"], name="finding_of_month"),
            models.Index(fields=["month", "occurred_at", "id"], name="finding_of_month_by_time"),
            models.Index(fields=["ticket", "clause"], name="finding_of_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.unit_id or self.person or '?'} {self.occurred_at:%Y-%m-%d}"


class FindingMiss(models.Model):
    """Which missed limit a finding rests on. One missed limit never feeds two findings."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="evidence", verbose_name=_("finding"))
    milestone = models.OneToOneField(
        "tickets.Milestone", models.PROTECT, related_name="finding_miss", verbose_name=_("milestone")
    )

    class Meta:
        verbose_name = _("missed limit")
        verbose_name_plural = _("missed limits")
