from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Spell(models.Model):
    """One dispatch of a ticket to one unit, until it ends. At most one is open a ticket."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="spells", verbose_name=_("ticket"))
    seq = models.PositiveIntegerField()
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="spells", verbose_name=_("unit"))
    starts_at = models.DateTimeField(_("starts at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    blamed_until = models.DateTimeField(_("answers until"), null=True)
    end = models.CharField(_("ended by"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("spell")
        verbose_name_plural = _("spells")
        ordering = ["ticket", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="one_spell_a_dispatch"),
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(ended_at=None), name="one_open_spell_a_ticket"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end="", blamed_until=None)
                | (models.Q(ended_at__isnull=False, blamed_until__isnull=False) & ~models.Q(end="")),
                name="ended_spell_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.seq} {self.unit_id}"
