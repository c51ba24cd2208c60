from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from penalties import clauses


class Clause(models.Model):
    """A clause of chapters 4 and 5, by article and item."""

    class Direction(models.TextChoices):
        REWARD = "reward", _("reward")
        PENALTY = "penalty", _("penalty")

    class Subject(models.TextChoices):
        UNIT = "unit", _("unit")
        PERSON = "person", _("person")
        BOTH = "both", _("unit and person")

    code = models.CharField(_("clause"), primary_key=True, max_length=8)
    article = models.PositiveSmallIntegerField(_("article"))
    title = models.CharField(_("English title"), max_length=120)
    title_zh = models.CharField(_("title"), max_length=60)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    subject = models.CharField(_("liable"), max_length=8, choices=Subject)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["order"]

    def __str__(self) -> str:
        title = self.title_zh if (get_language() or "zh").startswith("zh") else self.title
        return f"{self.code} {title}"


def _yuan(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True, blank=True)


class Reading(models.Model):
    """What a clause is worth from a day on: ranges in positive yuan, rates in percent, measures, points."""

    clause = models.ForeignKey(Clause, models.PROTECT, related_name="readings", verbose_name=_("clause"))
    unit_low = _yuan(_("unit, from"))
    unit_high = _yuan(_("unit, to"))
    person_low = _yuan(_("person, from"))
    person_high = _yuan(_("person, to"))
    rate_low = models.DecimalField(_("rate, from"), max_digits=6, decimal_places=2, null=True, blank=True)
    rate_high = models.DecimalField(_("rate, to"), max_digits=6, decimal_places=2, null=True, blank=True)
    basis = models.CharField(_("rate of"), max_length=120, blank=True)
    verified = models.BooleanField(_("needs verification"), default=False)
    measures = ArrayField(models.CharField(max_length=40), verbose_name=_("measures"), default=list, blank=True)
    measures_zh = models.CharField(_("measures in Chinese"), max_length=120, blank=True)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("reading or document number"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["clause", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "valid_from"], name="one_reading_a_clause_and_day"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="reading_holds_for_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(unit_low=None, unit_high=None)
                | models.Q(unit_low__gte=0, unit_high__gte=models.F("unit_low")),
                name="reading_unit_range",
            ),
            models.CheckConstraint(
                condition=models.Q(person_low=None, person_high=None)
                | models.Q(person_low__gte=0, person_high__gte=models.F("person_low")),
                name="reading_person_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id} @ {self.valid_from}"

    @property
    def may_lapse(self) -> bool:
        """A clause that clocks propose has an amount every day; others need none while nobody calls on them."""
        return self.clause_id not in clauses.CODES
