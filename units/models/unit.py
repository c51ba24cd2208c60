from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """A unit of the service network (Art. 7). ``code`` is its name in data, API and scenarios."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("dispatch centre")
        OFFICE = "office", _("business office")
        UNIT = "unit", _("unit")
        MANAGEMENT = "management", _("enterprise management")

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=60, unique=True)
    name_en = models.CharField(_("English name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    article = models.CharField(_("article"), max_length=12, blank=True)
    dispatchable = models.BooleanField(_("takes tickets"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en
