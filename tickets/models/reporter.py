from __future__ import annotations

from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _


class Reporter(models.Model):
    """Who reported: personal data, in a table of its own, so that it can be masked, guarded and erased apart."""

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, primary_key=True, verbose_name=_("ticket"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    confidential = models.BooleanField(_("confidential"), default=False)

    personal_fields = ("name", "phone")

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        # A caller is found by the last digits of the phone, or by all of them.
        indexes = [models.Index(Right("phone", 4), name="reporter_phone_tail")]

    def __str__(self) -> str:
        return f"reporter of {self.ticket_id}"
