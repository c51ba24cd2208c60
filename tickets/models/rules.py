"""Effective-dated rows of the regulation: limits, routes, parameters. Periods are half-open."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class InForce(models.Model):
    """A row that holds from a day until another, and says on whose word."""

    article = models.CharField(_("article"), max_length=20)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("reading or document number"), max_length=120, blank=True)

    class Meta:
        abstract = True

    @property
    def may_lapse(self) -> bool:
        """Whether the rules can do without it from a day on."""
        return True


class Limit(InForce):
    """How long a clock runs (Art. 9, 16, 23, 24). An empty category means every category."""

    class Starts(models.TextChoices):
        REPORT = "report", _("from the report")
        DISPATCH = "dispatch", _("from the dispatch")
        PAID = "paid", _("from the later of report and payment")
        REJECT = "reject", _("from the rejection")

    category = models.CharField(_("category"), max_length=40, blank=True)
    milestone = models.CharField(_("milestone"), max_length=20)
    starts = models.CharField(_("starts"), max_length=10, choices=Starts)
    minutes = models.PositiveIntegerField(_("minutes"))
    tier = models.CharField(_("tier"), max_length=6, blank=True)
    when = models.JSONField(_("condition"), default=dict, blank=True)

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")
        ordering = ["category", "milestone", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "milestone", "when", "valid_from"], name="one_limit_a_milestone_and_day"
            ),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="limit_has_a_length"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="limit_holds_for_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or '*'} {self.milestone} {self.minutes}"

    @property
    def may_lapse(self) -> bool:
        """No report can be registered without a tier."""
        return self.milestone != "close" or bool(self.when)


class RoutingRule(InForce):
    """Which unit a category belongs to under which facts (Art. 15, 26-28). The first by order decides."""

    category = models.CharField(_("category"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"))
    when = models.JSONField(_("condition"), default=dict, blank=True)
    unit = models.CharField(_("unit"), max_length=40)
    assist = ArrayField(models.CharField(max_length=40), verbose_name=_("assisting units"), default=list, blank=True)

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["category", "order", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["category", "order", "valid_from"], name="one_route_a_place_and_day"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="route_holds_for_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.unit}"


class Parameter(InForce):
    """A figure of a reading that is neither limit nor route: shares, grace, the regulation's first day."""

    code = models.SlugField(_("code"), max_length=40)
    value = models.CharField(_("value"), max_length=60, blank=True)
    meaning = models.CharField(_("meaning"), max_length=200)
    meaning_zh = models.CharField(_("meaning in Chinese"), max_length=200)

    class Meta:
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_parameter_a_day"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="parameter_holds_for_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"

    @property
    def may_lapse(self) -> bool:
        """Somebody reads it every day."""
        return False
