from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """The service area of an office: its roads and compounds, by which an address is read (Art. 15.1)."""

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=40, unique=True)
    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="areas", verbose_name=_("business office"))
    roads = ArrayField(models.CharField(max_length=40), verbose_name=_("roads"), default=list)
    compounds = ArrayField(models.CharField(max_length=40), verbose_name=_("compounds"), default=list)

    class Meta:
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
