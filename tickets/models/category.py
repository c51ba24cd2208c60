from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A kind of matter (items of Art. 16), by which tier, clocks, unit and clause are decided."""

    class Kind(models.TextChoices):
        REPAIR = "repair", _("repair call")
        COMPLAINT = "complaint", _("complaint")
        CONSULTATION = "consultation", _("consultation")
        REPORT = "report", _("report of wrongdoing")

    code = models.SlugField(_("code"), primary_key=True, max_length=40)
    name = models.CharField(_("name"), max_length=60, unique=True)
    name_en = models.CharField(_("English name"), max_length=80)
    article = models.CharField(_("article"), max_length=20)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    by_hand = models.BooleanField(_("only by hand, with a reason"), default=False)
    of_matter = models.BooleanField(_("clocks and unit of the matter named in the facts"), default=False)
    public_facility = models.BooleanField(_("public facility"), default=False)
    confidential = models.BooleanField(_("confidential"), default=False)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en
