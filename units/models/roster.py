from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RosterEntry(models.Model):
    """One line of the hotline roster (Art. 9): whom the centre calls at a unit, by day or by night.

    Lines are never rewritten: a change ends one and adds another, each with the word it was made on, so what held on
    any day can be read. Only ``units.actions.rosters`` writes them.
    """

    class Duty(models.TextChoices):
        DAY = "day", _("day duty")
        NIGHT = "night", _("night duty")

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="roster", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("phone"), max_length=30)
    duty = models.CharField(_("duty"), max_length=6, choices=Duty)
    order = models.PositiveSmallIntegerField(_("order of calling"), default=1)
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)
    note = models.CharField(_("note of the written change"), max_length=200, blank=True)
    entered_by = models.CharField(_("entered by"), max_length=60)
    entered_at = models.DateTimeField(_("entered at"))
    end_note = models.CharField(_("note of the written end"), max_length=200, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    personal_fields = ("name", "phone")

    class Meta:
        verbose_name = _("roster entry")
        verbose_name_plural = _("roster entries")
        ordering = ["unit", "duty", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="roster_entry_holds_for_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None, ended_at=None, ended_by="")
                | (models.Q(valid_to__isnull=False, ended_at__isnull=False) & ~models.Q(ended_by="")),
                name="roster_entry_end_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "duty", "order"], condition=models.Q(valid_to=None), name="roster_in_force"),
            models.Index(fields=["unit", "-valid_to"], name="roster_past"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.duty} {self.name}"
