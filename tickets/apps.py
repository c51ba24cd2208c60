from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    """What happened, and which clocks run (Art. 9-16, 23-28)."""

    name = "tickets"
    verbose_name = _("tickets")
